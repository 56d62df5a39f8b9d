import type { Reading } from "./reading.ts";

/** What a pane does: `unknown` where nothing tells it, which is never taken for idle. */
export type State = "idle" | "working" | "dead" | "unknown";

/**
 * How it was found out: the pane's shell told (exact), a marker that was typed with the command told (exact), or the
 * process table, which tells who has the terminal and nothing of exit codes.
 */
export type Method = "shell-integration" | "marker" | "foreground";

/** What a pane does, how that was found out, and why, as a person is told it. */
export interface Verdict {
  state: State;
  method: Method;
  because: string;
}

/** What a shell tells when it shows its prompt. */
export const WAITING: readonly string[] = ["idle", "more"] satisfies Reading["word"][];

/** Whether something runs there; null where that is not known. Pure. */
export function isRunning({ state }: Verdict): boolean | null {
  return state === "unknown" ? null : state === "working";
}

/** Nothing can be said before another look, after so many milliseconds. */
export interface Unsure {
  againMs: number;
}

/** One that shows its prompt tells of it before its line editor reads, by up to so many looks. */
const EDITED_LOOKS = 20;
const EDITED_MS = 5;
/** One that draws its prompt wakes up now and then: it must rest for so many looks in a row. */
const RESTING_LOOKS = 4;
const RESTING_LOOKS_MAX = 12;
const RESTING_MS = 10;
/** A shell that nobody follows may not have read yet what was typed so short a time ago. */
const READING_MS = 100;

/**
 * What a pane does, by all looks at it so far, the last one last, each after the time that was asked for. Of each look no
 * more is read than is needed. Pure, for readings that are.
 */
export function judge(looks: readonly [Reading, ...Reading[]]): Verdict | Unsure {
  const now = looks[looks.length - 1] as Reading;
  if (now.isDead) return { state: "dead", method: "foreground", because: "its program has ended" };
  if (now.word !== undefined && WAITING.includes(now.word)) return byPrompt(looks, now);
  if (!now.isFollowed) return byForeground(looks, now);
  if (now.isHidden) return byEditor(looks, now);
  return told("working", now.word === "rest" ? "its shell waits for the rest of a command" : "its shell says so");
}

/** Of a shell that has told of a prompt. */
function byPrompt(looks: readonly Reading[], now: Reading): Verdict | Unsure {
  if (now.isPending) return told("working", "what was typed last has not been taken yet");
  if (now.word === "more") {
    // what had been typed already need not be a whole line: the shell reads it, and then it waits
    if (restingInARow(looks) < RESTING_LOOKS) {
      if (looks.length < RESTING_LOOKS_MAX) return { againMs: RESTING_MS };
      return told("working", "its shell does not come to rest");
    }
    return now.isLineEdited === false ? told("working", OTHER_READER) : told("idle", "its shell waits in a line");
  }
  // a key may be bound to a program (a menu, a search through the history)
  if (!now.hasForeground) return told("working", "another program has the terminal");
  if (now.isLineEdited !== false) return told("idle", "its shell says so");
  // where no line editor has the terminal, what the shell told before was shown by a program, as a record of the pane does
  return looks.length < EDITED_LOOKS ? { againMs: EDITED_MS } : told("working", OTHER_READER);
}

/** Of a shell whose own word is not known. */
function byEditor(looks: readonly Reading[], now: Reading): Verdict | Unsure {
  const wait = readingWait(looks, now);
  if (wait) return wait;
  if (!now.isReadable) return unreadable();
  const again = drawingWait(looks, now);
  if (again) return again;
  const isEditing = now.isResting && now.isLineEdited !== false;
  return isEditing ? seen("idle", "its shell sleeps in its line editor") : seen("working", "its shell does not wait");
}

/** Of a program that tells nothing. */
function byForeground(looks: readonly Reading[], now: Reading): Verdict | Unsure {
  if (!now.isReadable) return unreadable();
  const again = drawingWait(looks, now);
  if (again) return again;
  if (!now.isResting) return seen("working", "its program does not wait for its terminal, or does not have it");
  if (!now.isShell) return seen("working", "its program does not read commands");
  return readingWait(looks, now) ?? seen("idle", "its shell sleeps, and has the terminal");
}

/** A clock that stands still or has jumped costs nobody more than one look. */
function readingWait(looks: readonly Reading[], { typedAgoMs }: Reading): Unsure | undefined {
  if (typedAgoMs < 0 || typedAgoMs >= READING_MS) return undefined;
  const before = looks[looks.length - 2];
  return before && typedAgoMs <= before.typedAgoMs ? undefined : { againMs: READING_MS - typedAgoMs };
}

/** A shell in its line editor wakes up for a moment when a job of it ends, or a clock in its prompt is drawn: no command runs. */
function drawingWait(looks: readonly Reading[], now: Reading): Unsure | undefined {
  if (now.isResting || looks.length >= RESTING_LOOKS_MAX) return undefined;
  return now.hasForeground && now.isLineEdited && now.isShell ? { againMs: RESTING_MS } : undefined;
}

function restingInARow(looks: readonly Reading[]): number {
  let count = 0;
  while (count < looks.length && looks[looks.length - 1 - count]?.isResting) count++;
  return count;
}

const OTHER_READER = "what reads its terminal is no line editor";

function told(state: State, because: string): Verdict {
  return { state, method: "shell-integration", because };
}

function seen(state: State, because: string): Verdict {
  return { state, method: "foreground", because };
}

function unreadable(): Verdict {
  return seen("unknown", "the process table does not tell of its program");
}
