import type { ScreenRule } from "./agent.ts";
import type { Told } from "./told.ts";

/** Within so many of the last rows that are not blank a dialog is to end: below it is at most a line or two of status. */
const END_ROWS = 4;
/** So many rows a dialog may have. */
const DIALOG_ROWS = 30;

/**
 * What a screen says of an agent that asks somebody something, works, or has nothing to do; undefined for any other. Pure.
 * @param rows the rows that the terminal shows now, from the top
 */
export function shownOn(rules: readonly ScreenRule[], rows: readonly string[]): Told | undefined {
  const last = rows.filter((row) => row.trim() !== "").slice(-DIALOG_ROWS);
  const rule = rules.find((one) => isShown(one, last));
  if (!rule) return undefined;
  const { for: what } = rule;
  return what === "idle" || what === "working" ? { state: what } : { state: "waiting", for: what };
}

/** From the end on: what is on its way up is no dialog any more. */
function isShown({ rows, without }: ScreenRule, last: readonly string[]): boolean {
  if (without && last.some((row) => without.test(row))) return false;
  let at = last.length;
  for (const [i, pattern] of rows.toReversed().entries()) {
    const before = last.slice(i === 0 ? -END_ROWS : 0, i === 0 ? undefined : at);
    const found = before.findLastIndex((row) => pattern.test(row));
    if (found === -1) return false;
    at = i === 0 ? Math.max(0, last.length - END_ROWS) + found : found;
  }
  return true;
}
