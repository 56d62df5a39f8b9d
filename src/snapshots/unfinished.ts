import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import type { StatePaths } from "../lib/paths.ts";
import { hasEnded, ownIdentity, type ProcessId } from "../process/identity.ts";
import { quoteCommand } from "../tmux/command-line.ts";
import { hasNothing, isSessionGone } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { COMPLETING_OPTION, RESTORING_OPTION } from "../tmux/options.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

// What tells what is just being restored, and what restores that were killed have left: sessions that never had their names, and
// folders with what was to come back there.

const PREFIX = "restoring-";

/** The name of a session that this process makes, until it is whole: one that tmux takes as it is. */
export function unfinishedName(): string {
  return `${PREFIX}${process.pid}`;
}

/** What says of a session that this very process restores it. */
export function ownMark(): string {
  const { pid, startTime } = ownIdentity();
  return `${pid} ${startTime}`;
}

/** Makes a folder for what shells are to find, and returns its path. */
export function makeFolder({ dir }: StatePaths): string {
  return mkdtempSync(`${dir}/${PREFIX}${ownMark().replace(" ", "-")}-`);
}

const FOLDER = /^restoring-(\d+)-(\d+)-\w{6}$/;

/** Whether a name is one of such folders. */
export function isRestoreFolder(name: string): boolean {
  return FOLDER.test(name);
}

/** The paths of the folders that restores have left in the state folder which are no more. */
export function unfinishedFolders({ dir }: StatePaths): string[] {
  return readdirSync(dir).flatMap((name) => {
    const [pid, startTime] = FOLDER.exec(name)?.slice(1).map(Number) ?? [];
    const isLeft = pid !== undefined && startTime !== undefined && hasEnded({ pid, startTime });
    return isLeft ? [`${dir}/${name}`] : [];
  });
}

/** What of a session tells whether it is an unfinished one. */
export const UNFINISHED_VARIABLES = [
  "session_id",
  "session_name",
  "session_attached",
  "session_last_attached",
  RESTORING_OPTION,
  COMPLETING_OPTION,
  "version",
] as const;

/** A session, as tmux tells of it. */
export type SessionRow = Record<(typeof UNFINISHED_VARIABLES)[number], string>;

/** All sessions of a server; none where there is no server. */
export async function sessionRows(server: TmuxServer): Promise<SessionRow[]> {
  try {
    const text = await tmuxAsync(server, [["list-sessions", "-F", rowFormat(UNFINISHED_VARIABLES)]]);
    return parseRows(UNFINISHED_VARIABLES, text);
  } catch (thrown) {
    if (hasNothing(thrown)) return [];
    throw thrown;
  }
}

/** Whether a session is just being made, by whoever restores it. */
export function isBeingRestored({ [RESTORING_OPTION]: mark }: Pick<SessionRow, typeof RESTORING_OPTION>): boolean {
  const own = makerIn(mark);
  return own !== undefined && !hasEnded(own);
}

/** Whether the programs and subscriptions of a restored session are just coming back. */
export function isBeingCompleted({ [COMPLETING_OPTION]: mark }: Pick<SessionRow, typeof COMPLETING_OPTION>): boolean {
  const own = makerIn(mark);
  return own !== undefined && !hasEnded(own);
}

/** Whether whoever restored a session was stopped before it could say that these are all there. */
export function isCutShort({ [COMPLETING_OPTION]: mark }: Pick<SessionRow, typeof COMPLETING_OPTION>): boolean {
  const own = makerIn(mark);
  return own !== undefined && hasEnded(own);
}

function makerIn(mark: string): ProcessId | undefined {
  const [pid, startTime] = MARK.exec(mark)?.slice(1).map(Number) ?? [];
  return pid === undefined || startTime === undefined ? undefined : { pid, startTime };
}

/** What is to be said of such a session. */
export const CUT_SHORT =
  "whoever restored it was stopped, perhaps before its programs and subscriptions were all there";

/** Whether a session was left by a restore that is no more, and nobody looks at it, or ever has: somebody may work there. */
export function isUnfinished(row: SessionRow): boolean {
  const own = makerIn(row[RESTORING_OPTION]);
  const isSeen = row.session_attached !== "0" || Number(row.session_last_attached) > 0;
  return own !== undefined && !isSeen && hasEnded(own);
}

const MARK = /^(\d+) (\d+)$/;

/** The formats by which tmux itself tells of a session whether it has that mark, and whether anybody looks at it, or ever has. */
export function markFormats(mark: string): { isMarked: string; isUnseen: string; isSeen: string } {
  const isMarked = `#{==:#{${RESTORING_OPTION}},${mark}}`;
  const isSeen = "#{||:#{session_attached},#{?session_last_attached,1,0}}";
  return { isMarked, isUnseen: `#{?${isSeen},0,${isMarked}}`, isSeen: `#{?${isSeen},${isMarked},0}` };
}

/** Ends an unfinished session, unless somebody has begun to look at it meanwhile: then it returns false. */
export async function endUnfinished(server: TmuxServer, row: SessionRow): Promise<boolean> {
  const at = ["if-shell", "-F", "-t", `${row.session_id}:`];
  const { isSeen, isUnseen } = markFormats(row[RESTORING_OPTION]);
  const end = quoteCommand(["kill-session", "-t", `${row.session_id}:`]);
  try {
    const text = await tmuxAsync(server, [
      [...at, isSeen, "display-message -p seen"],
      [...at, isUnseen, end],
    ]);
    return text === "";
  } catch (thrown) {
    // its shells see that nobody makes it any more, and end by themselves
    if (isSessionGone(thrown)) return true;
    throw thrown;
  }
}

/** Takes away what restores that were killed have left. */
export async function removeUnfinished(server: TmuxServer, paths: StatePaths): Promise<void> {
  for (const row of (await sessionRows(server)).filter(isUnfinished)) await endUnfinished(server, row);
  for (const folder of unfinishedFolders(paths)) removeFolder(folder);
}

/** Removes a folder with what shells were to find, if it is still there. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
