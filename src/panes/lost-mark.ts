import { baseName } from "../lib/names.ts";
import { isResting, isShellIdle } from "../process/foreground.ts";
import { isTableQuick, processStat, programOf } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { parseShellState, wordOf } from "../tmux/shell-state.ts";
import { isEditingLine } from "./lost-prompt.ts";
import type { Marked } from "./marker.ts";

// A POSIX shell that is interrupted (SIGINT), or can't expand a word (${x:?}), drops the rest of the line, and with it the
// mark of the end: all that tells is that it waits at its prompt again.

/** How often the shell is looked at while nothing is heard (one file of /proc), and how often in a row it must be idle. */
const LOOK_MS = 100;
const LOOKS = 3;
/** The same pause where each look is a process, ps(1). */
const SLOW_LOOK_MS = 1000;
/** How many lines above the screen the typed line is looked for. */
const ECHO_LINES = 2000;
/** The longest pause between two looks at a shell that seems idle, and is not known to be. */
const PAUSE_MAX_MS = 5000;
/** Shells that show a long line in part, and in which nothing but the prompt has a line editor. */
const KORN = /^[mlo]*ksh/;

const IDLE_HINT =
  "Its shell waits for input: the command reads it, or was interrupted, so that its end could not be told. Look with pane-capture.";
const UNKNOWN_HINT =
  "Whether it goes on is not known: a shell that is interrupted may not tell of the end. Look with pane-capture.";

/** Watches the shell that a marked command was typed into, for an end that no mark tells. */
export class MarkWatch {
  private readonly shell: number | undefined;
  private looks = 0;
  private doubts = 0;
  private prompt: string | undefined;

  /**
   * Begins before the typing, when that shell has the terminal.
   * @param options.marker whether it may be another one than the pane's own
   * @param line what stood left of the cursor then, if that is known: the prompt, unless somebody had begun to type
   */
  constructor(
    private readonly server: TmuxServer,
    private readonly pane: Pane,
    options: { marker: boolean },
    private readonly line = "",
  ) {
    this.shell = options.marker ? shellWithin(pane.pid) : pane.pid;
  }

  /** How long nothing must have been heard for a look(), ms. */
  get pauseMs(): number {
    if (this.shell === undefined) return Number.POSITIVE_INFINITY;
    return Math.min(PAUSE_MAX_MS, (isTableQuick() ? LOOK_MS : SLOW_LOOK_MS) * 2 ** this.doubts);
  }

  /** What to say of a command whose end was not told in time, when it can't be said that it goes on. */
  get hint(): string | undefined {
    if (this.shell === undefined) return UNKNOWN_HINT;
    return isResting(this.shell) ? IDLE_HINT : undefined;
  }

  /** Something was heard. */
  heard(): void {
    this.looks = this.doubts = 0;
  }

  /** What stands on the cursor's line, the new prompt, when the shell is certain to wait at it, and no mark is to come. */
  async look(marked: Marked): Promise<string | undefined> {
    if (!this.isIdle) this.heard();
    else if (++this.looks >= LOOKS) {
      const prompt = await this.promptAgain(marked);
      // once more: it may have gone on while tmux was asked
      if (prompt !== undefined && this.isIdle) return prompt;
      this.doubts++;
    }
    return undefined;
  }

  /** Whether that shell seems to wait at its prompt. */
  private get isIdle(): boolean {
    return this.shell !== undefined && isShellIdle(this.shell);
  }

  private async promptAgain(marked: Marked): Promise<string | undefined> {
    const { id } = this.pane;
    const commands = [
      ["display-message", "-p", "-t", id, "#{cursor_x} #{cursor_y} #{pane_path}"],
      ["capture-pane", "-p", "-t", id],
    ];
    const text = await tmuxAsync(this.server, commands).catch(() => "");
    const [state = "", ...rows] = text.split("\n");
    const [x, y, ...path] = state.split(" ");
    // a mark that tmux has got already will be heard
    if (wordOf(parseShellState(path.join(" ")), { pid: 0, key: marked.key })?.word === "end") return undefined;
    const line = (rows[Number(y)] ?? "").slice(0, Number(x)).trimEnd();
    return this.shell !== undefined && (await this.isPrompt(line, this.shell, marked)) ? line : undefined;
  }

  private async isPrompt(line: string, shell: number, marked: Marked): Promise<boolean> {
    const name = baseName(programOf(shell) ?? "");
    if (KORN.test(name)) return await isEditingLine(this.server, this.pane);
    const range = ["-t", this.pane.id, "-S", `-${ECHO_LINES}`];
    const shown = () => tmuxAsync(this.server, [["capture-pane", "-p", "-J", ...range]]).catch(() => "");
    // what was typed may have scrolled out of what is kept
    this.prompt ??= markerPrompt(marked, await shown()) || this.line.trimEnd();
    return line !== "" && line === this.prompt;
  }
}

/** The prompt at which a marked command was typed, by what the pane shows; "" when there is no telling. Pure. */
export function markerPrompt({ key, text }: Pick<Marked, "key" | "text">, shown: string): string {
  const typed = text.slice(0, text.indexOf(key) + key.length).trimStart();
  const line = shown.split("\n").findLast((line) => line.includes(typed)) ?? "";
  return line.slice(0, Math.max(0, line.indexOf(typed))).trimEnd();
}

/** The shell that has the terminal of a pane's process, if it waits at its prompt. */
function shellWithin(pid: number): number | undefined {
  const leader = isTableQuick() ? processStat(pid)?.tpgid : undefined;
  return leader !== undefined && isShellIdle(leader) ? leader : undefined;
}
