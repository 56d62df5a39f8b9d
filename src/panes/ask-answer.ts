import type { AppError } from "../lib/errors.ts";
import type { Matcher } from "../matching/quick-pattern.ts";
import { processStat } from "../process/identity.ts";
import { terminalMode, unreadInput } from "../process/terminal-mode.ts";
import type { Pane } from "../tmux/panes.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { waitingOf } from "../verdict/waiting.ts";
import { showAnswer } from "./ask-screen.ts";
import { answerLines, type Echo } from "./ask-text.ts";
import { type AskedScreen, askedScreen } from "./asked-screen.ts";
import { Collected } from "./collect.ts";
import { givenUp, timeoutError } from "./ended.ts";
import type { PaneListener } from "./listener.ts";

/** What ended an answer: the prompt stood there again, the program reads a line, the pattern, silence, the program's end. */
export type AnswerEnd = "prompt" | "line" | "pattern" | "quiet" | "screen" | "end";

/** What a program answered. */
export interface Answer {
  pane: Pane;
  output: string;
  /** what stands left of the cursor after it */
  prompt: string;
  end: AnswerEnd;
  isCut: boolean;
  /** of the command or the program that ended, if it is known */
  exitCode?: number | undefined;
  paneEnded?: boolean;
}

const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;
/** How long an answer must have paused before it is looked at whether it is one. */
const PAUSE_MS = 150;
/** How long a full-screen program must have drawn nothing to be done with it. */
const SETTLED_MS = 300;
const LOOK_MS = 50;
const LOOK_MAX_MS = 250;
/** Looks take this part of the time at most. */
const LOOK_SHARE = 10;
const LATE_HINT = "See what it shows with pane-screen.";
/** How long after the screen a pane's output may be heard. */
const LAG_MS = 150;

/** What was asked, and what ends the answer. */
export interface AnswerOptions {
  text: string;
  /** tells whether a line ends it */
  matches: Matcher | undefined;
  /** so many seconds of silence end it */
  quietS: number | undefined;
  /** seconds, and when they are over (ms of performance.now()) */
  timeoutS: number;
  deadline: number;
}

/** The answer to one question, from before that is typed to its end. */
export class PaneAnswer {
  private heard = new Collected(OUTPUT_MAX_BYTES);
  private heardAt = 0;
  /** when its end was seen first, unless something has been heard since */
  private endSeenAt: number | undefined;
  private hasNewline = false;
  private isCut = false;
  /** what stood left of the cursor when it was typed, and in which row */
  private prompt = "";
  private row = 0;
  private isFullScreen = false;
  /** what stands there when it has been answered */
  private left: string | undefined;
  private echo: Echo;

  constructor(
    private readonly listener: PaneListener,
    private readonly pane: Pane,
    private readonly options: AnswerOptions,
  ) {
    const mode = terminalMode(pane.pid);
    const isShown = mode === undefined || mode.echoes || !mode.isCanonical;
    this.echo = { typed: options.text.split("\n"), way: isShown ? "shown" : "hidden" };
  }

  /** Looks where it is asked; what was written before that is no answer. */
  async begin(): Promise<void> {
    const { left, row, isFullScreen } = await this.screen();
    while (await this.listener.next(performance.now() + 1));
    this.prompt = left;
    this.row = row;
    this.isFullScreen = isFullScreen;
  }

  /** @param options.isCommand whether it was given to the pane's shell, which tells when it begins with it */
  async wait({ isCommand }: { isCommand: boolean }): Promise<Answer> {
    const { deadline, matches } = this.options;
    this.heardAt = performance.now();
    let lookedAt = this.heardAt;
    let hasBegun = !isCommand;
    let taken = Number.POSITIVE_INFINITY;
    let lookMs = LOOK_MS;
    for (;;) {
      const event = await this.listener.next(Math.min(deadline, this.nextLook()));
      const now = performance.now();
      if (event?.type === "data" && hasBegun) this.hear(event.data);
      if (event?.type === "gap") this.isCut = true;
      if (event?.type === "ended") return await this.done("end", { exitCode: event.exitCode, paneEnded: true });
      if (event?.type === "shell") {
        const { word, code, prompt } = event.state;
        if (word === "take") taken = prompt;
        // of a line that is nothing but a comment the shell tells no beginning
        if (word === "idle" && (hasBegun || prompt > taken)) return await this.done("end", { exitCode: code });
        if (word === "run" && !hasBegun) {
          hasBegun = true;
          this.beginAnew();
        }
      }
      if (matches && hasBegun && now - lookedAt >= lookMs) {
        if (await this.isFound(matches)) return await this.done("pattern");
        lookedAt = performance.now();
        lookMs = Math.max(LOOK_MS, LOOK_SHARE * (lookedAt - now)); // all of it is read anew
      }
      if (now >= deadline) {
        if (matches && hasBegun && (await this.isFound(matches))) return await this.done("pattern");
        throw await this.late();
      }
      if (event === undefined && hasBegun && now - this.heardAt >= this.pause) {
        const end = await this.ending();
        // the screen, and the program, may be ahead of what is heard: the prompt is to have been heard, or silence goes on
        if (end) this.endSeenAt ??= now;
        if (end && ((await this.isHeard()) || now - (this.endSeenAt ?? now) >= LAG_MS)) return await this.done(end);
      }
    }
  }

