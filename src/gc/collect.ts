import { AppError } from "../lib/errors.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { poll } from "../lib/wait.ts";
import { endMembers, type PaneMember } from "../panes/kill.ts";
import type { Member } from "../panes/member.ts";
import { lastHolder } from "../process/holder.ts";
import { Lock } from "../process/lock.ts";
import { isShared } from "../process/tree.ts";
import type { NewEvent } from "../store/events.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { collectSessions } from "./collect-sessions.ts";
import { countKinds, findLeftOver, type LeftOver, undoLeftOver } from "./left-over.ts";
import { findOldState } from "./old-state.ts";
import { noteLastRun } from "./schedule.ts";
import { lookAtServer } from "./sessions.ts";
import { survivorsOfGone } from "./survivors.ts";

/** Something that was collected, and why. */
export interface Collected {
  kind: "session" | "process" | LeftOver["kind"];
  what: string;
  why: string;
}

/** What a collection did, or would do. */
export interface Collection {
  collected: Collected[];
  /** the sessions that we made and that stay */
  kept: { session: string; why: string }[];
  /** processes of panes that have gone, which live on */
  survivors: Member[];
  /** what ran in the sessions that were collected, and does no more */
  ended: Member[];
}

const TURN_MS = 60_000;

/**
 * Collects what nobody needs any more: sessions that we made, what lives on of those that were to end, what was left by
 * processes of ours that are no more, and what has been kept long enough. What is in doubt stays. At most one process collects
 * at a time.
 * @param options.ttlS the time to live of sessions whose makers gave none, seconds
 * @param options.isDry say what would be done, and do none of it
 * @throws AppError ERR_TIMEOUT when another collection has not ended in a minute, ERR_UNSAFE_STATE_DIR, and as tmux() does when its
 *   answer is in doubt
 */
export async function collect(
  server: TmuxServer,
  paths: StatePaths,
  options: { ttlS: number; isDry: boolean },
): Promise<Collection> {
  ensureStateDir(paths);
  using _turn = await takeTurn(paths);
  // first, as it goes with the panes of sessions that are ended
  const left = [...(await findLeftOver(server, paths)), ...findOldState(paths)];
  const undone = options.isDry ? left : await undoLeftOver(left);
  const sessions = await collectSessions(server, paths, options);
  const gone = await collectSurvivors(server, options.isDry);
  const collection = {
    collected: [
      ...sessions.collected.map(({ session, why }) => ({ kind: "session" as const, what: session.facts.name, why })),
      ...gone.ended.map(({ member: { pid, command } }) => ({
        kind: "process" as const,
        what: `${pid} (${command})`,
        why: "its pane has gone, and its session was made with a time to live, or an owner",
      })),
      ...undone.map(({ kind, what, why }) => ({ kind, what, why })),
    ],
    kept: sessions.kept.map(({ session, why }) => ({ session: session.facts.name, why })),
    survivors: unique([...sessions.survivors, ...gone.survivors]),
    ended: unique(sessions.ended),
  };
  if (!options.isDry) noteLastRun(paths, collection.collected.length);
  return collection;
}

async function takeTurn(paths: StatePaths): Promise<Lock> {
  const path = `${paths.dir}/gc.lock`;
  const turn = await poll(TURN_MS, 20, () => Lock.acquire(path));
  if (turn) return turn;
  throw new AppError(
    "ERR_TIMEOUT",
    `Another collection (PID: ${lastHolder(path)?.pid}) has not ended within a minute`,
    {
      hint: "It may hang or be stopped: look at it with ps.",
    },
  );
}

/** What lives on of panes that had gone before: it is ended where their sessions were to end, and told of otherwise. */
async function collectSurvivors(
  server: TmuxServer,
  isDry: boolean,
): Promise<{ survivors: PaneMember[]; ended: PaneMember[] }> {
  const found = survivorsOfGone(server, await lookAtServer(server));
  const toEnd = new Set(
    found.filter(({ isToEnd, stat }) => isToEnd && !isShared(stat.pid)).map(({ stat }) => stat.pid),
  );
  const ends = ({ stat }: PaneMember) => toEnd.has(stat.pid);
  if (!isDry) return await endMembers(found, ends);
  return { survivors: found.filter((member) => !ends(member)), ended: found.filter(ends) };
}

/** What a collection did, as events for the log: one for each session, and one for all that is no session. Pure. */
export function gcEvents({ collected }: Pick<Collection, "collected">): NewEvent[] {
  const event = { event_type: "gc", session: "", pane_id: "", pane: "", label: "" };
  const { sessions = [], others = [] } = Object.groupBy(collected, ({ kind }) =>
    kind === "session" ? "sessions" : "others",
  );
  const ended = sessions.map(({ kind, what, why }) => {
    return { ...event, session: what, message: `session collected: ${why}`, data: { kind, what, why } };
  });
  if (others.length === 0) return ended;
  return [...ended, { ...event, message: `collected: ${countKinds(others)}`, data: { collected: others } }];
}

function unique(members: readonly PaneMember[]): Member[] {
  return [...new Map(members.map(({ member }) => [member.pid, member])).values()];
}
