import type { AgentState } from "../agents/told.ts";

/** A pane as the view shows it. Its texts have no control characters in them. */
export interface Row {
  /** `%5` */
  id: string;
  sessionId: string;
  /** `dev:2.1`: what stands for it in commands, and in those of tmux */
  place: string;
  label: string;
  /** the kind of the coding agent that has its terminal, or the name of the program */
  what: string;
  cwd: string;
  /** "" before it was looked at */
  state: AgentState | "";
  /** of `waiting`, what for; "" where that is not known */
  for: string;
  /** since when, ms since the epoch; undefined before it was looked at */
  since: number | undefined;
  /** whether it may have been so before: that is when it was seen first */
  isAtLeast: boolean;
  /** of one CPU, percent, by all processes below its program; undefined where it is not known, or not yet */
  cpu: number | undefined;
  /** the resident sets of these processes, bytes; undefined where it is not known */
  bytes: number | undefined;
  /** the last line that it shows */
  line: string;
  /** what runs there beside a shell at its prompt: the kind of an agent that lives, or the name of a program; "" where nothing does */
  runs: string;
  /** stands for what runs in its foreground */
  job: string;
  /** whether it is the one that this program runs in */
  isOwn: boolean;
}

/** What is counted of panes. */
export interface Counts {
  /** an agent asks something, or a program waits for a line or a password */
  blocked: number;
  /** agents whose last turn has ended with an error */
  failed: number;
  dead: number;
  /** agents whose last turn has ended */
  done: number;
  working: number;
}

/** What a program waits for when it is used as it is meant to be: an editor, a pager. */
const OF_ITS_USER = "keys";
/** Who needs somebody first; who is at rest last. */
const ORDER: readonly Row["state"][] = ["waiting", "failed", "dead", "done", "working", "starting", "unknown", "idle"];

/** Whether what runs there does not go on before somebody has answered it. Pure. */
export function isBlocked({ state, for: wait }: Pick<Row, "state" | "for">): boolean {
  return state === "waiting" && wait !== OF_ITS_USER;
}

/** Rows in the order in which they are shown: the blocked ones first, then as they come. Pure. */
export function ordered<R extends Pick<Row, "state" | "for">>(rows: readonly R[]): R[] {
  const rank = (row: R) => (row.state === "waiting" && !isBlocked(row) ? ORDER.length : ORDER.indexOf(row.state));
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

/** What is counted of panes. Pure. */
export function countsOf(rows: readonly Pick<Row, "state" | "for">[]): Counts {
  const count = (state: AgentState) => rows.filter((row) => row.state === state).length;
  const blocked = rows.filter(isBlocked).length;
  return { blocked, failed: count("failed"), dead: count("dead"), done: count("done"), working: count("working") };
}

/** Whether any of a row's words has a text in it, in capitals or not. Pure. */
export function matches(row: Row, filter: string): boolean {
  const { place, label, what, state, for: wait, cwd, line } = row;
  return [place, label, what, state, wait, cwd, line].join("\n").toLowerCase().includes(filter.toLowerCase());
}
