import type { Composer } from "../agents/composer.ts";
import type { AgentState } from "../agents/told.ts";

// What is decided of a prompt, of what was seen: when it may be typed, and what became of it.

/** What is seen of an agent that is given a prompt. */
export interface PromptLook {
  /** `away`: it has not ended, and does not have the foreground of its pane */
  state: AgentState | "away";
  /** of `waiting` */
  for: string | null;
  /** since when, ms since the epoch; null where nothing tells it */
  since: number | null;
  /** undefined where the cursor is in none */
  composer: Composer | undefined;
  /** the mode in which somebody looks at its pane; "" for none */
  mode: string;
}

/** Why a prompt may not be typed, and what to do. */
interface Refusal {
  why: string;
  hint: string;
  /** whether there is nothing to wait for */
  isForGood?: true;
}

const WAIT = "Wait until it has nothing to do: agent-wait, or --queue.";
const LOOK = "See what it shows with pane-screen, and why with agent-status --explain.";

/** Whether an agent has nothing to do. Pure. */
export function isFree(state: PromptLook["state"]): boolean {
  return state === "idle" || state === "done" || state === "failed";
}

/**
 * Why a prompt may not be typed now; undefined where it may. Not into one that works, though some keep it for afterwards: it may be
 * about to ask for a permission, and takes Enter for a yes before it has drawn that. Pure.
 */
export function mayPrompt({ state, for: wait, composer, mode }: PromptLook): Refusal | undefined {
  if (state === "waiting") {
    const hint = "Answer it with agent-answer, or let a person do so: what is typed now would answer it.";
    return { why: `waits for ${wait ?? "something that nobody can tell"}`, hint };
  }
  if (state === "starting") return { why: "is starting", hint: WAIT };
  if (state === "working") return { why: "works", hint: WAIT };
  if (state === "dead")
    return { why: "has ended", hint: "Start the agent again, and give it the prompt then.", isForGood: true };
  if (state === "away")
    return {
      why: "does not have its agent in the foreground any more",
      hint: "See what runs there now with agent-status, and give the prompt when the agent is back.",
      isForGood: true,
    };
  if (state === "unknown") return { why: "may do anything: nothing tells what it does", hint: LOOK };
  if (mode !== "")
    return {
      why: `is looked at by somebody (${mode})`,
      hint: "A prompt would end that: try again later, or give --queue.",
    };
  if (!composer) return { why: "shows no place to write a prompt in", hint: LOOK };
  if (composer.isEmpty) return undefined;
  const hint =
    "It may be somebody's draft, or a prompt that was given back, and would be sent, too. Send it or clear it, or wait with --queue.";
  return { why: "has something written in its composer already", hint };
}

/** What agents show in place of a long text that was pasted. */
const STAND_IN = /^\[?Pasted /i;
/** A part that is shown of a text that is too long for the screen has to have so many letters. */
const PART_MIN = 40;

/**
 * Whether what a composer shows is a text that was pasted there, and nothing but that: broken into rows, as a part of it that fits, or
 * as a word in its place. Pure.
 */
export function isShownAs(text: string, shown: string): boolean {
  const [whole, seen] = [lettersOf(text), lettersOf(shown)];
  return seen === whole || STAND_IN.test(shown) || (seen.length >= PART_MIN && whole.includes(seen));
}

/** Without blanks, and without what joins letters, marks or colours them: terminals and agents show some of it, and some not. */
function lettersOf(text: string): string {
  return text.normalize("NFD").replace(/[\s\p{M}\p{Cf}\p{Emoji_Modifier}]+/gu, "");
}

/** What is seen after Enter: that the prompt was taken; that it stands there as before; that the agent has ended, or has no foreground; or nothing yet. */
export type Taken = "submitted" | "standing" | "ended" | "away" | "unseen";

/**
 * What became of a prompt after Enter. That it has gone from the composer is not enough: the agent has to be seen to do something,
 * or to have done so. Pure.
 * @param now and whether it has said something since, by its transcript: a turn may be over sooner than anybody looks
 * @param typed what stood in the composer before
 * @param at when Enter was pressed, ms since the epoch
 */
export function takenBy(now: PromptLook & { hasSpoken: boolean }, { typed, at }: { typed: string; at: number }): Taken {
  if (now.state === "dead") return "ended";
  if (now.state === "away") return "away";
  if (now.composer?.text.startsWith(typed)) return "standing";
  const isAtIt = now.state === "working" || now.state === "waiting";
  const isLater = now.since !== null && now.since >= at;
  return isAtIt || isLater || now.hasSpoken ? "submitted" : "unseen";
}
