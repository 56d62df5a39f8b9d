import { AppError, asError } from "../lib/errors.ts";
import { tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { NEWEST } from "./history.ts";
import type { Snapshot } from "./manifest.ts";
import { seeSessions } from "./see.ts";
import type { SeenSession } from "./seen.ts";
import { type NewSnapshot, storeSnapshots } from "./storing.ts";
import { type HowToSave, snapshotsOf } from "./taking.ts";

/** Which session is saved, and how. */
export interface SaveOptions extends HowToSave {
  session: string;
}

/** A snapshot that was saved. */
export interface Saved {
  id: string;
  snapshot: Snapshot;
  /** what was written */
  bytes: number;
}

/** Saves a session. Throws ERR_SESSION_NOT_FOUND, and what storing throws. */
export async function saveSession(server: TmuxServer, options: SaveOptions): Promise<Saved> {
  return only<Saved>(await saveSessions(server, [options.session], options));
}

/**
 * Saves several sessions.
 * @returns of each what it was saved as, or why it could not be
 * @throws AppError when tmux does not answer
 */
export async function saveSessions(
  server: TmuxServer,
  sessions: readonly string[],
  options: HowToSave,
): Promise<(Saved | Error)[]> {
  const saved: (Saved | Error)[] = [];
  const groups = await groupsOf(server, sessions);
  const see = (i: number) => seeSessions(server, groups[i] ?? [], options);
  let seen = await see(0);
  for (const i of groups.keys()) {
    // while tmux tells of the next ones, these are written
    const [next, stored] = await Promise.all([see(i + 1), storeSeen(server, seen, options)]);
    saved.push(...stored);
    seen = next;
  }
  return saved;
}

/** So many are looked at at once: tmux takes quadratic time to read a long list of commands. */
const SESSIONS_AT_ONCE = 20;
/** And so many rows, unless one session alone has more: nobody else is served while tmux tells of them. */
const ROWS_AT_ONCE = 10_000;

/** Sessions, in their order, by those that are looked at at once. */
async function groupsOf(server: TmuxServer, sessions: readonly string[]): Promise<string[][]> {
  if (sessions.length <= 1) return [[...sessions]];
  const [text = ""] = await tmuxEachOrNothing(server, [["list-panes", "-a", "-F", "#{session_id} #{history_size}"]]);
  const rows = new Map<string, number>();
  for (const [id = "", size] of text.split("\n").map((line) => line.split(" ")))
    rows.set(id, (rows.get(id) ?? 0) + Math.min(Number(size), NEWEST));
  const groups: string[][] = [];
  let [group, left]: [string[], number] = [[], 0];
  for (const session of sessions) {
    const own = rows.get(session) ?? 0;
    if (groups.length === 0 || group.length === SESSIONS_AT_ONCE || own > left) {
      [group, left] = [[], ROWS_AT_ONCE];
      groups.push(group);
    }
    group.push(session);
    left -= own;
  }
  return groups;
}

async function storeSeen(
  server: TmuxServer,
  seen: readonly (SeenSession | AppError)[],
  options: HowToSave,
): Promise<(Saved | Error)[]> {
  const taken = await snapshotsOf(server, seen, options);
  const whole = taken.filter((one): one is NewSnapshot => !(one instanceof AppError));
  const stored = await storeSnapshots(whole).catch(asError);
  return taken.map((one) => {
    if (one instanceof AppError) return one;
    if (stored instanceof Error) return stored;
    return { snapshot: one.snapshot, ...(stored[whole.indexOf(one)] as { id: string; bytes: number }) };
  });
}

/** All that is known of a session now, and the parts of what its panes show. Throws what seeSessions() returns. */
export async function takeSnapshot(server: TmuxServer, options: SaveOptions): Promise<NewSnapshot> {
  const seen = await seeSessions(server, [options.session], options);
  return only<NewSnapshot>(await snapshotsOf(server, seen, options));
}

/** The first of them. Throws if that is an error. */
function only<T>([first]: readonly (T | Error)[]): T {
  if (first instanceof Error) throw first;
  return first as T;
}
