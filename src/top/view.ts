import type { Question } from "../panes/answer-agent.ts";
import { matches, type Row } from "./row.ts";

/** What an agent asks, as a person is shown it. */
export interface Asked {
  for: string;
  /** what it is about, and the choices */
  text: string;
  /** it itself: nothing else is answered */
  question: Question;
}

/** What the keys mean now. */
export type Mode =
  | { is: "list" }
  | { is: "filter" }
  | { is: "help" }
  /** whether what runs in a pane is to be stopped, as it was when that was asked */
  | { is: "stop"; row: Row }
  | { is: "answer"; row: Row; asked: Asked; text: string };

/** All that is seen, and what it depends on. */
export interface View {
  /** in order */
  rows: readonly Row[];
  /** the id of a pane */
  selected: string | undefined;
  /** how many of the rows are above the first one that is shown */
  offset: number;
  filter: string;
  mode: Mode;
  /** what came of what was done last */
  message: { text: string; isError: boolean } | undefined;
  /** what the selected pane shows */
  screen: readonly string[];
  columns: number;
  height: number;
  /** the command line that makes a session */
  create: string;
}

/** Which rows of the terminal show what, from 0 on. */
export interface Layout {
  hasTitle: boolean;
  hasHeads: boolean;
  /** where the list begins, and how many rows it has */
  listAt: number;
  list: number;
  /** rows of the preview, with the line above it; 0 for none */
  preview: number;
  hasFoot: boolean;
}

/** What is seen at first. */
export const START: View = {
  rows: [],
  selected: undefined,
  offset: 0,
  filter: "",
  mode: { is: "list" },
  message: undefined,
  screen: [],
  columns: 80,
  height: 24,
  create: "claude-tmux session-create dev",
};

/** So many rows a terminal has to have for a preview, and a preview to be of use. */
const PREVIEW_FROM = 14;
const PREVIEW_MIN = 5;
const HEADS_FROM = 6;

/** The rows that pass the filter. Pure. */
export function passing({ rows, filter }: Pick<View, "rows" | "filter">): readonly Row[] {
  return filter === "" ? rows : rows.filter((row) => matches(row, filter));
}

/** The row that is selected. Pure. */
export function selectedRow(view: View): Row | undefined {
  return passing(view).find(({ id }) => id === view.selected);
}

/** How the rows of the terminal are shared. Pure. */
export function layoutOf(view: Pick<View, "rows" | "filter" | "height">): Layout {
  const { height } = view;
  const hasFoot = height >= 2;
  const hasTitle = height >= 3;
  const hasHeads = height >= HEADS_FROM;
  const listAt = Number(hasTitle) + Number(hasHeads);
  const left = Math.max(1, height - listAt - Number(hasFoot));
  const wanted = Math.max(1, passing(view).length);
  const half = Math.ceil(left / 2);
  const list = height < PREVIEW_FROM || left - half < PREVIEW_MIN ? left : Math.min(wanted, half);
  return { hasTitle, hasHeads, listAt, list, preview: left - list, hasFoot };
}

/** The view with something selected, if there is anything, and that in sight. Pure. */
export function inSight(view: View): View {
  const shown = passing(view);
  const { list } = layoutOf(view);
  const at = Math.max(
    0,
    shown.findIndex(({ id }) => id === view.selected),
  );
  const last = Math.max(0, shown.length - list);
  const offset = Math.min(last, Math.max(at - list + 1, Math.min(view.offset, at)));
  return { ...view, selected: shown[at]?.id, offset: Math.max(0, offset) };
}

/** The view after another look; a pane that has gone leaves its place to the one that came after it. Pure. */
export function withRows(view: View, rows: readonly Row[]): View {
  const at = passing(view).findIndex(({ id }) => id === view.selected);
  const next = { ...view, rows };
  if (at === -1 || selectedRow(next)) return inSight(next);
  const shown = passing(next);
  return inSight({ ...next, selected: shown[Math.min(at, shown.length - 1)]?.id });
}

/** The rows that are in sight. Pure. */
export function rowsInSight(view: View): readonly Row[] {
  return passing(view).slice(view.offset, view.offset + layoutOf(view).list);
}
