import { TYPES } from "../../subscriptions/table.ts";
import type { Fires } from "../../subscriptions/type.ts";
import { wordsOf } from "../subscription-words.ts";

/** In which order types are told of: what panes write, the time, what becomes of panes and sessions. */
const ORDER: readonly Fires["by"][] = ["output", "clock", "census"];
/** How wide help is. */
const COLUMNS = 120;

/** What follows each type of subscription, and what it fires for, in columns for a terminal. Pure. */
export function typesText(): string {
  const rows = rowsOf((name, isOptional) => (isOptional ? `[${name.toUpperCase()}]` : name.toUpperCase()));
  const width = Math.max(...rows.map(({ usage }) => usage.length)) + 3;
  const indent = " ".repeat(2 + width);
  return rows
    .map(({ usage, help }) => `  ${usage.padEnd(width)}${wrapped(help, COLUMNS - indent.length).join(`\n${indent}`)}`)
    .join("\n");
}

/** The same as a Markdown table. Pure. */
export function typesTable(): string {
  const rows = rowsOf((name, isOptional) => (isOptional ? `[${name}]` : `<${name}>`));
  return [
    "| `daemon subscribe <session> …` | event |",
    "| --- | --- |",
    ...rows.map(({ usage, help }) => `| \`${usage}\` | ${help} |`),
  ].join("\n");
}

function rowsOf(shown: (name: string, isOptional: boolean) => string): { usage: string; help: string }[] {
  const types = TYPES.toSorted((a, b) => ORDER.indexOf(a.fires.by) - ORDER.indexOf(b.fires.by));
  return types.map((type) => {
    const words = wordsOf(type).map(({ name, isOptional }) => shown(name, isOptional));
    return { usage: [type.name, ...words].join(" "), help: type.help };
  });
}

/** The lines that a text makes, as far as its words go. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}
