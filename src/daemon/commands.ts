import type { Typings } from "../matching/pane-watch.ts";
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
  private running: { line: string } | undefined;

  /** @param now what the shell told last */
  constructor(now: ShellState | undefined) {
    if (now?.word === "run") this.running = { line: "" };
  }

  /** Takes what the shell told, and the line above the cursor at that time. Returns the end of a command, if it is one. */
  take(state: ShellState, line: string): CommandEnd | undefined {
    if (state.word === "run") {
      this.running ??= { line };
      return undefined;
    }
    if (state.word === "take" || state.word === "rest") return undefined; // a line that is no command yet
    // an end without a duration is followed by a prompt that knows it
    const isEnd = state.word !== "end" || state.durationMs !== undefined;
    if (!this.running || !isEnd || state.code === undefined) return undefined;
    const { line: typedIn } = this.running;
    this.running = undefined;
    return { state, code: state.code, line: typedIn };
  }
}

/** How many prompts a shell has shown, as a subscription's progress in it; the one after an end belongs to the end. */
export function formatPrompts(state: ShellState | undefined): string {
  const prompt = (state?.prompt ?? 0) + (state?.word === "end" ? 1 : 0);
  return JSON.stringify({ pid: state?.pid ?? 0, prompt });
}

/** The end of a command that nobody was there to see, by what the shell tells now and how far one had got. Pure. */
export function missedEnd(now: ShellState | undefined, progress: string | null): CommandEnd | undefined {
  // a prompt without a duration follows no command, but an empty line
  if (now?.durationMs === undefined || now.code === undefined || now.word === "run" || progress === null)
    return undefined;
  const { pid, prompt } = JSON.parse(progress);
  if (pid !== now.pid || now.prompt <= prompt) return undefined;
  return { state: now, code: now.code, line: "" };
}

/** What was run: what pane-exec typed, if the line shows the end of it; else the line without its prompt. Pure. */
export function commandOf(line: string, { typings }: Typings): string {
  const shown = squeeze(line);
  const typed = typings.find(({ text, isCut }) => {
    const last = squeeze(text.trimEnd().split("\n").at(-1) ?? "");
    return last !== "" && (isCut ? shown.includes(last) : shown.endsWith(last));
  });
  return typed?.text ?? line.replace(/^.*?[$#%>❯❱➜λ»›]\s+/u, "").trim();
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}
