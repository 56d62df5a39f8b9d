import { AppError } from "../lib/errors.ts";
import { LABEL_OPTION } from "../tmux/pane-variables.ts";
import { findPane, listPanes, type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { quoteCommand, tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { KEY_OPTION, KEY_VARIABLE, newShellKey } from "../tmux/shell-state.ts";
import { firstWindowTarget, indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { activityOf } from "./activity.ts";
import { type DescribedPane, listDescribed } from "./metadata.ts";
import type { Result } from "./reply.ts";

/** The layouts of tmux (tmux(1), select-layout). */
export const LAYOUTS = ["tiled", "main-horizontal", "main-vertical", "even-horizontal", "even-vertical"];

/** How a pane is made. */
export interface PaneOptions {
  session: string;
  label: string | undefined;
  layout: string;
  max: number;
  /** its command (see shellCommand); empty: tmux's own choice */
  shell: string[];
}

/**
 * Adds a pane to the session's first window, arranges the window, and labels the pane. The limit is checked by tmux in
 * the same step that splits, so that creations at the same time cannot pass it together.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_MAX_PANES
 */
export function createPane(server: TmuxServer, options: PaneOptions): Result {
  const { session, label, layout, max, shell } = options;
  const target = firstWindowTarget(session);
  // -f puts the new pane last, so that the others keep their indexes, and so that it can be named by its own
  const key = shell.length > 0 ? newShellKey() : "";
  const secret = key === "" ? [] : ["-e", `${KEY_VARIABLE}=${key}`];
  const splitWith = (command: string[]) =>
    quoteCommand(["split-window", "-d", "-f", "-t", target, ...secret, "-P", "-F", "#{pane_id}", ...command]);
  // start.sh need not ask tmux for a default-command that is known not to be there
  const plain = shell.length > 0 ? splitWith([...shell, "plain"]) : splitWith([]);
  const split = quoteCommand(["if-shell", "-F", "-t", target, "#{default-command}", splitWith(shell), plain]);
  const arrange = quoteCommand(["select-layout", "-t", target, layout]);
  const last = `${target}.#{e|-:#{e|+:#{window_panes},#{pane-base-index}},1}`;
  // run-shell expands what it is given as a format, which no label with a "#" survives: that takes a second call
  const isPlain = !label?.includes("#");
  const name = quoteCommand(["set-option", "-p", "-t", last, LABEL_OPTION, label ?? ""]);
  const mark = quoteCommand(["run-shell", "-t", target, "-C", name]);
  const note = quoteCommand([
    "run-shell",
    "-t",
    target,
    "-C",
    quoteCommand(["set-option", "-p", "-t", last, KEY_OPTION, key]),
  ]);
  const test = `#{e|<:#{window_panes},${Number.parseInt(`${max}`, 10)}}`;
  const notes = [...(label !== undefined && isPlain ? [mark] : []), ...(key === "" ? [] : [note])];
  const steps = [split, arrange, ...notes].join(" ; ");
  const list = panesCommand(session);
  const create = ["if-shell", "-F", "-t", target, test, steps, "display-message -p FULL"];
  const [id = "", ...rows] = tmux(server, [create, list]).split("\n");
  if (id === "FULL") {
    throw new AppError("ERR_MAX_PANES", `The first window of "${session}" has ${max} panes already, the limit`, {
      hint: "End one with pane-kill, use another session, or raise CLAUDE_TMUX_MAX_PANES.",
    });
  }
  const pane = parsePanes(rows.join("\n")).find((candidate) => candidate.id === id);
  if (!pane) throw new AppError("ERR_PANE_NOT_FOUND", `The new pane ${id} ended at once`);
  if (label !== undefined && pane.label !== label) tmux(server, [["set-option", "-p", "-t", id, LABEL_OPTION, label]]);
  return { session, pane, output: label === undefined ? "Pane created" : `Pane created: ${label}` };
}

/** Every pane of a session. Throws ERR_SESSION_NOT_FOUND. */
export function listSessionPanes(server: TmuxServer, session: string): Result {
  const output = [];
  for (const pane of listPanes(server, session)) output.push(summary(pane));
  return { session, output };
}

/** Every pane of a session with all that is known of it. Throws ERR_SESSION_NOT_FOUND. */
export function listPanesDetailed(server: TmuxServer, session: string): Result {
  const output = [];
  for (const pane of listDescribed(server, session)) output.push(description(pane));
  return { session, output };
}

/** One pane with all that is known of it. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export function paneStatus(server: TmuxServer, session: string, name: string): Result {
  const pane = pickPane(listDescribed(server, session), { session, pane: name });
  return { session, pane, output: description(pane) };
}

/** Whether something runs in a pane: "true", or "false" with exit code 1. Throws ERR_PANE_NOT_FOUND. */
export function paneIsRunning(server: TmuxServer, session: string, name: string): Result {
  const pane = findPane(server, session, name);
  const { isRunning, method } = activityOf(pane);
  return { session, pane, output: String(isRunning), details: { method }, exitCode: isRunning ? 0 : 1 };
}

/** How many panes a session has, as a text, as the scripts had it. Throws ERR_SESSION_NOT_FOUND. */
export function countPanes(server: TmuxServer, session: string): Result {
  return { session, output: String(listPanes(server, session).length) };
}

/** The pane with that label. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL. */
export function findByLabel(server: TmuxServer, session: string, label: string): Result {
  const pane = findPane(server, session, label);
  return { session, pane, output: pane.paneId };
}

/** Ends a pane and what runs in it; with the last pane of a session, the session. Throws ERR_PANE_NOT_FOUND. */
export function killPane(server: TmuxServer, session: string, name: string): Result {
  const index = indexTarget(session, parsePane(name));
  const list = panesCommand(session);
  const pane = index
    ? pickPane(parsePanes(tmux(server, [list, ["kill-pane", "-t", index]])), { session, pane: name })
    : findPane(server, session, name);
  if (!index) tmux(server, [["kill-pane", "-t", pane.id]]);
  return { session, pane, output: `Pane killed: ${pane.paneId}` };
}

/** What scripts are told of a pane: the fields of version 3.0, and `pane`, `window` and `method`. */
function summary(pane: Pane) {
  const { isRunning, method } = activityOf(pane);
  return {
    pane_id: pane.index,
    window: pane.window,
    pane: pane.id,
    pid: pane.pid,
    command: pane.command,
    is_running: isRunning,
    width: pane.width,
    height: pane.height,
    method,
  };
}

function description(pane: DescribedPane) {
  return {
    ...summary(pane),
    label: pane.label,
    metadata: pane.metadata,
    cwd: pane.cwd,
    last_exit_code: pane.shell?.code ?? null,
    is_dead: pane.isDead,
  };
}
