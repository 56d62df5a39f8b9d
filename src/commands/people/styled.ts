import { escapeControls } from "../../lib/plain-text.ts";

/** Colours, and links (OSC 8). */
const STYLE = /(\x1b\[[0-9;:]*m|\x1b\]8;[^\x00-\x1f\x7f-\x9f]*\x1b\\)/;

/**
 * What a pane showed, with its colours and links, as it may be written to a person's terminal: nothing else is acted upon there.
 * Colours that go on at its end are ended. Pure.
 */
export function styled(text: string, isColor: boolean): string {
  const parts = text.split(STYLE);
  if (parts.length === 1) return escapeControls(text);
  const shown = parts.map((part, i) => (i % 2 === 0 ? escapeControls(part) : isColor ? part : "")).join("");
  return isColor ? `${shown}\x1b[0m` : shown;
}
