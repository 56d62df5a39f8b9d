import { fs } from "../lib/builtin.ts";
import { AppError, errno } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { checkStateDir } from "../lib/paths.ts";
import { quickTouch } from "../lib/quick.ts";

// What our commands type is noted in options of the pane (see typed.ts). A daemon that would have to ask tmux for them with
// every line that matches looks first at the time of a file, which tells whether anything has been typed recently.

const FILE = "typed";

/**
 * Notes that something is about to be typed, for the daemon of a state folder. Without a folder, or with one that is not
 * to be used, there is no daemon to tell.
 */
export function touchTyped(stateDir: string): void {
  try {
    if (!checkStateDir(stateDir)) return;
    const path = fileOf(stateDir);
    if (quickTouch(path)) return;
    const fd = openPrivate(path, fs().constants.O_WRONLY);
    const now = new Date();
    fs().futimesSync(fd, now, now);
    fs().closeSync(fd);
  } catch (cause) {
    // on a full disk, an echo may be taken for output: better than that nothing is typed
    if (!(cause instanceof AppError) && errno(cause) === undefined) throw cause;
  }
}

/** The time of the last typing, to be compared with another answer; undefined when it can't be known. */
export function lastTypedAt(stateDir: string): number | undefined {
  return fs().statSync(fileOf(stateDir), { throwIfNoEntry: false })?.mtimeMs;
}

function fileOf(stateDir: string): string {
  return `${stateDir}/${FILE}`;
}
