import { AppError } from "../lib/errors.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { MADE_OPTION, RESTORING_OPTION } from "../tmux/options.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { type Pane, panesOf } from "../tmux/panes.ts";
import { sessionTarget } from "../tmux/target.ts";
import { capturing, capturingShared, type LargePane, NEWEST, unended } from "./history.ts";
import { parseEnvironment, parseOptions } from "./printed.ts";
import { textAbove } from "./text.ts";

// What tmux tells of a session: the commands that ask for it, and how their answers are read.

const SESSION_VARIABLES = [
  "session_id",
  "session_name",
  "session_path",
  "session_group_list",
  "session_stack",
  "version",
  MADE_OPTION,
  RESTORING_OPTION,
] as const;
const WINDOW_VARIABLES = [
  "window_id",
  "window_index",
  "window_name",
  "window_layout",
  "window_zoomed_flag",
  "window_width",
  "window_height",
  "window_linked_sessions",
  "version",
] as const;
const PANE_MORE = [
  ...PANE_VARIABLES,
  "window_id",
  "pane_active",
  "pane_last",
  "pane_title",
  "pane_current_path",
  "pane_start_path",
  "alternate_on",
  "history_limit",
  "history_size",
  "cursor_y",
] as const;

type SessionRow = Record<(typeof SESSION_VARIABLES)[number], string>;
type WindowRow = Record<(typeof WINDOW_VARIABLES)[number], string>;
type PaneRow = Record<(typeof PANE_MORE)[number], string>;

/** A pane, and what tmux tells of it. */
export interface SeenPane {
  pane: Pane;
  row: PaneRow;
  options: Record<string, string>;
  /**
   * what its history and its main screen show, rows that tmux has wrapped joined, with colours (SGR); undefined if it was not
   * asked for
   */
  text: string | undefined;
  /** what comes before that and what is above the cursor, where the history was read in slices (see history.ts) */
  older: string;
  /** how many rows of its history, the oldest ones, were not read, since where they stand was not certain */
  unread: number;
  /** as it was when the newest rows of its history were read, and the first ones of those; undefined where those are all */
  large: (LargePane & { shared: string }) | undefined;
  /**
   * of it, the rows above that of the cursor; undefined while a program has the whole screen, and where the pane wrote while it was
   * looked at
   */
  above: string | undefined;
}

/** A window, and what is in it. */
export interface SeenWindow {
  row: WindowRow;
  options: Record<string, string>;
  panes: SeenPane[];
}

/** A session in one moment. */
export interface SeenSession {
  row: SessionRow;
  environment: Map<string, string | null>;
  /** the names of those that programs do not get (tmux(1), set-environment -h) */
  hiddenVariables: string[];
  options: Record<string, string>;
  windows: SeenWindow[];
  /** the names of the hooks that were set for it and for its windows */
  hooks: { where: string; hooks: string[] }[];
}

/** The commands that tell the structure of a session. Pure. */
export function structureCommands(session: string): TmuxCommand[] {
  const target = sessionTarget(session);
  return [
    ["display-message", "-p", "-t", target, rowFormat(SESSION_VARIABLES)],
    ["list-windows", "-t", target, "-F", rowFormat(WINDOW_VARIABLES)],
    ["list-panes", "-s", "-t", target, "-F", rowFormat(PANE_MORE)],
  ];
}

/** How many commands tell the structure of a session. */
const STRUCTURE = 3;

/** Of what these commands answered for several sessions, that of one. Pure. */
export function ofSession(structures: readonly string[], i: number): readonly string[] {
  return structures.slice(i * STRUCTURE, (i + 1) * STRUCTURE);
}

/** The structure of a session. */
export interface Structure {
  row: SessionRow;
  windows: WindowRow[];
  panes: PaneRow[];
}

/** What the answers to these commands tell; undefined when the session just ends, an error while it is being restored. */
export function structureIn([sessionText = "", windowText = "", paneText = ""]: readonly string[]):
  | Structure
  | AppError
  | undefined {
  const [row] = parseRows(SESSION_VARIABLES, sessionText);
  const windows = parseRows(WINDOW_VARIABLES, windowText);
  if (!row || windows.length === 0) return undefined;
  const [pid = ""] = row[RESTORING_OPTION].split(" ");
  if (pid !== "" && Number(pid) !== process.pid) {
    return new AppError(
      "ERR_COMMAND_FAILED",
      `The session "${row.session_name}" is just being restored, or was left half-made`,
      {
        hint: "Wait until it is whole; gc-run and the next session-restore end one that was left.",
      },
    );
  }
  return { row, windows, panes: parseRows(PANE_MORE, paneText) };
}

/** The commands that tell what else there is of a session. */
export function partCommands({ row, windows, panes }: Structure, withText: boolean): TmuxCommand[] {
  const target = sessionTarget(row.session_id);
  return [
    ["show-environment", "-s", "-t", target],
    ["show-environment", "-h", "-s", "-t", target],
    ["show-options", "-t", target],
    ["show-hooks", "-t", target],
    ...windows.map(({ window_id: id }) => ["show-hooks", "-w", "-t", id]),
    ...windows.map(({ window_id: id }) => ["show-options", "-w", "-t", id]),
    ...panes.map(({ pane_id: id }) => ["show-options", "-p", "-t", id]),
    ...(withText ? panes.flatMap(captures) : []),
  ];
}

