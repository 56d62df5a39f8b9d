import type { AppError } from "../lib/errors.ts";
import { within } from "../lib/wait.ts";
import { dropEchoes } from "../matching/echo.ts";
import type { Matcher } from "../matching/quick-pattern.ts";
import { isPaneGone } from "../tmux/error.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type ShellState, wordOf } from "../tmux/shell-state.ts";
import { captureLines } from "./capture.ts";
import { Counted, lastLinesOf, lastOf } from "./counted.ts";
import { paneGone, timeoutError } from "./ended.ts";
import type { Found } from "./find.ts";
import { CommandJobs } from "./jobs.ts";
import { LineReader } from "./lines.ts";
import { PaneListener } from "./listener.ts";
import { type Look, lookAt } from "./look.ts";
import { isLastSoFar, isStillWaiting } from "./prompt.ts";
import { ended, endedWith, isOver, jobsOfTyped, sinceBefore, type WatchTimeoutOptions } from "./watch-end.ts";

/** How long output must pause before what stands on the screen is looked at. */
const QUIET_MS = 20;
/** After so long, what the shell told is not on its way any more: what was written before it is not, either. */
const UNHEARD_MS = 1000;
/** How long the last look, at the deadline, may take. */
const LAST_LOOK_MS = 1000;
const HEARD_MAX = 20;

/**
 * Listens to a pane until a line matches. Throws as watchPane().
 * @param there a look at the pane in which none did
 */
export async function untilLine(
  server: TmuxServer,
  options: WatchTimeoutOptions & { matches: Matcher; deadline: number },
  there: Look,
): Promise<Found> {
  await using listener = await PaneListener.open(server, options);
  await listener.hold();
  return await new Watch(server, listener, options).run(there);
}

/** Waiting for a line of a pane that is listened to. */
class Watch {
  private readonly reader = new LineReader({ start: "", ansi: false });
  /** the last lines of output that were heard */
  private heard: string[] = [];
  /** what a shell that tells writes at its prompt is the prompt, and the echo */
  private isOutput = true;
  /** what the shell has told last */
  private lastTold = "";
  /** what tmux knew of that when it was asked, and since when (ms of performance.now()) it has not been heard */
  private asked: { text: string; since: number } | undefined;
  /** the prompt before the command whose end ends the wait; undefined while there is none */
  private prompt: number | undefined;
  /** a prompt after it at which more has been typed already: another command, or what somebody has begun to type */
  private waiting: ShellState | undefined;
  /** that end, and the jobs that were left */
  private end: { code: number | undefined; jobs: CommandJobs } | undefined;

  constructor(
    private readonly server: TmuxServer,
    private readonly listener: PaneListener,
    private readonly options: WatchTimeoutOptions & { matches: Matcher; deadline: number },
  ) {}

  /** @param before what was seen before listening began */
  async run(before: Look): Promise<Found> {
    const { deadline, matches } = this.options;
    const { pane } = this.listener;
    using reader = this.reader;
    // looked at after listening has begun, so that no line falls between
    const there = await this.look();
    const isFresh = before.command.state === "none" || this.options.existing === "none";
    const counted = new Counted(isFresh ? before : sinceBefore(before, there), matches, this.options);
    const found = isFresh ? counted.news(there) : counted.found;
    if (found.length > 0) return { pane, lines: found };
    await this.begin(there, before);
    let isQuiet = true;
    let isSure = false;
    for (;;) {
      if (this.end && !this.end.jobs.areRunning()) throw await this.over(this.end.code);
      const event = await this.listener.next(this.pause(isQuiet && isSure && !this.waiting));
      if (event?.type === "ended") return await this.gone(counted, event.exitCode);
      if (event === undefined) {
        // what stands there counts when output pauses: a line without an end, or one that was drawn
        const isLate = performance.now() >= deadline;
        const shown = isQuiet && !isLate ? [] : await this.shown(counted);
        if (shown.length > 0) return { pane, lines: shown };
        if (isLate) throw this.late(counted);
        if (!isSure) isSure = await this.checked(there);
        if (this.waiting && (await isStillWaiting(this.listener, this.waiting))) this.ends(this.waiting, there);
        isQuiet = true;
        if (this.end) reader.drop(); // a job that writes goes on after the prompt, which is no part of its line
        continue;
      }
      isQuiet = false;
      if (event.type === "gap") {
        isSure = false;
        reader.drop();
        const missed = counted.news(await this.look());
        if (missed.length > 0) return { pane, lines: missed };
        continue;
      }
      const isRun = event.type === "shell" && event.state.word === "run";
      const lines = event.type === "data" ? await reader.read(event) : isRun ? [] : [await reader.unfinished()];
      const found = this.isOutput ? this.take(lines) : [];
      if (found.length > 0) return { pane, lines: found };
      if (event.type === "shell") await this.told(event.state, there);
    }
  }

