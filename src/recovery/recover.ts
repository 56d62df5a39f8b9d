import { existsSync, renameSync, statSync } from "node:fs";
import { countKinds, undoLeftOver } from "../gc/kinds.ts";
import { leftInFiles } from "../gc/left-files.ts";
import { leftInTmux } from "../gc/left-over.ts";
import type { Health } from "../health/checks.ts";
import { fetchStatus } from "../ipc/client.ts";
import { DAY_MS } from "../lib/clock.ts";
import { config } from "../lib/config.ts";
import { AppError, asError } from "../lib/errors.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { poll } from "../lib/wait.ts";
import { type Affected, stop } from "../lifecycle/roles.ts";
import { syncViews } from "../panes/view.ts";
import { lastHolder } from "../process/holder.ts";
import { Lock } from "../process/lock.ts";
import { believedTime } from "../store/believed-time.ts";
import { expireCallbacks } from "../store/callbacks.ts";
import { isDamage, openStore } from "../store/database.ts";
import { activeSubscriptions } from "../store/subscriptions.ts";
import { listAllPanes } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { readFinding, settledFinding } from "./finding.ts";
import { type LastRun, lastRun, noteLastRun, startAs } from "./last-run.ts";
import {
  type DaemonCondition,
  describeFinding,
  hasHeartbeat,
  isLogToBeRotated,
  needsRecovery,
  unwrittenOf,
} from "./plan.ts";

/** One of the six steps of a recovery, when it is over. */
export interface StepReport {
  step: 1 | 2 | 3 | 4 | 5 | 6;
  name: string;
  ok: boolean;
  /** what was found or done, for people */
  detail: string;
}

/** What a recovery did. */
export interface Recovery {
  /** false: it was not necessary */
  recovered: boolean;
  verdict: Health;
}

/** What a recovery works on. */
export interface RecoveryOptions {
  server: TmuxServer;
  paths: StatePaths;
  force: boolean;
  /** how to run the daemon then; as it ran before unless given */
  as?: LastRun;
  /** the arguments of the daemon, if it never ran */
  defaultArgs: string[];
}

const TURN_MS = 60_000;
const VERIFY_MS = 5000;

/**
 * Waits until no other process recovers, and then is the one that does, until the turn is disposed of or this process ends.
 * @param isDone looks whether there is still something to do; true ends the waiting
 * @returns undefined when there is nothing to do any more
 * @throws AppError ERR_UNSAFE_STATE_DIR, and ERR_TIMEOUT after a minute
 */
export async function acquireRecoveryLock(
  paths: StatePaths,
  isDone: () => boolean = () => false,
): Promise<Disposable | undefined> {
  ensureStateDir(paths);
  const turn = await poll(TURN_MS, 100, () => Lock.acquire(paths.recoveryLock) ?? (isDone() && "done"));
  if (turn !== undefined) return turn === "done" ? undefined : turn;
  const pid = lastHolder(paths.recoveryLock)?.pid;
  throw new AppError("ERR_TIMEOUT", `Another recovery${pid ? ` (PID: ${pid})` : ""} has not ended within a minute`, {
    hint: "It may hang or be stopped: look at it with ps, and end it with kill -9 if so.",
  });
}

/**
 * Makes an unhealthy daemon work again, in six steps, each of which is told when it has ended. Labels and metadata are in tmux, subscriptions and events in the
 * database: neither is touched. The caller has taken its turn. Throws what keeps the daemon from being stopped, started
 * or well; the steps before were told. What fails in between is told, and no reason to be without a daemon. Whoever takes the
 * steps takes all of them: one who leaves off leaves it half done.
 */
export async function* recover(options: RecoveryOptions): AsyncGenerator<StepReport, Recovery> {
  const { paths, server, force, defaultArgs } = options;
  let step = 0;
  async function* perform<T>(name: string, run: () => Promise<[string, T]>): AsyncGenerator<StepReport, T> {
    step += 1;
    const report = (ok: boolean, detail: string) => ({ step: step as StepReport["step"], name, ok, detail });
    let done: [detail: string, value: T];
    try {
      done = await run();
    } catch (thrown) {
      yield report(false, asError(thrown).message);
      throw thrown;
    }
    yield report(true, done[0]);
    return done[1];
  }
  async function* tryPerform(name: string, run: () => Promise<string>): AsyncGenerator<StepReport> {
    try {
      yield* perform(name, async () => [await run(), undefined]);
    } catch {
      // told, and that is all
    }
  }

  const found = yield* perform("assess", async () => {
    const finding = await settledFinding(paths);
    return [describeFinding(finding), finding];
  });
  if (!needsRecovery(found, force)) return { recovered: false, verdict: found.verdict };
  const unwritten = unwrittenOf(found);
  if (unwritten > 0 && !force) throw holdsEvents(unwritten, paths);
  const before = options.as ?? lastRun(paths, server);
  noteLastRun(paths, before);
  yield* perform("stop", async () => [describeProcesses(await stop(paths)), undefined]);
  yield* tryPerform("clean", () => clean(server, paths, found));
  yield* tryPerform("rebuild", () => rebuild(server, paths));
  yield* perform("restart", async () => [describeProcesses(await startAs(paths, before, defaultArgs)), undefined]);
  const verdict = yield* perform("verify", () => verify(paths));
  return { recovered: true, verdict };
}

