import type { StatePaths } from "../lib/paths.ts";
import { endPanes, membersOf, type PaneMember } from "../panes/kill.ts";
import { removeViews, viewFile } from "../panes/view.ts";
import { processStat } from "../process/identity.ts";
import { isShared } from "../process/tree.ts";
import { sessionTurnAsync } from "../tmux/attach-turn.ts";
import { endsByItself } from "../tmux/made.ts";
import { LOOKED_OPTION } from "../tmux/options.ts";
import { quoteCommand, type TmuxCommand, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { askDrafts } from "./drafts.ts";
import { type Draft, judgeSession } from "./rule.ts";
import { type FoundPane, type FoundSession, isAsSeen, lookAtServer, lookedText, type ServerLook } from "./sessions.ts";
import { hasTerminal } from "./survivors.ts";

/** A session that we made, and why it was ended, or stays. */
export interface JudgedSession {
  session: FoundSession;
  why: string;
}

/** What became of the sessions that we made. */
export interface CollectedSessions {
  collected: JudgedSession[];
  kept: JudgedSession[];
  /** what ran in those that were ended: what lives on, and what does not */
  survivors: PaneMember[];
  ended: PaneMember[];
}

/** So often it is looked again at sessions in which something has happened since the last look. */
const ROUNDS = 3;

/**
 * Ends the sessions that nobody needs any more.
 * @param options.ttlS the time to live of those whose makers gave none
 * @param options.isDry only find out which that are
 */
export async function collectSessions(
  server: TmuxServer,
  paths: StatePaths,
  { ttlS, isDry }: { ttlS: number; isDry: boolean },
): Promise<CollectedSessions> {
  const result: CollectedSessions = { collected: [], kept: [], survivors: [], ended: [] };
  for (let round = 1; ; round++) {
    const { look, due, kept } = await judge(server, ttlS);
    if (isDry) return { collected: due, kept, ...(await foresee(look, due)) };
    if (due.length === 0) return { ...result, kept };
    const { survivors, ended, changed } = await end(server, paths.dir, look, due);
    result.survivors.push(...survivors);
    result.ended.push(...ended);
    const over = due.filter((one) => !changed.includes(one));
    removeViews(over.map(({ session }) => viewFile(paths, session.facts.name)));
    result.collected.push(...over);
    if (changed.length === 0) return { ...result, kept };
    if (round < ROUNDS) continue;
    const busy = changed.map(({ session }) => ({ session, why: "something happens there right now" }));
    return { ...result, kept: [...kept, ...busy] };
  }
}

async function judge(
  server: TmuxServer,
  ttlS: number,
): Promise<{ look: ServerLook; due: JudgedSession[]; kept: JudgedSession[] }> {
  let look = await lookAtServer(server);
  const toAsk = look.sessions.filter(({ facts }) => judgeSession(facts, ttlS).action === "ask");
  const answers = await askDrafts(
    server,
    toAsk.flatMap(({ panes, facts }) => panes.filter((_, i) => facts.panes[i]?.draft === "unasked")),
  );
  if (toAsk.length > 0) {
    const before = new Map(toAsk.flatMap(({ panes }) => panes.map((pane) => [pane.id, pane] as const)));
    look = withDrafts(await lookAtServer(server), before, answers);
    await noteLooks(server, toAsk, look);
  }
  const due: JudgedSession[] = [];
  const kept: JudgedSession[] = [];
  for (const session of look.sessions) {
    const { action, why } = judgeSession(session.facts, ttlS);
    if (action === "collect" && isAsSeen(session) !== undefined) due.push({ session, why });
    else kept.push({ session, why: action === "keep" ? why : "what its panes show is not known for certain" });
  }
  return { look, due, kept };
}

/** A look with what shells have answered, as far as that still holds. */
function withDrafts(
  look: ServerLook,
  before: ReadonlyMap<string, FoundPane>,
  answers: ReadonlyMap<string, Draft>,
): ServerLook {
  const draftOf = (pane: FoundPane, draft: Draft) => {
    const answer = answers.get(pane.id);
    return draft !== "unasked" || answer === undefined || before.get(pane.id)?.at !== pane.at ? draft : answer;
  };
  const sessions = look.sessions.map((session) => {
    const panes = session.facts.panes.map((facts, i) => {
      return { ...facts, draft: draftOf(session.panes[i] as FoundPane, facts.draft) };
    });
    return { ...session, facts: { ...session.facts, panes } };
  });
  return { ...look, sessions };
}

/** Notes that what shells have written since they were asked is nothing that has happened there. */
async function noteLooks(server: TmuxServer, asked: readonly FoundSession[], { sessions }: ServerLook): Promise<void> {
  const notes = sessions.flatMap((session) => {
    const before = asked.find(({ id }) => id === session.id);
    const isSame = before?.panes.every(({ at }, i) => at === session.panes[i]?.at);
    if (!before || !isSame || before.activityS === session.activityS) return [];
    session.sinceS = before.sinceS;
    session.facts.idleMs = before.facts.idleMs;
    return [["set-option", "-t", `${session.id}:`, LOOKED_OPTION, lookedText(session)]];
  });
  await each(server, notes);
}

/** Ends sessions, each only if nobody has done anything there since that look; `changed` are those in which somebody has. */
async function end(
  server: TmuxServer,
  stateDir: string,
  { processes }: ServerLook,
  due: readonly JudgedSession[],
): Promise<{ survivors: PaneMember[]; ended: PaneMember[]; changed: JudgedSession[] }> {
  const kills = due.flatMap(({ session }) => {
    const format = isAsSeen(session);
    const target = `${session.id}:`;
    return format ? [["if-shell", "-F", "-t", target, format, `kill-session -t '${target}'`]] : [];
  });
  const panes = due.flatMap(({ session }) => session.panes);
  const before = await membersOf(processes, panes);
  using _turn = await sessionTurnAsync(stateDir);
  const left = await endPanes(server, {
    panes,
    processes,
    kill: () => each(server, kills),
    isToEnd: isToEnd(due),
  });
  const there = new Set((await lookAtServer(server)).sessions.map(({ id }) => id));
  const changed = due.filter(({ session }) => there.has(session.id));
  const stay = new Set(changed.flatMap(({ session }) => session.panes.map(({ id }) => id)));
  const isOver = ({ pane, stat }: PaneMember) =>
    !stay.has(pane.id) && !left.survivors.some((one) => one.stat.pid === stat.pid);
  return { survivors: left.survivors, ended: [...before.filter(isOver), ...left.ended], changed };
}

/** What of the sessions that are to be ended would live on, and what would not. */
async function foresee(
  { processes }: ServerLook,
  due: readonly JudgedSession[],
): Promise<{ survivors: PaneMember[]; ended: PaneMember[] }> {
  const panes = due.flatMap(({ session }) => session.panes);
  const terminals = new Map(panes.map(({ id, pid }) => [id, processes.find((stat) => stat.pid === pid)?.tpgid]));
  const ends = isToEnd(due);
  const isOver = (member: PaneMember) =>
    !isShared(member.stat.pid) && (member.stat.tpgid === terminals.get(member.pane.id) || ends(member));
  const members = await membersOf(processes, panes);
  return { survivors: members.filter((member) => !isOver(member)), ended: members.filter(isOver) };
}

/** Whether what lives on of a session is to be ended as well. */
function isToEnd(due: readonly JudgedSession[]): (member: PaneMember) => boolean {
  const ending = due.filter(({ session }) => endsByItself(session.facts.made));
  const isAnnounced = new Set(ending.flatMap(({ session }) => session.panes.map(({ id }) => id)));
  // as it is by then: that of the pane has gone with it
  return ({ pane, stat }) => isAnnounced.has(pane.id) && !hasTerminal(processStat(stat.pid) ?? stat);
}

/** Carries out commands, each whatever becomes of the others. They hold secrets: none is an argument of a process. */
async function each(server: TmuxServer, commands: readonly TmuxCommand[]): Promise<void> {
  if (commands.length === 0) return;
  // tmux tells of those that fail: their sessions have gone meanwhile
  const input = `${commands.map(quoteCommand).join("\n")}\n`;
  await tmuxAsync(server, [["source-file", "-"]], { input }).catch(() => {});
}
