import { statSync } from "node:fs";
import { AppError } from "../lib/errors.ts";
import type { PaneOf, Snapshot } from "./manifest.ts";
import { hasText, withoutText, withoutTextHint } from "./only.ts";
import { isOfReplaced } from "./retention.ts";
import { readSnapshotFile } from "./snapshot-file.ts";
import { findSnapshot, isRemoved, isWhole, listSnapshots, readTexts, type Stored, whoseText } from "./store.ts";

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
  /** what else is to be known of the choice, in a sentence without its end; undefined for nothing */
  remark?: string;
  /** where it was saved without what its panes showed: the newest older one of that session that was saved with it, and is whole */
  shownIn?: string | undefined;
}

/**
 * What a word means: one that is stored, those of a session, the newest first, with those that can't be read and may be of it, or a
 * file; undefined for nothing that is there.
 */
export type Meant = { stored: Stored } | { ofSession: Stored[]; hasFile: boolean } | { file: string };

/**
 * What a word for a snapshot means, in this order: the id of a snapshot, a session that has any, a file. A path with a slash in it is a file's,
 * unless only a session has that name; and so is a name that ends in `.json`, which no id and no session can.
 */
export function meant(word: string): Meant | undefined {
  const isPath = word.includes("/");
  const hasFile = isFile(word);
  if (isPath && hasFile) return { file: word };
  const stored = isPath ? undefined : findSnapshot(word);
  if (stored) return { stored };
  const ofSession = listSnapshots(word);
  if (ofSession.some(({ snapshot }) => snapshot)) return { ofSession, hasFile };
  return hasFile || isPath || word.endsWith(".json") ? { file: word } : undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The error for a word that means nothing that is there; of those that can't be read it is not known of which session they are. */
export function noSnapshot(word: string): AppError {
  const [unread, ...more] = listSnapshots(word).filter(({ snapshot }) => !snapshot);
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  const remark = unread ? `. ${unread.id}${others} may be of it: ${unread.problem?.message}` : "";
  return new AppError(
    "ERR_SNAPSHOT_NOT_FOUND",
    `There is no snapshot "${word}", no session that has any${unread ? " that can be read" : ""}, and no file${remark}`,
    {
      hint: "See which there are with session-snapshots.",
    },
  );
}

/**
 * The snapshot that a word means (see meant()): of a session, its newest whole one; those that were taken before it was replaced,
 * only where there is no other.
 * @param socket the tmux server whose session it is
 * @param options.withText whether what panes showed belongs to it; else none of that is read, and what is damaged there does no harm
 * @param options.what what the word means, where that is known already
 * @throws AppError ERR_SNAPSHOT_NOT_FOUND, ERR_SNAPSHOT_DAMAGED, ERR_SNAPSHOT_VERSION
 */
export function pickSnapshot(word: string, socket: string, { withText = true, what = meant(word) } = {}): Found {
  if (!what) throw noSnapshot(word);
  if ("stored" in what) return whole(what.stored, withText);
  if ("ofSession" in what) return newestOf(what.ofSession, { session: word, socket, withText });
  const file = { name: what.file, isOwn: false, skipped: [] };
  const { snapshot, texts } = readSnapshotFile(what.file, { withText });
  if (!withText) return { ...file, snapshot: withoutText(snapshot), textOf: () => undefined };
  return { ...file, snapshot, textOf: textsOf(texts) };
}

/** The newest whole one of a session. Otherwise as pickSnapshot(). */
export function newestSnapshot(session: string, socket: string): Found {
  const all = listSnapshots(session);
  if (!all.some(({ snapshot }) => snapshot)) throw noSnapshot(session);
  return newestOf(all, { session, socket, withText: true });
}

const ONLY_UNDO = "That is what the session was before it was replaced: no other snapshot of it is whole";

function newestOf(
  all: readonly Stored[],
  { session, socket, withText }: { session: string; socket: string; withText: boolean },
): Found {
  const skipped: { id: string; why: string; isOf: boolean }[] = [];
  const isUndo = ({ snapshot }: Stored) => snapshot !== undefined && isOfReplaced(snapshot);
  const usual = all.filter((one) => !isUndo(one));
  for (const one of [...usual, ...all.filter(isUndo)]) {
    if (one.snapshot && one.snapshot.socket !== socket) continue;
    try {
      const found = { ...whole(one, withText), skipped: skipped.map(({ id, why }) => ({ id, why })) };
      if (isUndo(one)) return { ...found, remark: ONLY_UNDO };
      const older = withText && !hasText(found.snapshot) ? usual.slice(usual.indexOf(one) + 1) : [];
      const isShown = (each: Stored) => each.snapshot?.socket === socket && hasText(each.snapshot) && isWhole(each);
      return { ...found, shownIn: older.find(isShown)?.id };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      if (isRemoved(one)) continue;
      const isOf = one.snapshot !== undefined;
      skipped.push({ id: one.id, isOf, why: isOf ? thrown.message : `It may be of "${session}". ${thrown.message}` });
    }
  }
  const broken = skipped.filter(({ isOf }) => isOf);
  const [first] = broken;
  if (first) {
    const none = broken.length === 1 ? "The only snapshot" : `None of the ${broken.length} snapshots`;
    const message = `${none} of "${session}" is ${broken.length === 1 ? "not " : ""}whole: ${first.why}`;
    throw new AppError("ERR_SNAPSHOT_DAMAGED", message, { hint: withoutTextHint(session) });
  }
  const others = all.filter((one) => one.snapshot && one.snapshot.socket !== socket && !isRemoved(one));
  if (others.length === 0) throw noSnapshot(session);
  throw new AppError("ERR_SNAPSHOT_NOT_FOUND", `All snapshots of "${session}" are of another tmux server`, {
    hint: `Give one by its id: ${others
      .map(({ id }) => id)
      .slice(0, 5)
      .join(", ")}.`,
  });
}

/** A stored snapshot with all its parts. Throws ERR_SNAPSHOT_DAMAGED, ERR_SNAPSHOT_VERSION; ERR_SNAPSHOT_NOT_FOUND when it was removed meanwhile. */
function whole(stored: Stored, withText: boolean): Found {
  const { id, snapshot, problem } = stored;
  if (!snapshot) throw problem ?? new AppError("ERR_SNAPSHOT_DAMAGED", "The snapshot can't be read");
  const found = { name: id, isOwn: true, skipped: [] };
  if (!withText) return { ...found, snapshot: withoutText(snapshot), textOf: () => undefined };
  const { texts, lost } = readTexts(snapshot);
  const [why] = lost.values();
  if (why === undefined) return { ...found, snapshot, textOf: textsOf(texts) };
  if (isRemoved(stored))
    throw new AppError("ERR_SNAPSHOT_NOT_FOUND", `The snapshot ${id} was removed just now`, {
      hint: "See which there are with session-snapshots.",
    });
  const message = `${why} (of ${texts.size + lost.size}; damaged is ${whoseText(snapshot, [...lost.keys()])})`;
  throw new AppError("ERR_SNAPSHOT_DAMAGED", message, { hint: withoutTextHint(id) });
}

function textsOf(texts: ReadonlyMap<string, string>): (pane: PaneOf) => string | undefined {
  return ({ text }) => text?.parts.map((sum) => texts.get(sum) ?? "").join("");
}
