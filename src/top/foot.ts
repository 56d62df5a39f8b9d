import { cleanLine, fit } from "./cells.ts";
import type { Paint } from "./paint.ts";
import type { Row } from "./row.ts";
import type { View } from "./view.ts";

/** What the keys do, those first that are missed most where there is no room for all. */
const KEYS = ["? help", "q quit", "Enter go", "/ filter", "a answer", "x stop"] as const;
const GAP = "   ";
/** So many columns are left for what is asked, or typed, beside what can be pressed. */
const TEXT_MIN = 16;
/** Of so many rows, one may have a message: what it says to do is at its end. */
const ROWS_PER_MESSAGE = 4;

/** The last lines of a view: what can be pressed, what is being typed, or what came of what was done. Pure. */
export function foot(view: View, paint: Paint): string[] {
  const { mode, columns, message, filter } = view;
  switch (mode.is) {
    case "filter":
      return [paint("bold", typed(["/"], filter, columns))];
    case "answer":
      return [
        paint("bold", typed(["Number or words, Enter, or Esc: ", "Number or words: ", "> "], mode.text, columns)),
      ];
    case "help":
      return [paint("bold", hints(["Any key goes back"], columns))];
    case "stop":
      return [paint("bold", paint("yellow", question(mode.row, columns)))];
    case "list":
      if (message) return messageLines(view, message.text).map((line) => paint(message.isError ? "red" : "bold", line));
      return [paint("dim", filter === "" ? hints(KEYS, columns) : filtered(filter, columns))];
  }
}

/** As many of some hints as there is room for, in their order: each whole, or not at all. Pure. */
export function hints(all: readonly string[], columns: number, gap = GAP): string {
  let text = "";
  for (const hint of all) {
    const longer = text === "" ? hint : text + gap + hint;
    if (Bun.stringWidth(longer) > columns) break;
    text = longer;
  }
  return text;
}

/** What is asked before something is stopped; its names are cut before what can be pressed is. */
function question({ runs, place }: Row, columns: number): string {
  const [stop, keys] =
    runs !== ""
      ? [`Stop ${runs} in ${place}?`, ["y yes", "K kill the pane", "any other key no"]]
      : [`Nothing runs in ${place}:`, ["K kill the pane", "any other key no"]];
  const asked = hints(keys, columns - Math.min(Bun.stringWidth(stop), TEXT_MIN) - 1, ", ");
  return `${fit(stop, columns - Bun.stringWidth(asked) - 1).trimEnd()} ${asked}`.trimEnd();
}

function filtered(filter: string, columns: number): string {
  const text = `/${cleanLine(filter)}`;
  const keys = hints(["Esc shows all", ...KEYS], columns - Math.min(Bun.stringWidth(text), TEXT_MIN) - GAP.length);
  return `${fit(text, columns - Bun.stringWidth(keys) - GAP.length).trimEnd()}${GAP}${keys}`.trimEnd();
}

/** A message in as many lines as it takes, if there are not too many. */
function messageLines({ columns, height }: View, text: string): string[] {
  const most = Math.max(1, Math.floor(height / ROWS_PER_MESSAGE));
  const lines = Bun.wrapAnsi(cleanLine(text), Math.max(1, columns), { hard: true, trim: true }).split("\n");
  if (lines.length > most) lines.splice(most - 1, lines.length, lines.slice(most - 1).join(" "));
  return lines.map((line) => fit(line, columns).trimEnd());
}

/**
 * What is being typed: its end is what has to be seen.
 * @param prompts what may stand before it, the longest first
 */
function typed(prompts: readonly string[], text: string, columns: number): string {
  const before = prompts.find((prompt) => prompt.length + TEXT_MIN <= columns) ?? prompts.at(-1) ?? "";
  const left = Math.max(1, columns - before.length - 1);
  const shown = cleanLine(text) + (text.endsWith(" ") ? " " : "");
  const width = Bun.stringWidth(shown);
  const end = width <= left ? shown : Bun.sliceAnsi(shown, width - left, width);
  return fit(`${before}${end}_`, columns).trimEnd();
}
