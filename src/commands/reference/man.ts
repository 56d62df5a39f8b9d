import type { Arg, Family } from "../define.ts";
import { asCalled, FAMILY_SUMMARIES } from "../table.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import { listRows } from "./layout.ts";
import { pageText } from "./pages.ts";
import { entry, roff, roffOf, verbatim } from "./roff.ts";
import { cellsOf, TABLES, type Table } from "./tables.ts";
import { argumentName, capital, type Described } from "./usage.ts";

/** The man page claude-tmux(1) as the source that man(1) reads (man-pages(7), groff_man(7)). Pure. */
export function manPage(commands: readonly Described[], version: string): string {
  const families = [...(Object.keys(FAMILY_SUMMARIES) as Family[]), undefined];
  return [
    ...top("claude-tmux", 1, version),
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
    ...top(pageName({ family, name }), 1, version),
    ".SH NAME",
    roff(`${pageName({ family, name })} - ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`),
    ".SH SYNOPSIS",
    `.B ${roff(full)}`,
    ...(usage ? [roff(usage)] : []),
    ...heading("ARGUMENTS", words),
    ...heading("OPTIONS", options),
    ...heading("DESCRIPTION", command.notes ? notesOf(command.notes) : []),
    ".SH EXAMPLES",
    ...command.examples.map((line) => verbatim(line)),
    ".SH SEE ALSO",
    ".BR claude\\-tmux (1),",
    ".BR tmux (1)",
  ].join("\n");
}

/** The man page of a page of help, claude-tmux-NAME(7), likewise. */
export function topicPage(name: string, version: string): string {
  const [heading = "", ...rest] = pageText(name).split("\n");
  const body = roffOf(rest.join("\n").trim());
  return [
    ...top(`claude-tmux-${name}`, 7, version),
    ".SH NAME",
    roff(`claude-tmux-${name} - ${heading.replace(/^# /, "")}`),
    ...(body.startsWith(".SH") ? [] : [".SH DESCRIPTION"]),
    body,
    ".SH SEE ALSO",
    ".BR claude\\-tmux (1)",
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

/** The title; then lines that end where their words do: names of options and variables are not torn apart. */
function top(name: string, section: 1 | 7, version: string): string[] {
  const manual = section === 1 ? "User Commands" : "Miscellaneous";
  return [`.TH ${roff(name.toUpperCase())} ${section} "" "claude-tmux ${version}" "${manual}"`, ".ad l", ".nh"];
}

function heading(title: string, parts: readonly string[] | undefined): string[] {
  return parts && parts.length > 0 ? [`.SH ${title}`, ...parts] : [];
}

/** Paragraphs are filled, lists are lists; other lines that begin with blanks stay as they are. */
function notesOf(notes: string): string[] {
  return notes.split(/\n{2,}/).flatMap((part) => {
    if (!part.startsWith("  ")) return [".PP", roff(part)];
    return listRows(part)?.map(([name, text]) => entry(name, text)) ?? [verbatim(part)];
  });
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
