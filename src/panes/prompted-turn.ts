import type { Said } from "../agents/agent.ts";
import { type AgentState, SETTLED_STATES } from "../agents/told.ts";
import { conversationGiven, lastSaid } from "../agents/transcript.ts";
import { poll, sleep } from "../lib/wait.ts";
import { isSameProcess } from "../process/identity.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentStatusBy, endOf, type PaneVerdict } from "./agents.ts";
import { deadlineAfter, timeoutError } from "./ended.ts";
import type { PromptedAgent } from "./prompting.ts";
import type { Place } from "./typable.ts";
import { stayedUnknown, UNKNOWN_S } from "./wait-agent.ts";

/** How a turn ended, or whom it waits for. */
interface Turn {
  state: AgentState;
  for: PaneVerdict["for"];
  /** what the agent has said last in it, where it keeps that */
  message: Said | undefined;
}

/** Which turn is meant: of an agent, since a prompt was given (ms since the epoch). */
interface TurnOptions extends Place {
  /** undefined for one that has ended since */
  of: PromptedAgent | undefined;
  at: number;
  /** the prompt, which was seen to be taken */
  text: string;
  timeoutS: number | undefined;
  signal: AbortSignal;
}

const LOOK_MS = 100;
/** An agent may show for a moment that it has nothing to do, between two steps of a turn. */
const SURE_MS = 300;
/** A transcript may be written a moment later. */
const WRITTEN_MS = 1500;

/**
 * Waits until the turn of a prompt has ended, or the agent needs somebody in it, or has ended.
 * @throws AppError as agentStatus(); as endOf(); ERR_TIMEOUT; ERR_COMMAND_FAILED when what it does has not been known for
 *   UNKNOWN_S; what the signal was aborted with
 */
export async function waitForTurn(
  server: TmuxServer,
  { of, at, text, timeoutS, signal, ...place }: TurnOptions,
): Promise<Turn> {
  const deadline = deadlineAfter(timeoutS);
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  let last: PaneVerdict | undefined;
  let knownAt = performance.now();
  for (;;) {
    const now = await agentStatusBy(ask, place);
    const { agent, pane } = now;
    const isThere = agent !== undefined && isSameProcess(agent, of);
    if (!isThere && of) endOf(now, of);
    if (!isThere || now.state === "dead") return { state: "dead", for: null, message: undefined };
    const isSure = last?.state === now.state && last.since === now.since;
    if (SETTLED_STATES.includes(now.state) && isSure) {
      const message = await poll(WRITTEN_MS, LOOK_MS, () =>
        lastSaid({ ...agent, conversation: conversationGiven(agent, text, at) }, at),
      );
      return { state: now.state, for: now.for, message };
    }
    last = now;
    if (now.state !== "unknown") knownAt = performance.now();
    else if (performance.now() - knownAt >= UNKNOWN_S * 1000) throw stayedUnknown(now);
    if (performance.now() >= deadline) {
      throw timeoutError(
        `Pane ${pane.paneId} of "${pane.session}" is ${now.state}, and its turn has not ended`,
        timeoutS,
      );
    }
    const ms = SETTLED_STATES.includes(now.state) ? SURE_MS : LOOK_MS;
    if (!(await sleep(Math.min(ms, Math.max(LOOK_MS, deadline - performance.now())), signal))) throw signal.reason;
  }
}
