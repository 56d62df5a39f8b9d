import { lstatSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { bootId } from "../lib/believed-clock.ts";
import { baseName } from "../lib/names.ts";
import { hasEnded, ownIdentity, tableId } from "../process/identity.ts";

// In a person's own folder a file is begun under a name that nobody else gives, and that says who writes it: a process of this
// process table, since this start of the machine. Of those of other machines, or of other containers, nobody knows here.

/** The name is cut: with all that stands behind it, it must fit where the file's own does. */
const NAME_MAX = 30;

/** The path under which this process begins to write a file, beside it: `.NAME.claude-tmux-PID-STARTTIME-TABLE.part`. */
export function partBeside(path: string): string {
  const { pid, startTime } = ownIdentity();
  const name = [...baseName(path)].slice(0, NAME_MAX).join("");
  return `${dirname(path)}/.${name}.claude-tmux-${pid}-${startTime}-${table()}.part`;
}

const PART = /^\..*\.claude-tmux-(\d+)-(\d+)-(\w+)\.part$/s;

/**
 * Removes what those have begun in a folder who were killed meanwhile, whatever file it was to be: where that was finished, it is
 * another name of the same. Never throws: a folder that can't be read is no reason not to write.
 */
export function removeLeftParts(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, pid, startTime, where] = PART.exec(name) ?? [];
    if (where !== table() || !hasEnded({ pid: Number(pid), startTime: Number(startTime) })) continue;
    const file = `${folder}/${name}`;
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file, { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where the numbers of processes mean what they do here. */
function table(): string {
  return Bun.hash(`${hostname()} ${bootId()} ${tableId()}`).toString(36);
}
