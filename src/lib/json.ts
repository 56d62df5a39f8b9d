// DEL, the C1 characters, and those that turn the direction of text, which JSON.stringify leaves as they are and a terminal
// may act upon
const CONTROLS = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A value as JSON that may be written to any terminal: its strings hold no control character, and none that turns the
 * direction of text, but as an escape. Pure.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    CONTROLS,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
