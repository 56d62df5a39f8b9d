// DEL, the C1 characters, and those that turn the direction of text, which JSON.stringify leaves as they are and a terminal
// may act upon
const CONTROLS = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A value as JSON that may be written to any terminal: its strings hold no control character, and none that turns the
 * direction of text, but as an escape. Pure.
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  // most answers are; the first use of a regular expression costs a hundredth of a short command's time
  if (isPlainAscii(text)) return text;
  return text.replace(CONTROLS, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Whether a text is ASCII, without DEL. */
function isPlainAscii(text: string): boolean {
  return new TextEncoder().encode(text).length === text.length && !text.includes("\x7f");
}
