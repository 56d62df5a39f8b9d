// C0 but tab and newline, DEL, C1: what a terminal may act upon
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
// the same, and the embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX #9)
const MISLEADING = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from anywhere as it may be written to any terminal: escape sequences and all control characters but tabs and
 * newlines are removed. What a carriage return would have overwritten stays. Pure.
 */
export function plainText(text: string): string {
  return Bun.stripANSI(text).replace(CONTROLS, "");
}

/**
 * The same with nothing removed: each control character but tabs and newlines is shown as its escape (\r, \x1b), and so are
 * those that turn the direction of what follows (\u202e), so that a reader sees what was written and no terminal acts upon
 * it. Pure.
 */
export function escapeControls(text: string): string {
  return text.replace(MISLEADING, escapeOf);
}

function escapeOf(letter: string): string {
  if (letter === "\r") return "\\r";
  const code = letter.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
}
