import { dropEchoes } from "../matching/echo.ts";
import type { Matcher } from "../matching/quick-pattern.ts";
import type { Look } from "./look.ts";

/** Which lines count that are there already: by default those of the pane's last command (see since.ts). */
export type Existing = "all" | "none" | undefined;

/** How many lines count where nobody can tell whose they are. */
export const LINES = 50;
const LAST_LINES = 5;

/** What of a look it takes. */
type Seen = Pick<Look, "lines" | "cursorLine" | "typings" | "command" | "first"> & {
  unended?: string;
  pane: Pick<Look["pane"], "shell">;
};

/** Which of the lines that match count, as of a look at a pane. Pure. */
export class Counted {
  /** the lines that match, and count */
  readonly found: string[];
  /** whether all that is there counts, the prompt too */
  private readonly isAll: boolean;
  /** lines that match, and were there before: how many of each text */
  private readonly before = new Map<string, number>();

  constructor(
    readonly look: Seen,
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
    this.isAll = isAll;
    const unended = isCommands && look.unended ? [look.unended] : [];
    this.found = matching([...lines.slice(from, this.end(look)), ...unended], look, matches);
    for (const line of lines.slice(0, from)) if (matches(line)) this.before.set(line, (this.before.get(line) ?? 0) + 1);
  }

  /** Whether lines match that don't count because nobody can know whether the command that runs wrote them. */
  get isUnsure(): boolean {
    const { command, first } = this.look;
    const isUnknown = command.state === "running" && first === undefined && this.options.existing === undefined;
    return isUnknown && this.before.size > 0;
  }

  /** The lines that match in a later look, but for those that were there before. */
  news(later: Seen): string[] {
    const left = new Map(this.before);
    return matching(later.lines.slice(0, this.end(later)), later, this.matches).filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count <= 0;
    });
  }

  private end(look: Seen): number {
    return this.isAll ? look.lines.length : outputEnd(look);
  }
}

/** The last lines that the last command of a pane wrote; undefined where that can't be told. Pure. */
export function lastLinesOf(look: Seen): string[] | undefined {
  const { lines, first, command, typings } = look;
  if (first === undefined || !command.isTyped) return undefined;
  const unended = look.unended ? [look.unended] : [];
  return lastOf(dropEchoes([...lines.slice(first, outputEnd(look)), ...unended], typings));
}

/** The last of these lines that are not blank at the end. Pure. */
export function lastOf(lines: readonly string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== "") + 1;
  return lines.slice(Math.max(0, end - LAST_LINES), end);
}

/** What a shell writes at its prompt, where the cursor is, is no output: only while a command runs is it one. */
function outputEnd({ pane, lines, cursorLine }: Seen): number {
  return (pane.shell?.word ?? "run") === "run" ? lines.length : Math.min(lines.length, cursorLine);
}

function matching(lines: readonly string[], { typings }: Pick<Look, "typings">, matches: Matcher): string[] {
  // most looks find nothing
  return lines.some(matches) ? dropEchoes(lines, typings).filter(matches) : [];
}
