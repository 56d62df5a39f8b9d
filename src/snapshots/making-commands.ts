import { maker } from "../process/maker.ts";
import { quoteCommand, quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { madePaneText } from "../tmux/made.ts";
import { encodeAll } from "../tmux/metadata.ts";
import {
  KEY_OPTION,
  LABEL_OPTION,
  MADE_PANE_OPTION,
  MAKING_OPTION,
  METADATA_OPTION,
  RESTORING_OPTION,
} from "../tmux/options.ts";
import { newShellKey } from "../tmux/shell-state.ts";
import { stayUnattached } from "../tmux/stay-unattached.ts";
import { sessionTarget } from "../tmux/target.ts";
import { asFormat, asName, folderOption } from "./as-tmux.ts";
import { type Hooks, maskSession, maskWindow } from "./hooks.ts";
import type { Plan, PlannedPane, PlannedWindow } from "./plan.ts";

// The commands by which tmux makes a session, in the order in which they are carried out.

/** An index that no window of a snapshot has (see manifest.ts), nor base-index. */
export const SPARE_INDEX = 1_999_999;

/** A pane that was made. */
export interface MadePane {
  window: PlannedWindow;
  pane: PlannedPane;
  /** its %id */
  id: string;
  /** how the files begin in which its shell finds what is to come back; undefined for one that is shown for the second time */
  prefix: string | undefined;
}

/**
 * The commands that make the session itself, the last of which tells its `$id` and pane-base-index. Pure.
 * @param mark what says who makes it
 */
export function beginCommands(
  { name, windows, cwd, environment, mate }: Plan,
  { mark, hooks }: { mark: string; hooks: Hooks },
): TmuxCommand[] {
  const first = windows[0]?.saved;
  const size = first ? ["-x", `${first.width}`, "-y", `${first.height}`] : [];
  const set = [...environment]
    .filter(([, value]) => value !== null)
    .flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const target = sessionTarget(name);
  // a window that goes again: the limit of a history is set before a pane is made, and this one is made with the session
  const content = mate === undefined ? ["sleep 60"] : ["-t", `${mate}:`];
  const commands: TmuxCommand[] = [
    ["new-session", "-d", "-s", asName(name), ...size, ...folderOption(cwd), ...set, ...content],
    ...maskSession(hooks, target),
    // the windows of a mate are its own
    ...(mate === undefined ? maskWindow(hooks, target) : []),
    ["set-option", "-t", target, RESTORING_OPTION, mark],
    ["set-option", "-t", target, "renumber-windows", "off"],
    stayUnattached(target),
    ...(mate === undefined ? [["move-window", "-d", "-s", target, "-t", `${target}${SPARE_INDEX}`]] : []),
    ...[...environment].flatMap(([key, value]) =>
      value === null ? [["set-environment", "-t", target, "-r", key]] : [],
    ),
    ["display-message", "-p", "-t", target, "#{session_id} #{pane-base-index}"],
  ];
  return hooks.isHookless ? hookless(commands) : commands;
}

/**
 * Commands that are carried out as those of a hook are, after which no other hook comes. The option goes first: what it holds has
 * been read by then.
 */
function hookless(commands: readonly TmuxCommand[]): TmuxCommand[] {
  return [
    ["set-option", "-g", MAKING_OPTION, quoteCommands([["set-option", "-gu", MAKING_OPTION], ...commands])],
    ["set-hook", "-gR", MAKING_OPTION],
  ];
}

/** Where a window is made. */
interface Place {
  /** of the session */
  target: string;
  /** pane-base-index */
  base: number;
  hooks: Hooks;
  /** what is started in a pane */
  commandOf(pane: PlannedPane): string[];
}

/** The commands that make a window and its panes. Pure. */
export function windowCommands(
  { saved, layout, name, panes }: PlannedWindow,
  { target, base, hooks, commandOf }: Place,
): TmuxCommand[] {
  const window = `${target}${saved.index}`;
  const [first, ...others] = panes;
  if (!first) return [];
  if (saved.same_as !== null) return [["link-window", "-d", "-s", `${target}${saved.same_as}`, "-t", window]];
  const limit = (pane: PlannedPane) => ["set-option", "-t", target, "history-limit", `${pane.saved.history_limit}`];
  const split = (pane: PlannedPane, i: number): TmuxCommand[] => [
    limit(pane),
    ["split-window", "-d", "-t", `${window}.${base + i}`, ...folderOption(pane.cwd), ...commandOf(pane)],
    // else there is no room for the next
    ["select-layout", "-t", window, "tiled"],
  ];
  // as it is: rename-window has a backslash doubled
  const named = name === undefined ? [] : ["-n", asFormat(name)];
  return [
    limit(first),
    ["new-window", "-d", "-t", window, ...named, ...folderOption(first.cwd), ...commandOf(first)],
    ...maskWindow(hooks, window),
    ...others.flatMap(split),
    ["select-layout", "-t", window, layout],
  ];
}

/** The session that was made. */
interface Made {
  target: string;
  placed: readonly MadePane[];
  /** whether its shells ask for a secret */
  hasKeys: boolean;
  /** ms since the epoch */
  at: number;
}

/**
 * The commands that set everything, and which panes were used last, in tmux's own syntax.
 * @returns `settings`: those that another version of tmux may not know, or whose value it may not take
 */
export function propertyCommands(
  plan: Plan,
  { target, placed, hasKeys, at }: Made,
): { lines: string[]; settings: string[] } {
  const lines: string[] = [];
  const settings: string[] = [];
  const add = (command: TmuxCommand) => lines.push(quoteCommand(command));
  const setAll = (scope: string[], of: string, options: readonly [string, string][]) => {
    for (const [name, value] of options)
      settings.push(quoteCommand(["set-option", "-q", ...scope, "-t", of, name, value]));
  };
  for (const { window, pane, id } of placed) {
    if (hasKeys) add(["set-option", "-p", "-t", id, KEY_OPTION, newShellKey()]);
    add(["set-option", "-p", "-t", id, MADE_PANE_OPTION, madePaneText({ by: maker(), at })]);
    if (pane.label !== undefined) add(["set-option", "-p", "-t", id, LABEL_OPTION, pane.label]);
    if (Object.keys(pane.metadata).length > 0)
      add(["set-option", "-p", "-t", id, METADATA_OPTION, encodeAll(pane.metadata)]);
    if (pane.title !== "") add(["select-pane", "-t", id, "-T", asFormat(pane.title)]);
    setAll(["-p"], id, pane.options);
    if (pane !== window.panes.at(-1)) continue;
    setAll(["-w"], `${target}${window.saved.index}`, window.options);
    for (const command of usedCommands(window, placed)) add(command);
  }
  add(["set-option", "-u", "-t", target, "renumber-windows"]);
  add(["set-option", "-u", "-t", target, "history-limit"]);
  add(["set-option", "-u", "-t", target, "default-size"]);
  setAll([], target, plan.options);
  return { lines, settings };
}

/** The commands that use the panes of a window in the order in which they were used. */
function usedCommands({ saved, panes }: PlannedWindow, placed: readonly MadePane[]): TmuxCommand[] {
  const ids = new Map(placed.map(({ pane, id }) => [pane, id]));
  const active = panes.find(({ saved: pane }) => pane.is_active);
  const used = [panes.find(({ saved: pane }) => pane.is_last), active];
  const selects = used.flatMap((pane) => (pane ? [["select-pane", "-t", ids.get(pane) ?? ""]] : []));
  return saved.is_zoomed && active ? [...selects, ["resize-pane", "-Z", "-t", ids.get(active) ?? ""]] : selects;
}
