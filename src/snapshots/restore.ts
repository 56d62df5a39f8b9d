import { AppError, asError } from "../lib/errors.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { takeTurn } from "../process/turn.ts";
import { addSubscriptions } from "../store/subscriptions-now.ts";
import { sessionTurn } from "../tmux/attach-turn.ts";
import { isSessionGone } from "../tmux/error.ts";
import { RESTORING_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { shellCommand } from "../tmux/shell-integration.ts";
import { arrive, type Command, type Made, taken } from "./arriving.ts";
import type { Difference, Whole } from "./compare.ts";
import { type Ending, refuseOwn, wouldEnd } from "./ending.ts";
import { DIRECTIONS } from "./harmless.ts";
import { here } from "./here.ts";
import { withHooks } from "./hooks.ts";
import { lookAt, notMissing } from "./looking-again.ts";
import { Making } from "./making.ts";
import type { PaneOf, Snapshot } from "./manifest.ts";
import { findMate } from "./mate.ts";
import { type Missing, type Plan, planRestore } from "./plan.ts";
import { withoutHistory } from "./plan-programs.ts";
import type { WhyNotStarted } from "./plan-terms.ts";
import { startPrograms } from "./starting.ts";
import { subscriptionsTo } from "./subscribing.ts";
import { surroundingsOn } from "./surroundings.ts";
import { type Replaced, type Taken, TakingPlace } from "./taking-place.ts";
import { entitle } from "./titles.ts";
import {
  CUT_SHORT,
  isCutShort,
  makeFolder,
  removeFolder,
  removeUnfinished,
  type SessionRow,
  sessionRows,
  unfinishedName,
} from "./unfinished.ts";

/** What is restored, and how. */
export interface RestoreOptions {
  /** under another name than it had */
  as: string | undefined;
  /** whether the snapshot comes from a person's own store */
  isOwn: boolean;
  /** which programs are started again, and why others are not */
  whyNotStarted: WhyNotStarted;
  /** whether a session of that name is saved and ended when the other one is whole; else it is an error */
  replaces: boolean;
  /** an older snapshot that has what the panes of this one showed (see Found) */
  shownIn: string | undefined;
  /** aborted when it is to be left */
  interrupt: AbortSignal;
  /** the text of a pane: undefined where there is none */
  textOf(pane: PaneOf): string | undefined;
}

/** A session that has come back. */
export interface Restored {
  name: string;
  /** whether its windows are those of another session that has them still */
  shares: boolean;
  panes: Pane[];
  /** what did not come back, and why */
  missing: Missing[];
  /** the programs that were started again */
  started: Command[];
  /** the command lines that are in the histories of the shells instead */
  history: Command[];
  /** how many there are to it and its panes, of which a daemon has yet to be told */
  subscriptions: number;
  /** those panes of which some subscription had not heard all when it was saved, as they were and are now */
  unheard: { saved: PaneOf; now: Pane }[];
  /** what was looked at afterwards, and is not as it was */
  differences: Difference[];
  /** the session whose place it took */
  replaced: Replaced | undefined;
  /** why it could not take the place that it was to have, and has another name: undefined where it has its own */
  unplaced: string | undefined;
}

/** What restoring a snapshot here comes to, and what would end for it. Throws as refuseOwn(). Changes nothing. */
export async function planHere(
  server: TmuxServer,
  snapshot: Snapshot,
  options: Pick<RestoreOptions, "as" | "isOwn" | "whyNotStarted" | "replaces" | "shownIn">,
): Promise<Plan & { replaced: Ending | undefined }> {
  const mate = await findMate(server, snapshot.session, options);
  const plan = planRestore(snapshot, { ...options, mate, here: await here(server, { starts: false }) });
  return { ...plan, replaced: options.replaces ? await wouldEnd(server, plan.name) : undefined };
}

/**
 * Brings a session back. What fails, or is interrupted, before its shells begin is taken away again; where it is to take the place of
 * another, until it has that, unless somebody has looked at it already.
 * @throws AppError ERR_SESSION_EXISTS; and what tmux says
 */
export async function restoreSession(
  server: TmuxServer,
  paths: StatePaths,
  snapshot: Snapshot,
  options: RestoreOptions,
): Promise<Restored> {
  const { interrupt, replaces, isOwn } = options;
  const textOf = isOwn ? options.textOf : (pane: PaneOf) => options.textOf(pane)?.replace(DIRECTIONS, "");
  ensureStateDir(paths);
  using _turn = await takeTurn(`${paths.dir}/restoring.lock`, "restore");
  await removeUnfinished(server, paths);
  const hooks = await surroundingsOn(server);
  const facts = { here: await here(server, { starts: true }), mate: await findMate(server, snapshot.session, options) };
  const plan = planRestore(snapshot, { ...options, ...facts });
  const shell = await shellCommand(paths);
  const before = await sessionNow(server, plan.name);
  if (before && !replaces) throw exists(plan.name, isCutShort(before) ? `, but ${CUT_SHORT}` : "");
  if (before) refuseOwn(server, before.session_id, plan.name);
  await using place = before ? new TakingPlace(server, paths, { id: before.session_id, name: plan.name }) : undefined;
  await place?.save();
  const folder = makeFolder(paths);
  // under another name until it is whole
  const made = new Making(
    server,
    { ...plan, name: unfinishedName() },
    { name: plan.name, folder, shell, hooks, made: isOwn ? snapshot.session.made : null },
  );
  let staysAs: string | undefined;
  try {
    try {
      made.write(textOf);
      interrupt.throwIfAborted();
      {
        using _sessionTurn = sessionTurn(paths.dir);
        await made.structure();
      }
      await made.properties();
      interrupt.throwIfAborted();
      // before it has its name: what has that is whole, also when this process is killed in between
      made.go();
      // from now on somebody may work there: it is taken for no leftover, unless it has yet to take another's place
      if (!place) await made.finish(plan.name);
    } catch (thrown) {
      await made.undo();
      throw thrown;
    }
    const whole = { sessionId: made.sessionId ?? "", panes: [...made.placed()], folder };
    const looks = { before: { snapshot, textOf }, withWindows: plan.mate === undefined };
    try {
      const settled = await settle(server, whole, { ...looks, interrupt: place && interrupt });
      const placed = await place?.take(made, interrupt);
      const name = placed && "unplaced" in placed ? (place?.asideName ?? "") : plan.name;
      const restored = await complete(server, paths, whole, { plan, name, placed, settled });
      await made.complete();
      return restored;
    } catch (thrown) {
      if (place && (await made.takeBack(place.asideName))) staysAs = place.asideName;
      throw thrown;
    }
  } catch (thrown) {
    // what a terminal's Ctrl-C has ended with this command says nothing
    if (interrupt.aborted) throw staying(interrupt.reason, staysAs);
    throw staying(withHooks(isSessionGone(thrown) ? endedAtOnce(plan.name, thrown) : thrown, hooks), staysAs);
  } finally {
    removeFolder(folder);
  }
}

/** What a session is once its shells have begun. */
interface Settled extends Pick<Restored, "panes" | "missing" | "history" | "differences"> {
  /** where no command line could be put into a history (see taken) */
  unkept: string[];
}

/** Waits for the shells of a session, and looks at what has come back there. */
async function settle(
  server: TmuxServer,
  whole: Made,
  { interrupt, ...looks }: { before: Whole; withWindows: boolean; interrupt: AbortSignal | undefined },
): Promise<Settled> {
  const panes = await arrive(server, whole, interrupt);
  const { missing, history, unkept } = taken(whole);
  await entitle(server, whole);
  const { differences, missing: unseen } = await lookAt(server, whole, looks);
  return { panes, missing: [...missing, ...unseen], history, unkept, differences };
}

/** Binds its subscriptions, and starts its programs. What fails there is told as missing. */
async function complete(
  server: TmuxServer,
  paths: StatePaths,
  whole: Made,
  { plan, name, placed, settled }: { plan: Plan; name: string; placed: Taken | undefined; settled: Settled },
): Promise<Restored> {
  const { count, missing: unbound } = bind(server, paths, whole, { plan, name, now: settled.panes });
  const { started, missing: unstarted } = await startPrograms(server, whole);
  // as tmux has it
  const rows = await sessionRows(server).catch(() => []);
  const called = rows.find((row) => row.session_id === whole.sessionId)?.session_name ?? name;
  const why = `it is called "${called}" now`;
  const renamed = called === plan.name ? [] : [{ where: "session", what: `the name ${plan.name}`, why }];
  const untold = placed && "replaced" in placed ? placed.missing : [];
  return {
    name: called,
    shares: plan.mate !== undefined,
    panes: settled.panes,
    missing: [
      ...withoutHistory(plan.missing, settled.unkept),
      ...renamed,
      ...settled.missing,
      ...untold,
      ...unbound,
      ...unstarted,
    ],
    started,
    history: settled.history,
    subscriptions: count,
    unheard: whole.panes.flatMap(({ pane: { saved, subscriptions }, id }) => {
      const now = settled.panes.find((one) => one.id === id);
      return now && subscriptions.some(({ unheard }) => unheard > 0) ? [{ saved, now }] : [];
    }),
    differences: notMissing(settled.differences, [...plan.missing, ...settled.missing]),
    replaced: placed && "replaced" in placed ? placed.replaced : undefined,
    unplaced: placed && "unplaced" in placed ? placed.unplaced : undefined,
  };
}

/** Stores the subscriptions to it and to its panes: how many, or why there are none. */
function bind(
  server: TmuxServer,
  paths: StatePaths,
  whole: Made,
  facts: { plan: Plan; name: string; now: readonly Pane[] },
): { count: number; missing: Missing[] } {
  const failed = (why: string) => ({ count: 0, missing: [{ where: "session", what: "its subscriptions", why }] });
  try {
    const bound = subscriptionsTo(server, whole, facts);
    const failure = addSubscriptions(paths.database, bound);
    return failure === undefined ? { count: bound.length, missing: [] } : failed(failure);
  } catch (thrown) {
    return failed(asError(thrown).message);
  }
}

/** An error that says as what the session is there all the same. */
function staying(thrown: unknown, name: string | undefined): unknown {
  if (name === undefined) return thrown;
  const { message } = asError(thrown);
  const { code = "ERR_COMMAND_FAILED", exitCode, hint } = thrown instanceof AppError ? thrown : {};
  const text = `${message}: somebody has looked at the session that came back, which stays as "${name}"`;
  return new AppError(code, text, { hint, cause: thrown, ...(exitCode !== undefined && { exitCode }) });
}

function endedAtOnce(name: string, cause: unknown): AppError {
  return new AppError("ERR_COMMAND_FAILED", `The session "${name}" was made, and ended before it was whole`, {
    hint: "See whether its shell exits as soon as it begins (tmux's default-shell, the shell's start-up files).",
    cause,
  });
}

/** The session of that name; undefined where there is none. Throws ERR_SESSION_EXISTS for one that is just being made. */
async function sessionNow(server: TmuxServer, name: string): Promise<SessionRow | undefined> {
  const row = (await sessionRows(server)).find((one) => one.session_name === name);
  if (row && row[RESTORING_OPTION] !== "") throw exists(name, ", which is just being restored");
  return row;
}

function exists(name: string, why = ""): AppError {
  return new AppError("ERR_SESSION_EXISTS", `There is a session "${name}" already${why}`, {
    hint: "Give another name with --as; --replace saves that one, and ends it when the other is whole.",
  });
}
