import type { Prompts } from "../agents/agent.ts";
import type { Composer } from "../agents/composer.ts";
import type { AgentState } from "../agents/told.ts";

// What is decided of a prompt, of what was seen: when it may be typed, and what became of it.

/** What is seen of an agent that is given a prompt. */
export interface PromptLook {
  state: AgentState;
  /** of `waiting` */
  for: string | null;
  /** since when, ms since the epoch; null where nothing tells it */
  since: number | null;
  /** undefined where the cursor is in none */
  composer: Composer | undefined;
}

/** Whether a prompt may be typed; `isBusy`: into the composer of an agent that works, which keeps it for afterwards. */
export type Leave = { isBusy: boolean } | { refused: string; hint: string };

const WAIT = "Wait until it has nothing to do, with agent-wait.";
const LOOK = "See what it shows with pane-screen, and why with agent-status --explain.";

/** Whether a prompt may be typed now. Pure. */
export function mayPrompt(
  { state, for: wait, composer }: PromptLook,
  { isQueued }: Pick<Prompts, "isQueued">,
  wantsQueue: boolean,
): Leave {
  if (state === "waiting") {
    const hint = "Answer it with agent-answer, or let a person do so: what is typed now would answer it.";
    return { refused: `waits for ${wait ?? "something that nobody can tell"}`, hint };
  }
  if (state === "starting") return { refused: "is starting", hint: WAIT };
  if (state === "dead") return { refused: "has ended", hint: "Start it again." };
  if (state === "unknown") return { refused: "may do anything: nothing tells what it does", hint: LOOK };
  const isBusy = state === "working";
  if (isBusy && !wantsQueue) return { refused: "works", hint: isQueued ? `${WAIT} Or give it with --queue.` : WAIT };
  if (isBusy && !isQueued) return { refused: "works, and a prompt would break off what it does", hint: WAIT };
  if (!composer) return { refused: "shows no place to write a prompt in", hint: LOOK };
  if (!composer.isEmpty) {
    const hint = "It may be somebody's draft, or a prompt that it was given and let go of: it would be sent, too.";
    return { refused: "has something written in its composer already", hint };
  }
  return { isBusy };
}

/** What is seen after Enter: that the prompt was taken; that it stands there as before; or nothing yet. */
export type Taken = "submitted" | "queued" | "standing" | "unseen";

/**
 * What became of a prompt after Enter. That it has gone from the composer is not enough: the agent has to be seen to do something,
 * or to have done so. Pure.
 * @param now and whether it has said something since, by its transcript: a turn may be over sooner than anybody looks
 * @param typed what stood in the composer before
 * @param at when Enter was pressed, ms since the epoch
 */
export function takenBy(
  now: PromptLook & { hasSpoken: boolean },
  { typed, isBusy, at }: { typed: string; isBusy: boolean; at: number },
): Taken {
  if (now.composer?.text.startsWith(typed)) return "standing";
  const isLater = now.since !== null && now.since >= at;
  if (isBusy) return now.state === "working" && !isLater ? "queued" : "submitted";
  const isAtIt = now.state === "working" || now.state === "waiting";
  return isAtIt || isLater || now.hasSpoken ? "submitted" : "unseen";
}
