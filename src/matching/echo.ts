import type { Typed } from "../tmux/typed.ts";
import type { Sighting } from "./sightings.ts";

/** Where a match lies in the echo of something typed: its line, and whether a prompt stands before it. */
export interface Echo {
  line: number;
  hasPrompt: boolean;
}

/**
 * Lines on which the cursor has rested: where a program waits for input, the echo of which comes after them. And the rows
 * of prompts that a shell has told of: what was typed before is drawn with them, and no cursor ever rests there.
 */
export class RestingLines {
  private readonly lines = new Set<string>();
  /** newest last; `to` is the first row after it, once the shell has begun with a command */
  private prompts: { from: number; to: number }[] = [];

  /** @param isFresh whether nothing had been written before: then the first prompt is not known yet */
  constructor(private readonly isFresh: boolean) {}

  /** Notes a line on which the cursor rests. */
  add(line: string): void {
    const prompt = line.trimEnd();
    if (prompt === "") return;
    this.lines.delete(prompt);
    this.lines.add(prompt);
    for (const oldest of this.lines) {
      if (this.lines.size <= RESTING_MAX) break;
      this.lines.delete(oldest);
    }
  }

  /** The shell begins to draw its prompt in this row: another one, or the same again. */
  beginPrompt(row: number): void {
    this.endPrompt(row);
    this.prompts = [...this.prompts.slice(-RESTING_MAX), { from: row, to: Number.POSITIVE_INFINITY }];
  }

  /** The shell begins with what was typed; its output comes from this row on. */
  endPrompt(row: number): void {
    const prompt = this.prompts.at(-1);
    if (prompt?.to === Number.POSITIVE_INFINITY) prompt.to = row;
  }

  /** Rows are counted anew. */
  forgetRows(): void {
    this.prompts = [];
  }

  /** So many rows fewer come before each from now on. */
  recount(rows: number): void {
    this.prompts = this.prompts.map(({ from, to }) => ({ from: from - rows, to: to - rows }));
  }

  /** The newest of them. */
  last(count: number): string[] {
    return [...this.lines].slice(-count);
  }

  /** Whether a program may be waiting for input after this text, with which the line in this row begins. */
  isPrompt(text: string, row: number): boolean {
    const prompt = text.trimEnd();
    if (prompt === "" || this.lines.has(prompt) || (this.isFresh && this.lines.size === 0)) return true;
    return this.isTyped(row);
  }

  /** Whether what matches was typed at a prompt, whatever it is. */
  isBehindPrompt({ line, row, match }: Sighting): boolean {
    const end = match.start + match.text.trimEnd().length;
    const isBehind = (prompt: string) => PROMPT_END.test(prompt) && line.startsWith(prompt) && end > prompt.length;
    return this.isTyped(row) || [...this.lines].some(isBehind);
  }

  /** Whether the shell takes what is typed in this row, behind its prompt. */
  private isTyped(row: number): boolean {
    return this.prompts.some(({ from, to }) => from <= row && row < to);
  }
}

