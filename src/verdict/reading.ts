import { baseName } from "../lib/names.ts";
import { hasForeground, isInteractiveShell, isReadingElse, isResting, isShellIdle } from "../process/foreground.ts";
import { ageS, commandLine, processStat } from "../process/identity.ts";
import { isLineEdited } from "../process/terminal-mode.ts";
import { namedFolder } from "../tmux/integration-folder.ts";
import type { Pane } from "../tmux/panes.ts";
import type { ShellState } from "../tmux/shell-state.ts";

/** What one look at a pane tells, without waiting for anything. */
export interface Reading {
  /** whether tmux keeps it although its program has ended */
  isDead: boolean;
  /** what its shell told last; undefined if nothing, or if something else's word stands in that place */
  word: ShellState["word"] | undefined;
  /** whether its shell tells what it does */
  isFollowed: boolean;
  /** whether something else's word stands where the shell's is to be: that of a prompt, of a job in the background */
  isHidden: boolean;
  /** whether what was typed last has not been taken yet, and may still be */
  isPending: boolean;
  /** how long ago that was typed; less than 0 when the clock was set back */
  typedAgoMs: number;
  /** whether the process table tells of its program at all */
  isReadable: boolean;
  /** whether its program has the terminal; true where that can't be known quickly */
  hasForeground: boolean;
  /** whether it has the terminal and sleeps, but not until a child ends: it has read all that was typed */
  isResting: boolean;
  /** whether it is a shell that reads commands from its terminal, and not an answer */
  isShell: boolean;
  /** whether the terminal is set as line editors set it; undefined where that can't be known */
  isLineEdited: boolean | undefined;
}

/** How long a shell may take to start, seconds. */
export const STARTING_S = 5;

/** Looks at a pane that tmux has told of just now. Each of the facts is read when it is asked for: most need few of them. */
export function readPane(pane: Pane): Reading {
  return new PaneReading(pane);
}

/** Looks at a shell that has told this last. */
export function readShell(word: ShellState["word"], pid: number): Reading {
  return new ShellReading(word, pid);
}

/** What the process table tells of a shell. */
class ShellReading implements Reading {
  readonly isDead: boolean = false;
  readonly isHidden: boolean = false;
  readonly typedAgoMs: number = Number.POSITIVE_INFINITY;
  private resting: boolean | undefined;

  constructor(
    readonly word: ShellState["word"] | undefined,
    protected readonly pid: number,
  ) {}

  /** It has told something. */
  get isFollowed(): boolean {
    return true;
  }

  get isPending(): boolean {
    return false;
  }

  get isReadable(): boolean {
    return processStat(this.pid) !== undefined;
  }

  get hasForeground(): boolean {
    return hasForeground(this.pid);
  }

  /** Remembered: it is asked of earlier looks, too. */
  get isResting(): boolean {
    this.resting ??= isResting(this.pid);
    return this.resting;
  }

  get isShell(): boolean {
    return isInteractiveShell(commandLine(this.pid)) && !isReadingElse(this.pid);
  }

  get isLineEdited(): boolean | undefined {
    return isLineEdited(this.pid);
  }
}

class PaneReading extends ShellReading {
  override readonly isDead: boolean;
  override readonly isHidden: boolean;
  override readonly typedAgoMs: number;

  constructor(private readonly pane: Pane) {
    super(pane.shell?.word, pane.pid);
    this.isDead = pane.isDead;
    this.isHidden = isHidden(pane);
    this.typedAgoMs = Date.now() - pane.typed.at;
  }

  override get isFollowed(): boolean {
    return isFollowed(this.pane);
  }

  /** What was typed so long ago at a shell that rests will not be taken any more: nobody who lives waits for it. */
  override get isPending(): boolean {
    return this.pane.isTypedPending && !(Math.abs(this.typedAgoMs) > GIVEN_UP_MS && this.isResting);
  }
}

const GIVEN_UP_MS = 10_000;

/** Whether the pane's shell tells what it does: it was started with the integration, and no `exec` has replaced it. */
export function isFollowed(pane: Pane): boolean {
  if (pane.key === "" || pane.shell?.word === "off") return false;
  if (pane.shell?.word === "idle") return true;
  // one that has had the time to tell, waits and has not told: its own start-up files did not let it (ZDOTDIR)
  if (pane.isStarting && ageS(pane.pid) > STARTING_S && isShellIdle(pane.pid)) return false;
  if (namedFolder(pane.pid) === undefined) return false;
  // start-up files that exec another shell leave the variable to it: these are the words that start.sh starts ours with
  const [program = "", ...args] = commandLine(pane.pid);
  const name = baseName(program);
  return name === "zsh" || (name === "bash" && args.includes("--posix")) || (name === "fish" && args.includes("-C"));
}

/** How what a pane does is found out: by the word of its shell, or by the process table. */
export function methodOf(pane: Pane): "shell-integration" | "foreground" {
  return pane.isDead || !isFollowed(pane) || isHidden(pane) ? "foreground" : "shell-integration";
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
