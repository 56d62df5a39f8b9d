import { ageText, bytesText, cleanLine, fit, fitRight, upTo } from "./cells.ts";
import { foot } from "./foot.ts";
import { HELP } from "./help.ts";
import { type Paint, painter, type Style } from "./paint.ts";
import { countsOf, isBlocked, type Row } from "./row.ts";
import { layoutOf, passing, rowsInSight, selectedRow, type View } from "./view.ts";

/**
 * What the terminal shows of a view: a line for each of its rows, no wider than it is. Pure.
 * @param now ms since the epoch
 * @param isColorful without colours, bold and the like are left
 */
export function frame(view: View, now: number, isColorful: boolean): string[] {
  const paint = painter(isColorful);
  const { hasTitle, hasHeads, hasFoot, list, preview } = layoutOf(view);
  const lines: string[] = [];
  if (hasTitle) lines.push(title(view, paint));
  const bodyRows = Number(hasHeads) + list + preview;
  const text = bodyText(view);
  if (text)
    lines.push(
      ...filled(
        text.slice(-bodyRows).map((line) => fit(line, view.columns).trimEnd()),
        bodyRows,
      ),
    );
  else {
    const columns = columnsOf(view);
    if (hasHeads) lines.push(paint("dim", headsOf(columns)));
    lines.push(
      ...filled(
        rowsInSight(view).map((row) => lineOf(row, { view, columns, now, paint })),
        list,
      ),
    );
    if (passing(view).length === 0) lines[lines.length - list] = fit(nothing(view), view.columns).trimEnd();
    if (preview > 0) lines.push(...previewOf(view, preview, paint));
  }
  if (hasFoot) {
    const last = foot(view, paint);
    lines.splice(lines.length + 1 - last.length, lines.length, ...last);
  }
  // in fewer columns than any of it is made for
  return lines.map((line) => (Bun.stringWidth(line) <= view.columns ? line : upTo(line, view.columns)));
}

/** What stands in the place of the list. */
function bodyText({ mode }: View): string[] | undefined {
  if (mode.is === "help") return [...HELP];
  if (mode.is !== "answer") return undefined;
  const { row, asked } = mode;
  return [`${row.what} in ${row.place} asks (${asked.for}):`, "", ...asked.text.split("\n").map(cleanLine)];
}

function title(view: View, paint: Paint): string {
  const { rows, columns } = view;
  const sessions = new Set(rows.map(({ sessionId }) => sessionId)).size;
  const { blocked, failed, dead, done, working } = countsOf(rows);
  const parts: [style: Style, text: string][] = [["bold", "claude-tmux"]];
  parts.push(["dim", `${count(rows.length, "pane")} in ${count(sessions, "session")}`]);
  if (blocked > 0) parts.push(["yellow", `${blocked} blocked`]);
  if (failed > 0) parts.push(["red", `${failed} failed`]);
  if (dead > 0) parts.push(["red", `${dead} dead`]);
  if (done > 0) parts.push(["green", `${done} done`]);
  if (working > 0) parts.push(["cyan", `${working} working`]);
  // what counts stays where all of it does not fit
  const width = () => parts.reduce((sum, [, text]) => sum + text.length + 2, -2);
  while (width() > columns && parts.length > 1) parts.splice(["bold", "dim"].includes(parts[0]?.[0] ?? "") ? 0 : -1, 1);
  return parts.map(([style, text]) => paint(style, fit(text, Math.min(columns, text.length)))).join("  ");
}

interface Columns {
  pane: number;
  what: number;
  state: number;
  /** 0 for those that there is no room for */
  since: number;
  cpu: number;
  bytes: number;
  line: number;
}

/** A marker and a space stand before the first; a space before each other. */
const MARKER = 2;
const LINE_MIN = 8;

