import type { TmuxCommand } from "./command-line.ts";
import { PATH_FORMAT } from "./format.ts";
import { AWAITED_OPTION, TYPED_LINES_OPTION, TYPED_OPTION, TYPED_ROW_OPTION } from "./options.ts";

// tmux's history does not tell where the output of a command begins, so it is noted when the command is typed. Rows are
// counted from the top of the history, which is right as long as nothing is dropped from it.
const TYPED = `#{${TYPED_OPTION}}`;
const IS_SAME_PATH = `#{m:* ${PATH_FORMAT},${TYPED}}`;

/** What is noted of the last typing into a pane, beside its text. */
export interface CommandNote {
  /** the row that it was typed in, and the pane's state then; undefined when nothing was typed */
  place: { row: number; historySize: number; width: number; isAlternate: boolean } | undefined;
  /** how many lines have been typed since the shell last told something before it, its own among them */
  lines: number;
  /** whether somebody has been told how it ended, or was to be */
  isAwaited: boolean;
}

/** The commands that note where a text of so many lines is typed; before noteTyped's last one, whose value they compare. */
export function notePlace(target: string, lines: number): TmuxCommand[] {
  const set = ["set-option", "-p", "-F", "-t", target];
  return [
    [...set, TYPED_ROW_OPTION, "#{history_size} #{cursor_y} #{pane_width} #{alternate_on}"],
    [...set, TYPED_LINES_OPTION, `#{?${IS_SAME_PATH},#{e|+:#{${TYPED_LINES_OPTION}},${lines}},${lines}}`],
  ];
}

/** The command that notes that whoever types now waits for the end; after noteTyped. */
export function noteAwaited(target: string): TmuxCommand {
  return ["set-option", "-p", "-F", "-t", target, AWAITED_OPTION, TYPED];
}

/** As noteAwaited, but only if the pane's shell waits at its prompt and has dealt with what was typed. */
export function noteAwaitedIfIdle(target: string): TmuxCommand {
  const unless = (condition: string) => `#{?${condition},#{${AWAITED_OPTION}},${TYPED}}`;
  const value = `#{?#{m:claude-tmux:*;idle;*,${PATH_FORMAT}},${unless(IS_SAME_PATH)},#{${AWAITED_OPTION}}}`;
  return ["set-option", "-p", "-F", "-t", target, AWAITED_OPTION, value];
}

/** The format whose expansion parseCommandNote reads. */
export const COMMAND_NOTE_FORMAT = `#{${TYPED_ROW_OPTION}}/#{${TYPED_LINES_OPTION}}/#{==:#{${AWAITED_OPTION}},${TYPED}}`;

/** Reads the expansion of COMMAND_NOTE_FORMAT. Pure. */
export function parseCommandNote(expansion: string): CommandNote {
  const [place = "", lines = "", isAwaited = ""] = expansion.split("/");
  const [historySize = 0, y = 0, width = 0, alternate = 0] = place.split(" ").map(Number);
  return {
    place: place === "" ? undefined : { row: historySize + y, historySize, width, isAlternate: alternate === 1 },
    lines: Number(lines) || 0,
    isAwaited: isAwaited === "1",
  };
}
