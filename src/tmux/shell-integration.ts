import { AppError, errno } from "../lib/errors.ts";
import { exists } from "../lib/files.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { shellHash } from "./shell-hash.ts" with { type: "macro" };

/** The folder of the integration of this version, in a state folder. */
export function shellFolder(stateDir: string): string {
  return `${stateDir}/shell-${shellHash()}`;
}

/** The files of the integration. */
const SHELL_FILES = ["start.sh", "bash.sh", ".zshenv", "fish.fish", "draft.sh"];

/** Whether a command line is that by which a pane begins, before its shell is there (see shellCommand). Pure. */
export function isBeginning([, script = ""]: readonly string[]): boolean {
  return /\/shell-[^/]+\/start\.sh$/.test(script);
}

/**
 * The command that starts the user's shell with shell integration, for the end of new-session or split-window. Its
 * files are written to the state folder if this version's are not there. Empty, so that tmux starts a shell without
 * it, when they can't be written (a full disk).
 * @throws AppError ERR_UNSAFE_STATE_DIR
 */
export async function shellCommand(paths: StatePaths): Promise<string[]> {
  const folder = shellFolder(paths.dir);
  try {
    ensureStateDir(paths);
    // a cleaner of old files may have taken some of them
    let isThere = true;
    for (const name of SHELL_FILES) isThere &&= exists(`${folder}/${name}`);
    if (!isThere) (await import("./shell-files.ts")).installShellFiles(folder);
  } catch (cause) {
    if (cause instanceof AppError || errno(cause) === undefined) throw cause;
    return [];
  }
  return ["/bin/sh", `${folder}/start.sh`];
}
