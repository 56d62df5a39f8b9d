import { childEnv } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { within } from "../lib/wait.ts";
import { isAlive, processStat } from "../process/identity.ts";
import { terminateGroup } from "../process/terminate.ts";
import {
  type CallbackRow,
  countQueued,
  finishCallback,
  noteProcess,
  requeue,
  runningCallbacks,
  takeQueued,
} from "../store/callbacks.ts";
import type { Store } from "../store/database.ts";
import { addEvent, type EventRecord, type NewEvent, readEvent } from "../store/events.ts";
import { EventWriter } from "./event-writer.ts";

/** How callbacks are run. */
export interface CallbackLimits {
  concurrency: number;
  timeoutMs: number;
}

type Child = Bun.Subprocess<"ignore", "pipe", "pipe">;

const OUTPUT_MAX_BYTES = 4096;
/** A callback that was cut short so often is not run again: it may be what ends the daemon. */
const ATTEMPTS_MAX = 3;
/** The kernel takes at most 128 KB for one variable of the environment, and the line is in two of them. */
const TEXT_MAX = 16_384;
/** How long a callback's process group has between SIGTERM and SIGKILL. */
const GRACE_MS = 2000;
/** How long output is awaited after the callback has ended: a process that it left behind may hold the pipe. */
const OUTPUT_GRACE_MS = 100;

/**
 * Runs the queued callbacks of the database, a bounded number at a time, each at least once: one that was cut short by
 * the death of its daemon, or by close(), is run again by the next.
 */
export class CallbackRunner {
  private readonly running = new Map<number, Child>();
  /** how those of this daemon ended */
  readonly outcomes = { ok: 0, failed: 0, timeout: 0, error: 0 };
  private isClosing = false;
  /** as of the last kick(): this daemon alone queues callbacks, so an idle one need not ask the database */
  private queued: number;
  /** writes down how they ended */
  private readonly writer: EventWriter;

  constructor(
    private readonly store: Store,
    private readonly log: Log,
    private readonly limits: CallbackLimits,
    onEvent: (event: EventRecord) => void,
  ) {
    this.queued = countQueued(store);
    // the log has a line of its own for each
    this.writer = new EventWriter({ info() {}, error: (text) => log.error(text) }, onEvent);
  }

  /** How many run now, and how many wait. */
  get counts(): { running: number; queued: number } {
    return { running: this.running.size, queued: this.queued };
  }

  /** What the daemon does every half second: what could not be done before. Throws what the database failed with. */
  tick(): void {
    this.writer.retry();
    if (this.queued > 0) this.startQueued();
  }

  /** Ends what a dead daemon's callbacks left running, and queues them again. Call it once, before kick(). */
  async recover(): Promise<void> {
    await Promise.all(runningCallbacks(this.store).map((row) => this.recoverOne(row)));
  }

  private async recoverOne(row: CallbackRow): Promise<void> {
    const { id, seq, pid, start_time } = row;
    if (pid !== null && start_time !== null && isAlive({ pid, startTime: start_time })) {
      await terminateGroup(pid, GRACE_MS);
    }
    requeue(this.store, id);
    this.log.warn(`callback ${id} of event ${seq} was cut short; it runs again`);
  }

  /** Starts as many queued callbacks as there is room for. To be called after one was queued. Never throws. */
  kick(): void {
    try {
      this.startQueued();
    } catch {
      // a full disk, say: tick() tries again, and tells
    }
  }

  private startQueued(): void {
    if (this.isClosing) return;
    this.queued = Math.max(this.queued, 1); // until it is known
    while (this.running.size < this.limits.concurrency) {
      const row = takeQueued(this.store);
      if (!row) break;
      const event = readEvent(this.store, row.seq);
      if (!event) finishCallback(this.store, row.id);
      else if (row.attempt <= ATTEMPTS_MAX) this.start(row, event);
      else this.finish(row, event, { error: `was cut short ${ATTEMPTS_MAX} times, and is given up` });
    }
    this.queued = countQueued(this.store);
  }

