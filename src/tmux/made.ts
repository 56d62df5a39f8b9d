import { isDigits } from "../lib/names.ts";
import type { Maker } from "../process/maker.ts";
import type { ProcessId } from "../process/process-table.ts";
import { decodeAll, encodeAll } from "./metadata.ts";

// What we make says so, in an option of its own that goes with it: who had it made, when, what for, and when it may go. It
// is written as metadata is (see metadata.ts), in letters that mean nothing to tmux.

/** Who had something made, and when. */
export interface Made {
  by: Maker;
  /** ms since the epoch */
  at: number;
}

/** When a session that we made may go. */
export interface Lifetime {
  /** after so many seconds in which nothing has happened there */
  ttlS?: number;
  /** with that process, of a process table (see tableId()) */
  owner?: ProcessId & { table: string };
  /** never */
  isKept?: boolean;
}

/** A session that we made. */
export interface MadeSession extends Made, Lifetime {
  /** what it was called then */
  name: string;
  /** what it is for, as its maker said */
  note?: string;
  /** seconds since the machine started, and which start that was, where the kernel tells: the clock may have been set since */
  uptime?: number;
  boot?: string;
}

/** Whether the maker of a session has said when it ends. Pure. */
export function endsByItself({ ttlS, owner }: Lifetime): boolean {
  return ttlS !== undefined || owner !== undefined;
}

/** The value of MADE_OPTION. Pure. */
export function madeSessionText(made: MadeSession): string {
  const { name, note, ttlS, owner, isKept, uptime, boot } = made;
  const records: Record<string, string> = { ...madeRecords(made), name };
  if (note !== undefined) records.note = note;
  if (ttlS !== undefined) records.ttl = `${ttlS}`;
  if (owner !== undefined) records.owner = `${owner.pid}_${owner.startTime}_${owner.table}`;
  // what lives on of such a one is ended with it, so its programs are told (see shell/start.sh)
  if (endsByItself(made)) records.ends = "1";
  if (isKept) records.keep = "1";
  if (uptime !== undefined && boot !== undefined) Object.assign(records, { uptime: `${uptime}`, boot });
  return encodeAll(records);
}

/** The value of MADE_PANE_OPTION. Pure. */
export function madePaneText(made: Made): string {
  return encodeAll(madeRecords(made));
}

/** Reads the value of MADE_OPTION; undefined where it is not one, or damaged. Pure. */
export function readMadeSession(text: string): MadeSession | undefined {
  const made = readMade(text);
  const { name, note, ttl, owner, keep, uptime, boot } = decodeAll(text);
  if (made === undefined || name === undefined) return undefined;
  const [pidText, startText, table] = owner?.split("_") ?? [];
  const [pid, startTime] = [pidText, startText].map((each) => (each === undefined ? undefined : Number(each)));
  const numbers = [ttl, uptime, pid, owner && (startTime ?? Number.NaN)].map((each) => Number(each ?? 0));
  if (!numbers.every(Number.isFinite)) return undefined;
  return {
    ...made,
    name,
    ...(note !== undefined && { note }),
    ...(keep === "1" && { isKept: true }),
    ...(ttl !== undefined && { ttlS: Number(ttl) }),
    ...(pid !== undefined && startTime !== undefined && { owner: { pid, startTime, table: table ?? "" } }),
    ...(uptime !== undefined && boot !== undefined && { uptime: Number(uptime), boot }),
  };
}

/** Reads the value of MADE_PANE_OPTION, or what MADE_OPTION has in common with it; undefined where it is neither. Pure. */
export function readMade(text: string): Made | undefined {
  const { by, pid = "", at = "" } = decodeAll(text);
  if (by === undefined || !isDigits(pid) || !isDigits(at)) return undefined;
  return { by: { name: by, pid: Number(pid) }, at: Number(at) };
}

function madeRecords({ by, at }: Made): Record<string, string> {
  return { by: by.name, pid: `${by.pid}`, at: `${at}` };
}
