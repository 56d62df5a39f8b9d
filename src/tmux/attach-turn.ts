import { fs } from "../lib/builtin.ts";
import { AppError, errno } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { flockExclusive, flockShared } from "../lib/libc.ts";
import { checkStateDir, ensureStateDir } from "../lib/paths.ts";
import { quickClose, quickOpenLock } from "../lib/quick.ts";
import { poll } from "../lib/wait.ts";

// Before 3.7, tmux tells a control client that is still identifying itself of sessions that come and go and of clients
// that leave, and crashes by that, with every session in it. So, among programs of ours: one control client of a state
// folder attaches or leaves at a time, and none while we make or end sessions.

const FILE = "attach.lock";
/** How long a turn is waited for. Whoever has it for longer is stopped or hangs, and its tmux client has long attached. */
const PATIENCE_MS = 5000;
const LOOK_MS = 5;

/** A turn, which ends when it is disposed of, or with its process. */
export type Turn = Disposable;

/** Waits for the turn to attach a control client, or to let one go. */
export async function attachTurn(stateDir: string): Promise<Turn> {
  return await take(stateDir, flockExclusive);
}

/**
 * Waits for the turn to make or end sessions, which any number of processes may have at once. Blocks. Without a state
 * folder, or with one that is not to be used, nothing of ours attaches.
 */
export function sessionTurn(stateDir: string): Turn {
  let fd: number | undefined;
  try {
    if (checkStateDir(stateDir)) fd = open(stateDir);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
  }
  const end = performance.now() + PATIENCE_MS;
  while (fd !== undefined && !flockShared(fd) && performance.now() < end) Bun.sleepSync(LOOK_MS);
  return turn(fd);
}

/** As sessionTurn(), without blocking the event loop: a daemon may itself be about to attach. */
export async function sessionTurnAsync(stateDir: string): Promise<Turn> {
  return await take(stateDir, flockShared);
}

async function take(stateDir: string, lock: (fd: number) => boolean): Promise<Turn> {
  const fd = open(stateDir);
  if (fd !== undefined) await poll(PATIENCE_MS, LOOK_MS, () => lock(fd));
  return turn(fd);
}

/** The lock file; undefined when it can't be made, on a full disk: there is no turn to wait for then. */
function open(stateDir: string): number | undefined {
  ensureStateDir({ dir: stateDir });
  const path = `${stateDir}/${FILE}`;
  const fd = quickOpenLock(path);
  if (fd >= 0) return fd;
  try {
    return openPrivate(path, fs().constants.O_RDWR);
  } catch (cause) {
    if (errno(cause) === undefined) throw cause;
    return undefined;
  }
}

function turn(fd: number | undefined): Turn {
  let held = fd;
  return {
    [Symbol.dispose]() {
      if (held !== undefined && !quickClose(held)) fs().closeSync(held);
      held = undefined;
    },
  };
}
