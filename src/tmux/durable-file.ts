import { closeSync, constants, lstatSync, openSync, readdirSync, renameSync, rmSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { AppError } from "../lib/errors.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import { flockExclusive } from "../lib/libc.ts";
import { checkStateDir, durableRoot, ensureDurableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { whyUnread } from "../lib/refusals.ts";
import { poll } from "../lib/wait.ts";
import { durableDir, type TmuxServer } from "./server.ts";

const LOCK_MS = 5000;
const LOCK_EVERY_MS = 10;

/** What a file is called that could not be read and was the program's own affair. */
const ASIDE = ".damaged";

/**
 * A JSON file of each tmux server that outlives the machine's next start. A schema that ignores what it does not know
 * (v.looseObject) has what a newer version has written stay.
 */
export class DurableFile<T> {
  constructor(
    private readonly name: string,
    private readonly schema: v.GenericSchema<unknown, T>,
  ) {}

  /**
   * What it holds; undefined if there is none, or where nothing could be kept since there is no home.
   * @throws AppError ERR_COMMAND_FAILED when it can't be read, or is not what it should be; ERR_UNSAFE_STATE_DIR
   */
  read(server: TmuxServer): T | undefined {
    const dir = dirOf(server);
    return dir !== undefined && isThere(dir) ? this.parse(this.fileOf(server)) : undefined;
  }

  /**
   * Changes what it holds, while nobody else does; nothing is written when that stays the same. With undefined it is removed.
   * Throws ERR_TIMEOUT, and what read() and ensurePrivateDir() throw: one that can't be read is not written over.
   */
  async change(server: TmuxServer, change: (before: T | undefined) => T | undefined): Promise<void> {
    if (this.isSame(this.read(server), change)) return;
    ensureDurableRoot();
    ensurePrivateDir(durableDir(server));
    using _lock = await locked(durableDir(server));
    this.removeLeft(server);
    const known = this.read(server);
    if (this.isSame(known, change)) return;
    const now = change(known);
    if (now === undefined) this.remove(server);
    else writeAtomic(this.fileOf(server), textOf(now));
  }

  /** Removes it. */
  remove(server: TmuxServer): void {
    rmSync(this.fileOf(server), { force: true });
  }

  /**
   * Gives it another name if it can't be read: for what is no wish of anybody's, so that the program can go on without.
   * @returns that name (a path), and why; undefined for one that can be read, or is not there. Throws as change()
   */
  async setAside(server: TmuxServer): Promise<{ path: string; why: string } | undefined> {
    if (this.whyUnread(server) === undefined) return undefined;
    using _lock = await locked(durableDir(server));
    const why = this.whyUnread(server);
    if (why === undefined) return undefined;
    const path = `${this.fileOf(server)}${ASIDE}`;
    renameSync(this.fileOf(server), path);
    return { path, why };
  }

  /** Those of all tmux servers, or of these, also those that were set aside: the paths. */
  files(servers?: readonly TmuxServer[]): string[] {
    try {
      const root = durableRoot();
      if (!checkStateDir(root)) return [];
      const own = (file: string) => (isPlain(`${file}${ASIDE}`) ? [`${file}${ASIDE}`] : []);
      const folders = servers ? servers.map(durableDir) : readdirSync(root).map((name) => `${root}/${name}`);
      const files = folders.map((folder) => `${folder}/${this.name}`);
      return files
        .flatMap((file) => [...(this.isReadable(file) ? [file] : []), ...own(file)])
        .filter((file) => checkStateDir(dirname(file)));
    } catch {
      return []; // none is known, or not ours alone
    }
  }

  private isSame(known: T | undefined, change: (before: T | undefined) => T | undefined): boolean {
    const now = change(known);
    return known === undefined || now === undefined ? known === now : textOf(known) === textOf(now);
  }

  private fileOf(server: TmuxServer): string {
    return `${durableDir(server)}/${this.name}`;
  }

  /** What somebody has left who was killed while writing it: nobody writes now, for the lock is held. */
  private removeLeft(server: TmuxServer): void {
    const dir = durableDir(server);
    const isLeft = (name: string) =>
      name.startsWith(`${this.name}.`) && /^\d+\.part$/.test(name.slice(this.name.length + 1));
    for (const name of readdirSync(dir)) if (isLeft(name)) rmSync(`${dir}/${name}`, { force: true });
  }

  private whyUnread(server: TmuxServer): string | undefined {
    try {
      this.read(server);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === "ERR_COMMAND_FAILED") return thrown.message;
      throw thrown;
    }
  }

  private isReadable(file: string): boolean {
    try {
      return this.parse(file) !== undefined;
    } catch {
      return false;
    }
  }

  private parse(file: string): T | undefined {
    let text: string | undefined;
    try {
      text = readText(file);
    } catch (thrown) {
      throw unreadable(file, whyUnread(thrown) ?? `${thrown}`, thrown);
    }
    if (text === undefined) {
      if (statOf(file)) throw unreadable(file, "it is no plain file");
      return undefined;
    }
    const found = v.safeParse(this.schema, json(file, text));
    if (found.success) return found.output;
    throw unreadable(file, `${v.getDotPath(found.issues[0]) ?? "what it holds"} is not what should be there`);
  }
}

function unreadable(file: string, why: string, cause?: unknown): AppError {
  return new AppError("ERR_COMMAND_FAILED", `${file} can't be used: ${why}`, {
    hint: "Nothing is written over it: mend it, or move it away and ask again for what it held.",
    cause,
  });
}

function json(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw unreadable(file, "it is empty, cut off, or no JSON", thrown);
  }
}

function dirOf(server: TmuxServer): string | undefined {
  try {
    return durableDir(server);
  } catch {
    return undefined; // no home
  }
}

function isThere(dir: string): boolean {
  return checkStateDir(durableRoot()) && checkStateDir(dir);
}

function isPlain(path: string): boolean {
  return statOf(path)?.isFile() === true;
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined; // there is none, nor a folder in which it could be
  }
}

function textOf(known: unknown): string {
  return `${JSON.stringify(known)}\n`;
}

/** Holds the lock of a folder itself: no file is needed for it. */
async function locked(dir: string): Promise<Disposable> {
  const fd = openSync(dir, constants.O_RDONLY);
  if ((await poll(LOCK_MS, LOCK_EVERY_MS, () => flockExclusive(fd))) !== undefined)
    return { [Symbol.dispose]: () => closeSync(fd) };
  closeSync(fd);
  throw new AppError("ERR_TIMEOUT", `${dir} is being written to by others for ${LOCK_MS / 1000} s`, {
    hint: "See who has that folder open.",
  });
}
