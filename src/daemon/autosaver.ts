import { asError } from "../lib/errors.ts";
import { within } from "../lib/wait.ts";
import { autosave, signatures } from "../snapshots/autosave.ts";
import { storeSize, timeInId } from "../snapshots/figures.ts";
import { type Wish, wishesFile, wishFor } from "../snapshots/wishes.ts";
import type { NewEvent } from "../store/events.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { isSessionGone } from "../tmux/error.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { AliveRecord } from "./alive-record.ts";
import type { SnapshotFigures } from "./metrics.ts";

/** How long the end of a daemon waits for what is just being saved. */
const ENDING_MS = 2000;
/** A session whose windows or panes have changed is saved when it has been left alone for so long. */
const SETTLE_MS = 2000;
/** How often it is looked for new sessions, where nothing tells of them. */
const LOOK_MS = 60_000;
/** When it is tried again after a failure. */
const RETRY_MS = 60_000;

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
  private readonly alive: AliveRecord;
  /** how often sessions were saved, were as they had been saved before, or could not be saved */
  private readonly counts = { saved: 0, unchanged: 0, failed: 0 };

  constructor(
    private readonly options: {
      server: TmuxServer;
      log: { info(line: string): void; error(line: string): void };
      /** those that have not ended */
      subscriptions(): readonly Subscription[];
      /** writes events to the log of events */
      onEvents(events: readonly NewEvent[]): void;
    },
  ) {
    this.alive = new AliveRecord(options.server, options.log);
  }

  /** What can be told of it in figures, of the sessions longest not written where there are many. */
  figures(): SnapshotFigures {
    const ages = [...this.known].flatMap(([name, { snapshot }]): [string, number][] => {
      const takenAt = timeInId(snapshot ?? "");
      return takenAt === undefined ? [] : [[name, Math.max(0, Math.round((Date.now() - takenAt) / 1000))]];
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

  /** Begins to save what is due. */
  tick(): void {
    if (this.running) return;
    const wishes = wishesFile.read(this.options.server);
    const asked = JSON.stringify(wishes ?? "");
    const isNew = asked !== this.asked;
    this.asked = asked;
    if (!wishes) {
      this.known.clear();
      return;
    }
    const now = performance.now();
    const isChanged = this.changedAt !== undefined && now - this.changedAt >= SETTLE_MS;
    const isDue =
      now >= Math.min(this.lookAt, this.alive.lookAt) || [...this.known.values()].some(({ dueAt }) => dueAt <= now);
    if (!isNew && !isChanged && !isDue) return;
    if (isChanged) this.changedAt = undefined;
    this.lookAt = now + LOOK_MS;
    this.running = this.save((name) => wishFor(wishes, name), isChanged || isNew).finally(() => {
      this.running = undefined;
    });
  }

  private async save(wishOf: (name: string) => Wish | undefined, isChanged: boolean): Promise<void> {
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
    for (const name of this.known.keys()) if (!sessions.has(name) || !wishOf(name)) this.known.delete(name);
    for (const [name, seen] of sessions) {
      const wish = wishOf(name);
      if (!wish || !seen) continue;
      const known = this.known.get(name);
      const signature = `${wish.scrollback ? seen.whole : seen.bare} ${this.subscribed(name)}`;
      const isSame = known?.signature === signature;
      if (isSame) this.counts.unchanged++;
      const done = isSame ? known : await this.saveOne(name, wish, known?.snapshot ?? null);
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
  }

  /** The subscriptions to a session, without how far they have got. */
  private subscribed(session: string): string {
    const own = this.options.subscriptions().filter((one) => one.session === session);
    return JSON.stringify(own.map(({ id, pane, callback }) => [id, pane, callback]));
  }

  /** Saves it, unless it was already; `before` is the newest snapshot so far. Undefined when it has ended meanwhile. */
  private async saveOne(
    name: string,
    wish: Wish,
    before: string | null,
  ): Promise<Pick<Known, "snapshot" | "problem"> | undefined> {
    const { server, log, onEvents, subscriptions } = this.options;
    const event = { session: name, pane_id: "", pane: "", label: "" };
    try {
      const { id, bytes } = await autosave(server, name, { wish, subscriptions: subscriptions() });
      this.counts[bytes > 0 ? "saved" : "unchanged"]++;
      if (bytes > 0) {
        const data = { snapshot: id, bytes_written: bytes };
        onEvents([{ ...event, event_type: "snapshot-saved", message: `saved as ${id}`, data }]);
      }
      return { snapshot: id, problem: null };
    } catch (thrown) {
      if (isSessionGone(thrown)) return undefined;
      const { message } = asError(thrown);
      this.counts.failed++;
      if (this.known.get(name)?.problem !== message) {
        log.error(`the session ${name} cannot be saved: ${message}`);
        onEvents([{ ...event, event_type: "snapshot-failed", message, data: { why: message } }]);
      }
      return { snapshot: before, problem: message };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) await within(ENDING_MS, this.running);
  }
}

function storeSizeIfKnown(): SnapshotFigures["store"] {
  try {
    return storeSize();
  } catch {
    return undefined; // doctor tells why
  }
}
