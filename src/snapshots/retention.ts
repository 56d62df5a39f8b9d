import { DAY_MS } from "../lib/clock.ts";
import { orderOf, type Snapshot } from "./manifest.ts";

/** How many of a session's newest snapshots stay in any case, unless somebody has asked for more. */
export const USUAL_KEEP = 10;
/** How many snapshots of sessions that were collected or replaced stay, whatever they were called: the newest. */
export const COLLECTED_MAX = 1000;
/** For how long a session has to be gone until only its last automatic snapshot stays, days. */
export const GONE_DAYS = 7;
/** Of how many sessions that are gone so long the last automatic snapshot stays: of those saved last. */
export const GONE_MAX = 1000;
/** The note of a snapshot that is taken before its session is collected: nobody has asked for it, as for an automatic one. */
export const COLLECTED_NOTE = "before it was collected";
/** The same for one that is taken before another session takes its place. */
export const REPLACED_NOTE = "before it was replaced";

/** Whether a snapshot was taken before another session took the place of its own: by its id alone it is meant. Pure. */
export function isOfReplaced({ is_automatic: isAutomatic, note }: Snapshot): boolean {
  return isAutomatic && note === REPLACED_NOTE;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** When a snapshot was taken, and where it stands among those of its session. */
type Moment = Pick<Snapshot, "taken_at" | "order">;

/**
 * Which of a session's snapshots are kept: the newest `keep`, then the last of each hour for a day, and the last of each day for a
 * week. One of the future, which a clock has told that was set back since, is kept only as one of the newest. Pure.
 * @param all in any order
 * @param now ms since the epoch
 */
export function retained<T extends Moment>(all: readonly T[], now: number, keep: number): Set<T> {
  const newest = all.toSorted((a, b) => orderOf(b) - orderOf(a) || b.taken_at - a.taken_at);
  const kept = new Set(newest.slice(0, keep));
  const seen = new Set<string>();
  for (const one of newest) {
    const at = one.taken_at;
    const age = now - at;
    if (age < 0 || age >= WEEK_MS) continue;
    const slot = age < DAY_MS ? `h${Math.floor(at / HOUR_MS)}` : `d${Math.floor(at / DAY_MS)}`;
    if (seen.has(slot)) continue;
    seen.add(slot);
    kept.add(one);
  }
  return kept;
}

type Known = { id: string; snapshot: Snapshot };
type Old = { id: string; why: string };

/**
 * Which of the snapshots that nobody has asked for are to go, and why: of those of sessions that were collected or replaced, which
 * are their last ones, the oldest, and of those that the daemon has taken, what retained() does not keep, and of sessions that have long
 * gone all but the last, each of so many sessions. Pure.
 * @param options.socket the server of the sessions that the daemon has saved
 * @param options.keep how many of the newest of a session's stay in any case
 * @param options.isAlive whether one of them is alive, or may be
 */
export function beyondNumber(
  all: readonly Known[],
  {
    socket,
    now,
    keep,
    isAlive,
  }: { socket: string; now: number; keep(session: string): number; isAlive(session: string): boolean },
): Old[] {
  const automatic = all.filter(({ snapshot }) => snapshot.is_automatic);
  const [last, saved] = [
    automatic.filter(({ snapshot }) => snapshot.note !== null),
    automatic.filter(({ snapshot }) => snapshot.note === null && snapshot.socket === socket),
  ];
  // one of the future, which a wrong clock has told, pushes no others out
  const timeOf = ({ snapshot: { taken_at: at } }: Known) => (at > now ? 0 : at);
  const newest = last.toSorted((a, b) => timeOf(b) - timeOf(a));
  const why = `of sessions that were collected or replaced, the newest ${COLLECTED_MAX} snapshots are kept`;
  const old = newest.slice(COLLECTED_MAX).map(({ id }) => ({ id, why }));
  const { gone = [], others = [] } = Object.groupBy(
    Map.groupBy(saved, ({ snapshot }) => snapshot.session.name).values(),
    (own) => (own.every(({ snapshot }) => isLongAgo(snapshot, now)) && !isAlive(nameOf(own)) ? "gone" : "others"),
  );
  return [...old, ...beyondRetained(others.flat(), { now, keep }), ...beyondGone(gone)];
}

function isLongAgo({ taken_at: at }: Snapshot, now: number): boolean {
  return now - at >= GONE_DAYS * DAY_MS;
}

/** Of each session, all but the last go; and that of those saved longest ago. */
function beyondGone(sessions: readonly (readonly Known[])[]): Old[] {
  const sorted = sessions.map((own) => own.toSorted((a, b) => orderOf(b.snapshot) - orderOf(a.snapshot)));
  const earlier = sorted.flatMap(([, ...rest]) => rest);
  const last = sorted.flatMap((own) => own.slice(0, 1));
  const beyond = last.toSorted((a, b) => b.snapshot.taken_at - a.snapshot.taken_at).slice(GONE_MAX);
  const why = `of sessions that are gone for ${GONE_DAYS} days, the last automatic one is kept, of ${GONE_MAX} sessions`;
  return [...earlier, ...beyond].map(({ id }) => ({ id, why }));
}

function nameOf([one]: readonly Known[]): string {
  return one?.snapshot.session.name ?? "";
}

/**
 * Which of the snapshots without a note of somebody's are to go, and why: what retained() does not keep of each session's. The newest
 * of each stays. Pure.
 */
export function prunable(all: readonly Known[], { now, keep }: { now: number; keep: number }): Old[] {
  // a note that the program itself has written is nobody's wish
  const unasked = all.filter(({ snapshot }) => snapshot.note === null || snapshot.is_automatic);
  return beyondRetained(unasked, { now, keep: () => keep });
}

/** What retained() does not keep of each session's. */
function beyondRetained(all: readonly Known[], { now, keep }: { now: number; keep(session: string): number }): Old[] {
  const sessions = Map.groupBy(all, ({ snapshot }) => JSON.stringify([snapshot.socket, snapshot.session.name]));
  return [...sessions.values()].flatMap((own) => {
    const name = nameOf(own);
    const kept = retained(
      own.map(({ snapshot }) => snapshot),
      now,
      keep(name),
    );
    const why = `of ${name}, the newest ${keep(name)} are kept, then one an hour for a day and one a day for a week`;
    return own.filter(({ snapshot }) => !kept.has(snapshot)).map(({ id }) => ({ id, why }));
  });
}
