import { escapeControls } from "./plain-text.ts";

/** What a colour means to a person: failed or dead, needs somebody, all right, secondary, or the thing itself. */
export type Tone = "bad" | "warn" | "good" | "dim" | "strong";

/** A text, and how it is meant. */
export interface Toned {
  text: string;
  tone: Tone | undefined;
}

/** What is shown to a person at a terminal: any text, from anywhere. */
export type Shown = string | Toned;

/** SGR parameters: the terminal's own red, yellow and green, which suit its background, faint and bold. */
const CODES: Record<Tone, number> = { bad: 31, warn: 33, good: 32, dim: 2, strong: 1 };

/** A text in a tone; without one, as it is. */
export function toned(text: string, tone: Tone | undefined): Toned {
  return { text, tone };
}

/** What a person would read there, in one line: control characters, newlines too, as their escapes. Pure. */
export function oneLine(shown: Shown): string {
  return escapeControls(typeof shown === "string" ? shown : shown.text)
    .replaceAll("\n", "\\n")
    .replaceAll("\t", " ");
}

/** A text that holds nothing that a terminal acts upon, in the colour of its tone. Pure. */
export function paint(text: string, tone: Tone | undefined, isColor: boolean): string {
  return isColor && tone !== undefined && text !== "" ? `\x1b[${CODES[tone]}m${text}\x1b[0m` : text;
}

/** As paint(), of any text: control characters but tabs and newlines are shown as their escapes. Pure. */
export function show(shown: Shown, isColor: boolean): string {
  if (typeof shown === "string") return escapeControls(shown);
  return paint(escapeControls(shown.text), shown.tone, isColor);
}
