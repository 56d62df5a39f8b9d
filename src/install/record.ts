import { lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { asError, errno } from "../lib/errors.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import { checkStateDir, durableRoot, ensureDurableRoot } from "../lib/paths.ts";
import { sumOf } from "../lib/sum.ts";
import type { Installed } from "./file.ts";

// What `install` has written is noted where it lasts, so that `uninstall` removes that and nothing else.

const Record = v.object({
  path: v.string(),
  sha256: v.string(),
  /** the uppermost folder that was made for it, which goes with what is in it */
  folder: v.exactOptional(v.string()),
  /** the socket of the tmux server that it is for; none of what is for all */
  socket: v.exactOptional(v.string()),
});
const Records = v.object({ files: v.array(Record) });

/** A file that was installed, and what it held. */
export type InstalledFile = v.InferOutput<typeof Record>;

/** What a file that was installed is now: `changed` by somebody since. */
export type FileState = "unchanged" | "changed" | "gone";

/**
 * Installs a file and notes that, before it is there: one who is killed meanwhile leaves nothing that nobody knows of.
 * Throws what `install` throws, after which nothing is noted; nor is a file that was there already, and is not ours.
 * @param about.folder the uppermost folder that is made for it; that of an earlier installation counts as well
 * @param about.socket of the tmux server that it is for, if it is for one
 * @returns what `install` does, and why it is not noted, if it could not be
 */
export function recorded(
  path: string,
  text: string,
  install: () => Installed,
  { folder, socket }: { folder: string | undefined; socket?: string },
): { done: Installed; unnoted: string | undefined } {
  const before = installedFiles();
  const known = before.find((file) => file.path === path);
  const made = known?.folder ?? folder;
  const unnoted = attempt(() => {
    ensureDurableRoot();
    const note = {
      path,
      sha256: sumOf(text),
      ...(made !== undefined && { folder: made }),
      ...(socket !== undefined && { socket }),
    };
    write([...before.filter((file) => file.path !== path), note]);
  });
  try {
    const done = install();
    if (done === "unchanged" && !known && unnoted === undefined) attempt(() => write(before));
    return { done, unnoted };
  } catch (thrown) {
    if (unnoted === undefined) attempt(() => write(before));
    throw thrown;
  }
}

/** Why something could not be done; undefined when it was. */
function attempt(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return asError(thrown).message;
  }
}

/** The files that were installed, as far as is known. */
export function installedFiles(): InstalledFile[] {
  try {
    // another's folder says nothing of ours
    if (!checkStateDir(durableRoot())) return [];
    return v.parse(Records, JSON.parse(readText(recordsFile()) ?? "")).files;
  } catch {
    return []; // none, or damaged
  }
}

/** What has become of a file. */
export function stateOf({ path, sha256: then }: InstalledFile): FileState {
  try {
    return sumOf(readFileSync(path, "utf8")) === then ? "unchanged" : "changed";
  } catch (thrown) {
    return errno(thrown) === "ENOENT" ? "gone" : "changed";
  }
}

/** The links to a unit by which systemd starts it: what `systemctl enable` has made (systemd.unit(5), [INSTALL]). */
export function linksTo(path: string): string[] {
  const folder = dirname(path);
  return entries(folder)
    .filter((name) => name.endsWith(".wants"))
    .flatMap((name) => entries(`${folder}/${name}`).map((link) => `${folder}/${name}/${link}`))
    .filter((link) => lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink())
    .filter((link) => resolve(dirname(link), readlinkSync(link)) === path);
}

/**
 * Removes a file that was installed, with the links to it, the note of it, and the folders that were made for it and have nothing
 * in them any more: else they go with what else of ours is in them. Throws what can't be removed.
 */
export function removeFile({ path, folder }: InstalledFile): void {
  for (const link of linksTo(path)) rmSync(link, { force: true });
  rmSync(path, { force: true });
  const others = installedFiles().filter((file) => file.path !== path);
  if (folder === undefined) {
    write(others);
    return;
  }
  // before the note, by which one that goes on after a crash knows of the folders
  for (let one = dirname(path); one === folder || one.startsWith(`${folder}/`); one = dirname(one)) {
    if (attempt(() => rmdirSync(one)) !== undefined) break; // something of somebody else's, or of ours
  }
  const upper = ({ folder: own = folder }: InstalledFile) => (own.length < folder.length ? own : folder);
  write(others.map((file) => (file.path.startsWith(`${folder}/`) ? { ...file, folder: upper(file) } : file)));
}

/** Drops the note of a file. */
export function forgetFile(path: string): void {
  write(installedFiles().filter((file) => file.path !== path));
}

function write(files: readonly InstalledFile[]): void {
  if (files.length === 0) rmSync(recordsFile(), { force: true });
  else writeAtomic(recordsFile(), `${JSON.stringify({ files }, undefined, 2)}\n`);
}

function recordsFile(): string {
  return `${durableRoot()}/installed.json`;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
