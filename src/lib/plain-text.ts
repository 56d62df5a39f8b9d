// C0 but tab and newline, DEL, C1: what a terminal may act upon
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** What turns the direction of text, and so moves what stands behind it (UAX #9: marks, embeddings, overrides, isolates), or breaks a line. */
export const MISLEADING = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text from anywhere as it may be written to any terminal: escape sequences and all control characters but tabs and
 * newlines are removed. What a carriage return would have overwritten stays. Pure.
 */
export function plainText(text: string): string {
  return Bun.stripANSI(text).replace(CONTROLS, "");
}

/**
 * The same with nothing removed: each control character but tabs and newlines is shown as its escape (\r, \x1b), and so are
 * what misleads (\u202e, see MISLEADING), so that a reader sees what was written and no terminal acts upon
 * it. Pure.
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, escapeOf).replace(MISLEADING, escapeOf);
}

function escapeOf(letter: string): string {
  if (letter === "\r") return "\\r";
  const code = letter.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}
