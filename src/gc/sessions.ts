import { type ClockReading, readClocks } from "../lib/believed-clock.ts";
import { holdersIn, isHolderAlive } from "../panes/holders.ts";
import { CLIENT_OF, hasEnded, isRole, type ProcessStat, startEnvironment, tableId } from "../process/identity.ts";
import { jobsAmong } from "../process/jobs.ts";
import { livingProcesses } from "../process/tree.ts";
import { PATH_FORMAT, parseRows } from "../tmux/format.ts";
import { endsByItself, type MadeSession, readMade, readMadeSession } from "../tmux/made.ts";
import { HOLDS_OPTION, MADE_OPTION, MADE_PANE_OPTION, PIPE_OPTION } from "../tmux/options.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { type Pane, panesCommand, panesOf, parsePanes } from "../tmux/panes.ts";
import { tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isFollowed } from "../verdict/reading.ts";
import { verdictOf } from "../verdict/verdict.ts";
import type { Draft, PaneFacts, SessionFacts } from "./rule.ts";

/** A session that we made, what one look tells of it, and how tmux knows that nothing has changed since. */
export interface FoundSession {
  id: string;
  facts: SessionFacts;
  panes: readonly Pane[];
  /** what isAsSeen() compares */
  seen: string;
}

/** One look at the server. */
export interface ServerLook {
  /** the sessions that we made */
  sessions: FoundSession[];
  /** all panes of the server */
  panes: readonly Pane[];
  /** all processes */
  processes: readonly ProcessStat[];
}

const SESSION_VARIABLES = [
  "session_created",
  "session_activity",
  "session_last_attached",
  "session_grouped",
  "window_activity",
  "window_linked_sessions",
  MADE_OPTION,
  MADE_PANE_OPTION,
  HOLDS_OPTION,
  PIPE_OPTION,
] as const;

type Row = Record<(typeof PANE_VARIABLES)[number] | (typeof SESSION_VARIABLES)[number], string>;

// of a path that no shell of ours has told, its length is enough: any program may set it, to any text
const PATH_SEEN = `#{?#{m:claude-tmux:*,#{pane_path}},${PATH_FORMAT},#{n:pane_path}}`;
const PANE_SEEN = `#{pane_id} #{pane_pid} #{pane_dead} #{cursor_x} #{cursor_y} #{pane_pipe} #{n:${HOLDS_OPTION}} ${PATH_SEEN} `;
/** A format of a session that changes with whatever anybody does there. */
const SEEN = `#{session_name} #{session_attached} #{session_grouped} #{session_activity} #{W:#{window_id} #{window_activity} #{window_linked_sessions} #{P:${PANE_SEEN}}}`;
/** What may stand in it: nothing that means something in a format. */
const PLAIN = /^[\w .:;@%-]+$/;

/**
 * Looks at all that we made on a server; without a server, there is nothing. Throws as tmux() does for any other failure,
 * which proves nothing.
 */
export async function lookAtServer(server: TmuxServer): Promise<ServerLook> {
  const [rowText = "", seenText = "", clientText = ""] = await tmuxEachOrNothing(server, [
    panesCommand(undefined, SESSION_VARIABLES),
    ["list-sessions", "-F", `#{session_id} ${SEEN}`],
    ["list-clients", "-F", "#{client_pid} #{session_id}"],
  ]);
  const now = readClocks();
  const rows = parseRows([...PANE_VARIABLES, ...SESSION_VARIABLES], rowText);
  const panes = panesOf(rows);
  const processes = livingProcesses();
  const placed = rows.map((row, i) => ({ row, pane: panes[i] as Pane }));
  const seen = new Map(wordsOf(seenText));
  const clients = wordsOf(clientText).filter(([pid]) => !isOurClient(Number(pid)));
  const find = async ([id, all]: [string, Placed[]]): Promise<FoundSession | undefined> => {
    const [first] = all;
    const made = readMadeSession(first?.row[MADE_OPTION] ?? "");
    if (made === undefined || first === undefined) return undefined;
    // its maker has said when it ends, and nobody has ever looked at it who could have typed there
    const isAnnounced = endsByItself(made) && first.row.session_last_attached === "";
    const facts: SessionFacts = {
      name: first.row.session_name,
      made,
      clients: clients.filter(([, session]) => session === id).length,
      isAwaited: false,
      isHere: false,
      isShared: all.some(({ row }) => row.session_grouped === "1" || row.window_linked_sessions !== "1"),
      isOwnerAlive: ownerLives(made),
      idleMs: idleMs(lastActivity(all, made), made, now),
      panes: await Promise.all(all.map((one) => factsOf(one, processes, isAnnounced))),
    };
    return { id, facts, panes: all.map(({ pane }) => pane), seen: seen.get(id) ?? "" };
  };
  // all at once: what some panes do shows only after a moment
  const found = await Promise.all([...Map.groupBy(placed, ({ pane }) => pane.sessionId)].map(find));
  return { sessions: found.filter((session) => session !== undefined), panes, processes };
}

