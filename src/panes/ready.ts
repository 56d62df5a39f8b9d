import type { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { hasForeground, isShellIdle } from "../process/foreground.ts";
import { ageS } from "../process/identity.ts";
import { findPane, type Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { parseShellState, type ShellState, wordOf } from "../tmux/shell-state.ts";
import { isFollowed, isUntold, STARTING_S } from "../verdict/reading.ts";
import { WAITING } from "../verdict/rule.ts";
import { isAtPrompt, isBusy, promptOf, verdictOf } from "../verdict/verdict.ts";
import { waitingOf } from "../verdict/waiting.ts";
import { busy } from "./busy.ts";
import { paneGone, timeoutError } from "./ended.ts";
import type { PaneListener } from "./listener.ts";
import { ASKED_MS, askForPrompt } from "./lost-prompt.ts";
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
  const prompt = await promptOf(pane);
  if (prompt) return prompt;
  if (isUntold(pane)) {
    const found = await askedPrompt(server, listener, deadline, 0);
    if (found) return WAITING.includes(found.word) ? found : undefined;
    // it has answered that it is no prompt: somebody is in the middle of a command
    const now = await listener.shell();
    if (now) throw busy({ ...pane, shell: now });
  }
  if (!(await isBusy(pane)) && !(await isAboutToTell(pane))) return undefined;
  // what a pane starts with becomes the shell in a moment
  const isReady = await poll(left(Math.max(0, STARTING_S - ageS(pane.pid)) * 1000), 10, () => {
    signal?.throwIfAborted();
    return isFollowed(pane) || isShellIdle(pane.pid);
  });
  if (!isReady && performance.now() >= deadline) throw notStarted(timeoutS);
  // one that has the terminal itself, and draws what was typed or its prompt, comes to rest in a moment
  const restMs = hasForeground(pane.pid) ? TYPING_MS : 0;
  if (shell && (await poll(left(restMs), 5, () => askForPrompt(server, pane, shell)))) {
    const found = await nextPrompt(server, listener, Math.min(deadline, performance.now() + ASKED_MS), shell.prompt);
    if (found?.type === "shell" && WAITING.includes(found.state.word)) return found.state;
  }
  // start-up files may have written what stands in the place of a word that the shell has still to tell
  const isSilent = () => isUntold(pane) && !hasTold(pane) && ageS(pane.pid) < STARTING_S;
  if (!isReady || (isFollowed(pane) && !pane.isStarting && !isSilent())) throw busy(pane);
  if (!isFollowed(pane) && !(await isAboutToTell(pane))) return undefined;
  // every shell that is idle without having told by then is one that tells nothing
  for (;;) {
    const prompted = await nextPrompt(server, listener, Math.min(deadline, performance.now() + 1000));
    if (prompted?.type === "shell") return WAITING.includes(prompted.state.word) ? prompted.state : undefined;
    if (prompted?.type === "ended") throw paneGone(pane);
    if (performance.now() >= deadline) throw notStarted(timeoutS);
    if (!isFollowed(pane)) return undefined;
    if (!pane.isStarting && !isSilent()) throw busy(pane);
    // what somebody typed while it started has become a command of theirs
    const now = await listener.shell();
    if (now?.word === "run") throw busy({ ...pane, shell: now });
  }
}

/**
 * Of a pane that was made a moment ago, what its shell is can be seen only when it is one (execve(2)), which takes a while where there
 * is much to do. One that waits at its prompt by then will tell nothing.
 */
async function isAboutToTell(pane: Pane): Promise<boolean> {
  const leftMs = (NEW_S - ageS(pane.pid)) * 1000;
  if (!pane.isStarting || pane.key === "" || leftMs <= 0) return false;
  await poll(leftMs, NEW_LOOK_MS, () => isFollowed(pane) || isShellIdle(pane.pid));
  return isFollowed(pane);
}

const NEW_S = 1;
const NEW_LOOK_MS = 10;

/** Whether the pane's shell had told something when it was typed into last. */
function hasTold({ typed, pid, key }: Pane): boolean {
  return wordOf(parseShellState(typed.path), { pid, key }) !== undefined;
}

/**
 * The prompt that untilReady() found, told anew, if something else has written its own word in that place since (fish draws
 * a prompt after it has told of it); undefined when it was something else.
 */
export async function promptAgain(
  server: TmuxServer,
  listener: PaneListener,
  deadline: number,
  prompt: ShellState,
): Promise<ShellState | undefined> {
  const again = (await listener.shell()) ?? (await askedPrompt(server, listener, deadline, prompt.prompt - 1));
  return again?.prompt === prompt.prompt && WAITING.includes(again.word) ? again : undefined;
}

/** What a shell whose word is not known tells when it is asked for its prompt, if it is at one after that number. */
async function askedPrompt(
  server: TmuxServer,
  listener: PaneListener,
  deadline: number,
  after: number,
): Promise<ShellState | undefined> {
  const { pane } = listener;
  const by = (ms: number) => Math.min(deadline, performance.now() + ms);
  // one that draws what somebody types comes to rest in a moment
  const isAsked = () => askForPrompt(server, pane, undefined);
  if (!(await poll(by(TYPING_MS) - performance.now(), 5, isAsked))) return undefined;
  const found = await nextPrompt(server, listener, by(ASKED_MS), after);
  return found?.type === "shell" ? found.state : undefined;
}

const DRAWING_MS = 1000;
const TYPING_MS = 200;

/** The error for a shell that was not seen ready in time. */
export function notStarted(timeoutS: number | undefined): AppError {
  return timeoutError(
    "The shell was not seen at a prompt",
    timeoutS,
    {},
    "Nothing was typed. Look with pane-capture, and try again.",
  );
}

/**
 * A pane whose shell is being started, when that has told of its prompt, or its start-up files ask something; as it is if neither comes soon, and
 * any other at once.
 */
export async function untilStarted(server: TmuxServer, pane: Pane): Promise<Pane> {
  if (!pane.isStarting || !(isFollowed(pane) || (await isAboutToTell(pane)))) return pane;
  let looks = 0;
  let now = pane;
  await poll(STARTING_S * 1000, STARTED_LOOK_MS, async () => {
    now = findPane(server, pane.session, pane.id);
    if (!now.isStarting) return true;
    const { waitingFor } = await waitingOf(now, await verdictOf(now));
    // one that is about to tell reads keys already
    looks = ["nothing", "unknown"].includes(waitingFor) ? 0 : looks + 1;
    return looks >= STARTED_LOOKS;
  });
  return now;
}

const STARTED_LOOK_MS = 50;
const STARTED_LOOKS = 4;
