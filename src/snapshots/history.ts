import type { TmuxCommand } from "../tmux/command-line.ts";
import { isOfTarget } from "../tmux/error.ts";
import { tmuxAsync, tmuxEachBy } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { sourced } from "../tmux/sourced.ts";
import { isServerAtLeast } from "../tmux/version.ts";

// tmux serves nobody while it tells what a pane shows, so a large history is read in slices, from the newest to the oldest, each by a
// call of its own. Rows of a history do not change, but where they stand is told from the screen's top, which moves away while the
// pane writes: each call asks how many rows there are by then, and reads some rows once more that the slice before began with. Where
// they are not the same, rows were dropped at the history's limit, or cleared, or wrapped anew.

/** So many rows of the history are read with all else of a session: what tmux keeps unless told otherwise. */
export const NEWEST = 2000;
/** So many rows are read twice, at the end of a slice and at the beginning of the one that was read before it. */
const SHARED = 100;
/** tmux tells so many cells in some 50 ms, each of another colour than the one before. */
const CELLS_AT_ONCE = 400_000;
const ROWS_AT_ONCE = 10_000;
/** How often a slice is read anew that was pushed away by what the pane wrote meanwhile. */
const TRIES = 5;
/** So many rows may come between two calls at first; then twice as many as came between the last ones. */
const GROWN_MIN = 50;
const RESET = "\x1b[0m";

/** A pane whose history is read in slices, as tmux told of it when the newest rows were read. */
export interface LargePane {
  pane_id: string;
  pane_width: string;
  pane_height: string;
  history_size: string;
  history_limit: string;
  version: string;
}

/**
 * The history above the newest rows, and the first of those.
 * @param shared what tmux told of those first ones (see capturingShared), without its last newline
 * @returns the text, which ends where `shared` ends, and how many rows above it can't be told, since where they stand is not certain
 * @throws AppError when tmux does not answer
 */
export async function readOlder(
  server: TmuxServer,
  pane: LargePane,
  shared: string,
): Promise<{ text: string; unread: number }> {
  const slices = [shared];
  let held: Held = { first: Number(pane.history_size) - NEWEST, shared, size: Number(pane.history_size), grown: 0 };
  for (let tries = 0; held.first > 0 && tries < TRIES; ) {
    const read = await readSlice(server, pane, held);
    if (!read) break;
    if (read.text === undefined) tries++;
    else {
      slices.push((slices.pop() ?? "").slice(held.shared.length), read.text);
      tries = 0;
    }
    held = read.held;
  }
  return { text: slices.reverse().join(""), unread: Math.max(0, held.first) };
}

/** The command that reads a pane's text: rows that tmux has wrapped joined, with colours. */
export function capturing(pane: string): TmuxCommand {
  return ["capture-pane", "-p", "-e", "-J", "-t", pane];
}

/** Reads the first of the newest rows by themselves: where they end in the text of all is known by that. */
export function capturingShared(pane: string): TmuxCommand {
  return [...capturing(pane), "-S", `${-NEWEST}`, "-E", `${SHARED - NEWEST - 1}`];
}

/** What has been read so far. */
interface Held {
  /** the first row of it, counted from the oldest one */
  first: number;
  /** the text of its first rows */
  shared: string;
  /** how many rows the history had at the last call, and how many had come since the one before */
  size: number;
  grown: number;
}

/**
 * Reads the slice above what is held; without a text when the pane wrote so much meanwhile that it is none.
 * @returns undefined when it is not certain where it stands
 */
async function readSlice(
  server: TmuxServer,
  pane: LargePane,
  held: Held,
): Promise<{ text: string | undefined; held: Held } | undefined> {
  // rows can be told by how many there were before from 3.4 on, whatever has come since
  const isFixed = isServerAtLeast(pane.version, "3.4");
  const at = (row: number) => (isFixed ? `#{e|-:${row},#{history_size}}` : `${row - held.size}`);
  const allowed = GROWN_MIN + 2 * held.grown;
  const last = held.first + SHARED - 1;
  const most = Math.min(ROWS_AT_ONCE, Math.ceil(CELLS_AT_ONCE / Number(pane.pane_width)));
  const from = Math.max(0, held.first - most - (isFixed ? 0 : held.grown));
  const start = from === 0 ? "-" : at(from);
  const capture = capturing(pane.pane_id);
  const answers = await ask(server, [
    ["display-message", "-p", "-t", pane.pane_id, "#{history_size} #{history_limit} #{pane_width}x#{pane_height}"],
    [...capture, "-S", start, "-E", at(last)],
    [...capture, "-S", start, "-E", at(from + SHARED - 1)],
    ...(isFixed ? [] : [rowByRow(pane.pane_id, at(last - allowed + 1), at(last))]),
  ]);
  if (!answers) return undefined;
  const [facts = "", told = "", shared = "", rows = ""] = answers;
  const [size = 0, limit = 0] = facts.split(" ").map(Number);
  const grown = size - held.size;
  if (!facts.includes(` ${pane.pane_width}x${pane.pane_height}\n`) || grown < 0) return undefined;
  const moved = isFixed ? 0 : grown;
  const first = from === 0 ? 0 : from + moved;
  if (moved > allowed || first >= held.first) return { text: undefined, held: { ...held, size, grown } };
  const text = withoutRows(unended(told), moved === 0 ? [] : unended(rows).split("\n").slice(-moved));
  if (text === undefined) return { text, held: { ...held, size, grown } };
  const recognized = held.shared.replace(LEADING, "");
  // at its limit a tenth of a history goes at once, and may have come again: rows that are all the same do not tell
  const mayHaveDropped = grown > 0 && size >= limit - Math.floor(limit / 10);
  if (!text.endsWith(recognized) || (mayHaveDropped && new Set(recognized.split("\n")).size === 1)) return undefined;
  // colours go on from what is recognized; where that is blank, what follows has been told as if there were none
  const isOpen = recognized === "" && text.includes("\x1b") && !text.trimEnd().endsWith(RESET);
  return {
    text: isOpen ? `${text}${RESET}` : text,
    held: { first, shared: unended(shared), size, grown },
  };
}

/** What the text of some rows begins with may depend on the colours of those before: up to the first character. */
const LEADING = /^\n*(?:\x1b\[[\d;:]*m|\x1b\]8;[^\x1b]*\x1b\\|\x0e|\x0f)*/;

function rowByRow(pane: string, from: string, to: string): TmuxCommand {
  return ["capture-pane", "-p", "-e", "-N", "-t", pane, "-S", from, "-E", to];
}

/** A text without its last rows; undefined when it does not end with them. */
function withoutRows(text: string, rows: readonly string[]): string | undefined {
  let end = text.length;
  for (const row of rows.toReversed()) {
    if (!text.endsWith(row, end)) return undefined;
    end -= row.length;
    // else it goes on from the row above
    if (text[end - 1] === "\n") end--;
  }
  return text.slice(0, end);
}

/** What tmux printed without the newline that it ends with. */
export function unended(printed: string): string {
  return printed.replace(/\n$/, "");
}

/** Undefined when the pane has gone. */
async function ask(server: TmuxServer, commands: TmuxCommand[]): Promise<string[] | undefined> {
  try {
    return await tmuxEachBy((marked) => {
      const { command, input } = sourced(marked);
      return tmuxAsync(server, [command], { input });
    }, commands);
  } catch (thrown) {
    if (isOfTarget(thrown)) return undefined;
    throw thrown;
  }
}
