import { type Collected, collect, gcEvents, unsavedEvents } from "../gc/collect.ts";
import { isDue, readLastRun, scheduleFile } from "../gc/schedule.ts";
import { readClocks } from "../lib/believed-clock.ts";
import { config } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { within } from "../lib/wait.ts";
import { hasEnded, isTableQuick, type ProcessId } from "../process/identity.ts";
import type { NewEvent } from "../store/events.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { orLogged } from "./events-or-logged.ts";

/** How long the end of a daemon waits for a collection that has begun. */
const ENDING_MS = 2000;
const RETRY_MS = 60_000;

/** Collects now and then what nobody needs, once gc-enable was called. */
export class Collector implements AsyncDisposable {
  private running: Promise<void> | undefined;
  private complaint: string | undefined;
  /** why sessions could not be saved, by their names: told once */
  private unsaved = new Map<string, string>();
  /** the processes with which sessions are to end, and those of them whose end has been dealt with */
  private owners: readonly ProcessId[] = [];
  private readonly gone = new Set<string>();
  /** when it is tried again after a failure (ms of performance.now()) */
  private retryAt = 0;

  constructor(
    private readonly options: {
      server: TmuxServer;
      paths: StatePaths;
      log: { info(line: string): void; error(line: string): void };
      /** writes events to the log of events */
      onEvents(events: readonly NewEvent[]): void;
    },
  ) {}

  /** Begins to collect, if that is asked for and due. Throws when it can't be known what was asked for. */
  tick(): void {
    const { server, paths } = this.options;
    if (this.running) return;
    const schedule = performance.now() < this.retryAt ? undefined : scheduleFile.read(server);
    if (schedule === undefined || !isDue(readLastRun(paths), config.gcEveryS, readClocks())) return;
    this.begin(schedule.ttl_s);
  }

  /** Tells it of all processes with which sessions are to end. */
  watch(owners: readonly ProcessId[]): void {
    // each once, though its session has many panes
    this.owners = [...new Map(owners.map((id) => [nameOf(id), id])).values()];
    const names = new Set(this.owners.map(nameOf));
    for (const name of this.gone) if (!names.has(name)) this.gone.delete(name);
  }

  /** Begins to collect, if that is asked for and a process has ended with which a session is to end. Throws as tick(). */
  lookAtOwners(): void {
    // where each look is a process, that is done with the next collection
    if (this.running || this.owners.length === 0 || !isTableQuick() || performance.now() < this.retryAt) return;
    const ended = this.owners.filter((id) => !this.gone.has(nameOf(id)) && hasEnded(id));
    const schedule = ended.length > 0 ? scheduleFile.read(this.options.server) : undefined;
    if (schedule === undefined) return;
    for (const id of ended) this.gone.add(nameOf(id));
    this.begin(schedule.ttl_s, ended);
  }

  private begin(ttlS: number, ended: readonly ProcessId[] = []): void {
    this.running = this.collect(ttlS)
      .then((isDone) => {
        if (isDone) return;
        // those that have ended are to be seen to still
        for (const id of ended) this.gone.delete(nameOf(id));
        this.retryAt = performance.now() + RETRY_MS;
      })
      .catch((thrown) => this.options.log.error(`what nobody needs cannot be collected: ${asError(thrown).message}`))
      .finally(() => {
        this.running = undefined;
      });
  }

  private async collect(ttlS: number): Promise<boolean> {
    const { server, paths, log } = this.options;
    const onEvents = orLogged(this.options.onEvents, log);
    const onCollected = (items: readonly Collected[]) => {
      for (const { kind, what, why, snapshot } of items) {
        const saved = snapshot === undefined ? "" : `; saved as ${snapshot}`;
        log.info(`collected: ${kind} ${what} (${why}${saved})`);
      }
      onEvents(gcEvents(items));
    };
    try {
      const { unsaved } = await collect(server, paths, { ttlS, isDry: false, onCollected });
      const news = unsaved.filter(({ session, why }) => this.unsaved.get(session) !== why);
      this.unsaved = new Map(unsaved.map(({ session, why }) => [session, why]));
      for (const { session, why } of news) log.error(`the session ${session} is not collected: ${why}`);
      if (news.length > 0) onEvents(unsavedEvents(news));
      this.complaint = undefined;
      return true;
    } catch (thrown) {
      const { message } = asError(thrown);
      if (this.complaint !== message) log.error(`what nobody needs cannot be collected: ${message}`);
      this.complaint = message;
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) await within(ENDING_MS, this.running);
  }
}

function nameOf({ pid, startTime }: ProcessId): string {
  return `${pid}:${startTime}`;
}
