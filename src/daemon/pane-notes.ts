import { AppError, asError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import type { ProcessId } from "../process/identity.ts";
import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import type { Ask } from "../tmux/run.ts";
import type { Lines } from "./sparing-log.ts";

/** What is noted in a pane where a call had no answer: nobody knows what. */
const SOMETHING = "";

/** Where and how often it is noted. */
interface How {
  option: string;
  /** so long there is between two notes in a pane: a program may tell as often as it likes */
  apartMs: number;
  /** what that is, in words that go on from "cannot note" */
  what(pane: string): string;
}

/** What is to be noted. */
export interface PaneNote {
  /** who has told it */
  owner: ProcessId;
  /** what it says but for the time: the same is not noted twice */
  said: string;
  /** the value of the option */
  text: string;
}

/** What was told in a pane, by the program that was started there, and when (ms since the epoch). */
interface Told<T> {
  pid: number;
  word: T;
  at: number;
}

/** What is to be done in a pane. */
interface Due<T> {
  /** whether what is noted there holds no longer, whatever was told since */
  isStale: boolean;
  told?: Told<T>;
}

/** Notes in an option of panes what is told last in their output, for whoever asks next. */
export abstract class PaneNotes<T> {
  private readonly due = new Map<string, Due<T>>();
  /** what is noted, but for the time, by pane */
  private readonly noted = new Map<string, string>();
  private isNoting = false;

  constructor(
    private readonly tmux: { ask: Ask; log: Pick<Lines, "warn"> },
    private readonly how: How,
  ) {}

  /** What is to be noted of a word; undefined for nothing. Called when it is noted, which may be later than it was told. */
  protected abstract noteOf(told: Told<T>): PaneNote | undefined;

  /** Whether it takes back what was told before. */
  protected abstract isNothing(word: T): boolean;

  /** Who would be the owner of what is told in a pane now, by the pid of what was started there. */
  protected abstract ownerIn(pid: number): ProcessId | undefined;

  /** In a pane something was told: by whatever has the terminal now. */
  told(pane: string, pid: number, word: T): void {
    this.do(pane, { isStale: this.due.get(pane)?.isStale === true, told: { pid, word, at: Date.now() } });
  }

  /** Some of what a pane wrote was not heard: what was told before may hold no longer. */
  forget(pane: string): void {
    this.do(pane, { isStale: true });
  }

  private do(pane: string, due: Due<T>): void {
    this.due.set(pane, due);
    if (!this.isNoting) void this.noteAll();
  }

  private async noteAll(): Promise<void> {
    this.isNoting = true;
    while (this.due.size > 0) {
      for (const pane of [...this.due.keys()]) await this.noteIn(pane);
      await sleep(this.how.apartMs);
    }
    this.isNoting = false;
  }

  /** Never throws. */
  private async noteIn(pane: string): Promise<void> {
    const due = this.due.get(pane); // as it is by now
    this.due.delete(pane);
    try {
      const command = due && this.commandFor(pane, due);
      if (command) await this.tmux.ask([command]);
    } catch (thrown) {
      const { message } = asError(thrown);
      const code = thrown instanceof AppError ? thrown.code : undefined;
      if (code !== undefined && code !== "ERR_TIMEOUT") {
        this.noted.delete(pane); // it is gone
        return;
      }
      this.tmux.log.warn(`cannot note ${this.how.what(pane)}: ${message}`);
      this.noted.set(pane, SOMETHING);
      // what it told before must not stay
      if (code !== undefined || due?.told) this.due.set(pane, { ...this.due.get(pane), isStale: true });
    }
  }

  private commandFor(pane: string, { isStale, told }: Due<T>): TmuxCommand | undefined {
    const noted = isStale ? undefined : this.noted.get(pane);
    const isNothing = told !== undefined && this.isNothing(told.word);
    const note = told && !isNothing ? this.noteOf(told) : undefined;
    const said = note && ownerOf(note.owner) + note.said;
    if (said !== undefined && noted !== said) {
      this.noted.set(pane, said);
      return this.noting(pane, told?.pid, note?.text ?? "");
    }
    const isOver = isStale || (isNothing && this.isOwn(told.pid, noted));
    return isOver && this.noted.delete(pane) ? ["set-option", "-p", "-u", "-t", pane, this.how.option] : undefined;
  }

  private noting(pane: string, pid: number | undefined, text: string): TmuxCommand {
    // another server at the same socket may have a pane of that id
    const isSame = `#{==:#{pane_pid},${pid}}`;
    const set = quoteCommand(["set-option", "-p", "-t", pane, this.how.option, text]);
    return ["if-shell", "-F", "-t", pane, isSame, set];
  }

  /** Whether who takes back a word is who gave it: that one may have ended by now, or another one tells for itself. */
  private isOwn(pid: number, noted = SOMETHING): boolean {
    const owner = this.ownerIn(pid);
    return !owner || noted === SOMETHING || noted.startsWith(ownerOf(owner));
  }
}

function ownerOf({ pid, startTime }: ProcessId): string {
  return `${pid} ${startTime} `;
}
