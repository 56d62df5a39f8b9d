import { undoLeftOver } from "../gc/kinds.ts";
import { findOldSnapshots } from "../gc/old-snapshots.ts";
import { asError } from "../lib/errors.ts";
import { within } from "../lib/wait.ts";
import { autosave, signatures } from "../snapshots/autosave.ts";
import { storeSize, timeInId } from "../snapshots/figures.ts";
import { namedIn, type Wish, wishesFile, wishFor } from "../snapshots/wishes.ts";
import type { NewEvent } from "../store/events.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { isSessionGone } from "../tmux/error.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { AliveRecord } from "./alive-record.ts";
import { orLogged } from "./events-or-logged.ts";
import type { SnapshotFigures } from "./metrics.ts";
import { type Lines, SparingLog } from "./sparing-log.ts";

/** How long the end of a daemon waits for what is just being saved. */
const ENDING_MS = 2000;
/** A session whose windows or panes have changed is saved when it has been left alone for so long. */
const SETTLE_MS = 2000;
/** How often it is looked for new sessions, where nothing tells of them. */
const LOOK_MS = 60_000;
/** When it is tried again after a failure. */
const RETRY_MS = 60_000;

/** How often it is looked for automatic snapshots that need not be kept, of sessions that are not saved any more: all are read. */
const PRUNE_MS = 3_600_000;

/** Of how many sessions it is told how old their snapshots are: each is a row of its own for whoever keeps it. */
const TOLD_MAX = 100;

/** What is known of a session that is saved now and then. */
interface Known {
  /** what it was in short when it was saved last (see signatures) */
  signature: string;
  /** when it is to be looked at next (ms of performance.now()) */
  dueAt: number;
  /** the id of its newest automatic snapshot */
  snapshot: string | null;
  /** why it could not be saved the last time */
  problem: string | null;
}

/** Saves sessions, once session-autosave was called: soon after their windows and panes have changed, else now and then. */
export class Autosaver implements AsyncDisposable {
  private readonly known = new Map<string, Known>();
  private running: Promise<void> | undefined;
  /** when windows or panes were seen to have changed (ms of performance.now()) */
  private changedAt: number | undefined;
  private structure: string | undefined;
  /** what was asked for last, and when it is looked for sessions that have come since */
  private asked = "";
  private lookAt = 0;
  private pruneAt = performance.now() + PRUNE_MS;
  private readonly alive: AliveRecord;
  /** how often sessions were saved, were as they had been saved before, or could not be saved */
  private readonly counts = { saved: 0, unchanged: 0, failed: 0 };
  private readonly log: SparingLog;
  private readonly tell: (events: readonly NewEvent[]) => void;
  /** those that are to be saved by their names, and were there */
  private readonly named = new Set<string>();
  private isEnding = false;

  constructor(
    private readonly options: {
      server: TmuxServer;
      log: Lines;
      /** those that have not ended */
      subscriptions(): readonly Subscription[];
      /** writes events to the log of events */
      onEvents(events: readonly NewEvent[]): void;
    },
  ) {
    this.log = new SparingLog(options.log);
    this.tell = orLogged(options.onEvents, this.log);
    this.alive = new AliveRecord(options.server, this.log);
  }

  /** What can be told of it in figures, of the sessions longest not written where there are many. */
  figures(): SnapshotFigures {
    const ages = [...this.known].flatMap(([name, { snapshot }]): [string, number][] => {
      const takenAt = timeInId(snapshot ?? "");
      return takenAt === undefined ? [] : [[name, Math.round((Date.now() - takenAt) / 1000)]];
    });
    const oldest = ages.toSorted(([, a], [, b]) => b - a).slice(0, TOLD_MAX);
    return { store: storeSizeIfKnown(), ages: Object.fromEntries(oldest), outcomes: this.counts };
  }

  /** Tells it of all panes, when tmux has told of them. */
  look(panes: readonly { id: string; sessionId: string; window: number; width: number; height: number }[]): void {
    const structure = panes
      .map((pane) => `${pane.sessionId} ${pane.window} ${pane.id} ${pane.width}x${pane.height}`)
      .join("\n");
    if (structure !== this.structure && this.structure !== undefined) this.changedAt = performance.now();
    this.structure = structure;
  }

  /** Begins to save what is due. Throws when it can't be known what that is, or who listens. */
  tick(): void {
    if (this.running || this.isEnding) return;
    const wishes = wishesFile.read(this.options.server);
    const asked = JSON.stringify(wishes ?? "");
    const isNew = asked !== this.asked;
    if (!wishes) {
      this.asked = asked;
      this.known.clear();
      return;
    }
    const now = performance.now();
    const isChanged = this.changedAt !== undefined && now - this.changedAt >= SETTLE_MS;
    const isDue =
      now >= Math.min(this.lookAt, this.alive.lookAt) || [...this.known.values()].some(({ dueAt }) => dueAt <= now);
    if (!isNew && !isChanged && !isDue) return;
    const subscriptions = this.options.subscriptions();
    this.asked = asked;
    if (isChanged) this.changedAt = undefined;
    this.lookAt = now + LOOK_MS;
    this.running = this.save((name) => wishFor(wishes, name), {
      isChanged: isChanged || isNew,
      subscriptions,
      named: namedIn(wishes),
    })
      .catch((thrown) => this.log.error(`sessions cannot be saved: ${asError(thrown).message}`))
      .finally(() => {
        this.running = undefined;
      });
  }

