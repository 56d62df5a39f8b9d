import { defineCommand, renderUsage } from "citty";
import { isTerminal, terminalColumns } from "../lib/libc.ts";
import { VERSION } from "../lib/self.ts";
import type { Entry, Family } from "./define.ts";
import { isColorful } from "./print.ts";
import { GLOBAL_OPTIONS } from "./reference/globals.ts";
import { definitions, filled, helpWidth } from "./reference/layout.ts";
import { commandPage, manPage, topicPage } from "./reference/man.ts";
import { PAGES, pageText, pageTitle } from "./reference/pages.ts";
import { TABLES } from "./reference/tables.ts";
import { capital, describeCommands, usageOf } from "./reference/usage.ts";
import { asCalled, COMMANDS, FAMILIES, FAMILY_SUMMARIES } from "./table.ts";

/** Commands of the bridge that the program's own help lists, too. */
const USED_MOST: readonly string[] = [
  "session-create",
  "session-list",
  "session-kill",
  "pane-create",
  "pane-run",
  "pane-exec",
  "pane-wait",
  "pane-watch-timeout",
  "pane-capture",
  "pane-list-detailed",
  "agent-list",
];

/** How help is shown: in so many columns, and in colours. */
export interface Shown {
  columns: number;
  color: boolean;
}

/** How help is shown where this process writes to. */
export function shownHere(color: boolean): Shown {
  return { columns: helpWidth(isTerminal(1) ? terminalColumns() : undefined), color: color && isColorful() };
}

/** The help of one command: its arguments by citty, then notes and examples. */
export async function commandHelp(words: string[], { summary, load }: Entry, shown: Shown): Promise<string> {
  const { default: command } = await load();
  const usage = await renderUsage(
    defineCommand({
      meta: { name: `claude-tmux ${asCalled(...words)}` },
      args: Object.fromEntries(Object.entries(command.args).filter(([, arg]) => !arg.isInternal)),
    }),
  );
  return laidOut(
    [
      filled(`${capital(summary)}.`, shown.columns),
      `USAGE\n\n${filled(`claude-tmux ${asCalled(...words)} ${usageOf(command.args)}`, shown.columns - 2).replace(/^/gm, "  ")}`,
      argumentsText(Bun.stripANSI(usage), shown.columns),
      ...(command.notes ? [filled(command.notes, shown.columns)] : []),
      `EXAMPLES\n\n${command.examples.map((line) => `  ${line}`).join("\n")}`,
      globalHelp(shown.columns),
    ],
    shown,
  );
}

/** The commands of one family. */
export function familyHelp(family: Family, shown: Shown): string {
  // the word may be left out
  const before = family === "bridge" ? "" : `${family} `;
  return laidOut(
    [
      `claude-tmux ${family}: ${FAMILY_SUMMARIES[family]}`,
      `USAGE\n\n  claude-tmux ${family === "bridge" ? "[bridge] " : before}<command> [arguments]`,
      `COMMANDS\n\n${definitions(summaries(FAMILIES[family]), shown.columns)}`,
      globalHelp(shown.columns),
      `Help on one of them: claude-tmux ${before}<command> --help`,
    ],
    shown,
  );
}

/** The families, the commands beside them, and the pages. */
export function programHelp(shown: Shown): string {
  const families = Object.entries(FAMILY_SUMMARIES).map(([name, summary]) => [`${name} <command>`, summary] as const);
  return laidOut(
    [
      `claude-tmux ${VERSION}: know at once, and for certain, what runs in a tmux pane`,
      "USAGE\n\n  claude-tmux <command> [arguments]",
      "EXAMPLES\n\n  claude-tmux demo\n  claude-tmux session-create dev\n  claude-tmux pane-run dev main -- make test\n  claude-tmux daemon start --auto-restart",
      `USED MOST\n\n${definitions(
        summaries(FAMILIES.bridge).filter(([name]) => USED_MOST.includes(name)),
        shown.columns,
      )}`,
      `COMMANDS\n\n${definitions([...families, ...summaries(COMMANDS)], shown.columns)}`,
      globalHelp(shown.columns),
      `HELP\n\n${definitions(
        [
          ["claude-tmux <family> --help", "the commands of a family"],
          ["claude-tmux <command> --help", "one command, with examples"],
          ["claude-tmux help <page>", PAGES.join(", ")],
          ["claude-tmux help man [<command>]", "a man page, also of a page, for man -l -"],
        ],
        shown.columns,
      )}`,
    ],
    shown,
  );
}

/**
 * A page: laid out for a terminal, and as the Markdown that it is for a program; undefined when there is none of that name.
 */
export function pageHelp(name: string, json: boolean, shown: Shown): string | undefined {
  if (!PAGES.includes(name)) return undefined;
  const text = pageText(name);
  if (json) return JSON.stringify(TABLES[name] ?? { title: pageTitle(name), text });
  if (!isTerminal(1)) return text;
  return Bun.markdown.ansi(text, { columns: shown.columns, colors: shown.color }).trimEnd();
}

/** The source of the man page of the program, of one command, or of a page of help; undefined when there is none of that name. */
export async function manHelp(words: readonly string[]): Promise<string | undefined> {
  const commands = await describeCommands();
  if (words.length === 0) return manPage(commands, VERSION);
  const [name, family] = [words.at(-1), words.length > 1 ? words[0] : undefined];
  const described = commands.find((one) => one.name === name && (family === undefined || one.family === family));
  if (described) return commandPage(described, VERSION);
  return name !== undefined && family === undefined && PAGES.includes(name) ? topicPage(name, VERSION) : undefined;
}

/** What citty says of a command's arguments, in our style: names at the left, no blanks at the end, nothing too wide. */
function argumentsText(usage: string, columns: number): string {
  const parts = usage
    .trim()
    .split(/\n\n+/)
    .filter((part) => part.startsWith("ARGUMENTS") || part.startsWith("OPTIONS") || part.startsWith(" ")); // of the rest ours tells more
  return parts
    .map((part) => {
      const rows = part.split("\n").map((line) => /^ +(\S.*?) {4}(.*?)(?: \(Required\))? *$/.exec(line) ?? [line]);
      if (rows.some((row) => row.length === 1)) return part;
      return definitions(
        rows.map(([, name = "", text = ""]) => [name.replace(/=(?=<)/, " "), text]),
        columns,
      );
    })
    .join("\n\n");
}

function summaries(entries: Readonly<Record<string, Entry>>): [string, string][] {
  return Object.entries(entries).map(([name, { summary }]) => [name, summary]);
}

function globalHelp(columns: number): string {
  return `GLOBAL OPTIONS\n\n${definitions(GLOBAL_OPTIONS, columns)}`;
}

/** Parts below one another, their headings in bold. */
function laidOut(parts: readonly string[], { color }: Shown): string {
  const text = parts.map((part) => part.trimEnd()).join("\n\n");
  return color ? text.replace(/^[A-Z][A-Z ,]+$/gm, "\x1b[1m$&\x1b[22m") : text;
}
