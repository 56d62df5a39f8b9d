import * as v from "valibot";
import type { Said } from "./agent.ts";

/** What is told as one message at most, characters. */
const MOST = 64 * 1024;

/** A message of a text at a time that an entry tells; undefined for an empty one, or a time that is none. Pure. */
export function saidAt(timestamp: string, text: string): Said | undefined {
  const at = Date.parse(timestamp);
  return text === "" || Number.isNaN(at) ? undefined : { text: text.slice(0, MOST), at };
}

/** The texts of a message's parts of one type, one below the other. Pure. */
export function textOf(parts: readonly unknown[], type: string): string {
  const Part = v.object({ type: v.literal(type), text: v.string() });
  return parts.flatMap((part) => (v.is(Part, part) ? [part.text] : [])).join("\n");
}
