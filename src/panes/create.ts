import { AppError } from "../lib/errors.ts";
import { maker } from "../process/maker.ts";
import { quoteCommand, quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { hasNothing, isSessionGone } from "../tmux/error.ts";
import { madePaneText } from "../tmux/made.ts";
import { KEY_OPTION, LABEL_OPTION, MADE_PANE_OPTION } from "../tmux/options.ts";
import { type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { tmux, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { newShellKey } from "../tmux/shell-state.ts";
import { sourced } from "../tmux/sourced.ts";
import { firstWindowTarget } from "../tmux/target.ts";

/** The layouts of tmux (tmux(1), select-layout). */
export const LAYOUTS = ["tiled", "main-horizontal", "main-vertical", "even-horizontal", "even-vertical"];

/** A format that is true where select-layout takes panes that float in the window for others: tmux 3.7. */
const LOSES_FLOATING = "#{&&:#{m:3.7*,#{version}},#{P:#{?pane_floating_flag,1,}}}";

/** How a pane is made. */
export interface PaneOptions {
  session: string;
  label: string | undefined;
  layout: string;
  max: number;
  /** its command (see shellCommand); empty: tmux's own choice */
  shell: string[];
}

/** A new pane, and sentences on what its maker did not expect. */
export interface CreatedPane {
  pane: Pane;
  warnings: string[];
}

/**
 * Adds a pane to the session's first window, arranges the window, and labels the pane. The limit is checked by tmux in
 * the same step that splits, so that creations at the same time cannot pass it together; without a new pane, nothing is
 * arranged or labelled.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_MAX_PANES, ERR_COMMAND_FAILED without space
 */
export function createPane(server: TmuxServer, options: PaneOptions): CreatedPane {
  const { session, label, max } = options;
  const window = firstWindowTarget(session);
  let answer = splitIn(server, window, options);
  // tmux 3.7 and newer: a pane that floats above the others can't be split
  if (answer.startsWith("FLOATING\n")) answer = splitIn(server, tiledPane(server, session, window), options);
  const [id = "", ...rows] = answer.split("\n");
  const isArranged = rows[0] !== "FLOATS";
  if (!isArranged) rows.shift();
  if (id === "FULL") {
    throw new AppError("ERR_MAX_PANES", `The first window of "${session}" has ${max} panes already, the limit`, {
      hint: "Use a pane that is there, end one with pane-kill, use another session, or raise CLAUDE_TMUX_MAX_PANES.",
    });
  }
  const panes = parsePanes(rows.join("\n"));
  const pane = withId(panes, id);
  if (!pane) throw new AppError("ERR_PANE_NOT_FOUND", `The new pane ${id} ended at once`);
  if (label !== undefined && pane.label !== label) tmux(server, [["set-option", "-p", "-t", id, LABEL_OPTION, label]]);
  const twins = label === undefined ? [] : panes.filter((other) => other.id !== id && other.label === label);
  const warnings = [
    ...(twins.length > 0 ? [twinsWarning(label, [...twins, pane])] : []),
    ...(isArranged ? [] : ["The window was not arranged: tmux 3.7 would tile its floating panes"]),
  ];
  return { pane, warnings };
}

/** How many panes the session's first window has; 0 for a session that is not there. Throws as tmuxAsync(). */
export async function firstPanesCount(server: TmuxServer, session: string): Promise<number> {
  try {
    const ids = await tmuxAsync(server, [["list-panes", "-t", firstWindowTarget(session), "-F", "#{pane_id}"]]);
    return ids.trim().split("\n").length;
  } catch (thrown) {
    if (hasNothing(thrown) || isSessionGone(thrown)) return 0;
    throw thrown;
  }
}

function twinsWarning(label: string | undefined, panes: readonly Pane[]): string {
  const ids = panes.map((pane) => pane.id).join(" and ");
  return `The label "${label}" no longer names one pane, since ${ids} have it: use their ids`;
}

/** A loop: the first use of find costs a part of what tmux takes to make a pane. */
function withId(panes: readonly Pane[], id: string): Pane | undefined {
  for (const pane of panes) if (pane.id === id) return pane;
  return undefined;
}

/** What tmux wrote: FULL, FLOATING, or the new pane's id and perhaps FLOATS; and then the session's panes. */
function splitIn(server: TmuxServer, target: string, { session, label, layout, max, shell }: PaneOptions): string {
  const window = firstWindowTarget(session);
  const select = quoteCommand(["select-layout", "-t", window, layout]);
  const arrange = quoteCommand(["if-shell", "-F", "-t", window, LOSES_FLOATING, "display-message -p FLOATS", select]);
  const last = `${window}.#{e|-:#{e|+:#{window_panes},#{pane-base-index}},1}`;
  // run-shell expands what it is given as a format, which no label with a "#" survives: that takes a second call
  const isPlain = label !== undefined && !label.includes("#");
  const options = [
    [MADE_PANE_OPTION, madePaneText({ by: maker(), at: Date.now() })],
    ...(shell.length > 0 ? [[KEY_OPTION, newShellKey()]] : []),
    ...(isPlain ? [[LABEL_OPTION, label]] : []),
  ];
  const sets: TmuxCommand[] = [];
  for (const option of options) sets.push(["set-option", "-p", "-t", last, ...option]);
  // all in one: while a run-shell is carried out, another client may make a pane, which is the last then
  const mark = quoteCommand(["run-shell", "-t", window, "-C", quoteCommands(sets)]);
  // -f puts the new pane last, so that the others keep their indexes, and so that it can be named by its own
  const split = quoteCommand(["split-window", "-d", "-f", "-t", target, "-P", "-F", "#{pane_id}", ...shell]);
  // one list of commands: the first that fails is the last that is carried out; the secret comes before the new shell can
  // ask for it
  const steps = [split, mark, arrange].join(" ; ");
  const isFull = `#{e|>=:#{window_panes},${Number.parseInt(`${max}`, 10)}}`;
  const refusal = `#{?pane_floating_flag,FLOATING,#{?${isFull},FULL,}}`;
  const refuse = quoteCommand(["display-message", "-p", "-t", target, refusal]);
  const { command, input } = sourced([["if-shell", "-F", "-t", target, refusal, refuse, steps], panesCommand(session)]);
  return tmux(server, [command], { input });
}

/** The first pane of a window that does not float. Throws ERR_COMMAND_FAILED when all do. */
function tiledPane(server: TmuxServer, session: string, window: string): string {
  const rows = tmux(server, [["list-panes", "-t", window, "-F", "#{pane_floating_flag} #{pane_id}"]]).split("\n");
  const id = rows.find((row) => row.startsWith("0 "))?.slice(2);
  if (id !== undefined) return id;
  throw new AppError("ERR_COMMAND_FAILED", `The first window of "${session}" has only floating panes`, {
    hint: "Use another session, or stop one of them from floating.",
  });
}
