import { exists, readText, writeAtomic } from "./files.ts";

// What is noted in folders of ours of the folders themselves, so that nobody takes away another's, or one that was there before.

/** Whose a state folder is. */
export interface Owner {
  /** the folder of what is to last (see durableRoot()) of who has used it; null where there is none */
  durable: string | null;
  /** the tmux server's socket, where a daemon has served it */
  socket?: string;
}

/** The names of these notes. */
export const FOLDER_NOTES: readonly string[] = ["owner.json", "made"];

/** Notes whose a state folder is. Where that can't be written, it is not known. */
export function noteOwner(dir: string, owner: Owner): void {
  note(ownerFile(dir), `${JSON.stringify(owner)}\n`);
}

/** Whether it is noted whose a state folder is. */
export function hasOwner(dir: string): boolean {
  return exists(ownerFile(dir));
}

/** Whose a state folder is; undefined where that is not noted. */
export function readOwner(dir: string): Owner | undefined {
  try {
    const { durable, socket } = JSON.parse(readText(ownerFile(dir)) ?? "") as Record<string, unknown>;
    const isKnown = durable === null || typeof durable === "string";
    return isKnown ? { durable, ...(typeof socket === "string" && { socket }) } : undefined;
  } catch {
    return undefined; // none, or damaged
  }
}

/** Notes that a folder was made, and which was the uppermost that was made for it. */
export function noteMade(dir: string, uppermost: string): void {
  note(madeFile(dir), `${uppermost}\n`);
}

/** The uppermost folder that was made for a folder, or the folder itself; undefined where it was there before, as far as is known. */
export function uppermostMade(dir: string): string | undefined {
  try {
    const made = readText(madeFile(dir))?.trimEnd();
    return made && `${dir}/`.startsWith(`${made}/`) ? made : undefined;
  } catch {
    return undefined;
  }
}

/** The file that says that a folder was made. */
export function madeFile(dir: string): string {
  return `${dir}/made`;
}

function ownerFile(dir: string): string {
  return `${dir}/owner.json`;
}

function note(file: string, text: string): void {
  try {
    writeAtomic(file, text, { sync: false });
  } catch {
    // a full disk, a folder that can only be read: it stays, then
  }
}
