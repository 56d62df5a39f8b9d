import type { Typings } from "../matching/judge.ts";
import type { MatcherSeed } from "../matching/pane-matcher.ts";
import { readCapture } from "../matching/places.ts";
import { PATH_FORMAT } from "../tmux/format.ts";
import { KEY_OPTION } from "../tmux/options.ts";
import { parseShellState, type ShellState, wordOf } from "../tmux/shell-state.ts";
import { parseTyped, TYPED_FORMAT } from "../tmux/typed.ts";

/** A pane as tmux tells it in one moment, from which following it starts or goes on. */
export interface PaneSeed {
  screen: MatcherSeed;
  /** whether all rows of its history were asked for */
  hasHistory: boolean;
  typed: Typings;
  shellPid: number;
  /** the secret of its shell (see wordOf) */
  shellKey: string;
  shell: ShellState | undefined;
  /** when its window last wrote something (ms since the epoch) */
  activityAt: number;
}

/** How many rows of the history are asked for: all that there are, or so many. */
export type History = "all" | number;

const FORMAT = [
  "pane_width pane_height cursor_x cursor_y alternate_saved_x alternate_saved_y alternate_on",
  "scroll_region_upper scroll_region_lower history_size history_limit pane_pid window_activity",
]
  .join(" ")
  .replace(/\w+/g, "#{$&}");

/** The commands whose answers parseSeed reads, for tmux to carry out as one. */
export function seedCommands(pane: string, history: History): string[][] {
  const display = (format: string) => ["display-message", "-p", "-t", pane, format];
  const capture = ["capture-pane", "-p", "-t", pane];
  const from = ["-S", history === "all" ? "-" : `-${history}`];
  // what a full-screen program hides; nothing where there is none
  const saved = [...capture, "-a", "-q"];
  return [
    display(FORMAT),
    display(`#{${KEY_OPTION}} ${PATH_FORMAT}`),
    display(TYPED_FORMAT),
    [...capture, ...from],
    [...capture, ...from, "-J"],
    saved,
    [...saved, "-J"],
  ];
}

/** Reads the lines of those answers; undefined when they tell of no pane. Pure. */
export function parseSeed(answers: readonly string[][], history: History): PaneSeed | undefined {
  const [state, path, typed, rows = [], lines = [], savedRows = [], savedLines = []] = answers;
  const values = (state?.[0] ?? "").split(" ").map(Number);
  const [cols = 0, height = 0, x = 0, y = 0, savedX = 0, savedY = 0, alternate = 0, ...more] = values;
  const [upper = 0, lower = 0, historySize = 0, historyLimit = 0, pid = 0, activity = 0] = more;
  if (cols === 0 || height === 0) return undefined;
  const captured = history === "all" ? historySize : Math.min(history, historySize);
  const saved = alternate === 1 ? { rows: savedRows, lines: savedLines } : undefined;
  const shown = readCapture({ cols, historySize, captured, rows, lines, saved });
  const [key = ""] = (path?.[0] ?? "").split(" ", 1);
  const told = parseShellState((path?.[0] ?? "").slice(key.length + 1));
  return {
    screen: {
      cols,
      rows: height,
      firstRow: historySize,
      historyLimit,
      lines: shown.normal,
      // a program that did not have its cursor saved has none
      cursor: saved ? { x: within(savedX, cols), y: within(savedY, height) } : { x, y },
      alternate: shown.alternate && { lines: shown.alternate, cursor: { x, y } },
      scrollRegion: { upper, lower },
    },
    hasHistory: history === "all",
    typed: parseTyped(typed?.join("\n") ?? ""),
    shellPid: pid,
    shellKey: key,
    shell: wordOf(told, { pid, key }),
    activityAt: activity * 1000,
  };
}

function within(value: number, size: number): number {
  return value < size ? value : 0;
}
