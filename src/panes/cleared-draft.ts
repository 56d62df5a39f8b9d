import { poll } from "../lib/wait.ts";
import { isResting } from "../process/foreground.ts";
import { shellName } from "../process/shell-name.ts";
import type { Pane } from "../tmux/panes.ts";
import { type Ask, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isLastTyped } from "../tmux/typed.ts";
import { isEditingLine } from "./lost-prompt.ts";
import { pressWhere } from "./press-where.ts";
import { type LeftOfCursor, leftOfCursor } from "./secondary-prompt.ts";

/** The beginning of what is heard when an empty line is cleared: at most a bell, and then the blank that a marked command begins with. */
const EMPTY = /^\x07?(?: |$)/;
/** The beginning of what a terminal in canonical mode shows: Ctrl-E as two letters, and each letter rubbed out. */
const RUBBED = /^\^E((?:\x08 \x08)+)/;
/** The same of a line editor: to the end of the line, back over it, and blank; of an empty line it does not go back. */
const ERASED = /^(?:\x1bM|\x1b\[\d*A)*(?:\r|\x1b\[\d*C)*(?:\x08|\x1b\[\d*D)+(?:\x1b\[K| +)/;

/** A line editor that goes back by the beginning of the first row, and so many columns from there to the end of the prompt. */
const RETURNED = /^(?:\x1bM|\x1b\[\d*A)*\r((?:\x1b\[\d*C)*)\x1b\[K/;

/**
 * Whether something stood on the line that was cleared before a marked command was typed, by what was heard then: false for
 * certain; else undefined where there is no telling. Pure.
 * @param line what the pane showed left of its cursor before that
 */
export function heldDraft(heard: string, line?: string): boolean | undefined {
  if (heard === "") return undefined;
  if (EMPTY.test(heard)) return false;
  const [, rubbed] = RUBBED.exec(heard) ?? [];
  if (rubbed !== undefined) return rubbed.length > 2 * "\b \b".length;
  if (ERASED.test(heard)) return true;
  const [, moves] = RETURNED.exec(heard) ?? [];
  if (moves === undefined || line === undefined) return undefined;
  let columns = 0;
  for (const [, count] of moves.matchAll(/\x1b\[(\d*)C/g)) columns += Number(count || 1);
  return Bun.stringWidth(line.trimEnd()) > columns || undefined;
}

/** Shells whose line editors keep what Ctrl-U takes, and give it back at Ctrl-Y. */
const KEEPING = ["bash", "zsh", "fish"];
const YANK = ["-H", "19"];
/** How long a shell may take to show its prompt, and then what is put back. */
const SHOWN_MS = 500;
const BACK_MS = 2000;
const LOOK_MS = 5;

/** A marked command that has ended. */
interface After {
  /** what was heard from its typing to its start */
  heard: string;
  /** what the pane showed left of its cursor before that, from the beginning of a long line; undefined: not known */
  line: string | undefined;
  /** whether something was cleared before, which was heard by nobody */
  isCleared: boolean;
  /** of its typing */
  stamp: string;
}

/**
 * Has a shell put back what was seen to be cleared for a marked command: only at the same prompt as before, if nobody scrolls back,
 * and if the cursor is where it was seen there, since Ctrl-Y gives back what was taken last, whatever that is.
 * @returns whether something was cleared, as far as that is known, and is not known to stand there again
 */
export async function isDraftLost(
  server: TmuxServer,
  pane: Pane,
  { heard, line, isCleared, stamp }: After,
): Promise<boolean> {
  if (!isCleared && heldDraft(heard, line) !== true) return false;
  if (line === undefined || !KEEPING.includes(shellName(pane.pid))) return true;
  const ask: Ask = (commands) => tmuxAsync(server, commands);
  try {
    const pressed = await poll(SHOWN_MS, LOOK_MS, async () => {
      const prompt = await promptOf(server, pane, line);
      if (prompt === undefined) return undefined;
      const isThere = `#{==:#{cursor_x} #{cursor_y} #{pane_in_mode},${prompt.x} ${prompt.y} 0}`;
      const isSame = `#{&&:${isLastTyped(stamp)},${isThere}}`;
      // of a prompt that was half drawn, there is more by now
      return (await pressWhere(ask, pane.id, YANK, isSame, 0)) ? prompt : undefined;
    });
    if (pressed === undefined) return true;
    // with the cursor at its beginning, nothing of it was left of that
    const isBack = async () => {
      const shown = await leftOfCursor(server, pane);
      return shown.whole.length > pressed.whole.length && shown.whole.startsWith(line);
    };
    return (await poll(BACK_MS, LOOK_MS, isBack)) === undefined;
  } catch {
    return true; // the command has ended all the same
  }
}

/** The prompt at which a shell waits, with nothing typed at it, if a line began with it before. */
async function promptOf(server: TmuxServer, pane: Pane, line: string): Promise<LeftOfCursor | undefined> {
  if (!isResting(pane.pid) || !(await isEditingLine(server, pane))) return undefined;
  const shown = await leftOfCursor(server, pane);
  return shown.whole.trim() !== "" && line.startsWith(shown.whole) ? shown : undefined;
}
