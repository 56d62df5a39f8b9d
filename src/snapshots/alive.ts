import * as v from "valibot";
import { DurableFile } from "../tmux/durable-file.ts";

// Which of the sessions that the daemon saves are alive: after the machine was started anew, these can come back. That a machine
// goes down can't be told from within: programs are ended in any order, and sessions one by one or with their server. So a session
// is taken out only when a tmux server has answered without it for a while, in which a machine that goes down would have ended the
// server as well. A session that has gone with its server stays in, whoever has ended that, until another one has answered so long.

/** How long a tmux server has to answer without a session until that is known to have ended, ms. */
export const ENDED_MS = 10_000;

const Session = v.object({
  name: v.string(),
  snapshot: v.nullable(v.string()),
  problem: v.nullable(v.string()),
});
const Alive = v.object({
  boot: v.string(),
  sessions: v.array(Session),
  before: v.array(Session),
  is_restoring: v.boolean(),
});

/** A session that is saved: its newest snapshot, and why it could not be saved the last time, if so. */
export type AliveSession = v.InferOutput<typeof Session>;
/**
 * The sessions that were alive when the daemon looked last, and since which start of the machine; those of the start before that
 * have not come back, and whether somebody has begun to bring them.
 */
export type Alive = v.InferOutput<typeof Alive>;

/** What is known of which sessions are alive, as the daemon writes it, and who brings them back. */
export const aliveFile: DurableFile<Alive> = new DurableFile("alive.json", Alive);

/**
 * What is known, as it is since the machine's start `boot`: what was alive before a new one has not come back. What was not brought
 * back in the whole time of the last one is not missed any more, unless somebody was about to. Pure.
 */
export function inBoot(known: Alive | undefined, boot: string): Alive {
  if (!known) return { boot, sessions: [], before: [], is_restoring: false };
  if (known.boot === boot) return known;
  const { sessions, before, is_restoring: isRestoring } = known;
  const unmissed = isRestoring ? before.filter(isNoneOf(sessions)) : [];
  return { boot, sessions: [], before: [...sessions, ...unmissed], is_restoring: false };
}

/** What is known after a look that has found these sessions, when those have ended. Pure. */
export function afterLook(
  known: Alive,
  { found, ended }: { found: readonly AliveSession[]; ended: ReadonlySet<string> },
): Alive {
  const snapshotOf = (name: string) => known.sessions.find((session) => session.name === name)?.snapshot ?? null;
  const others = known.sessions.filter(isNoneOf(found)).filter(({ name }) => !ended.has(name));
  const seen = found.map((one) => ({ ...one, snapshot: one.snapshot ?? snapshotOf(one.name) }));
  const byName = (a: AliveSession, b: AliveSession) => (a.name < b.name ? -1 : 1);
  // the same text for the same sessions, in whatever order tmux tells of them
  return { ...known, sessions: [...others, ...seen].toSorted(byName), before: known.before.filter(isNoneOf(found)) };
}

/** What is known when somebody begins to bring back what was alive before. Pure. */
export function begun(known: Alive): Alive {
  return { ...known, is_restoring: known.before.length > 0 };
}

/** What is known when a session needs not be brought back any more. Pure. */
export function broughtBack(known: Alive, session: string): Alive {
  return { ...known, before: known.before.filter(({ name }) => name !== session) };
}

function isNoneOf(sessions: readonly AliveSession[]): (session: AliveSession) => boolean {
  const names = new Set(sessions.map(({ name }) => name));
  return ({ name }) => !names.has(name);
}
