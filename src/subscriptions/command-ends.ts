import { promptBefore } from "../matching/echo.ts";
import type { Typings } from "../matching/judge.ts";
import type { ShellState } from "../tmux/shell-state.ts";

/** A command that has ended in a pane. */
export interface Finished {
  exit_code: number;
  /** null when the shell can't tell */
  duration_ms: number | null;
  /** as it was typed, or the last line of it as the screen shows it; "" when nobody saw it */
  command: string;
}

/** An end that a shell told of, and the line that the command had been typed in. */
export interface CommandEnd {
  state: ShellState;
  code: number;
  line: string;
}

/** Follows the commands of one shell by what it tells of itself. */
export class CommandFollower {
  /** the command that runs: the line that it was typed in, and how many prompts there were before it */
  private running: { line: string; prompts: number } | undefined;
  /** the line that the last command was typed in; "" when nobody saw it */
  lastLine = "";

  /** @param now what the shell told last */
  constructor(now: ShellState | undefined) {
    if (now?.word === "run") this.running = { line: "", prompts: now.prompt };
  }

  /** Whether a command runs. */
  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Takes what the shell told, and the line above the cursor at that time. Returns the end of a command, if it is one. */
  take(state: ShellState, line: string): CommandEnd | undefined {
    if (state.word === "run") {
      this.running ??= { line, prompts: state.prompt };
      this.lastLine = line;
      return undefined;
    }
    if (state.word === "take" || state.word === "rest") return undefined; // a line that is no command yet
    // an end without a duration is followed by a prompt that knows it
    const isEnd = state.word !== "end" || state.durationMs !== undefined;
    if (!this.running || !isEnd || state.code === undefined) return undefined;
    const { line: typedIn, prompts } = this.running;
    // what the command shows may hold what the shell told before: a recording of this very pane
    if (countPrompts(state) <= prompts) return undefined;
    this.running = undefined;
    return { state, code: state.code, line: typedIn };
  }
}

/** The end of a command, as it is told. Pure. */
export function finishedBy({ state, code }: CommandEnd, command: string): Finished {
  return { exit_code: code, duration_ms: state.durationMs ?? null, command };
}

/** How many prompts a shell has shown, as a subscription's progress in it; the one after an end belongs to the end. */
export function formatPrompts(state: ShellState | undefined): string {
  return JSON.stringify({ pid: state?.pid ?? 0, prompt: state ? countPrompts(state) : 0 });
}

/** The end of a command that nobody was there to see, by what the shell tells now and how far one had got. Pure. */
export function missedEnd(now: ShellState | undefined, progress: string | null): CommandEnd | undefined {
  // a prompt without a duration follows no command, but an empty line
  if (now?.durationMs === undefined || now.code === undefined || now.word === "run") return undefined;
  const before = parsePrompts(progress);
  if (before?.pid !== now.pid || countPrompts(now) <= before.prompt) return undefined;
  return { state: now, code: now.code, line: "" };
}

/** How many prompts a shell has shown since one had got that far: 0 where that is not known. Pure. */
export function promptsSince(now: ShellState | undefined, progress: string | null): number {
  const before = parsePrompts(progress);
  return now && before?.pid === now.pid ? Math.max(0, countPrompts(now) - before.prompt) : 0;
}

function countPrompts(state: ShellState): number {
  return state.prompt + (state.word === "end" ? 1 : 0);
}

/** Undefined for what formatPrompts has not written. */
function parsePrompts(progress: string | null): { pid: number; prompt: number } | undefined {
  if (progress === null) return undefined;
  try {
    const { pid, prompt } = JSON.parse(progress);
    return typeof pid === "number" && typeof prompt === "number" ? { pid, prompt } : undefined;
  } catch {
    return undefined;
  }
}

/** What was run: what pane-exec typed, if the line shows the end of it; else the line without its prompt. Pure. */
export function commandOf(line: string, { typings }: Typings): string {
  const typed = typings.find(({ text, isCut }) => {
    const last = text.trimEnd().split("\n").at(-1) ?? "";
    return promptBefore(line.trimEnd(), last, isCut) !== undefined;
  });
  return typed?.text ?? line.replace(/^.*?[$#%>❯❱➜λ»›]\s+/u, "").trim();
}
