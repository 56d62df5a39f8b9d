import { dropEchoes } from "../matching/echo.ts";
import type { Matcher } from "./find.ts";
import type { Look } from "./look.ts";
import type { LastCommand } from "./since.ts";

/** Which lines count that are there already: by default those of the pane's last command (see since.ts). */
export type Existing = "all" | "none" | undefined;

/** How many lines count where nobody can tell whose they are. */
const LINES = 50;
const LAST_LINES = 5;

/** Which of the lines that match count, as of a look at a pane. Pure. */
export class Counted {
  /** the lines that match, and count */
  readonly found: string[];
  /** lines that match, and were there before: how many of each text */
  private readonly before = new Map<string, number>();

  constructor(
    readonly look: Pick<Look, "lines" | "cursorLine" | "typings" | "command" | "first">,
    private readonly matches: Matcher,
    private readonly options: { existing: Existing; lines: number | undefined },
  ) {
    const { lines, command, first } = look;
    const { existing } = options;
    const isAll = existing === "all" || (existing === undefined && command.state === "untold");
    const isCommands = existing === undefined && (command.state === "running" || command.state === "ended");
    const newest = options.lines ?? (isAll ? LINES : lines.length);
    const start = isAll ? 0 : isCommands ? (first ?? lines.length) : lines.length;
    const from = Math.max(start, lines.length - newest);
    this.found = matching(lines.slice(from, outputEnd(look)), look, matches);
    if (isAll) return;
    for (const line of lines.slice(0, from)) if (matches(line)) this.before.set(line, (this.before.get(line) ?? 0) + 1);
  }

  /** Whether lines match that don't count because nobody can know whether the command that runs wrote them. */
  get isUnsure(): boolean {
    const { command, first } = this.look;
    const isUnknown = command.state === "running" && first === undefined && this.options.existing === undefined;
    return isUnknown && this.before.size > 0;
  }

  /** The lines that match in a later look, but for those that were there before. */
  news(later: Pick<Look, "lines" | "cursorLine" | "typings" | "command">): string[] {
    const left = new Map(this.before);
    return matching(later.lines.slice(0, outputEnd(later)), later, this.matches).filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count <= 0;
    });
  }
}

/** The last lines that the last command of a pane wrote; undefined where that can't be told. Pure. */
export function lastLinesOf(
  look: Pick<Look, "lines" | "cursorLine" | "typings" | "command" | "first">,
): string[] | undefined {
  const { lines, first, command, typings } = look;
  if (first === undefined || !command.isTyped) return undefined;
  return lastOf(dropEchoes(lines.slice(first, outputEnd(look)), typings));
}

/** The last of these lines that are not blank at the end. Pure. */
export function lastOf(lines: readonly string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== "") + 1;
  return lines.slice(Math.max(0, end - LAST_LINES), end);
}

/** What a shell writes at its prompt, where the cursor is, is no output. */
function outputEnd({
  lines,
  cursorLine,
  command,
}: {
  lines: string[];
  cursorLine: number;
  command: LastCommand;
}): number {
  return command.state === "ended" || command.state === "none" ? Math.min(lines.length, cursorLine) : lines.length;
}

function matching(lines: readonly string[], { typings }: Pick<Look, "typings">, matches: Matcher): string[] {
  // most looks find nothing
  return lines.some(matches) ? dropEchoes(lines, typings).filter(matches) : [];
}