function columnsOf(view: View): Columns {
  const { columns: width, rows } = view;
  const longest = Math.max(4, ...rows.map((row) => Bun.stringWidth(nameOf(row))));
  const whats = Math.max(4, ...rows.map((row) => Bun.stringWidth(row.what)));
  const columns = {
    pane: Math.min(longest, 32, Math.max(8, Math.floor(width / 4))),
    what: Math.min(whats, 12),
    state: 11,
  };
  const all = { ...columns, since: 5, cpu: 5, bytes: 5, line: 0 };
  const used = () => MARKER + Object.values(all).reduce((sum, one) => sum + (one === 0 ? 0 : one + 1), -1);
  if (used() > width) all.what = Math.min(all.what, 8);
  for (const name of ["bytes", "cpu", "since", "what"] as const) if (used() > width) all[name] = 0;
  if (used() > width) all.pane = Math.max(1, all.pane - (used() - width));
  if (width - used() - 1 >= LINE_MIN) all.line = width - used() - 1;
  return all;
}

function headsOf(columns: Columns): string {
  const { pane, what, state, since, cpu, bytes, line } = columns;
  const heads = [fit("PANE", pane), fit("WHAT", what), fit("STATE", state)];
  heads.push(fitRight("SINCE", since), fitRight("CPU", cpu), fitRight("MEM", bytes), fit("LAST LINE", line));
  return `  ${heads.filter((head) => head !== "").join(" ")}`.trimEnd();
}

function lineOf(
  row: Row,
  { view, columns, now, paint }: { view: View; columns: Columns; now: number; paint: Paint },
): string {
  const { pane, what, state, since, cpu, bytes, line } = columns;
  const isSelected = row.id === view.selected;
  const plain: Paint = isSelected ? (_, text) => text : paint;
  const age = row.since === undefined ? "" : `${row.isAtLeast ? ">" : ""}${ageText(now - row.since)}`;
  const cells = [fit(nameOf(row), pane), fit(row.what, what), plain(styleOf(row), fit(stateText(row), state))];
  cells.push(
    plain("dim", fitRight(age, since)),
    fitRight(row.cpu === undefined ? "" : `${Math.round(row.cpu)}%`, cpu),
    fitRight(row.bytes === undefined ? "" : bytesText(row.bytes), bytes),
    plain("dim", fit(row.line, line).trimEnd()),
  );
  const text = cells.filter((cell) => cell !== "").join(" ");
  return isSelected ? paint("reverse", `> ${fit(text, Math.max(0, view.columns - MARKER))}`) : `  ${text}`.trimEnd();
}

function nameOf({ place, label }: Row): string {
  return label === "" ? place : `${place} ${label}`;
}

/** What a pane does, in a word; `?` behind what it waits for. Pure. */
export function stateText({ state, for: wait }: Pick<Row, "state" | "for">): string {
  if (state !== "waiting") return state;
  return wait === "keys" ? "keys" : `${wait === "" ? "waiting" : wait}?`;
}

function styleOf(row: Row): Style {
  if (isBlocked(row)) return "yellow";
  if (row.state === "failed" || row.state === "dead") return "red";
  if (row.state === "done") return "green";
  return row.state === "working" || row.state === "starting" ? "cyan" : "dim";
}

function nothing({ rows, filter, create }: View): string {
  if (rows.length > 0) return `  No pane has "${cleanLine(filter)}" in it: Esc shows all again`;
  return `  There is no session: ${create}`;
}

function previewOf(view: View, height: number, paint: Paint): string[] {
  const row = selectedRow(view);
  const name = row ? ` ${nameOf(row)}  ${row.cwd} ` : "";
  const { columns } = view;
  const head = `──${fit(name, Math.min(Bun.stringWidth(name), Math.max(0, columns - 2)))}`;
  const rule = "─".repeat(Math.max(0, columns - Bun.stringWidth(head)));
  const shown = view.screen.slice(-(height - 1)).map((line) => fit(line, columns).trimEnd());
  return [paint("dim", fit(head + rule, columns)), ...filled(shown, height - 1)];
}

function filled(lines: readonly string[], height: number): string[] {
  return [...lines, ...Array(Math.max(0, height - lines.length)).fill("")];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
