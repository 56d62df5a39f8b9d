import { AppError } from "../../lib/errors.ts";

/** How many characters of text an answer holds at most. */
export const OUTPUT_MAX = 20_000;
/** How long any other text of an answer may be. */
const TEXT_MAX = 2000;
/** How much of what was cut off is kept for those who read on: so many answers, so many characters. */
const KEPT_MAX = 16;
const KEPT_CHARACTERS = 32_000_000;

type Long = string | readonly unknown[];

/** A part of a long output, and how much of it is left before that (of a list: how much of it has been told). */
interface Part {
  part: Long;
  /** undefined: nothing is left */
  at: number | undefined;
}

/**
 * What was cut off answers, for those who read on: what a pane shows may have changed by then, and the output of a command may
 * stand nowhere else. The oldest are forgotten.
 */
export class Rests {
  private readonly kept = new Map<string, { value: Long; size: number; pane: unknown }>();
  private count = 0;

  /**
   * An answer within bounds: of a text its end, of a list its beginning; what was cut is told by `output_truncated`, and
   * `cursor` is what next() takes. Other texts are shortened.
   * @param name which of its facts may be long
   * @param room how many characters it may have
   */
  bounded(answer: Record<string, unknown>, { name = "output", room = OUTPUT_MAX } = {}): Record<string, unknown> {
    const { [name]: output, ...facts } = answer;
    const short = shortened(facts) as Record<string, unknown>;
    if (output === undefined) return short;
    const { lines, ...screen } = isScreen(output) ? output : { lines: undefined };
    const long = lines ?? output;
    if (!isLong(long)) return { ...short, [name]: shortened(output) };
    const part = typeof long === "string" ? endOf(long, room) : beginningOf(long, 0, room);
    const shown = lines ? { ...screen, lines: part.part } : part.part;
    // the rest of a screen is read as text
    const whole = lines ? lines.join("\n") : long;
    const rest = lines && part.at !== undefined ? { ...part, at: whole.length } : part;
    return { ...inOrder(answer, short, name, shown), ...this.told(rest, () => this.keep(whole, answer.pane)) };
  }

  /**
   * What comes before the part of a text that was told with that cursor, or after the part of a list.
   * @throws AppError ERR_INVALID_ARGUMENT for one that is unknown, forgotten, or of the other kind
   */
  next(cursor: string, kind: "text" | "list"): Record<string, unknown> {
    const [id = "", at = ""] = cursor.split(":");
    const rest = this.kept.get(id);
    const isThere = rest && (typeof rest.value === "string") === (kind === "text") && /^\d{1,9}$/.test(at);
    if (!isThere) {
      throw new AppError("ERR_INVALID_ARGUMENT", `There is no ${kind} to read on with the cursor "${cursor}"`, {
        hint: `Only the last ${KEPT_MAX} long answers are kept. Ask again for the whole.`,
      });
    }
    const { value, pane } = rest;
    const part =
      typeof value === "string"
        ? endOf(value.slice(0, Number(at)), OUTPUT_MAX)
        : beginningOf(value, Number(at), OUTPUT_MAX);
    return { pane, output: part.part, ...this.told(part, () => id) };
  }

  private told({ at }: Part, id: () => string): Record<string, unknown> {
    return at === undefined ? {} : { output_truncated: true, cursor: `${id()}:${at}` };
  }

  private keep(value: Long, pane: unknown): string {
    const id = `${++this.count}`;
    this.kept.set(id, { value, size: typeof value === "string" ? value.length : JSON.stringify(value).length, pane });
    for (const [old] of this.kept) {
      const size = [...this.kept.values()].reduce((sum, each) => sum + each.size, 0);
      if (old === id || (this.kept.size <= KEPT_MAX && size <= KEPT_CHARACTERS)) break;
      this.kept.delete(old);
    }
    return id;
  }
}

/** The last lines of a text, as many as there is room for; of a line that is longer, its end. */
function endOf(text: string, room: number): Part {
  if (text.length <= room) return { part: text, at: undefined };
  let at = text.length - room;
  const newline = text.indexOf("\n", at - 1);
  if (newline !== -1 && newline < text.length - 1) at = newline + 1;
  // not in the midst of a character
  else if (isSecondHalf(text.charCodeAt(at))) at += 1;
  return { part: text.slice(at), at };
}

/** The items of a list from one on, as many as there is room for, and one at least. */
function beginningOf(list: readonly unknown[], from: number, most: number): Part {
  let to = from;
  let room = most;
  for (; to < list.length; to++) {
    room -= JSON.stringify(shortened(list[to])).length;
    if (room < 0 && to > from) break;
  }
  return { part: list.slice(from, to).map(shortened), at: to < list.length ? to : undefined };
}

function shortened(value: unknown): unknown {
  if (typeof value === "string") return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value;
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shortened(each)]));
}

function inOrder(
  answer: object,
  facts: Record<string, unknown>,
  name: string,
  shown: unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.keys(answer).map((each) => [each, each === name ? shown : facts[each]]));
}

function isLong(value: unknown): value is Long {
  return typeof value === "string" || Array.isArray(value);
}

function isScreen(value: unknown): value is { lines: string[] } {
  return typeof value === "object" && value !== null && "lines" in value && Array.isArray(value.lines);
}

function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