const RESTING_MAX = 50;
const PROMPT_END = /[$#%>❯❱➜λ»›:]$/u;

/**
 * Whether the match of a sighting lies in the echo of what was typed: the line is a prompt, or nothing, and then the
 * text. Blanks count alike, since a tab is echoed as spaces. Undefined: it is output. Pure.
 */
export function findEcho(sighting: Sighting, typed: Typed, resting: RestingLines): Echo | undefined {
  const shown = sighting.line.trimEnd();
  const end = sighting.match.start + sighting.match.text.trimEnd().length;
  const lines = typed.text.split(/\r?\n/);
  for (const [line, text] of lines.entries()) {
    const isCut = typed.isCut && line === lines.length - 1;
    const prompt = promptBefore(shown, text, isCut);
    const breaking = () => [SECONDARY, ...resting.last(BREAKING)];
    if (prompt === undefined && isBrokenByPrompts(shown, text, { isCut, prompts: breaking() })) {
      return { line, hasPrompt: true };
    }
    if (prompt === undefined || end <= prompt.length) continue;
    const isContinuation = line > 0 && prompt.trimEnd() === SECONDARY;
    if (isContinuation || resting.isPrompt(prompt, sighting.row)) return { line, hasPrompt: prompt !== "" };
  }
  return undefined;
}

/**
 * As findEcho(), for an echo that a line editor has broken into several lines: this line is one of them, after a line that begins
 * with a prompt and the beginning of the text. Pure.
 * @param above gives the lines before it, the nearest last: asked for only of a line that may be a part of it
 */
export function findBrokenEcho(
  { line: shown, row }: Pick<Sighting, "line" | "row">,
  above: () => readonly string[],
  typed: Typed,
  resting: RestingLines,
): Echo | undefined {
  const [word = ""] = shown.trimStart().split(/\s/, 1);
  if (word === "" || !typed.text.includes(word)) return undefined; // most lines
  const end = squeeze(shown);
  const lines = typed.text.split(/\r?\n/);
  for (const [line, text] of lines.entries()) {
    const whole = squeeze(text);
    const isCut = typed.isCut && line === lines.length - 1;
    if (!(whole.includes(end) || (isCut && whole.includes(end.slice(0, COMPARED))))) continue;
    let between = "";
    for (const before of above().slice(-BROKEN_MAX).toReversed()) {
      const start = beginningOf(text, before);
      const shownAbove = squeeze(before.slice(start ?? 0)) + between;
      // where all that is known of it stands above, there is no telling what comes after that
      const goesBeyond = isCut && shownAbove.length < whole.length && (shownAbove + end).startsWith(whole);
      const isPart = whole.startsWith(shownAbove + end) || (goesBeyond && whole.startsWith(shownAbove));
      if (start !== undefined && isPart && resting.isPrompt(before.slice(0, start), row)) {
        return { line, hasPrompt: true };
      }
      between = squeeze(before) + between;
      if (!whole.includes(between)) break;
    }
  }
  return undefined;
}

/** Where the beginning of a text stands in a line, after something else. Pure. */
function beginningOf(text: string, line: string): number | undefined {
  const [first = ""] = text.trim().split(/\s/, 1);
  const at = line.indexOf(first, 1);
  return first === "" || at === -1 || line.slice(0, at).trim() === "" ? undefined : at;
}

/**
 * Lines without the echo of what was typed, as far as one look can tell: the typed text after a prompt, in one line or
 * broken into several as some shells draw it. What precedes it is a prompt if it is blank, if it ends as prompts do, or
 * if it is what the last line begins with. The terminal may have echoed it as well, above, when it was typed ahead. Pure.
 * @param typings newest first
 */
export function dropEchoes(lines: readonly string[], typings: readonly Typed[]): string[] {
  if (typings.length === 0) return [...lines]; // most looks, for which the rest would only have to be compiled
  const left: (string | undefined)[] = [...lines];
  const ends = lines.map((line) => squeeze(line).slice(-COMPARED));
  const last = lines.at(-1)?.trimEnd();
  const isBlank = (text: string) => text.trim() === "";
  const isPrompt = (text: string) => PROMPT_END.test(text.trimEnd()) || (!isBlank(text) && text.trimEnd() === last);
  for (const typed of typings) {
    const texts = typed.text.split(/\r?\n/);
    for (const [i, text] of [...texts.entries()].toReversed()) {
      const isCut = typed.isCut && i === texts.length - 1;
      const found =
        findTyped(left, ends, { text, isCut, isPrompt }) ??
        findBroken(left, text, { isCut, prompts: last ? [SECONDARY, last] : [SECONDARY] }) ??
        findTyped(left, ends, { text, isCut, isPrompt: isBlank });
      if (!found) continue;
      left.fill(undefined, found.from, found.to + 1);
      const bare =
        found.prompt.trim() === ""
          ? -1
          : left.slice(0, found.from).findLastIndex((line) => line?.trim() === text.trim());
      if (bare !== -1) left[bare] = undefined;
    }
  }
  return left.filter((line) => line !== undefined);
}

const BROKEN_MAX = 60;

/** The last lines that show the typed text after a prompt; `ends` are what lines end with, without blanks. */
function findTyped(
  lines: readonly (string | undefined)[],
  ends: readonly string[],
  { text, isCut, isPrompt }: { text: string; isCut: boolean; isPrompt(prompt: string): boolean },
): { from: number; to: number; prompt: string } | undefined {
  if (text.trim() === "") return undefined;
  const squeezed = squeeze(text);
  for (let from = lines.length - 1; from >= 0; from--) {
    let shown = "";
    for (let to = from; to < Math.min(lines.length, from + BROKEN_MAX); to++) {
      const line = lines[to];
      // only lines that can be a part of it are put together
      if (line === undefined || !squeezed.includes((ends[to] as string).slice(-squeezed.length))) break;
      shown += line;
      const prompt = promptBefore(shown.trimEnd(), text, isCut);
      if (prompt !== undefined && prompt.length <= (lines[from]?.length ?? 0) && isPrompt(prompt)) {
        return { from, to, prompt };
      }
    }
  }
  return undefined;
}

/** The last line that shows the typed text with prompts in the midst of it. */
function findBroken(
  lines: readonly (string | undefined)[],
  text: string,
  options: { isCut: boolean; prompts: readonly string[] },
): { from: number; to: number; prompt: string } | undefined {
  const at = lines.findLastIndex((line) => line !== undefined && isBrokenByPrompts(line, text, options));
  return at === -1 ? undefined : { from: at, to: at, prompt: lines[at] as string };
}

/** The prompt at which a shell waits for the rest of a command, if nobody has set PS2. */
const SECONDARY = ">";
/** How many of the lines that have rested are tried as prompts in the midst of an echo, and how many may stand in one. */
const BREAKING = 3;

/**
 * Whether a line shows the typed text with prompts in the midst of it: a shell without a line editor writes its prompt
 * while the terminal may still be echoing what comes after. Blanks don't count. Pure.
 */
function isBrokenByPrompts(
  shown: string,
  text: string,
  { isCut, prompts }: { isCut: boolean; prompts: readonly string[] },
): boolean {
  const typed = squeeze(text);
  const most = Math.max(...prompts.map((prompt) => prompt.length)) * BREAKING;
  const line = squeeze(shown);
  if (typed === "" || line.length <= typed.length || (!isCut && line.length > typed.length + most)) return false;
  const isTyped = (rest: string) => (isCut ? squeeze(rest).startsWith(typed) : squeeze(rest) === typed);
  const isTypedWithout = (line: string, left: number): boolean =>
    prompts.some((prompt) => {
      for (let at = line.indexOf(prompt, 1); at !== -1; at = line.indexOf(prompt, at + 1)) {
        const end = at + prompt.length;
        if (end < line.length && line[end] !== " ") continue;
        const rest = line.slice(0, at) + line.slice(end);
        if (isTyped(rest) || (left > 1 && isTypedWithout(rest, left - 1))) return true;
      }
      return false;
    });
  return line[0] === typed[0] && isTypedWithout(shown.trim(), BREAKING);
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}

/** How much of a line's end must be in the typed text for the line to be a part of its echo. */
const COMPARED = 8;

/** What stands before the typed text in a line that ends with it (or, if the text was cut, holds it). Pure. */
export function promptBefore(shown: string, text: string, isCut: boolean): string | undefined {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  if (words.join("") === "") return undefined;
  const found = new RegExp(`${words.join("\\s+")}${isCut ? "" : "\\s*$"}`).exec(shown);
  return found ? shown.slice(0, found.index) : undefined;
}
