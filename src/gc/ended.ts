import { rmSync } from "node:fs";
import { readText, writeAtomic } from "../lib/files.ts";
import type { StatePaths } from "../lib/paths.ts";

// Which sessions were collected that were made to end with all that runs there: what lives on of these, and of no others, is
// ended. It is written down before a session is ended, for the case that whoever collects is killed then.

/** So many are remembered: those before them have long had their processes ended. */
const MAX = 1000;

/** A session, for certain: its server (`pid:start_time`) and its id. */
export function sessionKey(server: string, id: string): string {
  return `${server} ${id}`;
}

/** The sessions that were noted. */
export function readEnded(paths: StatePaths): Set<string> {
  return new Set((readText(file(paths)) ?? "").split("\n").filter((line) => line !== ""));
}

/** Notes sessions that are about to be ended. Throws what can't be written: then they are not to be. */
export function noteEnded(paths: StatePaths, keys: readonly string[]): void {
  if (keys.length === 0) return;
  const all = [...new Set([...readEnded(paths), ...keys])];
  writeAtomic(file(paths), `${all.slice(-MAX).join("\n")}\n`, { sync: false });
}

/** Forgets sessions that were not ended after all. */
export function forgetEnded(paths: StatePaths, keys: readonly string[]): void {
  const left = [...readEnded(paths)].filter((key) => !keys.includes(key));
  if (left.length === 0) rmSync(file(paths), { force: true });
  else writeAtomic(file(paths), `${left.join("\n")}\n`, { sync: false });
}

function file({ dir }: StatePaths): string {
  return `${dir}/gc.ended`;
}
