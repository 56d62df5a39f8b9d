import { patternMatch } from "../../subscriptions/pattern-match.ts";
import { TYPES } from "../../subscriptions/table.ts";
import type { Fires, SubscriptionType } from "../../subscriptions/type.ts";
import { wordsOf } from "../subscription-words.ts";

/** In which order types are told of: what panes write, what agents do, the time, what becomes of panes and sessions. */
const ORDER: readonly Fires["by"][] = ["output", "agent", "clock", "census"];
/** What follows each type of subscription, and what it fires for: a line each, which help breaks. Pure. */
export function typesText(): string {
  const rows = rowsOf((name, isOptional) => (isOptional ? `[${name.toUpperCase()}]` : name.toUpperCase()));
  return rows.map(({ usage, help }) => `  ${usage}   ${help}`).join("\n");
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

/** Of which events there are none unless somebody subscribed to them, and what `daemon wait` makes of that. Pure. */
export function subscribedText(): string {
  const names = inOrder().flatMap(({ name, fires }) =>
    fires.by === "census" || name === patternMatch.name ? [] : name,
  );
  const others = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return `A pattern is subscribed to for as long as it is waited for. Of ${patternMatch.name} without one, ${others} there are only those that somebody subscribed to: without such a subscription the wait is refused, and when the last one ends, so does it.`;
}

function inOrder(): SubscriptionType[] {
  return TYPES.toSorted((a, b) => ORDER.indexOf(a.fires.by) - ORDER.indexOf(b.fires.by));
}

function rowsOf(shown: (name: string, isOptional: boolean) => string): { usage: string; help: string }[] {
  return inOrder().map((type) => {
    const words = wordsOf(type).map(({ name, isOptional }) => shown(name, isOptional));
    return { usage: [type.name, ...words].join(" "), help: type.help };
  });
}
