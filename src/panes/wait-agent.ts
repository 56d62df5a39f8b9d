import type { AgentState } from "../agents/told.ts";
import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { isSameProcess } from "../process/identity.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { PaneAgent } from "../verdict/agent.ts";
import { agentStatusBy, endOf, type PaneVerdict } from "./agents.ts";
import { deadlineAfter, timeoutError } from "./ended.ts";
import type { Place } from "./typable.ts";

/** How often it is looked, ms. */
const LOOK_MS = 100;
/** How long it may stay unknown what an agent does, s: what asks somebody in a way that nobody knows is not waited for without end. */
export const UNKNOWN_S = 10;
/** How long what is no agent must stay as it is, ms: a shell may only just begin, or have read what somebody has typed. */
const SETTLED_MS = 500;

/** What is waited for. */
interface Until {
  until: readonly AgentState[];
  /** undefined: as long as it takes */
  timeoutS: number | undefined;
}

/**
 * Waits until a pane's verdict is one of some: of the agent that is there, if one is, and of nothing that comes after it.
 * @throws AppError as agentStatus(); ERR_TIMEOUT; ERR_COMMAND_ENDED when the agent has ended, which was not waited for;
 *   ERR_COMMAND_FAILED where there is none, and none can be about to begin, or when what it does has not been known for
 *   UNKNOWN_S; as endOf(); what the signal was aborted with
 */
export async function waitForAgent(
  server: TmuxServer,
  options: Place & Until & { signal: AbortSignal },
): Promise<PaneVerdict> {
  const { until, timeoutS, signal, session } = options;
  const deadline = deadlineAfter(timeoutS);
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  let { pane } = options; // by its id, once that is known: a label may go to another one
  let agent: PaneAgent | undefined;
  let knownAt = performance.now();
  let other = { is: "", since: knownAt };
  for (;;) {
    const now = await agentStatusBy(ask, { session, pane });
    const found = agent && !isSameProcess(now.agent, agent) ? endOf(now, agent) : now;
    const at = performance.now();
    const is = found.agent ? "" : `${found.state} ${found.for}`;
    if (is !== other.is) other = { is, since: at };
    if (is === "" || found.pane.isDead || at - other.since >= SETTLED_MS || at >= deadline) {
      // what else runs there may be about to start one
      if (is !== "" && (found.state === "idle" || found.state === "dead")) throw noAgent(found);
      if (until.includes(found.state)) return found;
      if (found.state === "dead") throw endedBefore(found, options);
    }
    if (found.state !== "unknown") knownAt = at;
    else if (at - knownAt >= UNKNOWN_S * 1000) throw stayedUnknown(found);
    pane = found.pane.id;
    agent = found.agent;
    if (at >= deadline) throw notInTime(found, options);
    if (!(await sleep(Math.min(LOOK_MS, deadline - performance.now()), signal))) throw signal.reason;
  }
}

function noAgent({ pane, state }: PaneVerdict): AppError {
  const why = state === "dead" ? "it is dead" : "its shell waits at its prompt";
  const message = `No coding agent runs in pane ${pane.paneId} of "${pane.session}": ${why}`;
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: "Start one there with pane-exec, or see where there are some with agent-list. For the end of a command: pane-wait.",
  });
}

/** The error for an agent, or what else runs there, of which nothing has been known for UNKNOWN_S. */
export function stayedUnknown({ pane, agent, because }: PaneVerdict): AppError {
  const what = agent ? `the ${agent.kind}` : pane.command;
  const message = `What ${what} in pane ${pane.paneId} of "${pane.session}" does has not been known for ${UNKNOWN_S} s: ${because}`;
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: "It may need somebody: see what it shows with pane-screen, and why nothing is known with agent-status --explain.",
  });
}

function endedBefore({ pane, agent }: PaneVerdict, { until }: Until): AppError {
  const message = `The ${agent?.kind} in pane ${pane.paneId} of "${pane.session}" has ended before it was ${until.join(" or ")}`;
  return new AppError("ERR_COMMAND_ENDED", message, { hint: "See what its pane shows with pane-capture." });
}

function notInTime({ pane, state }: PaneVerdict, { until, timeoutS }: Until): AppError {
  const what = `Pane ${pane.paneId} of "${pane.session}" is ${state}, and was not ${until.join(" or ")}`;
  return timeoutError(what, timeoutS, {}, "See why with agent-status --explain.");
}
