import { bootId } from "../lib/believed-clock.ts";
import { humanDuration, isoSeconds } from "../lib/clock.ts";
import type { StatePaths } from "../lib/paths.ts";
import { quotedWords } from "../lib/shell.ts";
import { runningAs } from "../process/holder.ts";
import { type Alive, type AliveSession, aliveFile, inBoot } from "../snapshots/alive.ts";
import { isThere, snapshotsDir } from "../snapshots/places.ts";
import { findSnapshot, isRemoved, isWhole, type Stored } from "../snapshots/store.ts";
import { namedIn, type Wishes, wishesFile, wishFor } from "../snapshots/wishes.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Finding } from "./finding.ts";

/** What is known of the sessions that are to be saved by themselves. */
export interface SavedByThemselves {
  wishes: Wishes;
  isDaemonRunning: boolean;
  /** undefined when the daemon has not noted anything yet */
  alive: Alive | undefined;
  /** the names of all sessions; undefined where no tmux server tells them */
  there: ReadonlySet<string> | undefined;
  /** the newest snapshot of a session; undefined for one that is not there any more */
  find(id: string): { takenAt: number; isWhole: boolean } | undefined;
  /** ms since the epoch */
  now: number;
}

/**
 * Whether sessions that are to be saved by themselves are, and come back. Throws when the folder of snapshots may not be read, nor which
 * sessions these are.
 */
export function checkSnapshots(server: TmuxServer, paths: StatePaths): Finding[] {
  checkFolders();
  const wishes = wishesFile.read(server);
  const boot = bootId();
  if (!wishes || boot === undefined) return [];
  const known = aliveFile.read(server);
  return judgeSnapshots({
    wishes,
    isDaemonRunning: runningAs("daemon", paths.daemonLock) !== undefined,
    alive: known && inBoot(known, boot),
    there: namedIn(wishes).length > 0 ? sessionsThere(server) : undefined,
    find(id) {
      const stored = findSnapshot(id);
      const isGood = stored !== undefined && isWhole(stored);
      return stored && (isGood || !isRemoved(stored)) ? { takenAt: takenAt(stored), isWhole: isGood } : undefined;
    },
    now: Date.now(),
  });
}

function sessionsThere(server: TmuxServer): ReadonlySet<string> | undefined {
  const names = ["session_name"] as const;
  try {
    const text = tmux(server, [["list-sessions", "-F", rowFormat(names)]], { timeoutMs: PATIENCE_MS });
    return new Set(parseRows(names, text).map((row) => row.session_name));
  } catch {
    return undefined; // none runs, or "tmux server" says why it does not answer
  }
}

const PATIENCE_MS = 2000;
const CHECK = "snapshots";
const TOLD_MAX = 5;
/** By how much a clock may have been ahead without a word about it. */
const AHEAD_MS = 5000;

/** What to say of it. That nothing was saved for long is no fault: nothing may have changed. Pure, but for `find`. */
export function judgeSnapshots({ wishes, isDaemonRunning, alive, there, find, now }: SavedByThemselves): Finding[] {
  const names = Object.keys(wishes.sessions).filter((name) => wishFor(wishes, name));
  const asked = wishes.all ? "all sessions" : listed(names);
  const saved = (alive?.sessions ?? []).filter(({ name }) => wishFor(wishes, name));
  const found = saved.map((session) => ({ ...session, newest: session.snapshot ? find(session.snapshot) : undefined }));
  const missed = (alive?.before ?? []).filter(({ name }) => wishFor(wishes, name)).map(({ name }) => name);
  const gone = namedIn(wishes).filter((name) => there?.has(name) === false && !missed.includes(name));
  const faults = [...found.flatMap((session) => fault(session) ?? []), ...gone.map(absent)];
  const findings: Finding[] = [];
  if (!isDaemonRunning) {
    const message = `${asked} should be saved now and then, and no daemon runs that would`;
    findings.push({ check: CHECK, verdict: "warning", message, advice: "Start it: claude-tmux daemon ensure" });
  } else if (faults.length === 0) {
    const ages = found.map(({ name, newest }) => `${name} ${told(newest?.takenAt ?? now, now)}`);
    const newest = ages.length === 0 ? "nothing is saved yet" : `the newest snapshots: ${listed(ages)}`;
    findings.push({ check: CHECK, verdict: "ok", message: `of ${asked}, when something changes; ${newest}` });
  }
  findings.push(...faults);
  if (missed.length > 0) {
    const message = `alive before the machine was started anew, and not brought back: ${listed(missed)}`;
    findings.push({ check: CHECK, verdict: "note", message, advice: "Bring them back: claude-tmux daemon restore" });
  }
  return findings;
}

function fault({
  name,
  snapshot,
  problem,
  newest,
}: AliveSession & { newest: ReturnType<SavedByThemselves["find"]> }): Finding | undefined {
  const check = CHECK;
  if (problem !== null) {
    const advice =
      "Since when: claude-tmux daemon events --type snapshot-failed; for one now: claude-tmux session-save";
    return { check, verdict: "warning", message: `${name} could not be saved the last time: ${problem}`, advice };
  }
  if (newest?.isWhole) return undefined;
  const what = newest ? "is damaged" : "is not there any more";
  const advice = `The next one is saved when something changes; for one now: claude-tmux session-save ${name}`;
  return { check, verdict: "warning", message: `the newest snapshot of ${name}, ${snapshot}, ${what}`, advice };
}

/** It has ended, or has another name now. */
function absent(name: string): Finding {
  const message = `${name} should be saved, and there is no session of that name`;
  const advice = `If it has another name now: session-autosave of that one; and claude-tmux session-autosave-stop ${quotedWords([name])}`;
  return { check: CHECK, verdict: "warning", message, advice };
}

/** Throws ERR_UNSAFE_STATE_DIR for folders that the daemon would not use. */
function checkFolders(): void {
  let dir: string;
  try {
    dir = snapshotsDir();
  } catch {
    return; // no home: nothing was ever to be saved
  }
  isThere(dir);
}

function takenAt({ snapshot }: Stored): number {
  return snapshot?.taken_at ?? 0;
}

function told(takenAt: number, now: number): string {
  // a second or two are no matter
  if (takenAt - now > AHEAD_MS) return `at ${isoSeconds(takenAt)}, which is yet to come: the clock was set back`;
  return `${humanDuration(Math.max(0, now - takenAt) / 1000)} ago`;
}

function listed(words: readonly string[]): string {
  const more = words.length - TOLD_MAX;
  return [...words.slice(0, TOLD_MAX), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