  /** Ends the running callbacks, whole process groups, and queues them for the next daemon. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.running.values()].map((child) => terminateGroup(child.pid, GRACE_MS)));
    for (const id of this.running.keys()) requeue(this.store, id);
    this.writer.retry();
  }

  private start(row: CallbackRow, event: EventRecord): void {
    let child: Child;
    try {
      child = Bun.spawn(["/bin/sh", "-c", row.command], {
        cwd: "/",
        env: childEnv(environment(event, row.attempt)),
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        detached: true, // a process group of its own, so that all of it can be ended
      });
    } catch (thrown) {
      this.finish(row, event, { error: `did not start: ${asError(thrown).message}` });
      return;
    }
    this.running.set(row.id, child);
    this.await(row, event, child)
      .catch((thrown) => this.log.error(`callback ${row.id}: ${asError(thrown).message}`))
      .finally(() => this.kick());
    const startTime = processStat(child.pid)?.startTime;
    if (startTime !== undefined) noteProcess(this.store, row.id, { pid: child.pid, startTime });
  }

  private async await(row: CallbackRow, event: EventRecord, child: Child): Promise<void> {
    const started = performance.now();
    const output = collect(child.stdout);
    const errors = collect(child.stderr);
    const exitCode = await within(this.limits.timeoutMs, child.exited);
    const isTimedOut = exitCode === undefined;
    if (isTimedOut) await terminateGroup(child.pid, GRACE_MS);
    const duration_ms = Math.round(performance.now() - started);
    await within(OUTPUT_GRACE_MS, Promise.all([output.done, errors.done]));
    if (this.isClosing) return; // close() has queued it again
    this.running.delete(row.id);
    const said = `${output.text()}${errors.text()}`;
    const data = {
      exit_code: exitCode ?? null,
      signal: child.signalCode,
      timed_out: isTimedOut,
      duration_ms,
      output: said,
    };
    this.finish(row, event, data);
  }

  private finish(row: CallbackRow, event: EventRecord, data: Record<string, unknown>): void {
    this.outcomes[outcomeOf(data)]++;
    const how = data.timed_out
      ? "timed out"
      : data.error
        ? `${data.error}`
        : `ended with ${data.exit_code ?? data.signal}`;
    const message = `callback of event ${event.seq} ${how}`;
    this.log[data.exit_code === 0 ? "info" : "warn"](`${message}${data.output ? `: ${data.output}` : ""}`);
    const { session, pane_id, pane, label } = event;
    const about = { seq: event.seq, subscription: row.subscription, attempt: row.attempt, ...data };
    const ended: NewEvent = { event_type: "callback", session, pane_id, pane, label, message, data: about };
    // both or neither: one whose end was not written is run again by the next daemon
    const record = this.store.transaction(() => {
      finishCallback(this.store, row.id);
      return [addEvent(this.store, ended)];
    });
    this.writer.write([ended], () => record.immediate());
  }
}

function outcomeOf(data: Record<string, unknown>): keyof CallbackRunner["outcomes"] {
  if (data.error !== undefined) return "error";
  if (data.timed_out) return "timeout";
  return data.exit_code === 0 ? "ok" : "failed";
}

/** What a callback knows of its event. Pane text is only ever here, never in the command. */
function environment(event: EventRecord, attempt: number): Record<string, string> {
  const data = Object.fromEntries(
    Object.entries(event.data).map(([key, value]) => [
      key,
      typeof value === "string" ? value.slice(0, TEXT_MAX) : value,
    ]),
  );
  const { line, match } = data;
  return {
    CLAUDE_TMUX_EVENT: JSON.stringify({ ...event, data }),
    CLAUDE_TMUX_SESSION: event.session,
    CLAUDE_TMUX_PANE: event.pane,
    CLAUDE_TMUX_PANE_ID: event.pane_id,
    CLAUDE_TMUX_LABEL: event.label,
    CLAUDE_TMUX_TYPE: event.event_type,
    CLAUDE_TMUX_LINE: typeof line === "string" ? line : "",
    CLAUDE_TMUX_MATCH: typeof match === "string" ? match : "",
    CLAUDE_TMUX_ATTEMPT: `${attempt}`,
  };
}

/** Reads a stream to its end and keeps its beginning; a callback that writes much is neither blocked nor remembered. */
function collect(stream: ReadableStream<Uint8Array>): { done: Promise<void>; text(): string } {
  const parts: Uint8Array[] = [];
  let size = 0;
  const done = (async () => {
    for await (const chunk of stream) {
      if (size < OUTPUT_MAX_BYTES) parts.push(chunk.slice(0, OUTPUT_MAX_BYTES - size));
      size += chunk.length;
    }
  })();
  return { done, text: () => Buffer.concat(parts).toString() };
}
