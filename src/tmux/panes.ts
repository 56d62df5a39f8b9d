import { AppError } from "../lib/errors.ts";
import type { TmuxCommand } from "./command-line.ts";
import { fieldsFormat, parseRows, RECORD, UNIT } from "./format.ts";
import { KEY_OPTION, LABEL_OPTION, TYPED_OPTION } from "./options.ts";
import { paneFields } from "./pane-variables.ts" with { type: "macro" };
import { PANE_VARIABLES, type PLACE_VARIABLES } from "./pane-variables.ts";
import { type Ask, type Meanwhile, tmux } from "./run.ts";
import type { TmuxServer } from "./server.ts";
import { parseShellState, type ShellState, wordOf } from "./shell-state.ts";
import { pickPane, sessionTarget } from "./target.ts";
import { type LastTyped, parseLastTyped } from "./typed.ts";
import { isVersionEnough, TMUX_MINIMUM } from "./version.ts";

/** Where a pane is. */
export interface PlacedPane {
  /** `%5`: stable until the server ends */
  id: string;
  session: string;
  /** `$3`: the session's own stable id */
  sessionId: string;
  window: number;
  index: number;
  /** the index as commands print it: "1", or "2.1" outside the session's first window */
  paneId: string;
  label: string;
  pid: number;
  width: number;
  height: number;
  isDead: boolean;
  /** the tmux server that has it: ids mean nothing in another one */
  server: ServerId;
}

/** One pane, as tmux tells it. */
export interface Pane extends PlacedPane {
  command: string;
  /** the secret that its shell was given; "" when it has no shell integration */
  key: string;
  /** what its shell tells of itself, if it has the shell integration */
  shell: ShellState | undefined;
  /** whether its program has not told anything yet, nor has another one in it */
  isStarting: boolean;
  /** whether the shell has not shown a prompt since the last typing */
  isTypedPending: boolean;
  typed: LastTyped;
}

/** The pid of the server that has a pane. */
export function serverPidOf({ server }: PlacedPane): number {
  return Number.parseInt(server, 10);
}

/** A tmux server process, for certain (`pid:start_time`). */
export type ServerId = string;

type PlaceRow = Record<(typeof PLACE_VARIABLES)[number], string>;
type PaneRow = Record<(typeof PANE_VARIABLES)[number], string>;

const PANE_FIELDS = paneFields();

/** The command that lists the panes of a session, or of the whole server: rows of PANE_VARIABLES, and `more` of them. */
export function panesCommand(session: string | undefined, more: readonly string[] = []): TmuxCommand {
  const which = session === undefined ? ["-a"] : ["-s", "-t", sessionTarget(session)];
  return ["list-panes", ...which, "-F", `${PANE_FIELDS}${more.length > 0 ? UNIT + fieldsFormat(more) : ""}${RECORD}`];
}

/** All panes of a session, in the order of its windows. Throws ERR_SESSION_NOT_FOUND. */
export function listPanes(server: TmuxServer, session: string, options: Meanwhile = {}): Pane[] {
  return parsePanes(tmux(server, [panesCommand(session)], options));
}

/** All panes of the server. Throws ERR_TMUX_NOT_RUNNING. */
export function listAllPanes(server: TmuxServer): Pane[] {
  return parsePanes(tmux(server, [panesCommand(undefined)]));
}

/** The pane of a session that an index, a %id or a label names. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export function findPane(server: TmuxServer, session: string, pane: string, options: Meanwhile = {}): Pane {
  return pickPane(listPanes(server, session, options), { session, pane });
}

/** As findPane(), by a call that does not block the event loop. */
export async function findPaneBy(ask: Ask, session: string, pane: string): Promise<Pane> {
  return pickPane(parsePanes(await ask([panesCommand(session)])), { session, pane });
}

/** Reads what panesCommand() lists. Throws ERR_TMUX_TOO_OLD. */
export function parsePanes(text: string): Pane[] {
  return panesOf(parseRows(PANE_VARIABLES, text));
}

/** The panes that rows tell of, one for each: all the panes of one or more whole sessions. Throws ERR_TMUX_TOO_OLD. */
export function panesOf(rows: readonly PaneRow[]): Pane[] {
  const panes: Pane[] = []; // a loop: the first use of map costs what the tenth part of tmux's own answer does
  const places = placesOf(rows);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as PaneRow;
    const place = places[i] as PlacedPane;
    const told = parseShellState(row.pane_path);
    const shell = { pid: place.pid, key: row[KEY_OPTION] };
    const word = wordOf(told, shell);
    const typed = parseLastTyped(row[TYPED_OPTION]);
    panes.push({
      ...place,
      command: row.pane_current_command,
      key: shell.key,
      shell: word,
      // a respawned pane still has what its former shell told
      isStarting: row.pane_path === "" || (told?.key === shell.key && told.pid !== shell.pid),
      isTypedPending: (row.pane_path !== "" && row.pane_path === typed.path) || isToldBefore(word, typed),
      typed,
    });
  }
  return panes;
}

/** Where the panes are that rows tell of, one for each; throws as panesOf(). */
export function placesOf(rows: readonly PlaceRow[]): PlacedPane[] {
  const firstWindow = new Map<string, number>();
  for (const row of rows) {
    if (!isVersionEnough(row.version)) {
      throw new AppError(
        "ERR_TMUX_TOO_OLD",
        `The running tmux server is ${row.version}, ${TMUX_MINIMUM} or newer is needed`,
      );
    }
    const window = Number(row.window_index);
    const first = firstWindow.get(row.session_id); // not with Math, which takes 0.1 ms to be made
    if (first === undefined || window < first) firstWindow.set(row.session_id, window);
  }
  const places: PlacedPane[] = [];
  for (const row of rows) {
    const isFirst = firstWindow.get(row.session_id) === Number(row.window_index);
    places.push({
      id: row.pane_id,
      session: row.session_name,
      sessionId: row.session_id,
      window: Number(row.window_index),
      index: Number(row.pane_index),
      paneId: isFirst ? row.pane_index : `${row.window_index}.${row.pane_index}`,
      label: row[LABEL_OPTION],
      pid: Number(row.pane_pid),
      width: Number(row.pane_width),
      height: Number(row.pane_height),
      isDead: row.pane_dead === "1",
      server: `${row.pid}:${row.start_time}`,
    });
  }
  return places;
}

/** Whether a shell had told that before something was typed: what is shown since is a record of the pane itself. */
function isToldBefore(word: ShellState | undefined, typed: LastTyped): boolean {
  if (word === undefined) return false;
  const then = wordOf(parseShellState(typed.path), word);
  return then !== undefined && word.prompt < then.prompt;
}