function holdsEvents(count: number, { dir }: StatePaths): AppError {
  const what = count === 1 ? "an event that it can't write down" : `${count} events that it can't write down`;
  return new AppError("ERR_COMMAND_FAILED", `The daemon works, and holds ${what}: stopped, it would lose that`, {
    hint: `Make room where ${dir} is; it writes them then. With --force it is recovered all the same.`,
  });
}

/** "daemon PID 42, watchdog PID 41". */
export function describeProcesses(processes: Affected[]): string {
  return processes.map(({ role, pid }) => `${role} PID ${pid}`).join(", ") || "nothing ran";
}

/** Step 3. Pid files, sockets and clients were removed by stop(); the rest that nothing needs any more goes now. */
async function clean(server: TmuxServer, paths: StatePaths, found: DaemonCondition): Promise<string> {
  const done = ["pid files, socket, tmux clients"];
  const inTmux = await leftInTmux(server, paths).catch(() => []); // no server, or one that hangs
  const undone = await undoLeftOver([...inTmux, ...leftInFiles(paths)]);
  if (undone.length > 0) done.push(`left over: ${countKinds(undone)}`);
  for (const log of [paths.daemonLog, paths.watchdogLog]) {
    if (!existsSync(log)) continue;
    const isOversized = statSync(log).size > config.logMaxMb * 1_000_000;
    if (!isOversized && !(log === paths.daemonLog && isLogToBeRotated(found))) continue;
    renameSync(log, `${log}.1`);
    done.push(`${log.slice(paths.dir.length + 1)} rotated`);
  }
  if (existsSync(paths.database)) done.push(expire(paths));
  return done.join("; ");
}

/** Drops callbacks that have waited longer than events are kept. */
function expire(paths: StatePaths): string {
  try {
    const store = openStore(paths.database);
    try {
      const oldest = believedTime(store) - config.eventsDays * DAY_MS;
      return count(expireCallbacks(store, oldest), "expired callback");
    } finally {
      store.close();
    }
  } catch (thrown) {
    if (isDamage(thrown)) return "the database is damaged: the daemon renames it and begins a new one";
    throw thrown;
  }
}

/** Step 4. A tmux that does not answer is no reason to be without a daemon, which waits for it. */
async function rebuild(server: TmuxServer, paths: StatePaths): Promise<string> {
  try {
    await syncViews(server, paths, undefined);
    const panes = listAllPanes(server);
    const sessions = new Set(panes.map(({ sessionId }) => sessionId)).size;
    const labels = panes.filter(({ label }) => label !== "").length;
    return [
      count(sessions, "session"),
      count(panes.length, "pane"),
      count(labels, "label"),
      count(countSubscriptions(paths), "subscription"),
    ].join(", ");
  } catch (thrown) {
    if (thrown instanceof AppError) return `tmux says nothing (${thrown.message}); the daemon waits for it`;
    throw thrown;
  }
}

function count(n: number | string, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function countSubscriptions(paths: StatePaths): number | string {
  if (!existsSync(paths.database)) return 0;
  try {
    const store = openStore(paths.database);
    try {
      return activeSubscriptions(store).length;
    } finally {
      store.close();
    }
  } catch (thrown) {
    if (thrown instanceof AppError) return "unknown";
    throw thrown;
  }
}

async function verify(paths: StatePaths): Promise<[string, Health]> {
  // one that somebody else has started may not be ready yet
  const answer = () => fetchStatus(paths.daemonSocket);
  if (!(await poll(VERIFY_MS, 50, () => answer().catch(() => undefined)))) await answer();
  await poll(VERIFY_MS, 50, () => hasHeartbeat(readFinding(paths)));
  const finding = readFinding(paths);
  if (finding.verdict !== "unhealthy") return [describeFinding(finding), finding.verdict];
  throw new AppError("ERR_COMMAND_FAILED", `The daemon is still ${describeFinding(finding)}`, {
    hint: "Its log says more: claude-tmux daemon logs",
  });
}
