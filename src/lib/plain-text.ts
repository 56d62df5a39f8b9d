// C0 but tab and newline, DEL, C1: what a terminal may act upon
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Text from anywhere as it may be written to any terminal: escape sequences and all control characters but tabs and
 * newlines are removed. What a carriage return would have overwritten stays. Pure.
 */
export function plainText(text: string): string {
  return Bun.stripANSI(text).replace(CONTROLS, "");
}

/**
 * The same with nothing removed: each control character but tabs and newlines is shown as its escape (\r, \x1b), so that
 * a reader sees what was written and no terminal acts upon it. Pure.
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (letter) =>
    letter === "\r" ? "\\r" : `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
