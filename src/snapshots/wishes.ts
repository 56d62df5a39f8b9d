import * as v from "valibot";
import { DurableFile } from "../tmux/durable-file.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { aliveFile } from "./alive.ts";

// Which sessions a person wants the daemon to save. It outlives the machine's next start.

// what a newer version has written beside it stays
const Wish = v.looseObject({
  every_s: v.pipe(v.number(), v.minValue(1)),
  keep: v.pipe(v.number(), v.integer(), v.minValue(1)),
  scrollback: v.boolean(),
});
const Wishes = v.looseObject({ sessions: v.record(v.string(), v.nullable(Wish)), all: v.optional(Wish) });

/** How a session is to be saved: at least so often if something has changed, the newest so many kept, with what panes show or not. */
export type Wish = v.InferOutput<typeof Wish>;
/** Those that were asked for, by the names of sessions (null: it is not to be saved); and that for all others. */
export type Wishes = v.InferOutput<typeof Wishes>;

/** What session-autosave has asked for. */
export const wishesFile: DurableFile<Wishes> = new DurableFile("autosave.json", Wishes);

/** The wish for a session. Pure. */
export function wishFor({ sessions, all }: Wishes, name: string): Wish | undefined {
  return Object.hasOwn(sessions, name) ? (sessions[name] ?? undefined) : all;
}

/** The sessions that are to be saved by their names, as not all are. Pure. */
export function namedIn({ sessions, all }: Wishes): string[] {
  return all ? [] : Object.keys(sessions).filter((name) => sessions[name]);
}

/** Has the daemon save a session from now on; undefined: all for which nothing else was asked. Throws as DurableFile.change(). */
export async function addWish(server: TmuxServer, name: string | undefined, wish: Wish): Promise<void> {
  await wishesFile.change(server, (known) => {
    const { sessions = {} } = known ?? {};
    return name === undefined
      ? { ...known, sessions, all: wish }
      : { ...known, sessions: { ...sessions, [name]: wish } };
  });
}

/** Has the daemon save a session no more; undefined: any. Returns whether it did. Throws as addWish(). */
export async function removeWish(server: TmuxServer, name: string | undefined): Promise<boolean> {
  const isWished = (known: Wishes) => name === undefined || wishFor(known, name) !== undefined;
  const before = wishesFile.read(server);
  if (!before || !isWished(before)) return false;
  await wishesFile.change(server, (known) => {
    if (!known || !isWished(known)) return known;
    const { [name ?? ""]: _wish, ...others } = known.sessions;
    const sessions = name !== undefined && known.all ? { ...others, [name]: null } : others;
    const isNone = name === undefined || (Object.keys(sessions).length === 0 && !known.all);
    return isNone ? undefined : { ...known, sessions };
  });
  if (!wishesFile.read(server)) aliveFile.remove(server);
  return true;
}