  /** The shell begins with the command: what it writes from here on is the answer. */
  private beginAnew(): void {
    this.heard = new Collected(OUTPUT_MAX_BYTES);
    this.heardAt = performance.now();
    this.echo = { typed: [], way: "none" };
  }

  /** How long an answer must have paused to be one, ms. */
  private get pause(): number {
    const { quietS } = this.options;
    return quietS !== undefined ? quietS * 1000 : this.isFullScreen ? SETTLED_MS : PAUSE_MS;
  }

  private nextLook(): number {
    const now = performance.now();
    const restAt = this.heardAt + this.pause;
    if (now < restAt && !this.options.matches) return restAt;
    // the longer it takes, the less a look sooner would be worth
    return now + Math.min(LOOK_MAX_MS, Math.max(LOOK_MS, (now - this.heardAt) / LOOK_SHARE));
  }

  private hear(data: Uint8Array): void {
    this.heard.add(data);
    this.heardAt = performance.now();
    this.endSeenAt = undefined;
    this.hasNewline ||= data.includes(0x0a);
  }

  /** What ends the answer, now that it has paused; undefined when nothing does. */
  private async ending(): Promise<AnswerEnd | undefined> {
    // another program has the pane by now (respawn-pane)
    if (processStat(this.pane.pid) === undefined) return "end";
    if (this.options.quietS !== undefined) return "quiet";
    if (this.options.matches) return undefined;
    // what was typed is still to be read
    if ((unreadInput(this.pane.pid) ?? 0) > 0) return undefined;
    if (this.isFullScreen) return "screen";
    const { left, isFullScreen } = await this.screen();
    this.left = left;
    if (isFullScreen) return "screen";
    if (this.echo.way === "shown" && !this.hasNewline) return undefined;
    const { waitingFor } = await waitingOf(this.pane, await verdictOf(this.pane));
    if (waitingFor === "nothing") return undefined;
    if (this.prompt.trim() !== "" && left.trimEnd() === this.prompt.trimEnd()) return "prompt";
    const mode = terminalMode(this.pane.pid);
    const readsLines = mode === undefined || mode.isCanonical || (mode.isEnterPlain && mode.interrupts);
    if (!readsLines) return undefined;
    return ["line", "password", "prompt"].includes(waitingFor) || (waitingFor === "keys" && !mode?.isCanonical)
      ? "line"
      : undefined;
  }

  /** Whether the line that stands on the screen now is what was heard last. */
  private async isHeard(): Promise<boolean> {
    const prompt = this.left?.trimEnd() ?? "";
    return prompt !== "" && (await this.shown()).prompt.trimEnd() === prompt;
  }

  private async done(end: AnswerEnd, more: Pick<Answer, "exitCode" | "paneEnded"> = {}): Promise<Answer> {
    if (end === "screen") {
      const { lines, left } = await this.screen();
      return { pane: this.pane, output: lines.join("\n"), prompt: left, end, isCut: false };
    }
    const { lines, prompt, isCut } = await this.shown();
    // what a program wrote last, before it ended, need not end in a newline
    const isRest = end === "end" && prompt.trim() !== "";
    const output = [...lines, ...(isRest ? [prompt.trimEnd()] : [])].join("\n");
    return { pane: this.pane, output, prompt: end === "end" ? "" : (this.left ?? prompt), end, isCut, ...more };
  }

  private async isFound(matches: Matcher): Promise<boolean> {
    const { lines, prompt } = await this.shown();
    return lines.some(matches) || matches(prompt.trimEnd());
  }

  private async late(): Promise<AppError> {
    return timeoutError("There was no answer", this.options.timeoutS, await this.soFar(), LATE_HINT);
  }

  /** What a wait that was given up throws: with what was written so far. */
  async givenUp(thrown: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    return givenUp(thrown, signal, { hint: LATE_HINT, details: signal?.aborted ? await this.soFar() : {} });
  }

  private async soFar(): Promise<{ partial_output: string }> {
    const { lines, prompt } = await this.shown();
    return { partial_output: [...lines, ...(prompt.trim() === "" ? [] : [prompt])].join("\n") };
  }

  /** What was written after the echo, as a person sees it. */
  private async shown(): Promise<{ lines: string[]; prompt: string; isCut: boolean }> {
    const { raw, isCut } = this.heard.text();
    const { way } = this.echo;
    const place = way === "none" ? { prompt: "", row: 0 } : { prompt: this.prompt, row: this.row };
    const shown = await showAnswer(raw, { cols: this.pane.width, rows: this.pane.height, ...place });
    const isMissing = isCut || shown.isCut || this.isCut;
    // in the line in which it was asked, there is the echo, if it is shown
    if (shown.isOneLine) return { lines: [], prompt: way === "none" ? shown.prompt : "", isCut: isMissing };
    return { lines: answerLines(shown, this.prompt, this.echo), prompt: shown.prompt, isCut: isMissing };
  }

  private screen(): Promise<AskedScreen> {
    return askedScreen(this.listener.call, this.pane);
  }
}