  private async save(
    wishOf: (name: string) => Wish | undefined,
    {
      isChanged,
      subscriptions,
      named,
    }: { isChanged: boolean; subscriptions: readonly Subscription[]; named: readonly string[] },
  ): Promise<void> {
    const now = performance.now();
    const isDue = (name: string) => isChanged || (this.known.get(name)?.dueAt ?? now) <= now;
    let found: Awaited<ReturnType<typeof signatures>>;
    try {
      found = await signatures(this.options.server, (name) => wishOf(name) !== undefined && isDue(name));
    } catch {
      if (isChanged) this.changedAt = now; // a tmux that does not answer: next time
      return;
    }
    const { server, sessions } = found;
    this.tellGone(named, new Set(sessions.keys()));
    for (const name of this.known.keys()) if (!sessions.has(name) || !wishOf(name)) this.known.delete(name);
    for (const [name, seen] of sessions) {
      if (this.isEnding) return;
      const wish = wishOf(name);
      if (!wish || !seen) continue;
      const known = this.known.get(name);
      const signature = `${wish.scrollback ? seen.whole : seen.bare} ${subscribed(subscriptions, name)}`;
      const isSame = known?.signature === signature;
      if (isSame) this.counts.unchanged++;
      const done = isSame ? known : await this.saveOne(name, { wish, subscriptions }, known?.snapshot ?? null);
      if (!done) {
        this.known.delete(name);
        continue;
      }
      const isDone = done.problem === null;
      this.known.set(name, {
        ...done,
        signature: isDone ? signature : "",
        dueAt: performance.now() + (isDone ? wish.every_s * 1000 : RETRY_MS),
      });
    }
    const saved = [...this.known].map(([name, { snapshot, problem }]) => ({ name, snapshot, problem }));
    await this.alive.note({
      names: new Set(sessions.keys()),
      server,
      saved,
      isToBeSaved: (name) => wishOf(name) !== undefined,
    });
    if (now < this.pruneAt) return;
    this.pruneAt = now + PRUNE_MS;
    const { length } = await undoLeftOver(findOldSnapshots(this.options.server));
    if (length > 0) this.log.info(`automatic snapshots that need not be kept any more were removed: ${length}`);
  }

  /** Saves it, unless it was already; `before` is the newest snapshot so far. Undefined when it has ended meanwhile. */
  private async saveOne(
    name: string,
    how: { wish: Wish; subscriptions: readonly Subscription[] },
    before: string | null,
  ): Promise<Pick<Known, "snapshot" | "problem"> | undefined> {
    let saved: Awaited<ReturnType<typeof autosave>>;
    try {
      saved = await autosave(this.options.server, name, how);
    } catch (thrown) {
      return isSessionGone(thrown) ? undefined : this.failed(name, asError(thrown).message, before);
    }
    const { id, bytes } = saved;
    this.counts[bytes > 0 ? "saved" : "unchanged"]++;
    const data = { snapshot: id, bytes_written: bytes };
    if (bytes > 0) this.tell([{ ...whole(name), event_type: "snapshot-saved", message: `saved as ${id}`, data }]);
    return { snapshot: id, problem: null };
  }

  /** Tells once of those that are to be saved by their names and are not there any more: they have ended, or were renamed. */
  private tellGone(named: readonly string[], there: ReadonlySet<string>): void {
    // those that have gone with their server come back with it
    if (there.size === 0) this.named.clear();
    for (const name of this.named) {
      if (named.includes(name) && there.has(name)) continue;
      this.named.delete(name);
      if (!named.includes(name)) continue;
      const message = "it is to be saved by its name, and no session has that any more";
      this.log.warn(`the session ${name} cannot be saved: ${message}`);
      this.tell([{ ...whole(name), event_type: "snapshot-failed", message, data: { why: message } }]);
    }
    for (const name of named) if (there.has(name)) this.named.add(name);
  }

  private failed(name: string, message: string, before: string | null): Pick<Known, "snapshot" | "problem"> {
    this.counts.failed++;
    if (this.known.get(name)?.problem !== message) {
      this.log.error(`the session ${name} cannot be saved: ${message}`);
      this.tell([{ ...whole(name), event_type: "snapshot-failed", message, data: { why: message } }]);
    }
    return { snapshot: before, problem: message };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isEnding = true;
    if (this.running) await within(ENDING_MS, this.running);
  }
}

/** The subscriptions to a session, without how far they have got. */
function subscribed(subscriptions: readonly Subscription[], session: string): string {
  const own = subscriptions.filter((one) => one.session === session);
  return JSON.stringify(own.map(({ id, pane, callback }) => [id, pane, callback]));
}

/** What an event is about that is about a session as a whole. */
function whole(session: string) {
  return { session, pane_id: "", pane: "", label: "" };
}

function storeSizeIfKnown(): SnapshotFigures["store"] {
  try {
    return storeSize();
  } catch {
    return undefined; // doctor tells why
  }
}
