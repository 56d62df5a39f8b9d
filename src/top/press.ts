import { cleanLine } from "./cells.ts";
import type { Key } from "./keys.ts";
import type { Row } from "./row.ts";
import { type Asked, inSight, layoutOf, passing, rowsInSight, selectedRow, type View } from "./view.ts";

/** What a key has done, beside what it changes in the view. */
export type Deed = { do: "quit" | "suspend" | "redraw" } | PaneDeed;

/** What is done with a pane. */
export type PaneDeed =
  /** shows the pane; or reads what its agent asks; or ends what runs there; or the pane itself */
  { do: "go" | "ask" | "stop" | "kill"; row: Row } | { do: "answer"; row: Row; asked: Asked; text: string };

/** The view after a key, and what is to be done. */
export interface Pressed {
  view: View;
  deed?: Deed;
}

/** What a key means. Pure. */
export function press(view: View, key: Key): Pressed {
  if ("key" in key && key.key === "C-c") return { view, deed: { do: "quit" } };
  if ("key" in key && key.key === "C-z") return { view, deed: { do: "suspend" } };
  if ("key" in key && key.key === "C-l") return { view, deed: { do: "redraw" } };
  const { mode } = view;
  switch (mode.is) {
    case "list":
      return "key" in key
        ? inList({ ...view, message: undefined }, key.key)
        : "click" in key
          ? clicked(view, key.click)
          : { view };
    case "help":
      return { view: "paste" in key ? view : list(view) };
    case "stop":
      return inStop(view, mode.row, key);
    case "filter":
      return inFilter(view, key);
    case "answer":
      return inAnswer(view, mode, key);
  }
}

function inList(view: View, key: string): Pressed {
  const row = selectedRow(view);
  const { list: page } = layoutOf(view);
  const step = STEPS[key]?.(page);
  if (step !== undefined) return { view: moved(view, step) };
  switch (key) {
    case "q":
      return { view, deed: { do: "quit" } };
    case "escape":
      // goes back from whatever there is, and from the list to nowhere: who presses it once too often loses nothing
      return { view: view.filter === "" ? told(view, "Esc goes back; q quits") : inSight({ ...view, filter: "" }) };
    case "/":
      return { view: { ...view, mode: { is: "filter" } } };
    case "?":
      return { view: { ...view, mode: { is: "help" } } };
    case "enter":
      return row ? { view, deed: { do: "go", row } } : { view };
    case "a":
      if (!mayAsk(view)) return { view: told(view, TOO_SMALL) };
      return row ? { view, deed: { do: "ask", row } } : { view };
    case "x":
      if (!row) return { view };
      if (!mayAsk(view)) return { view: told(view, TOO_SMALL) };
      if (row.isOwn) return { view: told(view, OWN) };
      return { view: { ...view, mode: { is: "stop", row } } };
    default:
      return { view };
  }
}

/** Whether a question can be seen whole: a yes to one that nobody sees ends what runs there. */
function mayAsk({ columns, height }: View): boolean {
  return columns >= ASK_COLUMNS && height >= ASK_ROWS;
}

const ASK_COLUMNS = 30;
const ASK_ROWS = 2;
const TOO_SMALL = "This terminal is too small";

const STEPS: Readonly<Record<string, (page: number) => number>> = {
  up: () => -1,
  k: () => -1,
  down: () => 1,
  j: () => 1,
  "page-up": (page) => -page,
  "page-down": (page) => page,
  home: () => Number.NEGATIVE_INFINITY,
  g: () => Number.NEGATIVE_INFINITY,
  end: () => Number.POSITIVE_INFINITY,
  G: () => Number.POSITIVE_INFINITY,
};

/** A click selects; one on what is selected goes there. */
function clicked(view: View, { row }: { row: number }): Pressed {
  const { listAt, list: rows } = layoutOf(view);
  const hit = row >= listAt && row < listAt + rows ? rowsInSight(view)[row - listAt] : undefined;
  if (!hit) return { view };
  if (hit.id === view.selected) return { view, deed: { do: "go", row: hit } };
  return { view: inSight({ ...view, message: undefined, selected: hit.id }) };
}

function inStop(view: View, row: Row, key: Key): Pressed {
  if (!("key" in key)) return { view };
  const now = view.rows.find(({ id }) => id === row.id);
  const wanted = key.key === "y" && row.runs !== "" ? "stop" : key.key === "K" ? "kill" : undefined;
  if (!wanted || !mayAsk(view)) return { view: told(list(view), "Nothing was stopped") };
  // what was asked about is what is meant, and no other that has come in its place
  if (now?.job !== row.job) return { view: told(list(view), somethingElse(row), true) };
  return { view: list(view), deed: { do: wanted, row: now } };
}

/** What is said where what was to be stopped is not what is there now. */
export function somethingElse({ place }: Row): string {
  return `${place} runs something else by now: nothing was stopped`;
}

/** What is said where the view itself was to be stopped. */
export const OWN = "This is the pane in which you look at the others: q leaves it";

function inFilter(view: View, key: Key): Pressed {
  if ("click" in key) return { view };
  if ("key" in key && key.key === "enter") return { view: list(view) };
  if ("key" in key && key.key === "escape") return { view: inSight({ ...list(view), filter: "" }) };
  if ("key" in key && (key.key === "up" || key.key === "down")) return { view: moved(view, key.key === "up" ? -1 : 1) };
  return { view: inSight({ ...view, filter: edited(view.filter, key) }) };
}

function inAnswer(view: View, mode: Extract<View["mode"], { is: "answer" }>, key: Key): Pressed {
  if ("click" in key) return { view };
  if ("key" in key && key.key === "escape") return { view: told(list(view), "Nothing was answered") };
  if ("key" in key && key.key === "enter") {
    const { row, asked } = mode;
    const text = mode.text.trim();
    if (!mayAsk(view)) return { view: told(list(view), "Nothing was answered") };
    return text === "" ? { view } : { view: list(view), deed: { do: "answer", row, asked, text } };
  }
  return { view: { ...view, mode: { ...mode, text: edited(mode.text, key) } } };
}

/** A text after a key, or after a paste, of which only the first line is taken. */
function edited(text: string, key: Exclude<Key, { click: unknown }>): string {
  if ("paste" in key) return text + cleanLine(key.paste.split(/[\r\n]/, 1)[0] ?? "");
  if (key.key === "backspace") return text.replace(/.$/su, "");
  if (key.key === "C-u") return "";
  // any other key has a name of several letters
  return [...key.key].length === 1 ? text + key.key : text;
}

function moved(view: View, by: number): View {
  const shown = passing(view);
  const at = shown.findIndex(({ id }) => id === view.selected);
  const to = Math.min(shown.length - 1, Math.max(0, at + by));
  return inSight({ ...view, selected: shown[to]?.id });
}

function list(view: View): View {
  return { ...view, mode: { is: "list" } };
}

function told(view: View, text: string, isError = false): View {
  return { ...view, message: { text, isError } };
}
