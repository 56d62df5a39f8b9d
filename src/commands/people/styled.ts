import { escapeControls } from "../../lib/plain-text.ts";

/** Colours, and links (OSC 8). */
const STYLE = /(\x1b\[[0-9;:]*m|\x1b\]8;[^\x00-\x1f\x7f-\x9f]*\x1b\\)/;

/** A link without an address ends the one before it, whatever parameters it has. */
const LINK_END = /^\x1b\]8;[^;]*;\x1b\\$/;

/**
 * What a pane showed, with its colours and links, as it may be written to a person's terminal: nothing else is acted upon there.
 * Colours, and a link, that go on at its end are ended. Pure.
 */
export function styled(text: string, isColor: boolean): string {
  const parts = text.split(STYLE);
  if (parts.length === 1) return escapeControls(text);
  const shown = parts.map((part, i) => (i % 2 === 0 ? escapeControls(part) : isColor ? part : "")).join("");
  if (!isColor) return shown;
  const link = parts.findLast((part, i) => i % 2 === 1 && part.startsWith("\x1b]8;"));
  const isOpen = link !== undefined && !LINK_END.test(link);
  return `${shown}${isOpen ? "\x1b]8;;\x1b\\" : ""}\x1b[0m`;
}
