import type { Choice, Dialog } from "./dialog.ts";

// opencode lays its choices out side by side, and tells by colours alone which of them Enter would choose. tmux can't look for colours
// in the moment in which a key is pressed; so they are not selected, but clicked, where they are shown.

const BORDER = " *\u2503 +";
const HEAD = new RegExp(`^${BORDER}\u25b3 Permission required`);
const CHOICES = new RegExp(`^${BORDER}Allow once {2,}Allow always {2,}Reject(?= |$)`);
/** What it asks of one who has refused what a subagent wants, in place of the choices. */
const REFUSAL = new RegExp(`^${BORDER}\u25b3 Reject permission`);
/** It is asked once more whether it may always: by a dialog of its own, in which a person is to answer. */
const ASKED_AGAIN = "Allow always";
/** Below the choices are at most so many rows that are not blank, and above them so many that say what they are about. */
const BELOW_ROWS = 4;
const ABOVE_ROWS = 30;

/** The dialog at the end of a screen in which opencode asks for a permission; undefined for any other. Pure. */
export function rowDialogOn(rows: readonly string[]): Dialog | undefined {
  const at = rows.findLastIndex((row) => CHOICES.test(row));
  const head = rows.slice(0, Math.max(0, at)).findLastIndex((row) => HEAD.test(row));
  if (head === -1 || at - head > ABOVE_ROWS) return undefined;
  if (rows.slice(at + 1).filter((row) => row.trim() !== "").length > BELOW_ROWS) return undefined;
  const [line = ""] = CHOICES.exec(rows[at] ?? "") ?? [];
  const choices = [...line.matchAll(/[A-Z][a-z]+( [a-z]+)?/g)].map(({ 0: label, index }, i): Choice => {
    const spot = { column: index + 1, row: at + 1, line };
    return { number: i + 1, label, isSelected: false, marker: "", spot };
  });
  const offered = choices.filter(({ label }) => label !== ASKED_AGAIN);
  return { choices: offered, text: rows.slice(head, at + 1).join("\n") };
}

/** Whether opencode asks, at the end of a screen, what its subagent is to do in place of what was refused. Pure. */
export function isRefusalOn(rows: readonly string[]): boolean {
  const shown = rows.filter((row) => row.trim() !== "");
  return shown.slice(-ABOVE_ROWS).some((row) => REFUSAL.test(row));
}
