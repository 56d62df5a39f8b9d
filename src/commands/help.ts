import { defineCommand, renderUsage } from "citty";
import { VERSION } from "../lib/self.ts";
import type { Entry, Family } from "./define.ts";
import { GLOBAL_OPTIONS } from "./reference/globals.ts";
import { manPage } from "./reference/man.ts";
import { PAGES, pageText } from "./reference/pages.ts";
import { TOPICS, type Topic, topicText } from "./reference/topics.ts";
import { capital, describeCommands } from "./reference/usage.ts";
import { COMMANDS, FAMILIES, FAMILY_SUMMARIES } from "./table.ts";

/** The help of one command: usage and arguments by citty, then notes and examples. */
export async function commandHelp(words: string[], { summary, load }: Entry, color: boolean): Promise<string> {
  const { default: command } = await load();
  const usage = await renderUsage(
    defineCommand({
      meta: { name: `claude-tmux ${words.join(" ")}`, description: capital(summary) },
      args: Object.fromEntries(Object.entries(command.args).filter(([, arg]) => !arg.isInternal)),
    }),
  );
  const text = [
    color ? usage : Bun.stripANSI(usage),
    ...(command.notes ? [command.notes] : []),
    ["EXAMPLES", "", ...command.examples.map((line) => `  ${line}`)].join("\n"),
    globalHelp(),
  ];
  return text.map((part) => part.trimEnd()).join("\n\n");
}

/** The commands of one family. */
export function familyHelp(family: Family): string {
  const summaries = Object.entries(FAMILIES[family]).map(([name, { summary }]) => [name, summary] as const);
  return [
    `claude-tmux ${family}: ${FAMILY_SUMMARIES[family]}`,
    `USAGE\n\n  claude-tmux ${family} <command> [arguments]`,
    `COMMANDS\n\n${columns(summaries)}`,
    globalHelp(),
    `Help on one of them: claude-tmux ${family} <command> --help`,
  ].join("\n\n");
}

/** One of the topics, a page, or the man page's source; undefined when there is none of that name. */
export async function topicHelp(name: string, json: boolean): Promise<string | undefined> {
  if (name === "man") return manPage(await describeCommands(), VERSION);
  const page = Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  if (page) return json ? JSON.stringify(page) : pageText(page);
  if (!Object.hasOwn(TOPICS, name)) return undefined;
  const topic = TOPICS[name] as Topic;
  return json ? JSON.stringify(topic) : topicText(topic);
}

/** The families and the commands beside them. */
export function programHelp(): string {
  const rows = [
    ...Object.entries(FAMILY_SUMMARIES).map(([name, summary]) => [`${name} <command>`, summary] as const),
    ...Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary] as const),
  ];
  return [
    `claude-tmux ${VERSION}: know at once, and for certain, what runs in a tmux pane`,
    "USAGE\n\n  claude-tmux <command> [arguments]",
    `COMMANDS\n\n${columns(rows)}`,
    globalHelp(),
    "EXAMPLES\n\n  claude-tmux demo\n  claude-tmux bridge session-create dev\n  claude-tmux daemon start --auto-restart",
    `HELP\n\n  claude-tmux <family> --help   the commands of a family\n  claude-tmux help <topic>      ${[...Object.keys(TOPICS), ...Object.keys(PAGES)].join(", ")}; man: the man page, for man -l -`,
  ].join("\n\n");
}

function globalHelp(): string {
  return `GLOBAL OPTIONS\n\n${columns(GLOBAL_OPTIONS)}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  return rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`).join("\n");
}
