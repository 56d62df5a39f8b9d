import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { isShellIdle } from "../process/foreground.ts";
import { ageS, commandLine } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { isLastTyped, isTypedAt } from "../tmux/typed.ts";
import { activityOf, isFollowed, type Method, STARTING_S } from "./activity.ts";
import { Collected } from "./collect.ts";
import { deadlineAfter, type Ended, paneGone, timeoutError } from "./ended.ts";
import { deadPane, typeTextAsync } from "./exec.ts";
import { lastWords } from "./last-words.ts";
import { PaneListener } from "./listener.ts";
import { markCommand } from "./marker.ts";
import { nextPrompt } from "./prompt.ts";
import { showOutput } from "./text.ts";

/** What to run, where and how. */
export interface RunOptions {
  session: string;
  pane: string;
  command: string;
  /** seconds; undefined: as long as it takes */
  timeoutS: number | undefined;
  /** type a marker with the command, for a shell inside the pane's own (ssh, docker exec, su) */
  marker: boolean;
  stateDir: () => string;
  /** aborted to give up; `reason` is thrown */
  signal?: AbortSignal | undefined;
}

const OUTPUT_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Runs a command in a pane's shell and waits for its end, or that of the pane.
 * @throws AppError ERR_COMMAND_FAILED when something else runs there, ERR_TIMEOUT (what it wrote so far in the details)
 */
export async function runInPane(server: TmuxServer, options: RunOptions): Promise<Ended> {
  const { session, timeoutS } = options;
  const deadline = deadlineAfter(timeoutS);
  await using listener = await PaneListener.open(server, options);
  const { pane } = listener;
  if (pane.isDead) throw deadPane(pane);
  const prompt = options.marker ? undefined : await untilReady(listener, deadline, options);
  const isMarked = options.marker || !isFollowed(pane);
  const isFish = /(^|\/)-?fish$/.test(commandLine(pane.pid)[0] ?? "") && !options.marker;
  const marked = isMarked ? markCommand(options.command, { flags: server.flags, isFish }) : undefined;
  if (marked?.buffer !== undefined)
    tmux(server, [["load-buffer", "-b", marked.buffer, "-"]], { input: options.command });
  try {
    const text = marked?.text ?? options.command;
    const only = prompt ? stillAt(prompt) : isLastTyped(pane.typed.stamp);
    const typedAt = performance.now();
    const typing = { session, target: pane.id, text, before: listener.holding(), only };
    const typed = await typeTextAsync(server, typing);
    if (!typed) throw busy(pane);
    const id = marked?.id;
    return await untilEnd(server, listener, { ...options, deadline, id, text, row: typed.row, typedAt, prompt });
  } finally {
    if (marked?.buffer !== undefined) forgetBuffer(server, marked.buffer);
  }
}

/** The tmux format that is true while the shell waits at that very prompt, and nothing has been typed at it. */
function stillAt(prompt: ShellState): string {
  return `#{?${isTypedAt(prompt)},0,#{==:#{pane_path},${prompt.text}}}`;
}

/**
 * Waits until a shell that has just been started shows its first prompt. Throws when something else runs there.
 * @returns the prompt at which it waits; undefined for a shell that tells nothing
 */
async function untilReady(
  listener: PaneListener,
  deadline: number,
  options: RunOptions,
): Promise<ShellState | undefined> {
  const { pane } = listener;
  if (!activityOf(pane).isRunning) return pane.shell?.word === "idle" ? pane.shell : undefined;
  // what a pane starts with becomes the shell in a moment
  const isReady = await poll(
    Math.max(0, STARTING_S - ageS(pane.pid)) * 1000,
    10,
    () => isFollowed(pane) || isShellIdle(pane.pid),
  );
  if (!isReady || (isFollowed(pane) && !pane.isStarting)) throw busy(pane);
  if (!isFollowed(pane)) return undefined;
  // every shell that is idle without having told by then is one that tells nothing
  for (;;) {
    const prompted = await nextPrompt(listener, Math.min(deadline, performance.now() + 1000));
    if (prompted?.type === "shell") return prompted.state;
    if (prompted?.type === "ended") throw paneGone(pane);
    if (performance.now() >= deadline) throw timeoutError("The shell did not start", options.timeoutS);
    if (!isFollowed(pane)) return undefined;
  }
}

