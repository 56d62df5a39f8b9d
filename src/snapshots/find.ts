import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { AppError, asError, errno } from "../lib/errors.ts";
import { quotedWords } from "../lib/shell.ts";
import { type PaneOf, parseManifest, partsIn, type Snapshot } from "./manifest.ts";
import { withoutText } from "./only.ts";
import { type Part, sumOf } from "./parts.ts";
import { findSnapshot, listSnapshots, readTexts, type Stored, whoseText } from "./store.ts";

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

const Texts = v.object({ texts: v.record(v.string(), v.string()) });

/**
 * The snapshot that a word means: its id, the path of a file (with a slash in it), or a session, of which it is the newest whole
 * one.
 * @param socket the tmux server whose session it is
 * @param withText whether what panes showed belongs to it; else none of that is read, and what is damaged there does no harm
 * @throws AppError ERR_SNAPSHOT_NOT_FOUND, ERR_SNAPSHOT_DAMAGED, ERR_SNAPSHOT_VERSION
 */
export function pickSnapshot(word: string, socket: string, { withText = true } = {}): Found {
  if (word.includes("/")) return readSnapshotFile(word, withText);
  const stored = findSnapshot(word);
  if (stored) return whole(stored, withText);
  const ofSession = listSnapshots(word).filter(({ snapshot }) => !snapshot || snapshot.socket === socket);
  const skipped: { id: string; why: string }[] = [];
  for (const one of ofSession) {
    try {
      return { ...whole(one, withText), skipped };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      skipped.push({ id: one.id, why: thrown.message });
    }
  }
  const [first] = skipped;
  if (first) {
    const message = `None of the ${skipped.length} snapshots of "${word}" is whole: ${first.why}`;
    const hint = ofSession.some(({ snapshot }) => snapshot) ? withoutTextHint(word) : undefined;
    throw new AppError("ERR_SNAPSHOT_DAMAGED", message, { hint });
  }
  throw new AppError("ERR_SNAPSHOT_NOT_FOUND", `There is no snapshot "${word}", and none of a session of that name`, {
    hint: "See which there are with session-snapshots; the path of a file has a slash in it.",
  });
}

/** A stored snapshot with all its parts. Throws ERR_SNAPSHOT_DAMAGED, ERR_SNAPSHOT_VERSION. */
function whole({ id, snapshot, problem }: Stored, withText: boolean): Found {
  if (!snapshot) throw problem ?? new AppError("ERR_SNAPSHOT_DAMAGED", "The snapshot can't be read");
  const found = { name: id, isOwn: true, skipped: [] };
  if (!withText) return { ...found, snapshot: withoutText(snapshot), textOf: () => undefined };
  const { texts, lost } = readTexts(snapshot);
  const [why] = lost.values();
  if (why === undefined) return { ...found, snapshot, textOf: textsOf(texts) };
  const message = `${why} (of ${texts.size + lost.size}; damaged is ${whoseText(snapshot, [...lost.keys()])})`;
  throw new AppError("ERR_SNAPSHOT_DAMAGED", message, { hint: withoutTextHint(id) });
}

function withoutTextHint(word: string): string {
  return `What its panes showed is damaged; all else of it comes back with: session-restore ${quotedWords([word])} --no-scrollback`;
}

/** The text of a snapshot in a file of its own: the manifest, and all parts. Pure. */
export function snapshotFileText(manifest: string, parts: readonly Part[]): string {
  const texts = Object.fromEntries(parts.map(({ sum, text }) => [sum, text]));
  return `${JSON.stringify({ ...JSON.parse(manifest), texts }, null, 1)}\n`;
}

/** Writes a snapshot to a file that is not there yet (mode 0600): all of it, or nothing. Throws ERR_INVALID_ARGUMENT. */
export function writeSnapshotFile(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text, { flag: "wx", mode: 0o600, flush: true });
    linkSync(part, path);
  } catch (thrown) {
    const why = errno(thrown) === "EEXIST" ? "it is there already" : (errno(thrown) ?? String(thrown));
    throw new AppError("ERR_INVALID_ARGUMENT", `The file ${path} can't be written: ${why}`, { cause: thrown });
  } finally {
    rmSync(part, { force: true });
  }
}

const TEXT_MAX = 2 ** 28;
const FILE_MAX = 2 ** 29;

function readSnapshotFile(path: string, withText: boolean): Found {
  let text: string;
  try {
    const { size } = statSync(path);
    // also where that is no file: a pipe has none, and what has no end neither
    if (!statSync(path).isFile() || size > FILE_MAX)
      throw new Error(size > FILE_MAX ? "it is larger than any" : "it is no plain file");
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    const why = errno(thrown) ?? asError(thrown).message;
    throw new AppError("ERR_SNAPSHOT_NOT_FOUND", `The file ${path} can't be read: ${why}`, { cause: thrown });
  }
  const snapshot = parseManifest(text);
  const file = { name: path, isOwn: false, skipped: [] };
  if (!withText) return { ...file, snapshot: withoutText(snapshot), textOf: () => undefined };
  const found = v.safeParse(Texts, JSON.parse(text));
  const texts = new Map(found.success ? Object.entries(found.output.texts) : []);
  for (const sum of partsIn(snapshot)) {
    if (sumOf(texts.get(sum) ?? "") !== sum)
      throw new AppError("ERR_SNAPSHOT_DAMAGED", `A part of ${path} is missing, or is not what it was`, {
        hint: withoutTextHint(path),
      });
  }
  // a part may stand in many places
  const length = partsIn(snapshot).reduce((sum, part) => sum + (texts.get(part)?.length ?? 0), 0);
  if (length > TEXT_MAX) throw new AppError("ERR_SNAPSHOT_DAMAGED", `The texts of ${path} are longer than any`);
  return { ...file, snapshot, textOf: textsOf(texts) };
}

function textsOf(texts: ReadonlyMap<string, string>): (pane: PaneOf) => string | undefined {
  return ({ text }) => text?.parts.map((sum) => texts.get(sum) ?? "").join("");
}
