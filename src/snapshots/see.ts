import { AppError } from "../lib/errors.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { MADE_OPTION, RESTORING_OPTION } from "../tmux/options.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { type Pane, panesOf } from "../tmux/panes.ts";
import { type TmuxCommand, tmuxAsync, tmuxEachAsync, tmuxEachBy } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { sourced } from "../tmux/sourced.ts";
import { sessionTarget } from "../tmux/target.ts";
import { parseEnvironment, parseOptions } from "./printed.ts";

// What tmux tells of a session. The structure is looked at before and after its parts: only if it is the same both times do the
// parts belong together.

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
  /** of it, the rows above that of the cursor; undefined while a program has the whole screen */
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

const TRIES = 5;

/**
 * Looks at a session. Throws ERR_SESSION_NOT_FOUND; ERR_COMMAND_FAILED when it never is the same for as long as that takes.
 */
export async function seeSession(
  server: TmuxServer,
  session: string,
  options: { withText: boolean },
): Promise<SeenSession> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const seen = await seeOnce(server, session, options);
    if (seen) return seen;
  }
  throw new AppError("ERR_COMMAND_FAILED", `The session "${session}" changes faster than it can be looked at`, {
    hint: "Try again when its windows and panes stay for a moment.",
  });
}

/** undefined when windows or panes came or went meanwhile. */
async function seeOnce(
  server: TmuxServer,
  session: string,
  { withText }: { withText: boolean },
): Promise<SeenSession | undefined> {
  const target = sessionTarget(session);
  const structure: TmuxCommand[] = [
    ["display-message", "-p", "-t", target, rowFormat(SESSION_VARIABLES)],
    ["list-windows", "-t", target, "-F", rowFormat(WINDOW_VARIABLES)],
    ["list-panes", "-s", "-t", target, "-F", rowFormat(PANE_MORE)],
  ];
  const first = await tmuxEachAsync(server, structure);
  const [sessionText = "", windowText = "", paneText = ""] = first;
  const [row] = parseRows(SESSION_VARIABLES, sessionText);
  const windows = parseRows(WINDOW_VARIABLES, windowText);
  const panes = parseRows(PANE_MORE, paneText);
  if (!row || windows.length === 0) return undefined;
  const [pid = ""] = row[RESTORING_OPTION].split(" ");
  if (pid !== "" && Number(pid) !== process.pid) {
    throw new AppError(
      "ERR_COMMAND_FAILED",
      `The session "${row.session_name}" is just being restored, or was left half-made`,
      {
        hint: "Wait until it is whole; the next session-restore ends one that was left.",
      },
    );
  }
  const parts: TmuxCommand[] = [
    ["show-environment", "-s", "-t", target],
    ["show-environment", "-h", "-s", "-t", target],
    ["show-options", "-t", target],
    ["show-hooks", "-t", target],
    ...windows.map(({ window_id: id }) => ["show-hooks", "-w", "-t", id]),
    ...windows.map(({ window_id: id }) => ["show-options", "-w", "-t", id]),
    ...panes.map(({ pane_id: id }) => ["show-options", "-p", "-t", id]),
    ...(withText ? panes.flatMap((pane) => captures(pane)) : []),
  ];
  let answers: string[];
  try {
    // more than fits into the arguments of a process
    answers = await tmuxEachBy((commands) => bySource(server, commands), [...parts, ...structure]);
  } catch (thrown) {
    // something has gone meanwhile: who looks again is told if it is the session
    if (thrown instanceof AppError && /NOT_FOUND|COMMAND_FAILED/.test(thrown.code)) return undefined;
    throw thrown;
  }
  if (!isSame(first, answers.slice(-structure.length))) return undefined;
  const [environment = "", hidden = "", options = "", hooks = "", ...more] = answers.slice(0, parts.length);
  const rest = more.slice(windows.length);
  const ofWindows = rest.slice(0, windows.length);
  const ofPanes = rest.slice(windows.length, windows.length + panes.length);
  const texts = rest.slice(windows.length + panes.length);
  const known = panesOf(panes);
  const seenPanes = panes.map((pane, i) =>
    seenPane(known[i] as Pane, pane, ofPanes[i] ?? "", texts.slice(2 * i, 2 * i + 2)),
  );
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
function hooksIn(text: string): string[] {
  const set = text.split("\n").flatMap((line) => /^([\w-]+)(?:\[\d+\])? ./.exec(line)?.[1] ?? []);
  return [...new Set(set)];
}

async function bySource(server: TmuxServer, commands: TmuxCommand[]): Promise<string> {
  const { command, input } = sourced(commands);
  return await tmuxAsync(server, [command], { input });
}

/** The commands that read what a pane shows: all of it, and the part above the row of the cursor. */
function captures({ pane_id: id, alternate_on: alternate, history_size: size, cursor_y: row }: PaneRow): TmuxCommand[] {
  const capture = ["capture-pane", "-p", "-e", "-J", "-t", id];
  if (alternate !== "1")
    return [[...capture, "-S", "-"], above([...capture, "-S", "-"], Number(size) + Number(row), `${Number(row) - 1}`)];
  // of a program that has the whole screen, the screen that it will leave, and the history above
  return [[...capture, "-a", "-q"], above([...capture, "-S", "-"], Number(size), "-1")];
}

/** So many rows from the first one on; "-E" of a row that there is not would be another one. */
function above(capture: TmuxCommand, rows: number, last: string): TmuxCommand {
  return rows === 0 ? ["display-message", "-p", ""] : [...capture, "-E", last];
}

function seenPane(pane: Pane, row: PaneRow, options: string, [shown, before]: string[]): SeenPane {
  const isAlternate = row.alternate_on === "1";
  const history = Number(row.history_size) === 0 ? "" : (before ?? "");
  return {
    pane,
    row,
    options: parseOptions(options),
    text: isAlternate && shown !== undefined ? history + shown : shown,
    above: isAlternate ? undefined : before,
  };
}

/** Whether two looks at the structure show the same, but for where cursors stand and what shells have told. */
function isSame(first: readonly string[], second: readonly string[]): boolean {
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
