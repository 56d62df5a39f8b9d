import { oneLine, paint, type Shown } from "./toned.ts";

/** A column of a table for people. */
export interface Column {
  head: string;
  /** numbers stand at the right */
  isNumber?: boolean;
  /** where a text that is too wide is cut: a path at its beginning; "never" for what is nothing when it is cut */
  cut?: "start" | "end" | "never";
  /** it goes, the last of these first, where there is no room for all */
  isOptional?: boolean;
  /** so wide it stays while others can go */
  least?: number;
}

/** How wide a terminal is, and whether it shows colours. */
export interface Screen {
  width: number;
  isColor: boolean;
}

const GAP = 2;
const ELLIPSIS = "…";
/** To so many columns a column is made narrower before another one goes. */
const NARROW = 8;

/**
 * A table for people, a text for each line: aligned by what a terminal shows (wide characters count twice), no wider than the
 * screen as far as that can be. A column in which nothing stands is left out. Pure.
 */
export function columns(
  heads: readonly Column[],
  rows: readonly (readonly Shown[])[],
  { width, isColor }: Screen,
): string[] {
  const texts = rows.map((row) => row.map(oneLine));
  const filled = heads.map((_, i) => i).filter((i) => texts.some((row) => (row[i] ?? "") !== ""));
  const natural = heads.map(({ head }, i) =>
    texts.reduce((most, row) => Math.max(most, Bun.stringWidth(row[i] ?? "")), Bun.stringWidth(head)),
  );
  const least = natural.map((most, i) =>
    heads[i]?.cut === "never" ? most : Math.min(most, heads[i]?.least ?? NARROW),
  );
  const kept = fitting(heads, filled, least, width);
  const widths = narrowed(natural, least, kept, width);
  const line = (cells: readonly string[], paintCell: (text: string, i: number) => string) =>
    kept
      .map((i, at) => {
        const text = cut(cells[i] ?? "", widths[i] ?? 0, heads[i]?.cut);
        const blanks = " ".repeat(Math.max(0, (widths[i] ?? 0) - Bun.stringWidth(text)));
        const painted = paintCell(text, i);
        if (heads[i]?.isNumber) return blanks + painted;
        return at === kept.length - 1 ? painted : painted + blanks;
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  const head = line(
    heads.map((column) => column.head),
    (text) => paint(text, "dim", isColor),
  );
  const body = texts.map((cells, y) =>
    line(cells, (text, i) => {
      const shown = rows[y]?.[i];
      return paint(text, typeof shown === "object" ? shown.tone : undefined, isColor);
    }),
  );
  return [head, ...body];
}

/** A text of at most so many columns, colours not counted; what is missing is told by an ellipsis. Pure. */
export function cut(text: string, width: number, where: Column["cut"] = "end"): string {
  if (Bun.stringWidth(text) <= width) return text;
  const slice = (n: number) =>
    where === "start" ? Bun.sliceAnsi(text, -n, undefined, ELLIPSIS) : Bun.sliceAnsi(text, 0, n, ELLIPSIS);
  const most = slice(width);
  // a wide character at the border is taken as a whole
  return Bun.stringWidth(most) > width ? slice(width - 1) : most;
}

/** The columns for which there is room, be they as narrow as can be. */
function fitting(
  heads: readonly Column[],
  columns: readonly number[],
  least: readonly number[],
  width: number,
): readonly number[] {
  if (total(columns, least) <= width) return columns;
  const spare = columns.findLast((i) => heads[i]?.isOptional);
  if (spare === undefined) return columns;
  return fitting(
    heads,
    columns.filter((i) => i !== spare),
    least,
    width,
  );
}

/** The widest columns are made narrower until all have room: first down to their least width, then to anything. */
function narrowed(
  natural: readonly number[],
  least: readonly number[],
  kept: readonly number[],
  width: number,
): number[] {
  const widths = [...natural];
  for (const floor of [least, natural.map(() => 1)]) {
    while (total(kept, widths) > width) {
      const room = (i: number) => (widths[i] ?? 0) - (floor[i] ?? 0);
      const spare = kept.filter((i) => room(i) > 0);
      if (spare.length === 0) break;
      const widest = spare.reduce((most, i) => ((widths[i] ?? 0) > (widths[most] ?? 0) ? i : most));
      const over = total(kept, widths) - width;
      // at one go down to the next widest
      const next = Math.max(0, ...spare.filter((i) => i !== widest).map((i) => widths[i] ?? 0));
      const step = Math.max(1, Math.min(over, room(widest), (widths[widest] ?? 0) - next));
      widths[widest] = (widths[widest] ?? 0) - step;
    }
  }
  return widths;
}

function total(columns: readonly number[], widths: readonly number[]): number {
  return columns.reduce((sum, i) => sum + (widths[i] ?? 0), GAP * Math.max(0, columns.length - 1));
}
