import { sleep } from "../lib/wait.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type ShellState, wordOf } from "../tmux/shell-state.ts";
import { isAtPrompt } from "../verdict/verdict.ts";
import type { PaneListener } from "./listener.ts";
import { askForPrompt, SILENT_MS } from "./lost-prompt.ts";
import type { PaneEvent } from "./pane-event.ts";

/** How the wait for a prompt ended: with it, or with the pane; undefined at the deadline. */
export type Prompted = { type: "shell"; state: ShellState } | (PaneEvent & { type: "ended" }) | undefined;

const QUIET_MS = 100;
/** How often a shell is asked that does not answer. */
const ASKED_MAX = 3;

/** Waits until a pane's shell waits at a prompt after the one of that number: the one when listening began. */
export async function nextPrompt(
  server: TmuxServer,
  listener: PaneListener,
  deadline: number,
  after = listener.pane.shell?.prompt ?? 0,
): Promise<Prompted> {
  const { pane } = listener;
  const isNew = (state: ShellState) =>
    (state.word === "idle" || state.word === "off") && wordOf(state, pane) !== undefined && state.prompt > after;
  // what is shown may hold what the shell told before: a record of this very pane
  const isThere = async (state: ShellState) =>
    state.word === "off" ||
    ((await isAtPrompt(state, pane.pid)) && (!isTypedFirst(pane) || (await isLastSoFar(listener, state))));
  // the beginning of a mark may have been written before listening began, so that the rest was not heard as one
  let isSure = false;
  /** who may wait at a prompt untold: what was told last, the start of a command or something else's word */
  let silent: { told: ShellState | undefined } | undefined;
  let asked = 0;
  for (;;) {
    const pause = !isSure ? QUIET_MS : silent ? SILENT_MS : Number.POSITIVE_INFINITY;
    const event = await listener.next(Math.min(deadline, performance.now() + pause));
    // asked for again, if it was a command that has begun
    if (event?.type === "shell") [silent, isSure] = [undefined, false];
    if (event?.type === "ended") return event;
    if (event?.type === "shell" && isNew(event.state) && (await isThere(event.state))) return event;
    // something was missed, or somebody has begun to type, which may be all
    if (event?.type === "gap" || (event?.type === "shell" && event.state.word === "more")) isSure = false;
    if (event !== undefined) continue;
    if (performance.now() >= deadline) return undefined;
    if (isSure && silent) {
      if (await askForPrompt(server, pane, silent.told)) asked++;
      if (asked === ASKED_MAX) silent = undefined;
      continue;
    }
    const state = await listener.shell();
    const isCandidate = state !== undefined && (isNew(state) || (state.word === "more" && state.prompt > after));
    if (state && isCandidate && (await isThere(state))) return { type: "shell", state };
    // one that still draws its prompt comes to rest in a moment
    isSure = !isCandidate;
    if (isSure && (state === undefined || state.word === "run") && asked < ASKED_MAX) silent = { told: state };
  }
}

/** Whether something was typed before the pane's shell had told anything. */
function isTypedFirst({ typed }: Pane): boolean {
  return typed.stamp !== "" && typed.path === "";
}

/** The number of the first prompt of a shell. */
const FIRST_PROMPT = 1;
/** How long what was typed into a terminal may take to get there, where there is much to do. */
const ARRIVAL_MS = 300;

/**
 * Whether what was typed before a shell's first prompt has nothing more to come after it: a shell that is started may have got so far before
 * that has arrived. Of any other prompt nobody has to ask.
 */
export async function isLastSoFar(listener: PaneListener, state: ShellState): Promise<boolean> {
  if (state.prompt !== FIRST_PROMPT) return true;
  await sleep(ARRIVAL_MS);
  return await isStillWaiting(listener, state);
}

/** Whether a shell that has told this last has read all that was typed, and waits: also in the middle of a line. */
export async function isStillWaiting(listener: PaneListener, state: ShellState): Promise<boolean> {
  const { pid } = listener.pane;
  // the second look is at a shell that may have gone on while tmux was asked
  const isAt = () => isAtPrompt(state, pid);
  return (await isAt()) && (await listener.shell())?.text === state.text && (await isAt());
}