async function untilEnd(
  server: TmuxServer,
  listener: PaneListener,
  options: RunOptions & {
    deadline: number;
    id: number | undefined;
    text: string;
    row: number | undefined;
    typedAt: number;
    prompt: ShellState | undefined;
  },
): Promise<Ended> {
  const { pane } = listener;
  const { id, deadline, command } = options;
  const before = new Collected(OUTPUT_MAX_BYTES);
  const output = new Collected(OUTPUT_MAX_BYTES);
  const isOneLine = !command.trimEnd().includes("\n");
  const firstPrompt = options.prompt?.prompt ?? 0;
  let hasRun = false;
  let isRunning = false;
  let startedAt = 0;
  let isGap = false;
  const show = async () => {
    const { raw, isCut } = (hasRun ? output : before).text();
    const shown = await showOutput(raw, { cols: pane.width, rows: pane.height });
    // without a start there is no telling the echo from what the shell said of it, but by counting its lines
    const text = hasRun ? shown.text : shown.text.split("\n").slice(command.split("\n").length).join("\n");
    return { text, isCut: isGap || isCut || shown.isCut };
  };
  for (;;) {
    let event = await listener.next(deadline);
    if (event?.type === "gap") {
      isGap = true;
      // what the shell told may have been missed
      const state = await listener.shell();
      if (!state) continue;
      event = { type: "shell", at: performance.now(), state };
    }
    if (event === undefined) {
      const { text, isCut } = await show();
      const details = { partial_output: hasRun ? text : "", ...(isCut ? { output_truncated: true } : {}) };
      throw timeoutError("The command did not end", options.timeoutS, details);
    }
    if (event.type === "data") {
      if (!hasRun) before.add(event.data);
      else if (isRunning) output.add(event.data);
      continue;
    }
    const method: Method = id === undefined ? "shell-integration" : "marker";
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
    const { word, pid, code, durationMs, prompt } = event.state;
    if (id !== undefined && pid === pane.pid && word === "idle") {
      // the shell that was to tell has ended, and with it the command: the pane's own is back at its prompt
      return { pane, exitCode: code, durationMs: undefined, output: await show(), method, paneEnded: false };
    }
    if (pid !== (id ?? pane.pid)) continue;
    if (word === "run") {
      hasRun = isRunning = true;
      // the pane's own shell begins with it after the typing, and the news of that may be late: so no duration is less
      // than it was; what is inside another program may be far away, and news of start and end take the same way
      if (startedAt === 0) startedAt = options.marker ? event.at : options.typedAt;
    } else if (id !== undefined) {
      return {
        pane,
        exitCode: code,
        durationMs: Math.round(event.at - startedAt),
        output: await show(),
        method,
        paneEnded: false,
      };
    } else {
      isRunning = isRunning && word !== "end";
      if (prompt <= firstPrompt) continue; // the prompt that was there, drawn again
      // several lines may be read as several commands, with a prompt between them
      const isLast = word === "idle" || (word === "more" && isOneLine);
      if (isLast) return { pane, exitCode: code, durationMs, output: await show(), method, paneEnded: false };
    }
  }
}

/** The pane runs something else; nothing was typed. */
export class BusyError extends AppError {}

function busy(pane: Pane): BusyError {
  const message = `Pane ${pane.paneId} of "${pane.session}" is busy: it runs ${pane.command}`;
  return new BusyError("ERR_COMMAND_FAILED", message, {
    hint: "Wait for it with pane-wait. If that is a shell at its prompt (ssh, docker exec, su, a shell in a shell), use pane-run --marker.",
  });
}

function forgetBuffer(server: TmuxServer, buffer: string): void {
  try {
    tmux(server, [["delete-buffer", "-b", buffer]]);
  } catch {
    // it is gone with its server
  }
}
