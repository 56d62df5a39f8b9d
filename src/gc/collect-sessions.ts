import type { StatePaths } from "../lib/paths.ts";
import { endPanes, membersOf, type PaneMember } from "../panes/kill.ts";
import { removeViews, viewFile } from "../panes/view.ts";
import { type ProcessStat, processStat } from "../process/identity.ts";
import { isShared } from "../process/tree.ts";
import { removeSnapshots } from "../snapshots/store.ts";
import { sessionTurnAsync } from "../tmux/attach-turn.ts";
import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { endsByItself } from "../tmux/made.ts";
import { tmuxAsync, tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { forgetEnded, noteEnded, sessionKey } from "./ended.ts";
import { type JudgedLook, judgeServer } from "./judge.ts";
import { foreseeSaving, type JudgedSession, type SavedSession, saveDue } from "./save-due.ts";
import { isAsSeen } from "./sessions.ts";
import { mayEnd } from "./survivors.ts";

/** What became of the sessions that we made. */
export interface CollectedSessions {
  /** with the snapshot of each, once it is ended */
  collected: (JudgedSession & Partial<SavedSession>)[];
  kept: JudgedSession[];
  /** those that nobody needs, and that stay since they could not be saved */
  unsaved: JudgedSession[];
  /** what ran in those that were ended: what lives on, and what does not */
  survivors: PaneMember[];
  ended: PaneMember[];
}

/** So often it is looked again at sessions in which something has happened since the last look. */
const ROUNDS = 3;

/**
 * Saves the sessions that nobody needs any more, and ends them.
 * @param options.ttlS the time to live of those whose makers gave none
 * @param options.isDry only find out which that are
 */
export async function collectSessions(
  server: TmuxServer,
  paths: StatePaths,
  { ttlS, isDry }: { ttlS: number; isDry: boolean },
): Promise<CollectedSessions> {
  const result: CollectedSessions = { collected: [], kept: [], unsaved: [], survivors: [], ended: [] };
  for (let round = 1; ; round++) {
    const { look, due, kept } = await judge(server, paths, { ttlS, not: result.unsaved });
    if (isDry) {
      const foreseen = foreseeSaving(due);
      return { collected: [...foreseen.due], kept, unsaved: foreseen.unsaved, ...(await foresee(look, foreseen.due)) };
    }
    const { saved, unsaved } = await saveDue(server, paths, due);
    result.unsaved.push(...unsaved);
    if (saved.length === 0) return { ...result, kept };
    const { survivors, ended, changed } = await end(server, paths, look, saved);
    result.survivors.push(...survivors);
    result.ended.push(...ended);
    const over = saved.filter((one) => !changed.includes(one));
    removeViews(over.map(({ session }) => viewFile(paths, session.facts.name)));
    result.collected.push(...over);
    if (changed.length === 0) return { ...result, kept };
    await forget(changed);
    if (round < ROUNDS) continue;
    const busy = changed.map(({ session }) => ({ session, why: "something happens there right now" }));
    return { ...result, kept: [...kept, ...busy] };
  }
}

/** Removes the snapshots of sessions that were not ended after all. */
async function forget(changed: readonly SavedSession[]): Promise<void> {
  // where it can't be, they go as others do that are beyond their number
  await removeSnapshots(changed.map(({ snapshot }) => snapshot)).catch(() => {});
}

/** Which sessions are due and which stay, but for those of which that is known already. */
async function judge(
  server: TmuxServer,
  paths: StatePaths,
  { ttlS, not }: { ttlS: number; not: readonly JudgedSession[] },
): Promise<{ look: JudgedLook; due: JudgedSession[]; kept: JudgedSession[] }> {
  const look = await judgeServer(server, paths, ttlS);
  const due: JudgedSession[] = [];
  const kept: JudgedSession[] = [];
  for (const { session, action, why } of look.sessions) {
    if (not.some((one) => one.session.id === session.id)) continue;
    if (action === "collect" && isAsSeen(session) !== undefined) due.push({ session, why });
    else kept.push({ session, why: action === "keep" ? why : "what its panes show is not known for certain" });
  }
  return { look, due, kept };
}

/** Ends sessions, each only if nobody has done anything there since that look; `changed` are those in which somebody has. */
async function end<S extends JudgedSession>(
  server: TmuxServer,
  paths: StatePaths,
  { processes }: JudgedLook,
  due: readonly S[],
): Promise<{ survivors: PaneMember[]; ended: PaneMember[]; changed: S[] }> {
  const kills = due.flatMap(({ session }) => {
    const format = isAsSeen(session);
    const target = `${session.id}:`;
    return format ? [["if-shell", "-F", "-t", target, format, `kill-session -t '${target}'`]] : [];
  });
  const keys = due.flatMap(({ session: { id, panes, facts } }) =>
    endsByItself(facts.made) ? panes.slice(0, 1).map((pane) => sessionKey(pane.server, id)) : [],
  );
  noteEnded(paths, keys);
  using _turn = await sessionTurnAsync(paths.dir);
  const { survivors, hungUp, ended } = await endPanes(server, {
    panes: due.flatMap(({ session }) => session.panes),
    processes,
    kill: () => each(server, kills),
    isToEnd: isToEnd(due, processes),
  });
  const [list = ""] = await tmuxEachOrNothing(server, [["list-sessions", "-F", "#{session_id}"]]);
  const there = list.split("\n");
  const changed = due.filter(({ session }) => there.includes(session.id));
  forgetEnded(
    paths,
    changed.flatMap(({ session: { id, panes } }) => panes.map((pane) => sessionKey(pane.server, id))),
  );
  const stay = new Set(changed.flatMap(({ session }) => session.panes.map(({ id }) => id)));
  return { survivors, ended: [...hungUp.filter(({ pane }) => !stay.has(pane.id)), ...ended], changed };
}

/** What of the sessions that are to be ended would live on, and what would not. */
async function foresee(
  { processes }: JudgedLook,
  due: readonly JudgedSession[],
): Promise<{ survivors: PaneMember[]; ended: PaneMember[] }> {
  const panes = due.flatMap(({ session }) => session.panes);
  const terminals = new Map(panes.map(({ id, pid }) => [id, processes.find((stat) => stat.pid === pid)?.tpgid]));
  const ends = isToEnd(due, processes);
  const isOver = (member: PaneMember) =>
    !isShared(member.stat.pid) && (member.stat.tpgid === terminals.get(member.pane.id) || ends(member));
  const members = await membersOf(processes, panes);
  return { survivors: members.filter((member) => !isOver(member)), ended: members.filter(isOver) };
}

/** Whether what lives on of a session is to be ended as well. */
function isToEnd(due: readonly JudgedSession[], processes: readonly ProcessStat[]): (member: PaneMember) => boolean {
  const ending = due.filter(({ session }) => endsByItself(session.facts.made));
  const isAnnounced = new Set(ending.flatMap(({ session }) => session.panes.map(({ id }) => id)));
  return ({ pane, stat }) => isAnnounced.has(pane.id) && mayEnd(processStat(stat.pid) ?? stat, processes);
}

/** Carries out commands, each whatever becomes of the others. They hold secrets: none is an argument of a process. */
async function each(server: TmuxServer, commands: readonly TmuxCommand[]): Promise<void> {
  if (commands.length === 0) return;
  // tmux tells of those that fail: their sessions have gone meanwhile
  const input = `${commands.map(quoteCommand).join("\n")}\n`;
  await tmuxAsync(server, [["source-file", "-"]], { input }).catch(() => {});
}
