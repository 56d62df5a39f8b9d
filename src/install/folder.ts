import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../lib/errors.ts";
import { effectiveUid } from "../lib/uid.ts";
import { installFile } from "./file.ts";
import { type InstalledFile, installedFiles, recorded, removeFile, stateOf } from "./record.ts";

/** A file of a folder, and what becomes of it; `kept`: somebody has changed what we had written, or made it. */
export interface FolderFile {
  path: string;
  outcome: "written" | "unchanged" | "removed" | "kept";
}

/** What a folder is to hold: texts, by their paths in it. */
type Files = Readonly<Record<string, string>>;

/** A folder, and what it is to hold. */
export interface Folder {
  /** its absolute path */
  folder: string;
  files: Files;
  /** whether others' files are to be beside ours, as in a folder of which a program loads all */
  isShared?: boolean;
}

/**
 * Writes the files of a folder, each whole or not at all, and notes them; those that somebody has changed since they were
 * installed stay. Nothing is written if anything there is not ours: a file, another's folder, a link, or a folder with other things.
 * @param isDry says what would be written, and does none of it
 * @returns what became of each, and why it could not be noted, if it could not be
 * @throws AppError ERR_NOT_OWNER, ERR_COMMAND_FAILED
 */
export function installFolder(
  { folder, files, isShared = false }: Folder,
  { isDry }: { isDry: boolean },
): { files: FolderFile[]; unnoted?: string } {
  checkFolders(folder, files);
  const notes = installedFiles();
  const plan = Object.entries(files).map(([name, text]) => judge(`${folder}/${name}`, text, notes));
  const isOurs = isShared || plan.some(({ isKnown }) => isKnown) || entries(folder).length === 0;
  const foreign = isOurs ? plan.find(({ outcome }) => outcome === "foreign")?.path : folder;
  if (foreign !== undefined) {
    const what = isOurs ? "exists already, and was not installed by claude-tmux" : "holds other things already";
    const instead = isShared
      ? "Move away what is there"
      : "Name a folder for the plugin alone with --dir, or move away what is there";
    throw new AppError("ERR_COMMAND_FAILED", `${foreign} ${what}`, { hint: `Nothing was written. ${instead}.` });
  }
  let unnoted: string | undefined;
  for (const { path, text, outcome, made } of plan) {
    if (isDry || outcome !== "written") continue;
    const done = recorded(path, text, () => installFile(path, text, { force: true }), { folder: made });
    unnoted ??= done.unnoted;
  }
  const done = plan.map(({ path, outcome }) => ({ path, outcome: outcome as FolderFile["outcome"] }));
  return { files: done, ...(unnoted !== undefined && { unnoted }) };
}

/**
 * Removes the files of a folder as they were installed, by this version or an earlier one, and the folders that were made for them.
 * What anybody has changed or added stays. Throws as installFolder().
 */
export function removeFolder({ folder, files }: Folder, { isDry }: { isDry: boolean }): FolderFile[] {
  checkFolders(folder, files);
  const notes = installedFiles();
  const noted = notes.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path }) => path);
  const paths = new Set([...noted, ...Object.keys(files).map((name) => `${folder}/${name}`)]);
  return [...paths].flatMap((path): FolderFile[] => {
    const { outcome, isKnown } = judge(path, files[path.slice(folder.length + 1)] ?? "", notes);
    const note = notes.find((one) => one.path === path) ?? { path, sha256: "" };
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    // also the note of one that is gone
    const isToGo = isThere ? outcome === "unchanged" || (isKnown && outcome === "written") : isKnown;
    if (isToGo && !isDry) removeFile(note);
    return isThere ? [{ path, outcome: isToGo ? "removed" : "kept" }] : [];
  });
}

/** A file that is to be written, and what would become of it. */
interface Judged {
  path: string;
  text: string;
  outcome: FolderFile["outcome"] | "foreign";
  /** whether it is one of ours, as far as is known */
  isKnown: boolean;
  /** the uppermost folder that has to be made for it */
  made?: string;
}

function judge(path: string, text: string, notes: readonly InstalledFile[]): Judged {
  const note = notes.find((one) => one.path === path);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  const isKnown = note !== undefined;
  if (stat === undefined) {
    const made = missingFolder(dirname(path));
    return { path, text, outcome: "written", isKnown, ...(made !== undefined && { made }) };
  }
  if (!stat.isFile()) return { path, text, outcome: isKnown ? "kept" : "foreign", isKnown };
  if (readFileSync(path, "utf8") === text) return { path, text, outcome: "unchanged", isKnown: true };
  if (!note) return { path, text, outcome: "foreign", isKnown };
  return { path, text, outcome: stateOf(note) === "unchanged" ? "written" : "kept", isKnown };
}

/** The uppermost folder of a path that is not there. */
export function missingFolder(folder: string): string | undefined {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return undefined;
  return missingFolder(dirname(folder)) ?? folder;
}

/** A link could lead anywhere, and who owns a folder can put anything in the place of what is in it. */
function checkFolders(folder: string, files: Files): void {
  const below = Object.keys(files).flatMap((name) => parentsOf(name).map((parent) => `${folder}/${parent}`));
  for (const path of new Set([folder, ...below])) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    const problem = stat.isSymbolicLink() ? "is a link" : stat.isDirectory() ? undefined : "is no folder";
    if (problem !== undefined) {
      throw new AppError("ERR_COMMAND_FAILED", `${path} ${problem}`, { hint: "Name the folder itself with --dir." });
    }
    if (stat.uid !== effectiveUid()) {
      throw new AppError("ERR_NOT_OWNER", `${path} is not yours`, { hint: "Name a folder of yours with --dir." });
    }
  }
}

/** The folders in which a file is, but for the uppermost: `a/b` and `a` of `a/b/c`. */
function parentsOf(name: string): string[] {
  const parent = dirname(name);
  return parent === "." ? [] : [parent, ...parentsOf(parent)];
}

function entries(folder: string): string[] {
  return lstatSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder);
}
