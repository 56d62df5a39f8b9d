import { closeSync, constants, openSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { AppError } from "../lib/errors.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import { flockExclusive } from "../lib/libc.ts";
import { checkStateDir, durableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { poll } from "../lib/wait.ts";
import { durableDir, type TmuxServer } from "../tmux/server.ts";
import { removeLeftParts } from "./left-parts.ts";
import { isThere } from "./places.ts";

const LOCK_MS = 5000;
const LOCK_EVERY_MS = 10;

/** A JSON file of each tmux server that outlives the machine's next start. */
export class DurableFile<T> {
  constructor(
    private readonly name: string,
    private readonly schema: v.GenericSchema<unknown, T>,
  ) {}

  /** What it holds; undefined if nothing, or where that is not to be had, or not ours alone. */
  read(server: TmuxServer): T | undefined {
    try {
      return isThere(durableDir(server)) ? this.parse(this.fileOf(server)) : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Changes what it holds, while nobody else does; nothing is written when that stays the same. With undefined it is removed.
   * Throws ERR_TIMEOUT, and what ensurePrivateDir() throws.
   */
  async change(server: TmuxServer, change: (before: T | undefined) => T | undefined): Promise<void> {
    if (this.isSame(this.read(server), change)) return;
    ensurePrivateDir(durableRoot());
    ensurePrivateDir(durableDir(server));
    using _lock = await locked(durableDir(server));
    removeLeftParts(this.fileOf(server));
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

  /** Those of all tmux servers: the paths. */
  files(): string[] {
    try {
      const root = durableRoot();
      if (!checkStateDir(root)) return [];
      const files = readdirSync(root).map((name) => `${root}/${name}/${this.name}`);
      return files.filter((file) => this.parse(file) !== undefined && checkStateDir(dirname(file)));
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

  private parse(file: string): T | undefined {
    try {
      return v.parse(this.schema, JSON.parse(readText(file) ?? ""));
    } catch {
      return undefined; // none, or not ours
    }
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
