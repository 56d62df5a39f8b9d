import { existsSync, linkSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { AppError, errno } from "../lib/errors.ts";
import { readPlain } from "../lib/files.ts";
import { remedyFor, whyUnread, whyUnwritten } from "../lib/refusals.ts";
import { sumOf } from "../lib/sum.ts";
import { partBeside, removeLeftParts } from "./left-parts.ts";
import { jsonOf, partsIn, type Snapshot, snapshotIn } from "./manifest.ts";
import { withoutTextHint } from "./only.ts";
import type { Part } from "./parts.ts";

const Texts = v.object({ texts: v.record(v.string(), v.string()) });

/** The text of a snapshot in a file of its own: the manifest, and all its parts. Pure. */
export function snapshotFileText(manifest: string, parts: readonly Part[]): string {
  const texts = Object.fromEntries(parts.map(({ sum, text }) => [sum, text]));
  return `${JSON.stringify({ ...JSON.parse(manifest), texts }, null, 1)}\n`;
}

/** What is wrong with the path, and not with the place that it leads to. */
const ARGUMENTS_FAULT: Readonly<Record<string, string>> = {
  EEXIST: "Give another name: nothing that is there is written over.",
  ENOENT: "Make the folder first, or give another one.",
  ENOTDIR: "Give another path.",
  EISDIR: "Give the name of a file in it.",
  ELOOP: "Give another path.",
  ENAMETOOLONG: "Give a shorter name.",
};

/**
 * Writes a snapshot to a file that is not there yet (mode 0600): all of it, or nothing. What somebody has left who was killed while
 * writing one in that folder goes.
 * @throws AppError ERR_INVALID_ARGUMENT where no file can be at that path, or there is one; ERR_COMMAND_FAILED for any other reason
 */
export function writeSnapshotFile(path: string, text: string): void {
  const part = partBeside(path);
  try {
    removeLeftParts(dirname(path));
    writeFileSync(part, text, { flag: "wx", mode: 0o600, flush: true });
    linkSync(part, path);
  } catch (thrown) {
    const why = whyUnwritten(thrown);
    if (why === undefined) throw thrown;
    const hint = ARGUMENTS_FAULT[errno(thrown) ?? ""];
    const code = hint === undefined ? "ERR_COMMAND_FAILED" : "ERR_INVALID_ARGUMENT";
    const remedy = remedyFor(thrown);
    const first = remedy === undefined ? "Give" : `${remedy}, or give`;
    throw new AppError(code, `The file ${path} can't be written: ${why}`, {
      hint: hint ?? `${first} a file elsewhere: nothing was left behind.`,
      cause: thrown,
    });
  } finally {
    if (existsSync(part)) rmSync(part, { force: true });
  }
}

const TEXT_MAX = 2 ** 28;
const FILE_MAX = 2 ** 29;

/**
 * Reads such a file; `texts` are its parts, by their sums.
 * @param options.withText whether these are read; else none is, and what is damaged there does no harm
 * @throws AppError ERR_SNAPSHOT_NOT_FOUND, ERR_SNAPSHOT_DAMAGED, ERR_SNAPSHOT_VERSION
 */
export function readSnapshotFile(
  path: string,
  { withText = true } = {},
): { snapshot: Snapshot; texts: ReadonlyMap<string, string> } {
  const content = jsonOf(textIn(path));
  const snapshot = snapshotIn(content, `The file ${path}`);
  if (!withText) return { snapshot, texts: new Map() };
  const found = v.safeParse(Texts, content);
  const texts = new Map(found.success ? Object.entries(found.output.texts) : []);
  for (const sum of partsIn(snapshot)) {
    if (sumOf(texts.get(sum) ?? "") === sum) continue;
    const message = `A part of ${path} is missing, or is not what it was`;
    throw new AppError("ERR_SNAPSHOT_DAMAGED", message, { hint: withoutTextHint(path) });
  }
  // a part may stand in many places
  const length = partsIn(snapshot).reduce((sum, part) => sum + (texts.get(part)?.length ?? 0), 0);
  if (length > TEXT_MAX) throw damaged(`The texts of ${path} are longer than any`);
  return { snapshot, texts };
}

function damaged(message: string): AppError {
  return new AppError("ERR_SNAPSHOT_DAMAGED", message, {
    hint: "Save the session again, or take another copy of the file.",
  });
}

function textIn(path: string): string {
  try {
    return readPlain(path, FILE_MAX).toString();
  } catch (thrown) {
    const why = whyUnread(thrown);
    throw why === undefined ? thrown : unreadable(path, why, thrown);
  }
}

function unreadable(path: string, why: string, cause?: unknown): AppError {
  return new AppError("ERR_SNAPSHOT_NOT_FOUND", `The file ${path} can't be read: ${why}`, {
    hint: "Give the path of a file that session-save has written; session-snapshots lists those that are in the store.",
    cause,
  });
}
