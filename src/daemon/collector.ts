import { collect, gcEvents } from "../gc/collect.ts";
import { countKinds } from "../gc/left-over.ts";
import { isDue, readLastRun, readSchedule } from "../gc/schedule.ts";
import { readClocks } from "../lib/believed-clock.ts";
import { config } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { within } from "../lib/wait.ts";
import { isAlive, type ProcessId } from "../process/identity.ts";
import type { NewEvent } from "../store/events.ts";
import type { TmuxServer } from "../tmux/server.ts";

/** How long the end of a daemon waits for a collection that has begun. */
const ENDING_MS = 2000;

/** Collects now and then what nobody needs, once gc-enable was called. */
export class Collector implements AsyncDisposable {
  private running: Promise<void> | undefined;
  private complaint: string | undefined;
  /** the processes with which sessions are to end, and those of them whose end has been dealt with */
  private owners: readonly ProcessId[] = [];
  private readonly gone = new Set<string>();

  constructor(
    private readonly options: {
      server: TmuxServer;
      paths: StatePaths;
      log: { info(line: string): void; error(line: string): void };
      /** writes events to the log of events */
      onEvents(events: readonly NewEvent[]): void;
    },
  ) {}

  /** Begins to collect, if that is asked for and due. */
  tick(): void {
    const { server, paths } = this.options;
    if (this.running) return;
    const schedule = readSchedule(server);
    if (schedule === undefined || !isDue(readLastRun(paths), config.gcEveryS, readClocks())) return;
    this.begin(schedule.ttl_s);
  }

  /** Tells it of all processes with which sessions are to end. */
  watch(owners: readonly ProcessId[]): void {
    this.owners = owners;
    const names = new Set(owners.map(nameOf));
    for (const name of this.gone) if (!names.has(name)) this.gone.delete(name);
  }

  /** Begins to collect, if that is asked for and a process has ended with which a session is to end. */
  lookAtOwners(): void {
    const ended = this.running ? [] : this.owners.filter((id) => !this.gone.has(nameOf(id)) && !isAlive(id));
    if (ended.length === 0) return;
    for (const id of ended) this.gone.add(nameOf(id));
    const schedule = readSchedule(this.options.server);
    if (schedule !== undefined) this.begin(schedule.ttl_s);
  }

  private begin(ttlS: number): void {
    this.running = this.collect(ttlS).finally(() => {
      this.running = undefined;
    });
  }

  private async collect(ttlS: number): Promise<void> {
    const { server, paths, log, onEvents } = this.options;
    try {
      const { collected } = await collect(server, paths, { ttlS, isDry: false });
      this.complaint = undefined;
      if (collected.length === 0) return;
      for (const { kind, what, why } of collected) log.info(`collected: ${kind} ${what} (${why})`);
      log.info(`collected: ${countKinds(collected)}`);
      onEvents(gcEvents({ collected }));
    } catch (thrown) {
      const { message } = asError(thrown);
      if (this.complaint !== message) log.error(`what nobody needs cannot be collected: ${message}`);
      this.complaint = message;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) await within(ENDING_MS, this.running);
  }
}

function nameOf({ pid, startTime }: ProcessId): string {
  return `${pid}:${startTime}`;
}
