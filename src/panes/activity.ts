import { baseName } from "../lib/names.ts";
import { hasForeground, isResting, isShellIdle } from "../process/foreground.ts";
import { ageS, commandLine, startEnvironment } from "../process/identity.ts";
import { isLineEdited } from "../process/line-editor.ts";
import type { Pane } from "../tmux/panes.ts";
import { INTEGRATION_VARIABLE, type ShellState } from "../tmux/shell-state.ts";

/**
 * How it was found out: the pane's shell told (exact), a marker that was typed with the command told (exact), or the
 * process table, which tells who has the terminal and nothing of exit codes.
 */
export type Method = "shell-integration" | "marker" | "foreground";

/** Whether something runs in a pane. */
export interface Activity {
  isRunning: boolean;
  method: Method;
}

/** How long a shell may take to start, seconds. */
export const STARTING_S = 5;
// a shell that nobody follows may not have read yet what was typed a moment ago
const READING_MS = 100;

/** Whether a pane runs something, or its shell waits at the prompt. A dead pane runs nothing. */
export function activityOf(pane: Pane): Activity {
  if (pane.isDead) return { isRunning: false, method: "foreground" };
  if (pane.shell && WAITING.includes(pane.shell.word))
    return { isRunning: promptOf(pane) === undefined, method: "shell-integration" };
  if (isFollowed(pane)) {
    if (!isHidden(pane)) return { isRunning: true, method: "shell-integration" };
    waitUntilRead(pane);
    return { isRunning: !isEditing(pane.pid), method: "foreground" };
  }
  if (!isShellIdle(pane.pid)) return { isRunning: true, method: "foreground" };
  waitUntilRead(pane);
  return { isRunning: !isShellIdle(pane.pid), method: "foreground" };
}

/** The prompt at which the pane's shell waits, with nothing before it to deal with, if it has told so. */
export function promptOf(pane: Pane): ShellState | undefined {
  if (pane.isDead || !pane.shell || (pane.isTypedPending && !isGivenUp(pane))) return undefined;
  return isAtPrompt(pane.shell, pane.pid) ? pane.shell : undefined;
}

/** Whether what was typed last at a prompt will not be taken any more: nobody who lives waits for that so long. */
function isGivenUp({ pid, typed }: Pane): boolean {
  return Math.abs(Date.now() - typed.at) > GIVEN_UP_MS && isResting(pid);
}

const GIVEN_UP_MS = 10_000;

/** What a shell tells when it shows its prompt. */
export const WAITING: readonly string[] = ["idle", "more"] satisfies ShellState["word"][];

/** Whether the shell of that pid, which has told this last, waits at its prompt. */
export function isAtPrompt({ word }: ShellState, pid: number): boolean {
  // a key may be bound to a program (a menu, a search through the history)
  if (word === "idle") return hasForeground(pid) && isSoonEdited(pid);
  // what had been typed already need not be a whole line: the shell reads it, and then it waits
  return word === "more" && isStillResting(pid) && isLineEdited(pid) !== false;
}

/**
 * Whether the line editor of the shell has the terminal, or does in a moment: zsh and fish tell of their prompt before they
 * draw it. Where it does not, what the shell told before has been shown by a program, as a record of the pane does.
 */
function isSoonEdited(pid: number): boolean {
  for (let look = 1; isLineEdited(pid) === false; look++) {
    if (look === EDITED_LOOKS) return false;
    Bun.sleepSync(EDITED_MS);
  }
  return hasForeground(pid);
}

const EDITED_LOOKS = 20;
const EDITED_MS = 5;

/** Whether a process sleeps in a line editor, as far as its terminal tells. */
export function isEditing(pid: number): boolean {
  return isResting(pid) && isLineEdited(pid) !== false;
}

/**
 * Whether what the pane's shell told last is not known, since something else (a prompt, a job in the background) has
 * written its own word in that place.
 */
export function isUntold(pane: Pane): boolean {
  return isHidden(pane) && isFollowed(pane);
}

function isHidden({ shell, isStarting, isDead, key }: Pane): boolean {
  return shell === undefined && !isStarting && !isDead && key !== "";
}

/** Whether it rests for several looks in a row: one that draws its prompt wakes up now and then. */
function isStillResting(pid: number): boolean {
  let resting = 0;
  for (let look = 1; look <= LOOKS_MAX; look++) {
    resting = isResting(pid) ? resting + 1 : 0;
    if (resting === RESTING_LOOKS) return true;
    Bun.sleepSync(RESTING_MS);
  }
  return false;
}

const RESTING_LOOKS = 4;
const LOOKS_MAX = 12;
const RESTING_MS = 10;

/** Whether the pane's shell tells what it does: it was started with the integration, and no `exec` has replaced it. */
export function isFollowed(pane: Pane): boolean {
  if (pane.key === "" || pane.shell?.word === "off") return false;
  if (pane.shell?.word === "idle") return true;
  // one that has had the time to tell, waits and has not told: its own start-up files did not let it (ZDOTDIR)
  if (pane.isStarting && ageS(pane.pid) > STARTING_S && isShellIdle(pane.pid)) return false;
  const variable = `${INTEGRATION_VARIABLE}=`;
  if (!startEnvironment(pane.pid).some((pair) => pair.startsWith(variable))) return false;
  // start-up files that exec another shell leave the variable to it: these are the words that start.sh starts ours with
  const [program = "", ...args] = commandLine(pane.pid);
  const name = baseName(program);
  return name === "zsh" || (name === "bash" && args.includes("--posix")) || (name === "fish" && args.includes("-C"));
}

/** Gives a shell the time to read what was typed last; a clock that has jumped costs nobody more than that. */
function waitUntilRead(pane: Pane): void {
  const age = Date.now() - pane.typed.at;
  if (age >= 0 && age < READING_MS) Bun.sleepSync(READING_MS - age);
}
