import { readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { readText, writeAtomic } from "../lib/files.ts";
import { checkStateDir, durableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { durableDir, type TmuxServer } from "../tmux/server.ts";
import { forgetAlive } from "./alive.ts";

// Which sessions a person wants the daemon to save. It outlives the machine's next start.

const Wish = v.object({
  every_s: v.pipe(v.number(), v.minValue(1)),
  keep: v.pipe(v.number(), v.integer(), v.minValue(1)),
  scrollback: v.boolean(),
});
const Wishes = v.object({ sessions: v.record(v.string(), v.nullable(Wish)), all: v.optional(Wish) });

/** How a session is to be saved: at least so often if something has changed, the newest so many kept, with what panes show or not. */
export type Wish = v.InferOutput<typeof Wish>;
/** Those that were asked for, by the names of sessions (null: it is not to be saved); and that for all others. */
export type Wishes = v.InferOutput<typeof Wishes>;

/** What session-autosave has asked for; undefined if nothing, or where that is not to be had, or not ours alone. */
export function readWishes(server: TmuxServer): Wishes | undefined {
  try {
    const isThere = checkStateDir(durableRoot()) && checkStateDir(durableDir(server));
    return isThere ? parse(fileOf(server)) : undefined;
  } catch {
    return undefined;
  }
}

/** The wish for a session. Pure. */
export function wishFor({ sessions, all }: Wishes, name: string): Wish | undefined {
  return Object.hasOwn(sessions, name) ? (sessions[name] ?? undefined) : all;
}

/** Has the daemon save a session from now on; undefined: all for which nothing else was asked. Throws as ensurePrivateDir(). */
export function addWish(server: TmuxServer, name: string | undefined, wish: Wish): void {
  const { sessions, all } = readWishes(server) ?? { sessions: {} };
  write(
    server,
    name === undefined ? { sessions, all: wish } : { sessions: { ...sessions, [name]: wish }, ...(all && { all }) },
  );
}

/** Has the daemon save a session no more; undefined: any. Returns whether it did. */
export function removeWish(server: TmuxServer, name: string | undefined): boolean {
  const wishes = readWishes(server);
  if (!wishes) return false;
  if (name !== undefined && wishFor(wishes, name) === undefined) return false;
  const { [name ?? ""]: _wish, ...others } = wishes.sessions;
  const sessions = name !== undefined && wishes.all ? { ...others, [name]: null } : others;
  if (name === undefined || (Object.keys(sessions).length === 0 && !wishes.all)) {
    rmSync(fileOf(server), { force: true });
    forgetAlive(server);
  } else write(server, { ...wishes, sessions });
  return true;
}

/** What session-autosave has set for any tmux server: the paths of its files. */
export function wishFiles(): string[] {
  try {
    const root = durableRoot();
    if (!checkStateDir(root)) return [];
    const files = readdirSync(root).map((name) => `${root}/${name}/${FILE}`);
    return files.filter((file) => parse(file) !== undefined && checkStateDir(dirname(file)));
  } catch {
    return []; // none is known, or not ours alone
  }
}

const FILE = "autosave.json";

function fileOf(server: TmuxServer): string {
  return `${durableDir(server)}/${FILE}`;
}

function write(server: TmuxServer, wishes: Wishes): void {
  ensurePrivateDir(durableRoot());
  ensurePrivateDir(durableDir(server));
  writeAtomic(fileOf(server), `${JSON.stringify(wishes)}\n`);
}

function parse(file: string): Wishes | undefined {
  try {
    return v.parse(Wishes, JSON.parse(readText(file) ?? ""));
  } catch {
    return undefined; // none, or not ours
  }
}
