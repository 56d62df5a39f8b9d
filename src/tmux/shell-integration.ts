import { fs } from "../lib/builtin.ts";
import { AppError, errno } from "../lib/errors.ts";
import { exists, writeAtomic } from "../lib/files.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import bash from "./shell/bash.sh" with { type: "text" };
import fish from "./shell/fish.fish" with { type: "text" };
import start from "./shell/start.sh" with { type: "text" };
import zsh from "./shell/zshenv.zsh" with { type: "text" };

// the names that the shells look for; start.sh is last, since its presence says that all of them are there
const FILES: [string, string][] = [
  ["bash.sh", bash],
  [".zshenv", zsh],
  ["fish.fish", fish],
  ["start.sh", start],
];

/**
 * The command that starts the user's shell with shell integration, for the end of new-session or split-window. Its
 * files are written to the state folder if this version's are not there. Empty, so that tmux starts a shell without
 * it, when they can't be written (a full disk).
 * @throws AppError ERR_UNSAFE_STATE_DIR
 */
export function shellCommand(paths: StatePaths): string[] {
  const folder = `${paths.dir}/shell-${Bun.hash(FILES.join()).toString(36)}`;
  try {
    ensureStateDir(paths);
    if (!exists(`${folder}/start.sh`)) install(folder);
  } catch (cause) {
    if (cause instanceof AppError || errno(cause) === undefined) throw cause;
    return [];
  }
  return ["/bin/sh", `${folder}/start.sh`];
}

function install(folder: string): void {
  fs().mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    for (const [name, text] of FILES) writeAtomic(`${folder}/${name}`, text);
  } catch (cause) {
    fs().rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
}
