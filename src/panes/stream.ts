import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { isTmux } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { deadPane } from "./dead-pane.ts";
import { lastWords, linesAfter } from "./last-words.ts";
import { LineReader } from "./lines.ts";
import { PaneListener } from "./listener.ts";
import type { PaneEvent } from "./pane-event.ts";

/** Where the lines of a stream go. */
export interface Sink {
  /** Takes some lines (each without its newline); false when it wants no more. */
  write(lines: string[]): boolean | Promise<boolean>;
  /** Is told that lines may be missing here: they came faster than they were taken. */
  missed(): void;
}

/** Which pane is streamed, and how. */
export interface StreamOptions {
  session: string;
  pane: string;
  /** how many of the lines that stand there already come first */
  lines: number;
  /** keep colours and links */
  ansi: boolean;
  stateDir: () => string;
  signal: AbortSignal;
}

const ENDING_MS = 1000;
/** How many of the last lines are remembered, to find in a dead pane what comes after them. */
const HEARD_MAX = 50;

/**
 * Gives a sink every line that a pane writes from now on, once and in order, until the pane ends, the signal is aborted
 * or the sink wants no more. Throws ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL, ERR_TMUX_NOT_RUNNING.
 */
export async function streamPane(server: TmuxServer, options: StreamOptions, sink: Sink): Promise<void> {
  await using listener = await PaneListener.open(server, { ...options, start: options });
  if (listener.pane.isDead) throw deadPane(listener.pane);
  await listener.hold();
  const { lines, cursorLine, row } = listener.start;
  const before = options.lines === 0 ? [] : lines.map((line) => line.trimEnd());
  if (before.length > 0 && !(await sink.write(before))) return;
  using reader = new LineReader({ start: cursorLine, ansi: options.ansi });
  let count = 0;
  let heard: string[] = [];
  for (;;) {
    const event = await listener.next().catch((thrown) => endOfServer(listener.pane, thrown));
    if (event === undefined) throw new AppError("ERR_COMMAND_FAILED", "the stream has stopped");
    if (event.type === "gap") {
      const left = linesAfter(event.start?.lines ?? [], heard, undefined);
      reader.restart(event.start?.cursorLine ?? "");
      sink.missed();
      if (left.length > 0 && !(await sink.write(left))) return;
      continue;
    }
    if (event.type === "ended") {
      const isThere = event.exitCode !== undefined && !event.isComplete;
      const since = { row, lines: count - heard.length };
      const left = isThere ? lastWords(server, listener.pane.id, heard, since) : [await reader.unfinished()];
      const isNew = left.length > 1 || ((left[0] ?? "") !== "" && left[0] !== cursorLine.trimEnd());
      if (isNew) await sink.write(left);
      return;
    }
    const found = await reader.read(event);
    count += found.length;
    heard = [...heard, ...found].slice(-HEARD_MAX);
    if (found.length > 0 && !(await sink.write(found))) return;
  }
}

/**
 * A pane whose tmux server has ended, has, and how is not known. One that can't be reached need not have: its socket may have
 * been removed.
 */
async function endOfServer({ server }: Pane, thrown: unknown): Promise<PaneEvent> {
  if (!(thrown instanceof AppError) || thrown.code !== "ERR_TMUX_NOT_RUNNING") throw thrown;
  // one that ends removes its socket first
  if (!(await poll(ENDING_MS, 20, () => !isTmux(Number.parseInt(server, 10))))) throw thrown;
  return { type: "ended", at: performance.now(), exitCode: undefined, isComplete: false };
}
