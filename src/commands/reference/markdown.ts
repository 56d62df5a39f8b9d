import { FAMILY_SUMMARIES } from "../table.ts";
import { typesTable } from "./subscription-types.ts";
import { TOPICS, topicTable } from "./topics.ts";
import type { Described } from "./usage.ts";

/**
 * A text with what stands between `<!-- NAME -->` and `<!-- /NAME -->` made anew from the code: `commands`,
 * `subscriptions`, and each of the topics. Pure.
 */
export function fillBlocks(text: string, commands: readonly Described[]): string {
  const blocks = { commands: commandTable(commands), subscriptions: typesTable(), ...mapValues(TOPICS, topicTable) };
  return Object.entries(blocks).reduce(
    (filled, [name, block]) =>
      filled.replace(
        new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`),
        (_, open: string, close: string) => `${open}\n${block}\n\n${close}`,
      ),
    text,
  );
}

/** Every command, with its arguments and what it does. What all of `bridge` take, --compact, is told beside the table. */
function commandTable(commands: readonly Described[]): string {
  const rows = commands.map(({ family, name, usage, summary }, i) => {
    const isFirst = family !== undefined && commands[i - 1]?.family !== family;
    const head = isFirst ? [`| **${family}** | *${FAMILY_SUMMARIES[family]}* |`] : [];
    const words = [family, name, usage]
      .filter((word) => word)
      .join(" ")
      .replace(" [--compact]", "");
    return [...head, `| \`${words}\` | ${summary.replaceAll("<", "&lt;")} |`].join("\n");
  });
  const firstOther = commands.findIndex(({ family }) => family === undefined);
  rows.splice(firstOther, 0, "| **other commands** | |");
  return ["| command | does |", "| --- | --- |", ...rows].join("\n");
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
