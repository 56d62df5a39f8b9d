import { asError } from "../lib/errors.ts";
import { within } from "../lib/wait.ts";
import { autosave, signatures } from "../snapshots/autosave.ts";
import { readWishes, type Wish, wishFor } from "../snapshots/wishes.ts";
import type { NewEvent } from "../store/events.ts";
import type { Subscription } from "../store/subscriptions.ts";
import type { TmuxServer } from "../tmux/server.ts";

/** How long the end of a daemon waits for what is just being saved. */
const ENDING_MS = 2000;
/** A session whose windows or panes have changed is saved when it has been left alone for so long. */
const SETTLE_MS = 2000;
/** How often it is looked for new sessions, where nothing tells of them. */
const LOOK_MS = 60_000;
/** When it is tried again after a failure. */
const RETRY_MS = 60_000;

/** What is known of a session that is saved now and then. */
interface Known {
  /** what it was in short when it was saved last (see signatures) */
  signature: string;
  /** when it was looked at last, and is to be next (ms of performance.now()) */
  dueAt: number;
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
  private readonly complaints = new Map<string, string>();

  constructor(
    private readonly options: {
      server: TmuxServer;
      log: { info(line: string): void; error(line: string): void };
      /** those that have not ended */
      subscriptions(): readonly Subscription[];
      /** writes events to the log of events */
      onEvents(events: readonly NewEvent[]): void;
    },
  ) {}

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
    const wishes = readWishes(this.options.server);
    const asked = JSON.stringify(wishes ?? "");
    const isNew = asked !== this.asked;
    this.asked = asked;
    if (!wishes) {
      this.known.clear();
      return;
    }
    const now = performance.now();
    const isChanged = this.changedAt !== undefined && now - this.changedAt >= SETTLE_MS;
    const isDue = now >= this.lookAt || [...this.known.values()].some(({ dueAt }) => dueAt <= now);
    if (!isNew && !isChanged && !isDue) return;
    if (isChanged) this.changedAt = undefined;
    this.lookAt = now + LOOK_MS;
    this.running = this.save((name) => wishFor(wishes, name), isChanged || isNew).finally(() => {
      this.running = undefined;
    });
  }

  private async save(wishOf: (name: string) => Wish | undefined, isChanged: boolean): Promise<void> {
    let found: Awaited<ReturnType<typeof signatures>>;
    try {
      found = await signatures(this.options.server);
    } catch {
      return; // a tmux that does not answer: next time
    }
    for (const name of this.known.keys()) if (!found.has(name) || !wishOf(name)) this.known.delete(name);
    for (const [name, { bare, whole }] of found) {
      const wish = wishOf(name);
      if (!wish) continue;
      const now = performance.now();
      const known = this.known.get(name);
      if (known && !isChanged && known.dueAt > now) continue;
      const signature = wish.scrollback ? whole : bare;
      const isSame = known?.signature === signature;
      const isDone = isSame || (await this.saveOne(name, wish));
      this.known.set(name, {
        signature: isDone ? signature : "",
        dueAt: performance.now() + (isDone ? wish.every_s * 1000 : RETRY_MS),
      });
    }
  }

  /** Whether it is saved, or was already. */
  private async saveOne(name: string, wish: Wish): Promise<boolean> {
    const { server, log, onEvents, subscriptions } = this.options;
    const event = { session: name, pane_id: "", pane: "", label: "" };
    try {
      const saved = await autosave(server, name, { wish, subscriptions: subscriptions() });
      this.complaints.delete(name);
      if (saved) {
        const data = { snapshot: saved.id, bytes_written: saved.bytes };
        onEvents([{ ...event, event_type: "snapshot-saved", message: `saved as ${saved.id}`, data }]);
      }
      return true;
    } catch (thrown) {
      const { message } = asError(thrown);
      if (this.complaints.get(name) === message) return false;
      this.complaints.set(name, message);
      log.error(`the session ${name} cannot be saved: ${message}`);
      onEvents([{ ...event, event_type: "snapshot-failed", message, data: { why: message } }]);
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) await within(ENDING_MS, this.running);
  }
}
