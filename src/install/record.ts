import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { asError, errno } from "../lib/errors.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import { checkStateDir, durableRoot, ensurePrivateDir } from "../lib/paths.ts";
import type { Installed } from "./file.ts";

// What `install` has written is noted where it lasts, so that `uninstall` removes that and nothing else.

const Record = v.object({ path: v.string(), sha256: v.string() });
const Records = v.object({ files: v.array(Record) });

/** A file that was installed, and what it held. */
export type InstalledFile = v.InferOutput<typeof Record>;

/** What a file that was installed is now: `changed` by somebody since. */
export type FileState = "unchanged" | "changed" | "gone";

/**
 * Installs a file and notes that, before it is there: one who is killed meanwhile leaves nothing that nobody knows of.
 * Throws what `install` throws, after which nothing is noted; nor is a file that was there already, and is not ours.
 * @returns what `install` does, and why it is not noted, if it could not be
 */
export function recorded(
  path: string,
  text: string,
  install: () => Installed,
): { done: Installed; unnoted: string | undefined } {
  const before = installedFiles();
  const unnoted = attempt(() => {
    ensurePrivateDir(durableRoot());
    write([...before.filter((file) => file.path !== path), { path, sha256: sha256(text) }]);
  });
  const isNoted = before.some((file) => file.path === path);
  try {
    const done = install();
    if (done === "unchanged" && !isNoted && unnoted === undefined) attempt(() => write(before));
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
    return sha256(readFileSync(path, "utf8")) === then ? "unchanged" : "changed";
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

/** Removes a file that was installed, with the links to it, and the note of it. Throws what can't be removed. */
export function removeFile({ path }: InstalledFile): void {
  for (const link of linksTo(path)) rmSync(link, { force: true });
  rmSync(path, { force: true });
  forgetFile(path);
}

/** Drops all notes. */
export function forgetAll(): void {
  write([]);
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

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
