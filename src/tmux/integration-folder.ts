import { checkStateDir } from "../lib/paths.ts";
import { startEnvironment } from "../process/identity.ts";

const VARIABLE = "CLAUDE_TMUX_INTEGRATION=";

/**
 * The folder that the environment a process was started with names as that of its shell integration; undefined for none. It says no
 * more than that such a variable was there: any program can set one.
 */
export function namedFolder(pid: number): string | undefined {
  for (const pair of startEnvironment(pid)) if (pair.startsWith(VARIABLE)) return pair.slice(VARIABLE.length);
  return undefined;
}

/** The same, if it can be trusted: a whole path, to a folder of ours in which nobody else can write. */
export function trustedFolder(pid: number): string | undefined {
  const folder = namedFolder(pid);
  if (!folder?.startsWith("/")) return undefined;
  try {
    return checkStateDir(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}
