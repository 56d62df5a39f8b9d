import { rmSync } from "node:fs";
import { AppError } from "../lib/errors.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { takeTurn } from "../process/turn.ts";
import { addSubscriptions } from "../store/subscriptions-now.ts";
import { sessionTurn } from "../tmux/attach-turn.ts";
import { isSessionGone } from "../tmux/error.ts";
import { RESTORING_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { shellCommand } from "../tmux/shell-integration.ts";
import { arrive, type Command, taken } from "./arriving.ts";
import type { Difference } from "./compare.ts";
import { here } from "./here.ts";
import { withHooks } from "./hooks.ts";
import { lookAt } from "./looking-again.ts";
import { Making } from "./making.ts";
import type { PaneOf, Snapshot } from "./manifest.ts";
import { findMate } from "./mate.ts";
import { type Missing, type Plan, planRestore } from "./plan.ts";
import type { WhyNotStarted } from "./plan-terms.ts";
import { saveSession } from "./save.ts";
import { startPrograms } from "./starting.ts";
import { removeSnapshots } from "./store.ts";
import { subscriptionsTo } from "./subscribed.ts";
import { surroundingsOn } from "./surroundings.ts";
import { type Replaced, refuseOwn, replacedAs, takePlace } from "./taking-place.ts";
import { entitle } from "./titles.ts";
import { makeFolder, removeUnfinished, sessionRows, unfinishedName } from "./unfinished.ts";

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
  /** what was looked at afterwards, and is not as it was */
  differences: Difference[];
  /** the session whose place it took: what it was saved as, and what of it lives on */
  replaced: Replaced | undefined;
}

/** What restoring a snapshot here comes to. Changes nothing. */
export async function planHere(
  server: TmuxServer,
  snapshot: Snapshot,
  options: Pick<RestoreOptions, "as" | "isOwn" | "whyNotStarted">,
): Promise<Plan> {
  const mate = await findMate(server, snapshot.session);
  return planRestore(snapshot, { ...options, mate, here: await here(server, { starts: false }) });
}

/**
 * Brings a session back. What fails, or is interrupted, before its shells begin is taken away again.
 * @throws AppError ERR_SESSION_EXISTS; and what tmux says
 */
export async function restoreSession(
  server: TmuxServer,
  paths: StatePaths,
  snapshot: Snapshot,
  options: RestoreOptions,
): Promise<Restored> {
  const { interrupt, replaces, textOf } = options;
  ensureStateDir(paths);
  using _turn = await takeTurn(`${paths.dir}/restoring.lock`, "restore");
  await removeUnfinished(server, paths);
  const hooks = await surroundingsOn(server);
  const facts = { here: await here(server, { starts: true }), mate: await findMate(server, snapshot.session) };
  const plan = planRestore(snapshot, { ...options, ...facts });
  const shell = await shellCommand(paths);
  const before = await sessionNow(server, plan.name);
  if (before && !replaces) throw exists(plan.name);
  if (before) refuseOwn(server, before, plan.name);
  const saved = before ? await saveSession(server, replacedAs(before, paths)) : undefined;
  const folder = makeFolder(paths);
  // under another name until it is whole
  const made = new Making(
    server,
    { ...plan, name: unfinishedName() },
    { name: plan.name, folder, shell, hooks, made: options.isOwn ? snapshot.session.made : null },
  );
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
      if (!before) await made.finish(plan.name);
    } catch (thrown) {
      await made.undo();
      throw thrown;
    }
    const whole = { sessionId: made.sessionId ?? "", panes: [...made.placed()], folder };
    const panes = await arrive(server, whole);
    const { missing: untaken, history } = taken(whole);
    await entitle(server, whole);
    const { differences, missing: unseen } = await lookAt(server, whole, {
      before: { snapshot, textOf },
      withWindows: plan.mate === undefined,
    });
    const now = `${plan.name}-restored-${process.pid}`;
    const replaced = before
      ? await takePlace(server, made, { before, name: plan.name, now, save: replacedAs(before, paths) })
      : undefined;
    // the first look at it is not needed any more
    if (saved && replaced && saved.id !== replaced.snapshot) await removeSnapshots([saved.id]);
    const bound = subscriptionsTo(server, whole, { plan, now: panes });
    const failure = addSubscriptions(paths.database, bound);
    const unbound = failure === undefined ? [] : [{ where: "session", what: "its subscriptions", why: failure }];
    const { started, missing: unstarted } = await startPrograms(server, whole);
    // as tmux has it
    const called = (await sessionRows(server)).find(({ session_id: id }) => id === made.sessionId)?.session_name;
    const why = `it is called "${called}" now`;
    const renamed =
      called === undefined || called === plan.name ? [] : [{ where: "session", what: `the name ${plan.name}`, why }];
    return {
      name: called ?? plan.name,
      shares: plan.mate !== undefined,
      panes,
      missing: [...plan.missing, ...renamed, ...untaken, ...unseen, ...unbound, ...unstarted],
      started,
      history,
      subscriptions: failure === undefined ? bound.length : 0,
      differences,
      replaced,
    };
  } catch (thrown) {
    // what a terminal's Ctrl-C has ended with this command says nothing
    if (interrupt.aborted) throw interrupt.reason;
    throw withHooks(isSessionGone(thrown) ? endedAtOnce(plan.name, thrown) : thrown, hooks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function endedAtOnce(name: string, cause: unknown): AppError {
  return new AppError("ERR_COMMAND_FAILED", `The session "${name}" was made, and ended before it was whole`, {
    hint: "See whether its shell exits as soon as it begins (tmux's default-shell, the shell's start-up files).",
    cause,
  });
}

/** The `$id` of the session of that name; undefined where there is none. Throws ERR_SESSION_EXISTS for one that is just being made. */
async function sessionNow(server: TmuxServer, name: string): Promise<string | undefined> {
  const row = (await sessionRows(server)).find((one) => one.session_name === name);
  if (row && row[RESTORING_OPTION] !== "") throw exists(name, ", which is just being restored");
  return row?.session_id;
}

function exists(name: string, why = ""): AppError {
  return new AppError("ERR_SESSION_EXISTS", `There is a session "${name}" already${why}`, {
    hint: "Give another name with --as; --replace saves that one, and ends it when the other is whole.",
  });
}
