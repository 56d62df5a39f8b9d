import { lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/** A folder and those above it, up to one of them. */
export function upTo(folder: string, uppermost: string): string[] {
  if (folder === uppermost || folder === dirname(folder)) return [folder];
  return [folder, ...upTo(dirname(folder), uppermost)];
}

/** A folder, and all that are in it. */
export function foldersIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...inner.flatMap(({ name }) => foldersIn(`${folder}/${name}`))];
}

/** Those of these folders that will have nothing in them, once what goes has gone: the innermost first. */
export function emptied(folders: readonly string[], goes: (path: string) => boolean): string[] {
  const empty = new Set<string>();
  for (const folder of [...new Set(folders)].toSorted((a, b) => b.length - a.length)) {
    if (!isFolder(folder)) continue;
    const isEmpty = readdirSync(folder)
      .map((name) => `${folder}/${name}`)
      .every((path) => empty.has(path) || goes(path));
    if (isEmpty) empty.add(folder);
  }
  return [...empty];
}

/** Those that are in no other of them. */
export function outermost(folders: readonly string[]): string[] {
  return folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
}

/**
 * Removes a folder in which nothing is left but notes of the folder itself (their paths are in `notes`). Throws what else is in it; one that
 * has gone meanwhile is removed.
 */
export function removeEmpty(folder: string, notes: ReadonlySet<string>): void {
  const names = isFolder(folder) ? readdirSync(folder) : [];
  const more = names.filter((name) => !notes.has(`${folder}/${name}`));
  if (more.length > 0) throw new Error(`it holds ${more.join(", ")}`);
  for (const name of names) rmSync(`${folder}/${name}`, { force: true });
  if (isFolder(folder)) rmdirSync(folder);
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
