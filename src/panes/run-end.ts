import { AppError, changed } from "../lib/errors.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type ShellState, wordOf } from "../tmux/shell-state.ts";
import type { Method } from "../verdict/rule.ts";
import { isDraftLost } from "./cleared-draft.ts";
import { Collected } from "./collect.ts";
import { type Ended, givenUp, paneGone, timeoutError } from "./ended.ts";
import { askAgain, forgetTyping, type Handed, isStillLeft, TAKE_MS, withdraw } from "./hand-over.ts";
import { cancelIncomplete } from "./incomplete.ts";
import { lastWords } from "./last-words.ts";
import type { PaneListener } from "./listener.ts";
import type { MarkWatch } from "./lost-mark.ts";
import { askForPrompt, SILENT_MS } from "./lost-prompt.ts";
import { type Marked, notSeen } from "./marker.ts";
import { isStillWaiting } from "./prompt.ts";
import { notStarted } from "./ready.ts";
import { showOutput } from "./text.ts";

/** A command that has been typed into a pane, and what tells of its end. */
export interface TypedCommand {
  command: string;
  /** as it was typed: with its marker, if it has one */
  text: string;
  marked: Marked | undefined;
  /** looks whether the marker has come to nothing */
  watch: MarkWatch | undefined;
  /** whether the marker was asked for, since another shell than the pane's own is to run it */
  marker: boolean;
  /** tells this typing from any other */
  stamp: string;
  /** what the pane showed left of its cursor before it was typed, where that was looked at */
  line: string | undefined;
  /** whether something was cleared before it was typed */
  isCleared: boolean;
  /** the row of the pane in which it was typed */
  row: number | undefined;
  /** ms of performance.now(), as `deadline` */
  typedAt: number;
  deadline: number;
  /** the deadline as it was asked for */
  timeoutS: number | undefined;
  /** the prompt at which it was typed, of a shell that tells */
  prompt: ShellState | undefined;
  /** where it waits for that shell, if it was not typed itself */
  handed: Handed | undefined;
  /** is given what it writes, as it comes */
  onOutput?: ((piece: Uint8Array) => void) | undefined;
  /** aborted to give up the wait */
  signal?: AbortSignal | undefined;
}

const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;
const RESTING_MS = 50;
const ASKED_MAX = 3;
const NOT_TAKEN_HINT = "Its shell had not taken it: nothing was run.";
const UNSEEN_HINT =
  "Whether it runs is not known: its shell may wait for the rest of a command, as after an open quote, or something else may read what was typed. Look with pane-capture.";

/**
 * Waits for the end of a command that has been typed, or that of its pane, by what is heard from the pane.
 * @throws AppError as runInPane()
 */
