import type { IBufferLine, Terminal } from "@xterm/headless";

/** Sets the part of the screen that scrolls (DECSTBM). */
const SETS_REGION = /\x1b\[\d+(?:;\d*)?r/;

/** What scrolled out of a part of the screen, below rows that stay, and so into no history: lines by the row below them. */
export interface ScrolledOut {
  lines: ReadonlyMap<number, readonly string[]>;
  /** whether some of it is not known */
  isCut: boolean;
}

/**
 * Writes output to a terminal, and keeps what scrolls out of a part of its screen.
 * @param options.max how many lines above one row are kept at least; at most twice as many
 */
export async function writeKeeping(terminal: Terminal, raw: string, options: { max: number }): Promise<ScrolledOut> {
  const lines = new Map<number, string[]>();
  const from = raw.search(SETS_REGION);
  if (from === -1) {
    await write(terminal, raw);
    return { lines, isCut: false };
  }
  let region: { upper: number; lower: number } | undefined;
  terminal.parser.registerCsiHandler({ final: "r" }, ([first, last]) => {
    const upper = (Number(first) || 1) - 1;
    const lower = Math.min(Number(last) || terminal.rows, terminal.rows) - 1;
    if (upper < lower) region = { upper, lower };
    return false; // the emulator then does its own part
  });
  /** scrolls of the region, and those of them that were seen to come */
  let scrolls = 0;
  let seen = 0;
  /** some was written over, or is too much */
  let isOver = false;
  terminal.onScroll(() => {
    if (region && region.upper > 0 && terminal.buffer.active.type === "normal") scrolls++;
  });
  await write(terminal, raw.slice(0, from));
  for (const piece of raw.slice(from).split(/(?=\n)/)) {
    const { active } = terminal.buffer;
    if (piece.startsWith("\n") && region && active.type === "normal") {
      const row = active.baseY + region.upper;
      if (active.cursorY === region.lower && region.upper > 0) {
        seen++;
        const kept = keep(lines, row, active.getLine(row));
        if (kept.length > 2 * options.max) isOver = kept.splice(0, kept.length - options.max).length > 0;
      }
      // what is below that part does not scroll, and the next line is written over this one
      else if (active.cursorY > region.lower && active.cursorY === terminal.rows - 1) isOver = true;
    }
    await write(terminal, piece);
  }
  return { lines, isCut: isOver || scrolls > seen };
}

/** Keeps what is about to scroll out above a row. Returns all that has so. */
function keep(lines: Map<number, string[]>, row: number, line: IBufferLine | undefined): string[] {
  const kept = lines.get(row) ?? [];
  lines.set(row, kept);
  const text = line?.translateToString(false) ?? "";
  if (line?.isWrapped && kept.length > 0) kept.push(kept.pop() + text);
  // nothing has stood in the rows before the first one that holds something
  else if (kept.length > 0 || text.trim() !== "") kept.push(text);
  return kept;
}

/** Terminal.write() lets a timer pass first, for each of many pieces; the write beneath it, no public part, does not. */
function write(terminal: Terminal, text: string): Promise<void> | undefined {
  const { _core: core } = terminal as unknown as { _core?: { writeSync?(text: string): void } };
  if (core?.writeSync === undefined) return new Promise((resolve) => terminal.write(text, resolve));
  core.writeSync(text);
  return undefined;
}