/** A session, by the answers to those commands, and by what tells its structure in the same call. */
export function sessionIn(
  { row, windows, panes }: Structure,
  answers: readonly string[],
  [, , paneText = ""]: readonly string[],
): SeenSession {
  const [environment = "", hidden = "", options = "", hooks = "", ...more] = answers;
  const rest = more.slice(windows.length);
  const ofWindows = rest.slice(0, windows.length);
  const ofPanes = rest.slice(windows.length, windows.length + panes.length);
  const texts = rest.slice(windows.length + panes.length);
  const known = panesOf(panes);
  const now = parseRows(PANE_MORE, paneText);
  const seenPanes = panes.map((pane, i) => {
    const shown = texts.splice(0, captures(pane).length);
    const [shared] = shown.slice(3).map(unended);
    const large = shared === undefined ? undefined : { ...(now[i] ?? pane), shared };
    const seen = seenPane(known[i] as Pane, pane, ofPanes[i] ?? "", shown);
    // what is above the cursor was read by where that was before
    return { ...seen, large, above: hasWritten(pane, now[i]) ? undefined : seen.above };
  });
  return {
    row,
    environment: parseEnvironment(environment),
    hiddenVariables: [...parseEnvironment(hidden).keys()],
    options: parseOptions(options),
    hooks: [
      { where: "session", hooks: hooksIn(hooks) },
      ...windows.map(({ window_index: index }, i) => ({ where: `window ${index}`, hooks: hooksIn(more[i] ?? "") })),
    ],
    windows: windows.map((window, i) => ({
      row: window,
      options: parseOptions(ofWindows[i] ?? ""),
      // a window may be there twice, with the same panes
      panes: seenPanes.filter((seen) => seen.row.window_index === window.window_index),
    })),
  };
}

/** Of a hook that is set, tmux prints what it does; of any other, its name at most. */
export function hooksIn(text: string): string[] {
  const set = text.split("\n").flatMap((line) => /^([\w-]+)(?:\[\d+\])? ./.exec(line)?.[1] ?? []);
  return [...new Set(set)];
}

/** So many rows before that of the cursor are read once more: no line has more. */
const ROWS_BEFORE = 200;

/** Whether only the newest rows of the history are read with all else. */
function isLarge({ history_size: size }: PaneRow): boolean {
  return Number(size) > NEWEST;
}

/**
 * The commands that read what a pane shows: all of it, the rows before that of the cursor, and those from that on. Of a program that
 * has the whole screen: the screen that it will leave, and the history above. Where the history is large, its newest rows, and the
 * first of those once more.
 */
function captures(pane: PaneRow): TmuxCommand[] {
  const { pane_id: id, alternate_on: alternate, history_size: size, cursor_y: y } = pane;
  const capture = capturing(id);
  const nothing = ["display-message", "-p", ""];
  const first = isLarge(pane) ? `-${NEWEST}` : "-";
  const more = isLarge(pane) ? [capturingShared(id)] : [];
  if (alternate === "1") {
    const history = Number(size) === 0 ? nothing : [...capture, "-S", first, "-E", "-1"];
    return [[...capture, "-a", "-q"], history, nothing, ...more];
  }
  const [history, row] = [Number(size), Number(y)];
  // "-E" of a row that there is not would be another one
  const before = history + row === 0 ? nothing : [...capture, "-S", `${row - ROWS_BEFORE}`, "-E", `${row - 1}`];
  return [[...capture, "-S", first], before, [...capture, "-S", `${row}`], ...more];
}

function hasWritten(before: PaneRow, now: PaneRow | undefined): boolean {
  return now?.cursor_y !== before.cursor_y || now.history_size !== before.history_size;
}

function seenPane(
  pane: Pane,
  row: PaneRow,
  options: string,
  [shown, before = "", from = ""]: string[],
): Omit<SeenPane, "large"> {
  const seen = { pane, row, options: parseOptions(options), older: "", unread: 0 };
  if (shown === undefined) return { ...seen, text: undefined, above: undefined };
  if (row.alternate_on !== "1") {
    const isFirst = Number(row.history_size) + Number(row.cursor_y) === 0;
    return { ...seen, text: shown, above: isFirst ? "" : textAbove(shown, { before, from }) };
  }
  const history = Number(row.history_size) === 0 ? "" : before;
  return { ...seen, text: history + shown, above: undefined };
}

/** Whether two looks at the structure show the same, but for where cursors stand and what shells have told. */
export function isSame(first: readonly string[], second: readonly string[]): boolean {
  const stable = ([session = "", windows = "", panes = ""]: readonly string[]) => [
    session,
    windows,
    ...parseRows(PANE_MORE, panes).map(
      ({
        window_id: window,
        pane_id: id,
        pane_index: index,
        pane_pid: pid,
        pane_width: width,
        pane_height: height,
        alternate_on: alternate,
      }) => `${window} ${id} ${index} ${pid} ${width} ${height} ${alternate}`,
    ),
  ];
  return stable(first).join("\n") === stable(second).join("\n");
}
