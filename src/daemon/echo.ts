import type { Sighting } from "./sightings.ts";

/** What pane-exec typed last into a pane: a stamp that tells one typing from the next, and the text. */
export interface Typed {
  id: string;
  text: string;
}

/**
 * How a line on the screen relates to what was typed: `raw`, the terminal's own echo before the program reads;
 * `prompt`, the text after a prompt; `partial`, a beginning of it that may still grow; undefined: it is output.
 */
export type EchoForm = { form: "raw" | "prompt" | "partial"; line: number };

/** Reads the pane option that pane-exec writes (`STAMP TEXT`); undefined when it holds nothing. Pure. */
export function parseTyped(option: string): Typed | undefined {
  const [, id, text] = /^(\d+) (.*)$/s.exec(option) ?? [];
  return id === undefined || text === undefined || text === "" ? undefined : { id, text };
}

/** Whether the match of a sighting lies in the echo of what was typed. Pure. */
export function echoForm(sighting: Sighting, typed: Typed): EchoForm | undefined {
  const shown = sighting.line.trimEnd();
  const end = sighting.match.start + sighting.match.text.trimEnd().length;
  const lines = typed.text.split(/\r?\n/).map((line) => line.trimEnd());
  for (const [line, text] of lines.entries()) {
    if (text === "") continue;
    if (shown === text) return { form: "raw", line };
    if (shown.endsWith(text) && end > shown.length - text.length) return { form: "prompt", line };
    if (sighting.hasCursor && end > shown.length - overlap(shown, text)) return { form: "partial", line };
  }
  return undefined;
}

/** The length of the longest end of `shown` that is a beginning of `text`. */
function overlap(shown: string, text: string): number {
  for (let length = Math.min(shown.length, text.length - 1); length > 0; length--) {
    if (shown.endsWith(text.slice(0, length))) return length;
  }
  return 0;
}
