import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { commandLine } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmux, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type ShellState, wordOf } from "../tmux/shell-state.ts";
import { isLastTyped } from "../tmux/typed.ts";
import type { Method } from "../verdict/rule.ts";
import { busy } from "./busy.ts";
import { Collected } from "./collect.ts";
import { deadlineAfter, type Ended, paneGone, timeoutError } from "./ended.ts";
import { deadPane, stillAt, type Typed, typeTextAsync } from "./exec.ts";
import {
  askAgain,
  forgetTyping,
  type Handed,
  isStillLeft,
  leaveCommand,
  putBack,
  TAKE_MS,
  withdraw,
} from "./hand-over.ts";
import { lastWords } from "./last-words.ts";
import { PaneListener } from "./listener.ts";
import { MarkWatch } from "./lost-mark.ts";
import { askForPrompt, SILENT_MS } from "./lost-prompt.ts";
import { canBeMarked, hasClearedDraft, type Marked, markCommand, notSeen } from "./marker.ts";
import { isStillWaiting } from "./prompt.ts";
import { notStarted, promptAgain, untilReady } from "./ready.ts";
import { showOutput } from "./text.ts";

/** What to run, where and how. */
export interface RunOptions {
  session: string;
  pane: string;
  command: string;
  /** seconds; undefined: as long as it takes */
  timeoutS: number | undefined;
  /** when that is over (ms of performance.now()), if it has begun already */
  deadline?: number;
  /** type a marker with the command, for a shell inside the pane's own (ssh, docker exec, su) */
  marker: boolean;
  stateDir: () => string;
  /** aborted to give up; `reason` is thrown */
  signal?: AbortSignal | undefined;
}

const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Runs a command in a pane's shell and waits for its end, or that of the pane.
 * @throws AppError ERR_PANE_BUSY when something else runs there, ERR_PANE_DEAD, ERR_TIMEOUT (what it wrote so far in the
 *   details), ERR_COMMAND_FAILED when the shell did not take the command
 */
export async function runInPane(server: TmuxServer, options: RunOptions): Promise<Ended> {
  const { session, timeoutS } = options;
  const deadline = options.deadline ?? deadlineAfter(timeoutS);
  const refuse = (pane: Pane) => {
    if (!options.marker && pane.shell?.word === "run") throw busy(pane);
  };
  await using listener = await PaneListener.open(server, { ...options, deadline, refuse });
  const { pane } = listener;
  if (pane.isDead) throw deadPane(pane);
  let prompt = options.marker ? undefined : await untilReady(server, listener, deadline, options);
  const isMarked = prompt === undefined;
  const words = commandLine(pane.pid);
  if (isMarked && !options.marker && !canBeMarked(words)) throw notMarkable(pane);
  const isFish = /(^|\/)-?fish$/.test(words[0] ?? "") && !options.marker;
  const marked = isMarked ? markCommand(options.command, { flags: server.flags, isFish }) : undefined;
  const watch = isMarked ? new MarkWatch(server, pane, options) : undefined;
  const text = marked?.text ?? options.command;
  const file = prompt && leaveCommand(pane, text);
  let stamp: string | undefined;
  try {
    if (marked?.buffer !== undefined)
      tmux(server, [["load-buffer", "-b", marked.buffer, "-"]], { input: marked.input });
    const typing = { session, target: pane.id, text, before: listener.holding() };
    const way = file === undefined ? { clear: true } : { hands: true };
    let typedAt = performance.now();
    let typed: Typed | undefined;
    for (let tries = 1; !typed; tries++) {
      typedAt = performance.now();
      const only = prompt ? stillAt(prompt, pane) : isLastTyped(pane.typed.stamp);
      typed = await typeTextAsync(server, { ...typing, ...way, only });
      if (typed) break;
      if (tries > 1) await sleep(AGAIN_MS);
      prompt = prompt && tries < TRIES ? await promptAgain(server, listener, deadline, prompt) : undefined;
      if (!prompt) throw busy(pane);
    }
    stamp = typed.stamp;
    const handed = prompt && file !== undefined ? { pane, prompt, file, stamp } : undefined;
    const end = { ...options, deadline, marked, watch, text, row: typed.row, typedAt, prompt, handed };
    return await untilEnd(server, listener, end);
  } finally {
    const isBack = file !== undefined && putBack(file);
    if (isBack && stamp !== undefined) await tmuxAsync(server, [forgetTyping(pane.id, stamp)]).catch(() => {});
    if (marked?.buffer !== undefined) forgetBuffer(server, marked.buffer);
  }
}

