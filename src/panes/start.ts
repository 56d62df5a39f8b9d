import type { TmuxCommand } from "../tmux/command-line.ts";
import { lineOfRow, parseRow, ROW_FORMAT } from "./last-words.ts";

/** What a pane shows at the point from which on it is heard. */
export interface Start {
  /** the lines above the cursor's */
  lines: string[];
  cursorLine: string;
  /** the cursor's row (see last-words.ts) */
  row: number | undefined;
}

/** How many of the lines above the cursor's are wanted, and whether with escape sequences for colours. */
export interface StartOptions {
  lines: number;
  ansi: boolean;
}

/** The commands whose answers parseStart() reads, all three from one moment. */
export function startCommands(target: string, options: StartOptions): TmuxCommand[] {
  const range = ["-t", target, "-S", `-${options.lines}`];
  return [
    ["display-message", "-p", "-t", target, `#{pane_height} #{cursor_y} ${ROW_FORMAT}`],
    ["capture-pane", "-p", ...range],
    ["capture-pane", "-p", "-J", ...(options.ansi ? ["-e"] : []), ...range],
  ];
}

/** Reads the answers to startCommands(), each as lines. Pure. */
export function parseStart([state = [], rows = [], joined = []]: string[][], { lines: count }: StartOptions): Start {
  const [height = "", cursorY = "", ...row] = (state[0] ?? "").split(" ");
  const at = lineOfRow(rows, joined, rows.length - Number(height) + Number(cursorY));
  const lines = joined.slice(Math.max(0, at - count), at);
  return { lines, cursorLine: joined[at] ?? "", row: parseRow(row.join(" ")) };
}
