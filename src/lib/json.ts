// DEL and the C1 characters, which JSON.stringify leaves as they are and a terminal may act upon
const CONTROLS = /[\x7f-\x9f]/g;

/** A value as JSON that may be written to any terminal: its strings hold no control character but as an escape. Pure. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    CONTROLS,
    (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
  );
}
