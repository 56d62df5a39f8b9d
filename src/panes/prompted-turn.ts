import type { Said } from "../agents/agent.ts";
import type { AgentState } from "../agents/told.ts";
import { lastSaid } from "../agents/transcript.ts";
import { poll, sleep } from "../lib/wait.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type PaneVerdict, waitForAgent } from "./agents.ts";
import { deadlineAfter } from "./ended.ts";
import type { Place } from "./typable.ts";

/** How a turn ended, or whom it waits for. */
export interface Turn {
  verdict: PaneVerdict;
  /** what the agent has said last in it, where it keeps that */
  message: Said | undefined;
}

/** An agent may show for a moment that it has nothing to do, between two steps of a turn. */
const SURE_MS = 300;
/** A transcript may be written a moment later. */
const WRITTEN_MS = 1500;
const LOOK_MS = 50;

/**
 * Waits until the turn of a prompt has ended, or the agent needs somebody in it.
 * @param at when the prompt was given, ms since the epoch
 * @throws AppError as waitForAgent()
 */
export async function waitForTurn(
  server: TmuxServer,
  options: Place & { at: number; until: readonly AgentState[]; timeoutS: number | undefined; signal: AbortSignal },
): Promise<Turn> {
  const { at, signal, timeoutS } = options;
  const deadline = deadlineAfter(timeoutS);
  for (;;) {
    const verdict = await waitForAgent(server, options);
    if (!(await sleep(SURE_MS, signal))) throw signal.reason;
    const leftS = timeoutS === undefined ? undefined : Math.max(0, (deadline - performance.now()) / 1000);
    const again = await waitForAgent(server, { ...options, timeoutS: leftS });
    if (again.state !== verdict.state || again.since !== verdict.since) continue;
    const { agent } = again;
    const message = agent && (await poll(WRITTEN_MS, LOOK_MS, () => lastSaid(agent, at)));
    return { verdict: again, message };
  }
}