/** The panes and processes that there are now. Throws as lookAtServer(). */
export async function lookAtPanes(server: TmuxServer): Promise<Omit<ServerLook, "sessions">> {
  const [text = ""] = await tmuxEachOrNothing(server, [panesCommand(undefined)]);
  return { panes: parsePanes(text), processes: livingProcesses() };
}

/** A format that is true as long as nobody has done anything in a session since that look; undefined where that can't be told. */
export function isAsSeen({ seen }: FoundSession): string | undefined {
  // an expansion that tmux leaves off is empty, and never true
  return PLAIN.test(seen) ? `#{?#{==:${SEEN},${seen}},1,}` : undefined;
}

/** Lines of a word and the rest. */
function wordsOf(text: string): [string, string][] {
  return text.split("\n").flatMap((line) => {
    const blank = line.indexOf(" ");
    return blank === -1 ? [] : [[line.slice(0, blank), line.slice(blank + 1)] as [string, string]];
  });
}

/** The clients by which a daemon hears of panes show them to nobody. */
function isOurClient(pid: number): boolean {
  return startEnvironment(pid).some((pair) => pair.startsWith(`${CLIENT_OF}=`));
}

type Placed = { row: Row; pane: Pane };

async function factsOf(
  { row, pane }: Placed,
  processes: readonly ProcessStat[],
  isAnnounced: boolean,
): Promise<PaneFacts> {
  const { state } = await verdictOf(pane);
  return {
    paneId: pane.paneId,
    isMade: readMade(row[MADE_PANE_OPTION]) !== undefined,
    isHeard: [...holdersIn(row[HOLDS_OPTION]), row[PIPE_OPTION]].some(isListening),
    state,
    jobs: jobsAmong(processes, pane.pid).length,
    draft: draftBefore(pane, state, isAnnounced),
  };
}

/** What is known of a draft before its pane is looked at. */
function draftBefore(pane: Pane, state: PaneFacts["state"], isAnnounced: boolean): Draft {
  // somebody has begun a command there
  if (pane.shell?.word === "rest") return "some";
  if (state !== "idle") return state === "unknown" ? "unknown" : "none";
  const isAtPrompt = isFollowed(pane) ? pane.shell?.word === "idle" : isAnnounced;
  return isAtPrompt ? "unasked" : "unknown";
}

/** Whether the process lives with which a session is to end: one of which nobody can know is taken for alive. */
function ownerLives({ owner }: MadeSession): boolean | undefined {
  return owner && (owner.table !== tableId() || !hasEnded(owner));
}

/** Whether a holder, or a pipe's reader, is a command that somebody has called: a daemon listens for as long as it runs. */
function isListening(name: string): boolean {
  return name !== "" && isHolderAlive(name) && !isRole(Number.parseInt(name, 10));
}

/** When something happened in a session last, whoever did it, seconds since the epoch. */
function lastActivity(all: readonly Placed[], made: MadeSession): number {
  const moments = all.flatMap(({ row, pane }) => [
    ...[row.session_activity, row.window_activity, row.session_created, row.session_last_attached],
    pane.typed.at / 1000,
  ]);
  return Math.floor([...moments, made.at / 1000].map(Number).reduce((a, b) => Math.max(a, b), 0));
}

/**
 * For how long nothing has happened at least: tmux tells moments by the clock, in whole seconds. A clock that was set ahead
 * since the session was made has made nothing older. Pure.
 * @returns ms; undefined where the machine was started anew since, as nothing can be known then
 */
export function idleMs(
  sinceS: number,
  made: Pick<MadeSession, "at" | "uptime" | "boot">,
  now: ClockReading,
): number | undefined {
  const byClock = now.ms - (sinceS + 1) * 1000;
  if (made.uptime === undefined) return byClock;
  if (made.boot !== now.boot) return undefined;
  const ahead = now.ms - made.at - (now.uptime - made.uptime) * 1000;
  return byClock - Math.max(0, ahead);
}
