import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { config } from "../lib/config.ts";
import { AppError, asError } from "../lib/errors.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { killSession } from "../panes/kill.ts";
import type { Member } from "../panes/member.ts";
import { hasEnded, ownIdentity } from "../process/identity.ts";
import { takeTurn } from "../process/turn.ts";
import { addSubscriptions, subscriptionsIn } from "../store/subscriptions-now.ts";
import { sessionTurn } from "../tmux/attach-turn.ts";
import { hasNothing } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { RESTORING_OPTION } from "../tmux/options.ts";
import { listPanes, type Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { shellCommand } from "../tmux/shell-integration.ts";
import { arrive, taken } from "./arriving.ts";
import { renaming } from "./as-tmux.ts";
import type { Difference } from "./compare.ts";
import { here } from "./here.ts";
import { withHooks } from "./hooks.ts";
import { lookAt } from "./looking-again.ts";
import { Making } from "./making.ts";
import type { PaneOf, Snapshot } from "./manifest.ts";
import { findMate } from "./mate.ts";
import { type Missing, type Plan, planRestore } from "./plan.ts";
import type { WhyNotStarted } from "./plan-terms.ts";
import { REPLACED_NOTE } from "./retention.ts";
import { type SaveOptions, saveSession } from "./save.ts";
import { type Command, startPrograms } from "./starting.ts";
import { removeSnapshots } from "./store.ts";
import { subscriptionsTo } from "./subscribed.ts";
import { surroundingsOn } from "./surroundings.ts";
import { entitle } from "./titles.ts";

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
  replaced: { snapshot: string; survivors: Member[] } | undefined;
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
  await endUnfinished(server);
  removeFolders(paths);
  const hooks = await surroundingsOn(server);
  const facts = { here: await here(server, { starts: true }), mate: await findMate(server, snapshot.session) };
  const plan = planRestore(snapshot, { ...options, ...facts });
  const shell = await shellCommand(paths);
  const before = await sessionNow(server, plan.name);
  if (before && !replaces) throw exists(plan.name);
  if (before) refuseOwn(server, before, plan.name);
  const saved = before ? await saveSession(server, replacedAs(before, paths)) : undefined;
  const { pid, startTime } = ownIdentity();
  const folder = mkdtempSync(`${paths.dir}/${FOLDER}${pid}-${startTime}-`);
  // under another name until it is whole, which is one that tmux takes as it is
  const name = `${FOLDER}${pid}`;
  const made = new Making(
    server,
    { ...plan, name },
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
    const now = `${plan.name}-restored-${pid}`;
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
    throw withHooks(isGone(thrown) ? endedAtOnce(plan.name, thrown) : thrown, hooks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether that was said since the session, or the server with it, is not there any more. */
function isGone(thrown: unknown): boolean {
  return hasNothing(thrown) || (thrown instanceof AppError && thrown.code === "ERR_SESSION_NOT_FOUND");
}

function endedAtOnce(name: string, cause: unknown): AppError {
  return new AppError("ERR_COMMAND_FAILED", `The session "${name}" was made, and ended before it was whole`, {
    hint: "See whether its shell exits as soon as it begins (tmux's default-shell, the shell's start-up files).",
    cause,
  });
}

/**
 * Gives a session the name of another, which is saved as it is by now, and ends in the same call to tmux. Throws what says under which
 * name the session is there all the same.
 */
async function takePlace(
  server: TmuxServer,
  made: Making,
  { before, name, now, save }: { before: string; name: string; now: string; save: SaveOptions },
): Promise<Restored["replaced"]> {
  try {
    const isNamed = (await sessionRows(server)).some((row) => row.session_id === before && row.session_name === name);
    if (!isNamed) throw new Error("that has ended, or has another name now");
    const { id } = await saveSession(server, save);
    await moveClients(server, before, made.sessionId ?? "");
    const first = [renaming(`${before}:`, `${name}-replaced-${process.pid}`), ...made.finishing(name)];
    const { survivors } = await killSession(server, { session: before, tree: false, first });
    return { snapshot: id, survivors };
  } catch (thrown) {
    await made.finish(now);
    const why = asError(thrown).message;
    const message = `The session came back whole as "${now}", but could not take the place of "${name}": ${why}`;
    const hint = "See what there is with session-list: one of the two may have another name now.";
    throw new AppError("ERR_COMMAND_FAILED", message, { hint, cause: thrown });
  }
}

/** Shows those who look at a session another one; not to programs (tmux(1), CONTROL MODE), which would not know it. */
async function moveClients(server: TmuxServer, from: string, to: string): Promise<void> {
  const VARIABLES = ["client_name", "client_control_mode", "version"] as const;
  const rows = parseRows(
    VARIABLES,
    await tmuxAsync(server, [["list-clients", "-t", `${from}:`, "-F", rowFormat(VARIABLES)]]),
  );
  for (const { client_name: client, client_control_mode: isProgram } of rows) {
    // one that has gone meanwhile is shown nothing
    if (isProgram !== "1") await tmuxAsync(server, [["switch-client", "-c", client, "-t", `${to}:`]]).catch(() => {});
  }
}

/** How a session is saved before another one takes its place. */
function replacedAs(session: string, { database }: StatePaths): SaveOptions {
  const subscriptions = subscriptionsIn(database);
  return {
    session,
    note: REPLACED_NOTE,
    isAutomatic: true,
    withText: true,
    withEnvironment: true,
    subscriptions,
  };
}

const FOLDER = "restoring-";

/** Throws ERR_INVALID_ARGUMENT when this very command runs in the session, with which it would end. */
function refuseOwn(server: TmuxServer, session: string, name: string): void {
  const isHere = config.tmux?.split(",")[0] === server.socket;
  if (!isHere || !listPanes(server, session).some(({ id }) => id === config.tmuxPane)) return;
  throw new AppError("ERR_INVALID_ARGUMENT", `This command runs in "${name}", and would end with it`, {
    hint: "Call it from another session, or give another name with --as.",
  });
}

/** Removes what restores that were killed have left in the state folder. */
function removeFolders({ dir }: StatePaths): void {
  for (const name of readdirSync(dir)) {
    const [pid, startTime] = /^restoring-(\d+)-(\d+)-\w{6}$/.exec(name)?.slice(1).map(Number) ?? [];
    if (pid !== undefined && startTime !== undefined && hasEnded({ pid, startTime }))
      rmSync(`${dir}/${name}`, { recursive: true, force: true });
  }
}

const UNFINISHED = ["session_id", "session_name", "session_attached", RESTORING_OPTION, "version"] as const;

/** Ends what restores that were killed have left: sessions that never had their names, and that nobody looks at. */
async function endUnfinished(server: TmuxServer): Promise<void> {
  for (const row of await sessionRows(server)) {
    const [pid = 0, startTime = 0] = row[RESTORING_OPTION].split(" ").map(Number);
    if (pid > 0 && row.session_attached === "0" && hasEnded({ pid, startTime }))
      await tmuxAsync(server, [["kill-session", "-t", `${row.session_id}:`]]).catch((thrown) => {
        // its shells see that nobody makes it any more, and end by themselves
        if (!isGone(thrown)) throw thrown;
      });
  }
}

/** The `$id` of the session of that name; undefined where there is none. Throws ERR_SESSION_EXISTS for one that is just being made. */
async function sessionNow(server: TmuxServer, name: string): Promise<string | undefined> {
  const row = (await sessionRows(server)).find((one) => one.session_name === name);
  if (row && row[RESTORING_OPTION] !== "") throw exists(name, ", which is just being restored");
  return row?.session_id;
}

async function sessionRows(server: TmuxServer) {
  try {
    return parseRows(UNFINISHED, await tmuxAsync(server, [["list-sessions", "-F", rowFormat(UNFINISHED)]]));
  } catch (thrown) {
    if (hasNothing(thrown)) return [];
    throw thrown;
  }
}

function exists(name: string, why = ""): AppError {
  return new AppError("ERR_SESSION_EXISTS", `There is a session "${name}" already${why}`, {
    hint: "Give another name with --as; --replace saves that one, and ends it when the other is whole.",
  });
}
