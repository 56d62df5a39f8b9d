import { lstatSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { baseName, isDigits } from "../lib/names.ts";
import { processStat } from "../process/identity.ts";

/**
 * Removes what those have left who were killed while they wrote a file: `FILE.PID.part` beside it, of a process that is no more.
 * Throws what the system says of the file's folder.
 */
export function removeLeftParts(path: string): void {
  const folder = dirname(path);
  const start = `${baseName(path)}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(start) || !name.endsWith(".part")) continue;
    const pid = name.slice(start.length, -".part".length);
    // of one with this process's own number, too: it has begun nothing yet
    const isDead = Number(pid) === process.pid || processStat(Number(pid)) === undefined;
    if (!isDigits(pid) || !isDead) continue;
    const file = `${folder}/${name}`;
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file, { force: true });
  }
}
