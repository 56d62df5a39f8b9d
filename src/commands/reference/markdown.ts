import type { Family } from "../define.ts";
import { asCalled, FAMILY_SUMMARIES } from "../table.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import { commandPage, manPage, pageName } from "./man.ts";
import { PAGES, pageText, pageTitle } from "./pages.ts";
import { argumentName, capital, type Described } from "./usage.ts";

const FAMILY_NAMES = Object.keys(FAMILY_SUMMARIES) as Family[];

/**
 * The reference as files: Markdown for each family of commands and each page, an index of them, and the man pages, by their
 * paths. Pure.
 */
export function documents(commands: readonly Described[], version: string): Record<string, string> {
  const of = (family: Family | undefined) => commands.filter((one) => one.family === family);
  return {
    "README.md": indexOf(commands, version),
    ...Object.fromEntries(FAMILY_NAMES.map((name) => [`${name}.md`, familyText(name, of(name))])),
    "commands.md": familyText(undefined, of(undefined)),
    ...Object.fromEntries(PAGES.map((name) => [`${name}.md`, `${pageText(name)}\n`])),
    "man/claude-tmux.1": `${manPage(commands, version)}\n`,
    ...Object.fromEntries(commands.map((one) => [`man/${pageName(one)}.1`, `${commandPage(one, version)}\n`])),
  };
}

/** Every command and every page, each with what it is for. */
function indexOf(commands: readonly Described[], version: string): string {
  const tables = [...FAMILY_NAMES, undefined].map((family) => {
    const rows = commands
      .filter((one) => one.family === family)
      .map(({ name, summary }) => `| [\`${name}\`](${family ?? "commands"}.md#${name}) | ${escaped(summary)} |`);
    return `## ${titleOf(family)}\n\n| command | does |\n| --- | --- |\n${rows.join("\n")}`;
  });
  const pages = PAGES.map((name) => `- [${pageTitle(name)}](${name}.md)`).join("\n");
  return `# claude-tmux ${version}: reference\n\n${tables.join("\n\n")}\n\n## Pages\n\n${pages}\n`;
}

function titleOf(family: Family | undefined): string {
  return family ? `${capital(family)}: ${FAMILY_SUMMARIES[family]}` : "Other commands";
}

function familyText(family: Family | undefined, commands: readonly Described[]): string {
  const options = table(["everywhere", ""], GLOBAL_OPTIONS);
  return `${[`# ${titleOf(family)}`, options, ...commands.map(commandText)].join("\n\n")}\n`;
}

function commandText({ family, name, usage, summary, command }: Described): string {
  const shown = Object.entries(command.args).filter(([, arg]) => !arg.isInternal);
  const rows = shown.map(([word, arg]) => [argumentName(word, arg), arg.description ?? ""] as const);
  const full = `claude-tmux ${asCalled(family, name, usage)}`;
  return [
    `## ${name}`,
    `${escaped(capital(summary))}.`,
    `\`\`\`text\n${full}\n\`\`\``,
    ...(rows.length > 0 ? [table(["argument", ""], rows)] : []),
    ...(command.notes ? [notesText(command.notes)] : []),
    `\`\`\`sh\n${command.examples.join("\n")}\n\`\`\``,
  ].join("\n\n");
}

/** Paragraphs as they are, and what is laid out by blanks as it stands. */
function notesText(notes: string): string {
  const parts = notes.split(/\n{2,}/);
  return parts.map((part) => (part.startsWith("  ") ? `\`\`\`text\n${part}\n\`\`\`` : escaped(part))).join("\n\n");
}

function table(columns: readonly string[], rows: readonly (readonly [string, string])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const body = rows.map(([name, text]) => line([`\`${name}\``, escaped(text)]));
  return [line(columns), line(columns.map(() => "---")), ...body].join("\n");
}

/** Words in angle brackets are no HTML, and names with underscores or asterisks no emphasis. */
function escaped(text: string): string {
  return text.replaceAll("<", "&lt;").replace(/[*_]/g, "\\$&");
}
