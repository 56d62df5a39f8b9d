import { ago, size, took } from "../../lib/ago.ts";
import { humanDuration } from "../../lib/clock.ts";
import { type Column, columns } from "../../lib/columns.ts";
import { oneLine, paint, type Shown, show, type Tone, type Toned, toned } from "../../lib/toned.ts";
import type { View } from "./view.ts";

// What answers for people are made of. All of it is text that a terminal shows, and acts upon nothing of it.

/** Lines as one text; undefined for none. */
export function page(...parts: readonly (string | readonly string[] | false | undefined)[]): string | undefined {
  const lines = parts.flatMap((part) => part || []);
  return lines.length === 0 ? undefined : lines.join("\n");
}

/** A sentence, or some lines, in a tone. */
export function words(text: string, { isColor }: View, tone?: Tone): string {
  return show(toned(text, tone), isColor);
}

/** Facts, a line each, the names in one column: what is too long goes on below. Those without a value are left out. */
export function facts(pairs: readonly (readonly [string, Shown | null | undefined])[], view: View): string[] {
  const known = pairs.flatMap(([name, value]) => {
    const text = value === undefined || value === null ? "" : oneLine(value);
    return text === "" ? [] : [{ name, text, tone: typeof value === "object" ? value?.tone : undefined }];
  });
  const width = Math.max(0, ...known.map(({ name }) => Bun.stringWidth(name)));
  return known.flatMap(({ name, text, tone }) => {
    const lead = `  ${`${name}:`.padEnd(width + 1)}  `;
    const lines = wrapped(text, view.width - lead.length);
    return lines.map((line, i) => {
      const start = i === 0 ? paint(lead, "dim", view.isColor) : " ".repeat(lead.length);
      return start + paint(line, tone, view.isColor);
    });
  });
}

/** A heading, and a table or a list below it; nothing for an empty one. */
export function section(name: string, lines: readonly string[], view: View): string[] {
  return lines.length === 0 ? [] : [paint(`${name}:`, "dim", view.isColor), ...lines.map((line) => `  ${line}`)];
}

/** As section(), with a table that has room for the indentation. */
export function table(
  name: string,
  heads: readonly Column[],
  rows: readonly (readonly Shown[])[],
  view: View,
): string[] {
  return rows.length === 0 ? [] : section(name, columns(heads, rows, { ...view, width: view.width - 2 }), view);
}

/** A folder, by ~ where it is in the home folder. */
export function folder(path: string | null, { home }: View): string {
  if (path === null) return "";
  if (home === undefined || home === "/" || !(path === home || path.startsWith(`${home}/`))) return path;
  return `~${path.slice(home.length)}`;
}

/** A moment (ISO 8601) as people say it. */
export function since(moment: string | null, { now }: View): string {
  return moment === null ? "" : ago(Date.parse(moment), now);
}

/** How a command ended, and after how long. */
export function exitText(exitCode: number | null, durationMs: number | null): Toned {
  const how = exitCode === null ? "its exit code is not known" : `exit code ${exitCode}`;
  const text = durationMs === null ? how : `${how} after ${took(durationMs)}`;
  return toned(text, exitCode === 0 ? "dim" : exitCode === null ? "warn" : "bad");
}

/** A fact of any name, as people read it, by the unit that its name ends in. */
export function valueText(name: string, value: unknown, view: View): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") {
    if (name.endsWith("_ms")) return took(value);
    if (name.endsWith("_s")) return humanDuration(value);
    return /(^|_)bytes/.test(name) ? size(value) : `${value}`;
  }
  if (typeof value !== "string") return JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? since(value, view) : value;
}

/** The name of a fact as people read it: without its unit. */
export function nameText(name: string): string {
  return name.replace(/_(ms|s|at)$/, "").replaceAll("_", " ");
}

/** Lines of no more columns than these; a word that is longer is broken. */
export function wrapped(text: string, width: number): string[] {
  return Bun.wrapAnsi(text, Math.max(width, 10), { hard: true }).split("\n");
}
