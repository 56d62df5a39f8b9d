import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { endMembers, type PaneMember } from "../panes/kill.ts";
import type { Member } from "../panes/member.ts";
import { isAlive } from "../process/identity.ts";
import { takeTurn } from "../process/turn.ts";
import type { NewEvent } from "../store/events.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type CollectedSessions, collectSessions } from "./collect-sessions.ts";
import { readEnded } from "./ended.ts";
import { countKinds, type Kind, undoLeftOver } from "./kinds.ts";
import { findLeftOver } from "./left-over.ts";
import { findOldSnapshots } from "./old-snapshots.ts";
import { findOldState } from "./old-state.ts";
import { noteLastRun } from "./schedule.ts";
import { lookAtPanes } from "./sessions.ts";
import { type Survivor, survivorsOfGone } from "./survivors.ts";

/** Something that was collected, and why. */
export interface Collected {
  kind: Kind;
  what: string;
  why: string;
  /** of a session that was ended, the id of the snapshot by which it comes back */
  snapshot?: string;
}

/** A session that we made and that stays, and why. */
export interface Kept {
  session: string;
  why: string;
}

/** What a collection did, or would do. */
export interface Collection {
  collected: Collected[];
  /** the sessions that we made and that stay */
  kept: Kept[];
  /** those of them that nobody needs, but that could not be saved */
  unsaved: Kept[];
  /** processes of panes that have gone, which live on */
  survivors: Member[];
  /** what ran in the sessions that were collected, and does no more */
  ended: Member[];
}

/**
 * Collects what nobody needs any more: sessions that we made, each of which is saved before, what lives on of those that were to end, what was left by
 * processes of ours that are no more, and what has been kept long enough. What is in doubt stays. At most one process collects
 * at a time.
 * @param options.ttlS the time to live of sessions whose makers gave none, seconds
 * @param options.isDry say what would be done, and do none of it
 * @param options.onCollected called with what was collected, as soon as it was: what comes after that may fail
 * @throws AppError ERR_TIMEOUT when another collection has not ended in a minute, ERR_UNSAFE_STATE_DIR, and as tmux() does when its
 *   answer is in doubt
 */
export async function collect(
  server: TmuxServer,
  paths: StatePaths,
  options: { ttlS: number; isDry: boolean; onCollected(items: readonly Collected[]): Promise<void> | void },
): Promise<Collection> {
  ensureStateDir(paths);
  using _turn = await takeTurn(`${paths.dir}/gc.lock`, "collection");
  const { isDry } = options;
  const collected: Collected[] = [];
  const note = async (items: readonly Collected[]) => {
    collected.push(...items);
    if (!isDry && items.length > 0) await options.onCollected(items);
  };
  // first, as it goes with the panes of sessions that are ended
  const left = [...(await findLeftOver(server, paths)), ...findOldState(paths), ...findOldSnapshots(server)];
  const undone = isDry ? left : await undoLeftOver(left);
  await note(undone.map(({ kind, what, why }) => ({ kind, what, why })));
  const sessions = await collectSessions(server, paths, options);
  await note(sessions.collected.map(collectedSession));
  const gone = await collectSurvivors(server, paths, isDry);
  const why = "its session was collected, and was made with a time to live, or an owner";
  await note(gone.ended.map(({ member: { pid, command } }) => ({ kind: "process", what: `${pid} (${command})`, why })));
  if (!isDry) noteLastRun(paths, collected.length);
  const unsaved = sessions.unsaved.map(keptSession);
  const kept = [...sessions.kept.map(keptSession), ...unsaved];
  // some end with others, or with what they kept
  const living = [...sessions.survivors, ...gone.survivors].filter(({ stat }) => isAlive(stat));
  const survivors = unique(living);
  return { collected, kept, unsaved, survivors, ended: unique(sessions.ended) };
}

function collectedSession({ session, why, snapshot }: CollectedSessions["collected"][number]): Collected {
  return { kind: "session", what: session.facts.name, why, ...(snapshot !== undefined && { snapshot }) };
}

function keptSession({ session, why }: CollectedSessions["kept"][number]): Kept {
  return { session: session.facts.name, why };
}

/** What lives on of panes that have gone: it is ended where their sessions were collected, and told of otherwise. */
async function collectSurvivors(
  server: TmuxServer,
  paths: StatePaths,
  isDry: boolean,
): Promise<{ survivors: PaneMember[]; ended: PaneMember[] }> {
  const found = survivorsOfGone(server, await lookAtPanes(server), readEnded(paths));
  const ends = (member: PaneMember) => (member as Survivor).isToEnd;
  if (!isDry) return await endMembers(found, ends);
  return { survivors: found.filter((member) => !ends(member)), ended: found.filter(ends) };
}

/** What a collection did, as events for the log: one for each session, and one for all that is no session. Pure. */
export function gcEvents(collected: readonly Collected[]): NewEvent[] {
  const event = { event_type: "gc", session: "", pane_id: "", pane: "", label: "" };
  const { sessions = [], others = [] } = Object.groupBy(collected, ({ kind }) =>
    kind === "session" ? "sessions" : "others",
  );
  const ended = sessions.map((one) => {
    const saved = one.snapshot === undefined ? "" : `, saved as ${one.snapshot}`;
    return { ...event, session: one.what, message: `session collected${saved}: ${one.why}`, data: { ...one } };
  });
  if (others.length === 0) return ended;
  return [...ended, { ...event, message: `collected: ${countKinds(others)}`, data: { collected: others } }];
}

/** The events for sessions that could not be saved, so that they stay. Pure. */
export function unsavedEvents(unsaved: readonly Kept[]): NewEvent[] {
  const event = { event_type: "snapshot-failed", pane_id: "", pane: "", label: "" };
  return unsaved.map(({ session, why }) => ({ ...event, session, message: `not collected: ${why}`, data: { why } }));
}

function unique(members: readonly PaneMember[]): Member[] {
  return [...new Map(members.map(({ member }) => [member.pid, member])).values()];
}
