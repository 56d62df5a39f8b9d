import type { Family } from "../define.ts";
import { FAMILY_SUMMARIES } from "../table.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import { cellsOf, TOPICS, type Topic } from "./topics.ts";
import { capital, type Described } from "./usage.ts";

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
    ...Object.values(TOPICS).flatMap(section),
    ".SH SEE ALSO",
    ".BR tmux (1)",
  ].join("\n");
}

function commandEntry({ family, name, usage, summary }: Described): string {
  return entry([family, name, usage].filter((word) => word).join(" "), `${summary}.`);
}

function section({ title, rows }: Topic): string[] {
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