async function untilEnd(
  server: TmuxServer,
  listener: PaneListener,
  options: RunOptions & {
    deadline: number;
    marked: Marked | undefined;
    watch: MarkWatch | undefined;
    text: string;
    row: number | undefined;
    typedAt: number;
    prompt: ShellState | undefined;
    handed: Handed | undefined;
  },
): Promise<Ended> {
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
  /** the start of the command, unless its shell has been asked whether it has ended in vain too often */
  let started: ShellState | undefined;
  let asked = 0;
  const show = async () => {
    const { raw, isCut } = (hasRun ? output : before).text();
    const shown = await showOutput(raw, { cols: pane.width, rows: pane.height });
    // without a start there is no telling the echo from what the shell said of it, but by counting its lines
    const text = hasRun ? shown.text : shown.text.split("\n").slice(command.split("\n").length).join("\n");
    return { text, isCut: isGap || isCut || shown.isCut };
  };
  for (;;) {
    const watchMs = (hasRun && watch?.pauseMs) || Number.POSITIVE_INFINITY;
    const pause = waiting ? RESTING_MS : started ? SILENT_MS : watchMs;
    const lookAt = performance.now() + pause;
    let event = await listener.next(Math.min(deadline, lookAt, hand?.until ?? deadline));
    if (event === undefined && hand && performance.now() < deadline) {
      hand.until = await askAgain(server, hand);
      continue;
    }
    if (event === undefined && waiting && performance.now() < deadline) {
      if (!(await isStillWaiting(listener, waiting))) continue;
      event = { type: "shell", at: performance.now(), state: { ...waiting, word: "idle" } };
    }
    if (event === undefined && started && performance.now() < deadline) {
      if (await askForPrompt(server, pane, started)) asked++;
      if (asked === ASKED_MAX) started = undefined;
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
      const { text, isCut } = await show();
      const details = { partial_output: hasRun ? text : "", ...(isCut ? { output_truncated: true } : {}) };
      if (!hasRun) throw timeoutError("The command was not seen to start", options.timeoutS, details, UNSEEN_HINT);
      throw timeoutError("The command did not end", options.timeoutS, details, watch?.hint);
    }
    if (event.type === "data") {
      if (!hasRun) before.add(event.data);
      else if (isRunning) output.add(event.data);
      continue;
    }
    const method: Method = marked === undefined ? "shell-integration" : "marker";
    if (event.type === "ended") {
      if (event.exitCode === undefined) throw paneGone(pane);
      // the start may be heard after the end was seen, or not at all
      const began = startedAt > 0 && startedAt < event.at ? startedAt : options.typedAt;
      const durationMs = Math.round(Math.max(0, event.at - began));
      const { text, isCut } = hasRun ? await show() : { text: "", isCut: false };
      if (event.isComplete)
        return { pane, exitCode: event.exitCode, durationMs, output: { text, isCut }, method, paneEnded: true };
      // a line without its end may have gone on
      const heard = text.split("\n").slice(0, -1);
      const echo = options.text.slice(options.text.lastIndexOf("\n") + 1);
      const since = { row: options.row, lines: options.text.split("\n").length, echo };
      const output = { text: [...heard, ...lastWords(server, pane.id, heard, since)].join("\n"), isCut };
      return { pane, exitCode: event.exitCode, durationMs, output, method, paneEnded: true };
    }
    const { word, code, durationMs, prompt } = event.state;
    const isShell = wordOf(event.state, pane) !== undefined;
    if (marked && isShell) {
      // the shell that was to tell has ended, and with it the command: the pane's own is back at its prompt
      if (word === "idle")
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
      started = marked || asked === ASKED_MAX ? undefined : event.state;
      // the pane's own shell begins with it after the typing, and the news of that may be late: so no duration is less
      // than it was; what is inside another program may be far away, and news of start and end take the same way
      if (startedAt === 0) startedAt = options.marker ? event.at : options.typedAt;
    } else if (marked) {
      if (!hasRun && !isGap) throw notSeen(pane, marked, (await show()).text);
      return {
        isDraftCleared: hasClearedDraft(before.text().raw),
        pane,
        // of which command, only the start tells
        exitCode: hasRun ? code : undefined,
        durationMs: hasRun ? Math.round(event.at - startedAt) : undefined,
        output: await show(),
        method,
        paneEnded: false,
      };
    } else {
      isRunning = isRunning && word !== "end";
      waiting = started = undefined;
      if (prompt <= firstPrompt) continue; // the prompt that was there, drawn again
      // several lines may be read as several commands, with a prompt between them
      const isLast = word === "idle" || word === "off" || (word === "more" && isOneLine);
      if (isLast) return { pane, exitCode: code, durationMs, output: await show(), method, paneEnded: false };
      if (word === "more") waiting = event.state;
    }
  }
}

/** How often, and after what pause, a prompt is tried that something else has written over: fish may draw it several times. */
const TRIES = 10;
const AGAIN_MS = 20;
const RESTING_MS = 50;
const ASKED_MAX = 3;
const UNSEEN_HINT =
  "Whether it runs is not known: its shell may wait for the rest of a command, as after an open quote, or something else may read what was typed. Look with pane-capture.";

/** What a command wrote before the prompt on the last line. */
function withoutPrompt(text: string, prompt: string): string {
  const lines = text.split("\n");
  if (lines.at(-1)?.trimEnd() === prompt) lines.pop();
  return lines.join("\n");
}

/** The error for a shell that tells nothing, and speaks no language in which it could be made to. */
function notMarkable(pane: Pane): AppError {
  const message = `Pane ${pane.paneId} of "${pane.session}" runs ${pane.command}, which can't tell how a command ends`;
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: "pane-exec-timeout waits for its end. For exit codes, use a pane with bash, zsh, fish or another POSIX shell.",
  });
}

function forgetBuffer(server: TmuxServer, buffer: string): void {
  try {
    tmux(server, [["delete-buffer", "-b", buffer]]);
  } catch {
    // it is gone with its server
  }
}
