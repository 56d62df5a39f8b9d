import type { ProcessStat } from "./process-table.ts";

// What ps(1) and lsof(8) print, of Linux (procps) and of macOS (BSD). All of it pure.

/** The columns of a PsRow, in their order. The last may hold blanks, and lstart holds four. */
export const ROW_COLUMNS = ["pid", "ppid", "pgid", "tpgid", "uid", "stat", "rss", "lstart", "command"];

/** What one line of ps tells of a process. Its start time is in seconds since the epoch. */
export interface PsRow extends ProcessStat {
  uid: number;
  residentBytes: number;
  /** its words with blanks between them, or a name in brackets where ps can't see them */
  command: string;
}

/** An open file as lsof tells it. */
export interface OpenFile {
  name: string;
  inode: string;
}

const ROW =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(-?\d+)\s+([A-Za-z?])\S*\s+(\d+)\s+[A-Z][a-z]{2}\s+([A-Z][a-z]{2})\s+(\d+)\s+(\d+):(\d+):(\d+)\s+(\d{4})(?:\s+(.*))?$/;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The lines of a ps that was asked for ROW_COLUMNS with LC_TIME=C and TZ=UTC; what is no such line is left out. */
export function parsePsRows(text: string): PsRow[] {
  return text.split("\n").flatMap((line) => {
    const match = ROW.exec(line);
    if (!match) return [];
    const [pid = 0, ppid = 0, pgrp = 0, tpgid = 0, uid = 0] = match.slice(1, 6).map(Number);
    const [, , , , , , letter = "", rss, month = "", ...rest] = match;
    const [day = 0, hour, minute, second, year = 0] = rest.slice(0, 5).map(Number);
    const startTime = Date.UTC(year, MONTHS.indexOf(month), day, hour, minute, second) / 1000;
    if (!MONTHS.includes(month)) return [];
    const command = rest[5] ?? "";
    return [
      { pid, startTime, state: stateOf(letter), ppid, pgrp, tpgid, uid, residentBytes: Number(rss) * 1024, command },
    ];
  });
}

/** BSD tells a long sleep (I) from a short one, and calls U what Linux calls D: a wait that no signal ends. */
function stateOf(letter: string): string {
  if (letter === "I") return "S";
  return letter === "U" ? "D" : letter;
}

/** The lines of a ps that was asked for the pid and one more column, which may hold blanks. */
export function parsePairs(text: string): Map<number, string> {
  const pairs = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [, pid, value = ""] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (pid !== undefined) pairs.set(Number(pid), value);
  }
  return pairs;
}

/**
 * The words of a command: where one holds a blank, there is no telling, but for the path of `program`. None for a name in
 * brackets, which ps gives where it sees no words.
 */
export function splitCommand(command: string, program: string): string[] {
  if (/^\[[^ ]*\]$|^\([^)]*\)$/.test(command)) return [];
  if (!isStartedAs(command, program)) return command.split(" ").filter((word) => word !== "");
  const rest = command.slice(program.length);
  return [program, ...rest.split(" ").filter((word) => word !== "")];
}

/** Whether a command's first word is that path, which may hold blanks. */
export function isStartedAs(command: string, program: string): boolean {
  return command === program || command.startsWith(`${program} `);
}

/** The environment in what ps prints when it is to show it behind the command. */
export function parseEnvironment(text: string, command: string): string[] {
  const after = text.startsWith(command) ? text.slice(command.length) : text;
  return ` ${after.trim()}`.split(/ (?=[A-Za-z_][A-Za-z0-9_]*=)/).filter((pair) => /^[A-Za-z_]\w*=/.test(pair));
}

/** The open files in what `lsof -F in` prints: a line each for the descriptor (f), the inode (i) and the name (n). */
export function parseOpenFiles(text: string): OpenFile[] {
  const files: OpenFile[] = [];
  let inode = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("f")) inode = "";
    else if (line.startsWith("i")) inode = line.slice(1);
    else if (line.startsWith("n")) files.push({ name: line.slice(1), inode });
  }
  return files;
}

const DELETED = " (deleted)"; // what lsof adds on Linux alone

/**
 * Whether a file of that name is among the open ones, be it that it was deleted since; or, if `deletedOnly`, just that.
 * @param inode of the file that has this name now; undefined when there is none
 */
export function isAmong(
  files: readonly OpenFile[],
  path: string,
  { inode, deletedOnly }: { inode: string | undefined; deletedOnly: boolean },
): boolean {
  return files.some(({ name, inode: opened }) => {
    if (name === path + DELETED) return true;
    return name === path && (!deletedOnly || opened !== inode);
  });
}
