import { statSync } from "node:fs";
import { AppError } from "../lib/errors.ts";
import { type PaneOf, partsIn, type Snapshot } from "./manifest.ts";
import { readSnapshotFile } from "./snapshot-file.ts";
import { findSnapshot, listSnapshots, readParts, type Stored } from "./store.ts";

/** A snapshot that was found, and all that belongs to it. */
export interface Found {
  /** its id, or the path of its file */
  name: string;
  snapshot: Snapshot;
  /** whether it is one of the person's own store */
  isOwn: boolean;
  textOf(pane: PaneOf): string | undefined;
  /** newer ones of that session that can't be used, and why */
  skipped: { id: string; why: string }[];
}

/** What a word means: one that is stored, those of a session, the newest first, or a file; undefined for nothing that is there. */
export type Meant = { stored: Stored } | { ofSession: Stored[]; hasFile: boolean } | { file: string };

/**
 * What a word for a snapshot means, in this order: the id of a snapshot, a session that has any, a file. A path with a slash in it is a file's, and
 * so is a name that ends in `.json`, which no id and no session can.
 */
export function meant(word: string): Meant | undefined {
  if (word.includes("/")) return { file: word };
  const stored = findSnapshot(word);
  if (stored) return { stored };
  const ofSession = listSnapshots(word);
  const hasFile = isFile(word);
  if (ofSession.length > 0) return { ofSession, hasFile };
  return hasFile || word.endsWith(".json") ? { file: word } : undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The error for a word that means nothing that is there. */
export function noSnapshot(word: string): AppError {
  return new AppError(
    "ERR_SNAPSHOT_NOT_FOUND",
    `There is no snapshot "${word}", no session that has any, and no file`,
    {
      hint: "See which there are with session-snapshots.",
    },
  );
}

/**
 * The snapshot that a word means (see meant()): of a session, its newest whole one.
 * @param socket the tmux server whose session it is
 * @throws AppError ERR_SNAPSHOT_NOT_FOUND, ERR_SNAPSHOT_DAMAGED, ERR_SNAPSHOT_VERSION
 */
export function pickSnapshot(word: string, socket: string): Found {
  const what = meant(word);
  if (!what) throw noSnapshot(word);
  if ("stored" in what) return whole(what.stored);
  if ("ofSession" in what) return newestOf(what.ofSession, word, socket);
  const { snapshot, texts } = readSnapshotFile(what.file);
  return { name: what.file, snapshot, isOwn: false, textOf: textsOf(texts), skipped: [] };
}

/** The newest whole one of a session. Otherwise as pickSnapshot(). */
export function newestSnapshot(session: string, socket: string): Found {
  const all = listSnapshots(session);
  if (all.length === 0) throw noSnapshot(session);
  return newestOf(all, session, socket);
}

function newestOf(all: readonly Stored[], session: string, socket: string): Found {
  const skipped: { id: string; why: string }[] = [];
  for (const one of all) {
    if (one.snapshot && one.snapshot.socket !== socket) continue;
    try {
      return { ...whole(one), skipped };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      skipped.push({ id: one.id, why: thrown.message });
    }
  }
  const [first] = skipped;
  if (first) {
    throw new AppError(
      "ERR_SNAPSHOT_DAMAGED",
      `None of the ${skipped.length} snapshots of "${session}" is whole: ${first.why}`,
    );
  }
  throw new AppError("ERR_SNAPSHOT_NOT_FOUND", `All snapshots of "${session}" are of another tmux server`, {
    hint: `Give one by its id: ${all
      .map(({ id }) => id)
      .slice(0, 5)
      .join(", ")}.`,
  });
}

/** A stored snapshot with all its parts. Throws ERR_SNAPSHOT_DAMAGED, ERR_SNAPSHOT_VERSION. */
function whole({ id, snapshot, problem }: Stored): Found {
  if (!snapshot) throw problem ?? new AppError("ERR_SNAPSHOT_DAMAGED", "The snapshot can't be read");
  const texts = new Map(partsIn(snapshot).map((sum) => [sum, readParts([sum])]));
  return { name: id, snapshot, isOwn: true, textOf: textsOf(texts), skipped: [] };
}

function textsOf(texts: ReadonlyMap<string, string>): (pane: PaneOf) => string | undefined {
  return ({ text }) => text?.parts.map((sum) => texts.get(sum) ?? "").join("");
}
