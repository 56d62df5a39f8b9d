/** How a kind of agent draws the box in which a prompt is written. */
export interface ComposerRule {
  /** what stands before the text, on its first row at least */
  marker: RegExp;
  /** so many blanks are between that and the text */
  gap: number;
  /** what may be shown in place of a text while there is none, beside what is faint; `faint`: something faint always is */
  placeholder?: RegExp | "faint";
  /** the row below the text, or the lower edge of the box around it */
  end: RegExp;
  /** what is drawn around the text, where that is a box that may have something else at its right */
  box?: ComposerBox;
  /** the version of the agent with which it was seen */
  seen: string;
}

/** A box as wide as its lower edge, of which each row begins with the marker; the cursor is hidden while something else has the keys. */
interface ComposerBox {
  /** so many of its rows are above the text, and below it */
  above: number;
  below: number;
  /** the last of them, while it is a prompt that is written there */
  foot: RegExp;
}

/** Where a pane's cursor is. */
export interface Cursor {
  /** from 0 */
  row: number;
  column: number;
  isHidden: boolean;
}

/** What a pane shows, and where its cursor is. */
interface Shown {
  /** the rows of the screen, from the top, with their escape sequences (`capture-pane -e`) */
  rows: readonly string[];
  cursor: Cursor;
}

/** The box in which a prompt is written. */
export interface Composer {
  /** what stands in it as it is drawn, without what is shown in place of a text: a long one may be shown as a word for it */
  text: string;
  /** whether nothing was written in it, be it a blank, and the cursor is where a text begins */
  isEmpty: boolean;
}

/** More rows than that nobody writes, or not all of them are shown. */
const MOST_ROWS = 60;

/** The box in which the cursor is; undefined where it is in none: then something else has the keys. Pure. */
export function composerOn({ marker, gap, placeholder, end, box }: ComposerRule, shown: Shown): Composer | undefined {
  const { cursor } = shown;
  const { rows, faint } = withoutFaint(shown.rows);
  const top = topRow(rows, marker, cursor.row);
  const bottom = bottomRow(rows, end, cursor.row);
  if (top === undefined || bottom === undefined) return undefined;
  const whole = rows.slice(top, bottom);
  if (box && (cursor.isHidden || !whole.every((row) => marker.test(row)))) return undefined;
  const inside = box ? textIn(box, whole, Bun.stringWidth(end.exec(rows[bottom] ?? "")?.[0] ?? "")) : whole;
  if (!inside) return undefined;
  const written = inside.map((row) => row.replace(marker, "").trim());
  const joined = written.join("\n").trim();
  const isStandIn = placeholder instanceof RegExp && placeholder.test(joined);
  const text = isStandIn ? "" : joined;
  const first = marker.exec(rows[cursor.row] ?? "");
  const isAtStart = first !== null && cursor.column === first[0].length + gap;
  const isBare = placeholder !== "faint" || faint.has(cursor.row);
  // a box has its marker on blank rows, too
  const isFirst = !box || (inside.length === 1 && cursor.row === top + box.above);
  return { text, isEmpty: text === "" && isAtStart && isBare && isFirst };
}

/** The rows of the text in a box, without what is at its right; undefined where no prompt is written there. */
function textIn({ above, below, foot }: ComposerBox, rows: readonly string[], width: number): string[] | undefined {
  const inside = rows.map((row) => upTo(row, width));
  return foot.test(inside.at(-1) ?? "") ? inside.slice(above, -below) : undefined;
}

/** As much of a row as is in so many columns. */
function upTo(row: string, columns: number): string {
  let text = "";
  for (const { segment } of LETTERS.segment(row)) {
    if (Bun.stringWidth(text + segment) > columns) break;
    text += segment;
  }
  return text;
}

const LETTERS = new Intl.Segmenter();

/** The first row of the text in which a row is: those between begin with blanks, or with the marker, too. */
function topRow(rows: readonly string[], marker: RegExp, from: number): number | undefined {
  let top: number | undefined;
  for (let at = from; at >= Math.max(0, from - MOST_ROWS); at--) {
    const row = rows[at] ?? "";
    if (marker.test(row)) top = at;
    else if (top !== undefined || (row.trim() !== "" && !row.startsWith("  "))) return top;
  }
  return top;
}

function bottomRow(rows: readonly string[], end: RegExp, from: number): number | undefined {
  const below = rows.slice(from + 1, from + MOST_ROWS).findIndex((row) => end.test(row));
  return below === -1 ? undefined : from + 1 + below;
}

/** An SGR sequence, or any other that a row of a capture may have. */
const SEQUENCE = /\x1b\[([\d;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b./g;

/**
 * Rows as they read, with blanks for what is faint, and which of them have that: it is shown in place of a text. Its first letter
 * may be under the cursor, which is drawn in reverse. A style goes on from one row to the next.
 */
function withoutFaint(all: readonly string[]): { rows: string[]; faint: Set<number> } {
  let style = PLAIN;
  const faint = new Set<number>();
  const rows = all.map((row, index) => {
    let text = "";
    let isCursor = false;
    let at = 0;
    const add = (part: string) => {
      if (part === "") return;
      if (style.isFaint) faint.add(index);
      if (style.isFaint) text = (isCursor ? `${text.slice(0, -1)} ` : text) + " ".repeat(part.length);
      else text += part;
      isCursor = style.isReverse && part.length === 1;
    };
    for (const found of row.matchAll(SEQUENCE)) {
      add(row.slice(at, found.index));
      at = found.index + found[0].length;
      if (found[1] !== undefined) style = styled(style, found[1]);
    }
    add(row.slice(at));
    return text.trimEnd();
  });
  return { rows, faint };
}

interface Style {
  isFaint: boolean;
  isReverse: boolean;
}

const PLAIN: Style = { isFaint: false, isReverse: false };

/** A style after a sequence of Select Graphic Rendition (ECMA-48, 8.3.117). */
function styled(before: Style, parameters: string): Style {
  let { isFaint, isReverse } = before;
  const all = parameters.split(";");
  for (let i = 0; i < all.length; i++) {
    const one = Number(all[i]?.split(":")[0] || 0);
    // a colour's own parameters
    if ((one === 38 || one === 48 || one === 58) && !all[i]?.includes(":")) i += all[i + 1] === "2" ? 4 : 2;
    else if (one === 0) ({ isFaint, isReverse } = PLAIN);
    else if (one === 2) isFaint = true;
    else if (one === 22) isFaint = false;
    else if (one === 7) isReverse = true;
    else if (one === 27) isReverse = false;
  }
  return { isFaint, isReverse };
}
