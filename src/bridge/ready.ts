import type { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { isShellIdle } from "../process/foreground.ts";
import { ageS } from "../process/identity.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { activityOf, isAtPrompt, isFollowed, promptOf, STARTING_S, WAITING } from "./activity.ts";
import { busy } from "./busy.ts";
import { paneGone, timeoutError } from "./ended.ts";
import type { PaneListener } from "./listener.ts";
import { askForPrompt } from "./lost-prompt.ts";
import { nextPrompt } from "./prompt.ts";

/**
 * Waits until a shell that has just been started shows its first prompt. Throws when something else runs there.
 * @returns the prompt at which it waits; undefined for a shell that tells nothing
 */
export async function untilReady(
  server: TmuxServer,
  listener: PaneListener,
  deadline: number,
  options: { timeoutS: number | undefined; signal?: AbortSignal | undefined },
): Promise<ShellState | undefined> {
  const { pane } = listener;
  const { timeoutS, signal } = options;
  const left = (ms: number) => Math.min(ms, deadline - performance.now());
  // while it draws its prompt, a shell may run programs that have the terminal
  const { shell } = pane;
  if (shell && WAITING.includes(shell.word) && !pane.isTypedPending) {
    await poll(left(DRAWING_MS), 5, () => signal?.throwIfAborted() ?? isAtPrompt(shell, pane.pid));
  }
  const prompt = promptOf(pane);
  if (prompt) return prompt;
  if (!activityOf(pane).isRunning) return undefined;
  // what a pane starts with becomes the shell in a moment
  const isReady = await poll(left(Math.max(0, STARTING_S - ageS(pane.pid)) * 1000), 10, () => {
    signal?.throwIfAborted();
    return isFollowed(pane) || isShellIdle(pane.pid);
  });
  if (!isReady && performance.now() >= deadline) throw notStarted(timeoutS);
  if (shell && (await askForPrompt(server, pane, shell))) {
    const found = await nextPrompt(server, listener, Math.min(deadline, performance.now() + ASKED_MS), shell.prompt);
    if (found?.type === "shell" && WAITING.includes(found.state.word)) return found.state;
  }
  if (!isReady || (isFollowed(pane) && !pane.isStarting)) throw busy(pane);
  if (!isFollowed(pane)) return undefined;
  // every shell that is idle without having told by then is one that tells nothing
  for (;;) {
    const prompted = await nextPrompt(server, listener, Math.min(deadline, performance.now() + 1000));
    if (prompted?.type === "shell") return WAITING.includes(prompted.state.word) ? prompted.state : undefined;
    if (prompted?.type === "ended") throw paneGone(pane);
    if (performance.now() >= deadline) throw notStarted(timeoutS);
    if (!isFollowed(pane)) return undefined;
  }
}

const DRAWING_MS = 1000;
/** How long a shell may take to tell of a prompt that it is asked for. */
const ASKED_MS = 1500;

/** The error for a shell that was not seen ready in time. */
export function notStarted(timeoutS: number | undefined): AppError {
  return timeoutError(
    "The shell was not seen at a prompt",
    timeoutS,
    {},
    "Nothing was typed. Look with pane-capture, and try again.",
  );
}
