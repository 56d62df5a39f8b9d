import { bootId } from "../lib/believed-clock.ts";
import { AppError, asError } from "../lib/errors.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { takeTurn } from "../process/turn.ts";
import { hasNothing } from "../tmux/error.ts";
import { COMPLETING_OPTION } from "../tmux/options.ts";
import { requireTmux, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type Alive, aliveFile, begun, broughtBack, inBoot } from "./alive.ts";
import { newestSnapshot } from "./find.ts";
import type { Missing } from "./plan.ts";
import { whyUnsafe } from "./programs.ts";
import { restoreSession } from "./restore.ts";
import { CUT_SHORT, isCutShort, sessionRows } from "./unfinished.ts";
import { wishesFile, wishFor } from "./wishes.ts";

/** A session that was alive before the machine was started anew, and what became of it. */
export type ComeBack = { session: string } & (
  | { outcome: "restored"; snapshot: string; missing: Missing[] }
  /** one of that name is there, which nobody touches */
  | { outcome: "there" }
  | { outcome: "failed"; why: string }
);

/**
 * Brings back the sessions that the daemon saves and that were alive before the machine's last start, each from its newest whole
 * snapshot, and tells of each as soon as that is done. One that has come back, or is there, does not come back once more until the
 * machine is started again: who is killed or interrupted meanwhile has the next one go on. One that failed is tried again.
 * @throws AppError where the kernel does not tell one start from another; ERR_TMUX_MISSING, ERR_TIMEOUT; why it was interrupted
 */
export async function* comeBack(
  server: TmuxServer,
  paths: StatePaths,
  interrupt: AbortSignal,
): AsyncGenerator<ComeBack> {
  const boot = bootId();
  if (boot === undefined) {
    throw new AppError("ERR_COMMAND_FAILED", "The system does not tell one start of the machine from the next", {
      hint: "Bring sessions back one by one with session-restore.",
    });
  }
  requireTmux();
  ensureStateDir(paths);
  using _turn = await takeTurn(`${paths.dir}/after-boot.lock`, "restore after the machine's start");
  const change = (to: (known: Alive) => Alive) => aliveFile.change(server, (known) => to(inBoot(known, boot)));
  // who has never saved anything gets no record of it
  if (!aliveFile.read(server)) return;
  await change(begun);
  const wishes = wishesFile.read(server);
  for (const { name } of aliveFile.read(server)?.before ?? []) {
    // what nobody wants to be saved any more needs not come back either
    const isWanted = wishes !== undefined && wishFor(wishes, name) !== undefined;
    const done = isWanted ? await bring(server, paths, name, interrupt) : undefined;
    if (done?.outcome !== "failed") await change((known) => broughtBack(known, name));
    if (done) yield done;
  }
  // those that failed are for somebody to look at: the machine's next start does not try them once more
  await change((known) => ({ ...known, is_restoring: false }));
}

async function bring(
  server: TmuxServer,
  paths: StatePaths,
  session: string,
  interrupt: AbortSignal,
): Promise<ComeBack> {
  interrupt.throwIfAborted();
  try {
    const { name: id, snapshot, isOwn, textOf, shownIn } = newestSnapshot(session, server.socket);
    const how = { as: undefined, isOwn, whyNotStarted: whyUnsafe, interrupt, replaces: false, textOf, shownIn };
    const { missing } = await withServer(() => restoreSession(server, paths, snapshot, how));
    return { session, outcome: "restored", snapshot: id, missing };
  } catch (thrown) {
    if (interrupt.aborted) throw thrown;
    if (thrown instanceof AppError && thrown.code === "ERR_SESSION_EXISTS") return await there(server, session);
    return { session, outcome: "failed", why: asError(thrown).message };
  }
}

/** What is told of one that is there: once, if whoever brought it back was stopped before that was done. */
async function there(server: TmuxServer, session: string): Promise<ComeBack> {
  const row = (await sessionRows(server)).find((one) => one.session_name === session);
  if (!row || !isCutShort(row)) return { session, outcome: "there" };
  await tmuxAsync(server, [["set-option", "-u", "-t", `${row.session_id}:`, COMPLETING_OPTION]]);
  const what = `see them with session-snapshot-show ${session}`;
  return { session, outcome: "failed", why: `it is there, but ${CUT_SHORT}: ${what}` };
}

const TRIES = 5;

/** The first session of a server is made in one that was started for a question, and may be about to end, as nobody was in it. */
async function withServer<T>(make: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await make();
    } catch (thrown) {
      if (!hasNothing(thrown) || tries === TRIES) throw thrown;
    }
  }
}
