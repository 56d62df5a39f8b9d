import { collect, gcEvents } from "../gc/collect.ts";
import { countKinds } from "../gc/left-over.ts";
import { isDue, readLastRun, readSchedule } from "../gc/schedule.ts";
import { readClocks } from "../lib/believed-clock.ts";
import { config } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { within } from "../lib/wait.ts";
import type { NewEvent } from "../store/events.ts";
import type { TmuxServer } from "../tmux/server.ts";

/** How long the end of a daemon waits for a collection that has begun. */
const ENDING_MS = 2000;

/** Collects now and then what nobody needs, once gc-enable was called. */
export class Collector implements AsyncDisposable {
  private running: Promise<void> | undefined;
  private complaint: string | undefined;

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
    const schedule = this.running ? undefined : readSchedule(server);
    if (schedule === undefined || !isDue(readLastRun(paths), config.gcEveryS, readClocks())) return;
    this.running = this.collect(schedule.ttl_s).finally(() => {
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