export async function untilEnd(server: TmuxServer, listener: PaneListener, options: TypedCommand): Promise<Ended> {
  const { pane } = listener;
  const { marked, watch, deadline, command } = options;
  let before = new Collected(OUTPUT_MAX_BYTES);
  const output = new Collected(OUTPUT_MAX_BYTES);
  const isOneLine = !command.trimEnd().includes("\n");
  let firstPrompt = options.prompt?.prompt ?? 0;
  let hand = options.handed && { ...options.handed, until: performance.now() + TAKE_MS };
  let hasRun = false;
  let isRunning = false;
  let startedAt = 0;
  let isGap = false;
  /** a prompt at which more has been typed already: the rest of the command, or what somebody has begun to type */
  let waiting: ShellState | undefined;
  /** the start of the command, or its end without a prompt, unless its shell has been asked too often, without effect, for that */
  let unprompted: ShellState | undefined;
  let asked = 0;
  /** whether somebody has typed ahead, so that what is incomplete may be theirs */
  let isTypedAhead = false;
  const show = async () => {
    const { raw, isCut } = (hasRun ? output : before).text();
    const shown = await showOutput(raw, { cols: pane.width, rows: pane.height });
    // without a start there is no telling the echo from what the shell said of it, but by counting its lines
    const text = hasRun ? shown.text : shown.text.split("\n").slice(command.split("\n").length).join("\n");
    return { text, isCut: isGap || isCut || shown.isCut };
  };
  const heard = async () => {
    const { text, isCut } = await show();
    return { partial_output: hasRun ? text : "", ...(isCut ? { output_truncated: true } : {}) };
  };
  /** An error, with what the command wrote before. */
  const withHeard = async (error: AppError) =>
    hasRun ? changed(error, { details: { ...error.details, ...(await heard()) } }) : error;
  const leave = async (thrown: unknown) => {
    if (!options.signal?.aborted) throw thrown instanceof AppError ? await withHeard(thrown) : thrown;
    if (hand && withdraw(hand.file)) throw givenUp(thrown, options.signal, { hint: NOT_TAKEN_HINT });
    throw givenUp(thrown, options.signal, { hint: hasRun ? watch?.hint : UNSEEN_HINT, details: await heard() });
  };
  for (;;) {
    const watchMs = (hasRun && watch?.pauseMs) || Number.POSITIVE_INFINITY;
    const pause = waiting ? RESTING_MS : unprompted ? SILENT_MS : watchMs;
    const lookAt = performance.now() + pause;
    let event = await listener.next(Math.min(deadline, lookAt, hand?.until ?? deadline)).catch(leave);
    if (event === undefined && hand && performance.now() < deadline) {
      hand.until = await askAgain(server, hand);
      continue;
    }
    if (event === undefined && waiting && performance.now() < deadline) {
      if (!(await isStillWaiting(listener, waiting))) continue;
      event = { type: "shell", at: performance.now(), state: { ...waiting, word: "idle" } };
    }
    if (event === undefined && unprompted && performance.now() < deadline) {
      if (await askForPrompt(server, pane, unprompted)) asked++;
      if (asked === ASKED_MAX) unprompted = undefined;
      continue;
    }
    if (event) watch?.heard();
    else if (marked && watch && hasRun && performance.now() < deadline) {
      const prompt = await watch.look(marked);
      if (prompt === undefined) continue;
      // the exit code went with the mark
      const { text, isCut } = await show();
      const output = { text: withoutPrompt(text, prompt), isCut };
      return { pane, exitCode: undefined, durationMs: undefined, output, method: "marker", paneEnded: false };
    }
    if (event?.type === "gap") {
      isGap = true;
      // that it was taken may be what was missed
      if (hand && !isStillLeft(hand.file)) hand = undefined;
      // what the shell told may have been missed
      const state = await listener.shell(marked && { pid: 0, key: marked.key });
      if (!state) continue;
      event = { type: "shell", at: performance.now(), state };
    }
    if (event === undefined) {
      if (hand && withdraw(hand.file)) {
        await tmuxAsync(server, [forgetTyping(pane.id, hand.stamp)]).catch(() => {});
        throw notStarted(options.timeoutS);
      }
      const details = await heard();
      if (!hasRun) throw timeoutError("The command was not seen to start", options.timeoutS, details, UNSEEN_HINT);
      throw timeoutError("The command did not end", options.timeoutS, details, watch?.hint);
    }
    if (event.type === "data") {
      if (!hasRun) before.add(event.data);
      else if (isRunning) {
        output.add(event.data);
        options.onOutput?.(event.data);
      }
      continue;
    }
    const method: Method = marked === undefined ? "shell-integration" : "marker";
    if (event.type === "ended") {
      if (event.exitCode === undefined) throw await withHeard(paneGone(pane));
      // the start may be heard after the end was seen, or not at all
      const began = startedAt > 0 && startedAt < event.at ? startedAt : options.typedAt;
      const durationMs = Math.round(Math.max(0, event.at - began));
      const { text, isCut } = hasRun ? await show() : { text: "", isCut: false };
      if (event.isComplete)
        return { pane, exitCode: event.exitCode, durationMs, output: { text, isCut }, method, paneEnded: true };
      // a line without its end may have gone on
      const whole = text.split("\n").slice(0, -1);
      const echo = options.text.slice(options.text.lastIndexOf("\n") + 1);
      const since = { row: options.row, lines: options.text.split("\n").length, echo };
      const output = { text: [...whole, ...lastWords(server, pane.id, whole, since)].join("\n"), isCut };
      return { pane, exitCode: event.exitCode, durationMs, output, method, paneEnded: true };
    }
    const { word, code, durationMs, prompt } = event.state;
    const isShell = wordOf(event.state, pane) !== undefined;
    if (marked && isShell) {
      // the shell that was to tell has ended, and with it the command: the pane's own is back at its prompt
      // of a shell that was taken for one that tells nothing, since it had only just been started, it is the first prompt
      if (word === "idle" && (hasRun || !pane.isStarting))
        return { pane, exitCode: code, durationMs: undefined, output: await show(), method, paneEnded: false };
      waiting = word === "more" ? event.state : undefined;
    }
    if (marked ? !wordOf(event.state, { pid: 0, key: marked.key }) : !isShell) continue;
    // what it told before: a record of this very pane that the command shows
    if (!marked && prompt < firstPrompt) continue;
    if (hand) {
      // whatever the shell tells before it has taken the command is about something else
      if (word !== "take") continue;
      hand = undefined;
      firstPrompt = prompt;
      before = new Collected(OUTPUT_MAX_BYTES);
    } else if (word === "run") {
      hasRun = isRunning = true;
      waiting = undefined;
      unprompted = marked || asked === ASKED_MAX ? undefined : event.state;
      // the pane's own shell begins with it after the typing, and the news of that may be late: so no duration is less
      // than it was; what is inside another program may be far away, and news of start and end take the same way
      if (startedAt === 0) startedAt = options.marker ? event.at : options.typedAt;
    } else if (marked) {
      if (!hasRun && !isGap) throw notSeen(pane, marked, (await show()).text);
      return {
        isDraftCleared: await isDraftLost(server, pane, { ...options, heard: before.text().raw }),
        pane,
        // of which command, only the start tells
        exitCode: hasRun ? code : undefined,
        durationMs: hasRun ? Math.round(event.at - startedAt) : undefined,
        output: await show(),
        method,
        paneEnded: false,
      };
    } else if (word === "rest") {
      // what somebody has typed ahead may be what is not complete
      if (isTypedAhead || !options.handed) continue;
      const partial = hasRun ? (await show()).text : undefined;
      const error = await cancelIncomplete(server, listener, {
        rest: event.state,
        stamp: options.handed.stamp,
        partial,
      });
      if (error) throw error;
    } else {
      isRunning = isRunning && word !== "end";
      isTypedAhead ||= word === "more";
      waiting = undefined;
      // a prompt for which there is no room may not be drawn, and so not be told of
      unprompted = word === "end" && asked < ASKED_MAX ? event.state : undefined;
      if (prompt <= firstPrompt) continue; // the prompt that was there, drawn again
      // several lines may be read as several commands, with a prompt between them
      const isLast = word === "idle" || word === "off" || (word === "more" && isOneLine);
      // what is nothing but remarks leaves the shell the code of the command before
      const exitCode = isRemark(command) && (!hasRun || code === options.prompt?.code) ? 0 : code;
      if (isLast) return { pane, exitCode, durationMs, output: await show(), method, paneEnded: false };
      if (word === "more") waiting = event.state;
    }
  }
}

/** Whether a command is nothing but remarks and blanks, of which a script has the exit code 0. */
function isRemark(command: string): boolean {
  return command.split("\n").every((line) => /^\s*(#|$)/.test(line));
}

/** What a command wrote before the prompt on the last line. */
function withoutPrompt(text: string, prompt: string): string {
  const lines = text.split("\n");
  if (lines.at(-1)?.trimEnd() === prompt) lines.pop();
  return lines.join("\n");
}
