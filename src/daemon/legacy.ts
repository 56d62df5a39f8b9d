import { lstatSync, readdirSync } from "node:fs";
import { config } from "../lib/config.ts";
import { readOwn } from "../lib/files.ts";
import type { Log } from "../lib/log.ts";
import { effectiveUid } from "../lib/uid.ts";
import { compilePattern } from "../matching/pattern.ts";
import type { Store } from "../store/database.ts";
import { readNote, writeNote } from "../store/notes.ts";
import { addSubscription, type NewSubscription } from "../store/subscriptions.ts";
import type { PlacedPane } from "../tmux/panes.ts";

// Version 3.0 kept its subscriptions in EVENTS/<session>/patterns, a line for each, PANE|PATTERN|CALLBACK, and in
// EVENTS/<session>/timeouts, PANE|SECONDS SINCE THE EPOCH|CALLBACK, with the pane's index.
const IMPORTED = "legacy-events";

/** A line of one of these files. */
export interface LegacyLine {
  pane: number;
  detail: string;
  callback: string;
}

/** Reads such a file; lines that are none are left out. Pure. */
export function parseLegacyLines(text: string): LegacyLine[] {
  return text.split("\n").flatMap((line) => {
    const [pane = "", detail = "", ...callback] = line.split("|");
    if (!/^\d+$/.test(pane) || detail === "") return [];
    return [{ pane: Number(pane), detail, callback: callback.join("|").trim() }];
  });
}

/**
 * Takes over, once, what version 3.0 had subscribed to in sessions that still live. Its callbacks are commands, so only
 * plain files of ours in folders that are ours, and that no one else can write to, are read.
 */
export function importLegacyEvents(store: Store, panes: readonly PlacedPane[], log: Log): void {
  if (readNote(store, IMPORTED) !== undefined) return;
  const root = config.legacyEventsDir;
  const sessions = isOursAlone(root) ? readdirSync(root).filter((name) => isOursAlone(`${root}/${name}`)) : [];
  if (sessions.length === 0) return;
  const found = sessions.flatMap((session) => {
    const read = (file: string) => parseLegacyLines(readIfOwn(`${root}/${session}/${file}`));
    return [
      ...read("patterns").flatMap((line) => subscription(session, line, panes, "pattern-match")),
      ...read("timeouts").flatMap((line) => subscription(session, line, panes, "timeout")),
    ];
  });
  store
    .transaction(() => {
      for (const each of found) addSubscription(store, each);
      writeNote(store, IMPORTED, new Date().toISOString());
    })
    .immediate();
  log.info(`${found.length} subscriptions of version 3.0 were taken over from ${root}`);
}

function subscription(
  session: string,
  { pane: index, detail, callback }: LegacyLine,
  panes: readonly PlacedPane[],
  type: "pattern-match" | "timeout",
): NewSubscription[] {
  const own = panes.filter((pane) => pane.session === session);
  const firstWindow = Math.min(...own.map((pane) => pane.window));
  const pane = own.find((candidate) => candidate.index === index && candidate.window === firstWindow);
  const isPattern = type === "pattern-match";
  if (!pane || (isPattern ? !isValid(detail) : !/^\d{1,11}$/.test(detail))) return [];
  return [
    {
      type,
      server: pane.server,
      session,
      session_id: pane.sessionId,
      pane: pane.id,
      pane_id: pane.paneId,
      label: pane.label,
      pattern: isPattern ? detail : null,
      deadline: isPattern ? null : Number(detail) * 1000,
      seconds: null,
      progress: null,
      callback: callback || null,
      cwd: null,
      once: !isPattern,
    },
  ];
}

function isValid(pattern: string): boolean {
  try {
    compilePattern(pattern);
    return true;
  } catch {
    return false;
  }
}

function isOursAlone(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === effectiveUid() && (stat.mode & 0o022) === 0;
}

function readIfOwn(file: string): string {
  try {
    return readOwn(file);
  } catch {
    return ""; // a link, a stranger's file, or none
  }
}