  /** Finds out of which command the end ends the wait. */
  private async begin(there: Look, before: Look): Promise<void> {
    const { pane, command } = there;
    // as it was when listening began: what was typed a moment ago may be still to be echoed
    const heard = this.listener.pane.shell;
    this.isOutput = command.state === "untold" || (command.state === "running" && (heard?.word ?? "run") === "run");
    this.lastTold = heard?.text ?? "";
    if (before.command.state === "none") return; // at the prompt, several commands may come: no end ends it
    if (command.state === "running") this.prompt = pane.shell?.prompt ?? 0;
    else if (isOver(there, this.options)) this.end = { code: pane.shell?.code, jobs: jobsOfTyped(there) };
    else if (before.command.state === "running") {
      // it has ended between the two looks
      this.prompt = before.pane.shell?.prompt ?? 0;
      this.lastTold = "";
      await this.told(pane.shell, before);
    }
    if (this.end) this.isOutput = true;
  }

  /** Takes what the shell has told. */
  private async told(state: ShellState | undefined, there: Look): Promise<void> {
    if (!wordOf(state, there.pane) || !state || state.word === "off" || state.text === this.lastTold) return;
    this.lastTold = state.text;
    const isAfter = this.prompt !== undefined && state.prompt > this.prompt;
    const canEnd = isAfter && !this.end && this.options.endsWithCommand;
    this.waiting = canEnd && state.word === "more" ? state : undefined;
    if (canEnd && state.word === "idle" && (await isLastSoFar(this.listener, state))) this.ends(state, there);
    this.isOutput = state.word === "run" || this.end !== undefined;
    this.reader.drop();
  }

  /** The command has ended, with this prompt. */
  private ends(state: ShellState, { pane, command }: Look): void {
    const ageMs = command.isTyped ? Date.now() - pane.typed.at : (state.durationMs ?? Number.POSITIVE_INFINITY);
    this.end = { code: state.code, jobs: new CommandJobs(pane, ageMs / 1000) };
    this.waiting = undefined;
    this.isOutput = true;
  }

  /**
   * The beginning of a mark may have been written before listening began, or in a gap, so that the rest was not heard as
   * one: asks what the shell has told, until that has been heard, or stays unheard. Returns whether it is over.
   */
  private async checked(there: Look): Promise<boolean> {
    const state = await this.listener.shell();
    if (state === undefined || state.text === this.lastTold) return true;
    const now = performance.now();
    if (this.asked?.text !== state.text) this.asked = { text: state.text, since: now };
    if (now - this.asked.since < UNHEARD_MS) return false;
    await this.told(state, there);
    return true;
  }

  private pause(isLong: boolean): number {
    const { deadline } = this.options;
    const now = performance.now();
    const until = isLong ? deadline : Math.min(deadline, now + QUIET_MS);
    return this.end ? Math.min(until, now + this.end.jobs.everyMs) : until;
  }

  private look(): Promise<Look> {
    const { session } = this.options;
    return lookAt(this.server, { session, pane: this.listener.pane.id });
  }

  /** Takes lines of output; returns those that match, but for echoes. Blanks at their ends do not count: tmux does not show them. */
  private take(written: string[]): string[] {
    const lines = written.map((line) => line.trimEnd());
    this.heard = [...this.heard, ...lines].slice(-HEARD_MAX);
    const matching = lines.filter(this.options.matches);
    if (matching.length === 0) return [];
    const { session } = this.options;
    const options = { session, pane: this.listener.pane.id, lines: 1, all: false, ansi: false };
    return dropEchoes(matching, captureLines(this.server, options).typings);
  }

  /** What matches on the screen, and was not there before. */
  private async shown(counted: Counted): Promise<string[]> {
    const { deadline, matches } = this.options;
    const patience = Math.max(deadline - performance.now(), LAST_LOOK_MS);
    const shown = await within(patience, this.listener.screen());
    return shown?.some(matches) ? counted.news(await this.look()) : [];
  }

  /** The pane has ended. A held one still shows what tmux did not pass on. */
  private async gone(counted: Counted, exitCode: number | undefined): Promise<Found> {
    const { pane } = this.listener;
    const last = (await this.reader.unfinished()).trimEnd();
    if (exitCode === undefined) throw paneGone(pane, undefined, lastOf([...this.heard, last]));
    let look: Look | undefined;
    try {
      look = await this.look();
    } catch {
      // somebody has removed it meanwhile
    }
    const isLast = this.isOutput && this.options.matches(last);
    const lines = isLast ? [last] : look ? counted.news(look) : [];
    if (lines.length > 0) return { pane, lines };
    throw paneGone(pane, exitCode, (look && lastLinesOf(look)) ?? lastOf([...this.heard, last]));
  }

  /** The error for the end of the command; known also where its pane has gone since. */
  private async over(code: number | undefined): Promise<AppError> {
    const { heard } = this;
    try {
      return ended(this.server, this.options, await this.look(), { code, heard });
    } catch (thrown) {
      if (code === undefined || !isPaneGone(thrown)) throw thrown;
      return endedWith(this.options, code, heard);
    }
  }

  private late(counted: Counted): AppError {
    const hint = counted.isUnsure
      ? "Matching lines are there, but whether the running command wrote them cannot be known: --existing counts them."
      : "See what it shows with pane-capture, and what runs there with pane-status.";
    return timeoutError(`No line matched ${this.options.pattern}`, this.options.timeoutS, {}, hint);
  }
}
