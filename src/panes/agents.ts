import type { AgentSource, AgentState, AgentWait, Told } from "../agents/told.ts";
import { AppError } from "../lib/errors.ts";
import { atOnce, hasEnded, type Moment, type ProcessId, thisMoment } from "../process/identity.ts";
import { parseRows } from "../tmux/format.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { type Pane, panesCommand, panesOf } from "../tmux/panes.ts";
import { type Ask, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { pickPane } from "../tmux/target.ts";
import { AGENT_VARIABLES, agentOfPane, endedAgent, type PaneAgent } from "../verdict/agent.ts";
import { withScreens } from "../verdict/agent-screens.ts";
import { isRunning, type Verdict } from "../verdict/rule.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { type Waiting, type WaitingFor, waitingOf } from "../verdict/waiting.ts";
import type { Place } from "./typable.ts";

/** What a pane does, whatever runs there. */
export interface PaneVerdict {
  pane: Pane;
  title: string;
  /** undefined where no coding agent has the terminal */
  agent: PaneAgent | undefined;
  state: AgentState;
  /** of `waiting`: what for; null where that is not known */
  for: AgentWait | Extract<WaitingFor, "line" | "password" | "keys"> | null;
  /** since when, ms since the epoch; null where nothing tells it */
  since: number | null;
  /** what decided; null where nothing does */
  source: AgentSource | "process" | "shell" | "terminal" | null;
  isCertain: boolean;
  because: string;
  /** what each source told */
  readings: { source: AgentSource; told: Told | undefined }[];
}

/** A verdict of several, and what else was found out. */
export interface Listed<V extends string> {
  verdict: PaneVerdict;
  /** whether an agent lives there, or anything else runs beside a shell at its prompt; also where that is not known */
  isRunning: boolean;
  told: Record<V, string>;
}

/** A pane, and the agent that is there, if any is. */
interface Found {
  pane: Pane;
  title: string;
  agent: PaneAgent | undefined;
  /** all that tmux told of it */
  row: Row;
}

type Row = Record<(typeof PANE_VARIABLES)[number] | (typeof AGENT_VARIABLES)[number], string>;

/** Who needs somebody first, who works last. */
const ORDER: readonly AgentState[] = ["waiting", "failed", "dead", "done", "idle", "unknown", "starting", "working"];

/** The panes of a session, or of all, in which a coding agent has the terminal or was ended: those first that need somebody. */
export async function listAgents(server: TmuxServer, session: string | undefined): Promise<PaneVerdict[]> {
  const found = await look((commands) => tmuxAsync(server, commands), session);
  const agents = found.flatMap(({ pane, title, agent }) => (agent ? [ofAgent(pane, title, agent)] : []));
  return agents.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

/** What else is asked. */
interface VerdictsOptions<V extends readonly string[]> {
  more: V;
  isOwn?: ((pane: Pane) => boolean) | undefined;
  also?: ((panes: readonly Pane[]) => void) | undefined;
}

/**
 * What every pane of the server does, each pane once, with what else tmux is to tell of it. Throws ERR_TMUX_NOT_RUNNING.
 * @param options.more variables of tmux, beside those that a verdict needs
 * @param options.isOwn whether this program has a pane itself, and works there, so that nothing is asked of that
 * @param options.also asked at the moment at which the processes are looked at
 */
export async function listVerdicts<const V extends readonly string[]>(
  ask: Ask,
  { more, isOwn = () => false, also }: VerdictsOptions<V>,
): Promise<Listed<V[number]>[]> {
  const seen = new Set<string>();
  // a window may be in several sessions
  let moment: Moment | undefined;
  const isFirst = ({ id }: Pane) => !seen.has(id) && seen.add(id).size > 0;
  const found = await look(ask, undefined, {
    choose: (panes) => panes.filter(isFirst),
    more,
    isOwn,
    also(panes) {
      moment = thisMoment();
      also?.(panes);
    },
  });
  // where an agent was ended, something else may run by now
  const programs = found.filter(({ agent, pane }) => !(agent && isLiving(agent)) && !isOwn(pane));
  // the first look at each is at the same moment: what takes longest is to read all processes
  const verdicts = await Promise.all(atOnce(() => programs.map(({ pane }) => verdictOf(pane)), moment));
  const waits = await Promise.all(
    atOnce(() => programs.map(({ pane }, i) => waitingOf(pane, verdicts[i] as (typeof verdicts)[number])), moment),
  );
  return found.map((one) => {
    const { pane, title, agent, row } = one;
    const i = programs.indexOf(one);
    const told = row as Record<string, string> as Record<V[number], string>;
    const [state, waiting] = i === -1 ? [OURSELVES, NOTHING] : ([verdicts[i], waits[i]] as [Verdict, Waiting]);
    const verdict = agent ? ofAgent(pane, title, agent) : verdictOfProgram(pane, title, state, waiting);
    return { verdict, isRunning: isRunning(state) !== false, told };
  });
}

/** Of the pane that this program has itself, and of one in which an agent lives. */
const OURSELVES: Verdict = { state: "working", method: "foreground", because: "it is this program that runs there" };
const NOTHING: Waiting = { waitingFor: "nothing", method: "kernel" };

/** What a pane does. Throws ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export async function agentStatus(server: TmuxServer, place: Place): Promise<PaneVerdict> {
  return await agentStatusBy((commands) => tmuxAsync(server, commands), place);
}

/** As agentStatus(), by whom makes the calls to tmux. */
export async function agentStatusBy(ask: Ask, place: Place): Promise<PaneVerdict> {
  const { pane, title, agent } = await lookAt(ask, place);
  return agent ? ofAgent(pane, title, agent) : await ofProgram(pane, title);
}

/** What the coding agent does that has a pane's terminal, or was ended there; undefined where there is none. Throws as agentStatus(). */
export async function agentAt(ask: Ask, place: Place): Promise<PaneVerdict | undefined> {
  const { pane, title, agent } = await lookAt(ask, place);
  return agent && ofAgent(pane, title, agent);
}

async function lookAt(ask: Ask, place: Place): Promise<Found> {
  const [found] = await look(ask, place.session, { choose: (panes) => [pickPane(panes, place)] });
  return found as Found;
}

/** How it is looked. */
interface LookOptions extends Partial<VerdictsOptions<readonly string[]>> {
  choose?: (panes: readonly Pane[]) => readonly Pane[];
}

/** One look at tmux and at the process table, for some of the panes of a session, or of all. */
async function look(
  ask: Ask,
  session: string | undefined,
  { choose = (panes) => panes, more = [], isOwn = () => false, also }: LookOptions = {},
): Promise<Found[]> {
  const beside = [...AGENT_VARIABLES, ...more];
  const text = await ask([panesCommand(session, beside)]);
  const rows = parseRows([...PANE_VARIABLES, ...beside], text) as Row[];
  const panes = panesOf(rows);
  const found = atOnce(() => {
    const chosen = choose(panes);
    const agents = chosen.map((pane) => {
      const row = rows[panes.indexOf(pane)] as Row;
      return { pane, title: row.pane_title, agent: isOwn(pane) ? undefined : agentOfPane(row), row };
    });
    also?.(chosen);
    return agents;
  });
  const seen = await withScreens(ask, found);
  // the first look at each is at once
  const isOver = await Promise.all(atOnce(() => seen.map(isReplaced)));
  return seen.map((one, i) => (isOver[i] ? { ...one, agent: undefined } : one));
}

/** Whether an agent was ended, and something else runs in its pane by now: then that counts, and not what is noted of the agent. */
async function isReplaced({ pane, agent }: Found): Promise<boolean> {
  return agent?.verdict.state === "dead" && !pane.isDead && (await verdictOf(pane)).state !== "idle";
}

/** Whether its process is there. */
function isLiving({ verdict }: PaneAgent): boolean {
  return verdict.state !== "dead";
}

function ofAgent(pane: Pane, title: string, agent: PaneAgent): PaneVerdict {
  const { verdict, readings } = agent;
  return { pane, title, agent, readings, ...verdict };
}

async function ofProgram(pane: Pane, title: string): Promise<PaneVerdict> {
  const verdict = await verdictOf(pane);
  return verdictOfProgram(pane, title, verdict, await waitingOf(pane, verdict));
}

/** Of what is no agent: a program that reads its terminal waits, whatever it is. */
function verdictOfProgram(pane: Pane, title: string, verdict: Verdict, { waitingFor }: Waiting): PaneVerdict {
  const common = { pane, title, agent: undefined, since: null, readings: [] };
  if (verdict.state === "working" && (waitingFor === "line" || waitingFor === "password" || waitingFor === "keys")) {
    const because = "its program reads from its terminal";
    return { ...common, state: "waiting", for: waitingFor, source: "terminal", isCertain: true, because };
  }
  const isKnown = verdict.state !== "unknown";
  const source = verdict.method === "shell-integration" ? "shell" : "process";
  return {
    ...common,
    state: verdict.state,
    for: null,
    source: isKnown ? source : null,
    isCertain: isKnown,
    because: verdict.because,
  };
}

/**
 * What is told of an agent that was there at the look before, and is not any more: that it has ended.
 * @throws AppError ERR_COMMAND_FAILED for one that has not, as far as the process table tells: it was stopped, or is in the background
 */
export function endOf({ pane, title }: PaneVerdict, agent: ProcessId & Pick<PaneAgent, "kind">): PaneVerdict {
  if (hasEnded(agent)) return ofAgent(pane, title, endedAgent(agent));
  const message = `The ${agent.kind} in pane ${pane.paneId} of "${pane.session}" is not in the foreground any more`;
  throw new AppError("ERR_COMMAND_FAILED", message, {
    hint: "See what runs there now with agent-status; what was suspended there goes on with fg.",
  });
}
