import { writeFileSync } from "node:fs";
import { showable } from "./harmless.ts";
import type { PlannedPane } from "./plan.ts";

/** The ends of the files that a shell with our integration takes away when it has read them (see start.sh). */
export const LEFT = { environment: "env", history: "history" } as const;

/**
 * Writes what is to come back in a pane where its shell finds it (see start.sh).
 * @param prefix how the files begin
 * @param text what it showed; undefined for nothing
 */
export function writePane(prefix: string, pane: PlannedPane, text: string | undefined): void {
  const write = (what: string, content: string) =>
    writeFileSync(`${prefix}.${what}`, content, { mode: 0o600, flag: "wx" });
  write("cwd", pane.cwd);
  // letters for drawing lines are a set of their own, which the terminal is told of first (SO, SI)
  if (text) write("screen", `${text.includes("\x0e") ? "\x1b)0" : ""}${showable(text)}\x0f`);
  if (pane.shell !== undefined) write("shell", pane.shell);
  const variables = [...pane.environment].map(([name, value]) => (value === null ? `-${name}` : `${name}=${value}`));
  if (variables.length > 0) write(LEFT.environment, ended(variables));
  if (pane.history.length > 0) write(LEFT.history, ended(pane.history));
}

/** As shells read one word after the other. */
function ended(words: readonly string[]): string {
  return words.map((word) => `${word}\0`).join("");
}
