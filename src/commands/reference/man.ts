import type { Arg, Family } from "../define.ts";
import { asCalled, FAMILY_SUMMARIES } from "../table.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import { cellsOf, TABLES, type Table } from "./tables.ts";
import { argumentName, capital, type Described } from "./usage.ts";

/** The man page claude-tmux(1) as the source that man(1) reads (man-pages(7), groff_man(7)). Pure. */
export function manPage(commands: readonly Described[], version: string): string {
  const families = [...(Object.keys(FAMILY_SUMMARIES) as Family[]), undefined];
  return [
    `.TH CLAUDE-TMUX 1 "" "claude-tmux ${version}" "User Commands"`,
    ".SH NAME",
    "claude\\-tmux \\- know at once, and for certain, what programs and agents do in tmux panes",
    ".SH SYNOPSIS",
    ".B claude\\-tmux",
    "[\\fB\\-L\\fR \\fINAME\\fR | \\fB\\-S\\fR \\fIPATH\\fR] [\\fB\\-\\-json\\fR] [\\fB\\-\\-quiet\\fR] [\\fB\\-\\-no\\-color\\fR] \\fIcommand\\fR [\\fIarguments\\fR]",
    ".SH OPTIONS",
    ...GLOBAL_OPTIONS.map(([option, text]) => entry(option, text)),
    ...families.flatMap((family) => [
      `.SH ${family ? `${family.toUpperCase()} COMMANDS` : "OTHER COMMANDS"}`,
      ...(family ? [roff(`${capital(FAMILY_SUMMARIES[family])}.`)] : []),
      ...commands.filter((one) => one.family === family).map(commandEntry),
    ]),
    ...Object.values(TABLES).flatMap(section),
    ".SH SEE ALSO",
    ".BR tmux (1)",
  ].join("\n");
}

/** The man page of one command, claude-tmux-NAME(1), likewise. Pure. */
export function commandPage({ family, name, usage, summary, command }: Described, version: string): string {
  const shown = Object.entries(command.args).filter(([, arg]) => !arg.isInternal);
  const [words, options] = [true, false].map((isWord) =>
    shown.filter(([, arg]) => (arg.type === "positional") === isWord).map(([name, arg]) => argumentEntry(name, arg)),
  );
  const full = `claude-tmux ${asCalled(family, name)}`;
  return [
    `.TH ${pageName({ family, name }).toUpperCase().replaceAll("-", "\\-")} 1 "" "claude-tmux ${version}" "User Commands"`,
    ".SH NAME",
    roff(`${pageName({ family, name })} - ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`),
    ".SH SYNOPSIS",
    `.B ${roff(full)}`,
    ...(usage ? [roff(usage)] : []),
    ...heading("ARGUMENTS", words),
    ...heading("OPTIONS", options),
    ...heading("DESCRIPTION", command.notes ? notesOf(command.notes) : []),
    ".SH EXAMPLES",
    ...command.examples.flatMap((line) => [".PP", ".nf", roff(line), ".fi"]),
    ".SH SEE ALSO",
    ".BR claude\\-tmux (1),",
    ".BR tmux (1)",
  ].join("\n");
}

/** What the man page of a command is called: `claude-tmux-pane-run`, `claude-tmux-daemon-start`. Pure. */
export function pageName({ family, name }: Pick<Described, "family" | "name">): string {
  return `claude-tmux-${asCalled(family, name).replaceAll(" ", "-")}`;
}

function argumentEntry(name: string, arg: Arg): string {
  const usual = typeof arg.default === "string" && arg.default !== "" ? ` (default: ${arg.default})` : "";
  return entry(argumentName(name, arg), `${arg.description ?? ""}${usual}`);
}

function heading(title: string, parts: readonly string[] | undefined): string[] {
  return parts && parts.length > 0 ? [`.SH ${title}`, ...parts] : [];
}

/** Paragraphs are filled; lines that begin with blanks stay as they are. */
function notesOf(notes: string): string[] {
  return notes
    .split(/\n{2,}/)
    .flatMap((part) => (part.startsWith("  ") ? [".PP", ".nf", roff(part), ".fi"] : [".PP", roff(part)]));
}

function commandEntry({ family, name, usage, summary }: Described): string {
  return entry(asCalled(family, name, usage), `${summary}.`);
}

function section({ title, rows }: Table): string[] {
  const texts = rows.map((row) => {
    const { name, fallback, text } = cellsOf(row);
    return entry(name, `${text}${fallback ? ` (default: ${fallback})` : ""}`);
  });
  return [`.SH ${title.toUpperCase()}`, ...texts];
}

function entry(term: string, text: string): string {
  return `.TP\n.B ${roff(term)}\n${roff(text)}`;
}

/** Text that roff sets as it stands: no escapes, no requests, a hyphen that can be searched for and copied. */
function roff(text: string): string {
  const plain = text.replaceAll("`", "").replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...");
  return plain.replace(/^([.'])/gm, "\\&$1");
}
