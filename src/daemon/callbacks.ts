import { asError, errno } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import { within } from "../lib/wait.ts";
import { isAlive, processStat } from "../process/identity.ts";
import { terminateGroup } from "../process/terminate.ts";
import {
  type CallbackRow,
  countQueued,
  finishCallback,
  noteProcess,
  putBack,
  requeue,
  runningCallbacks,
  type TakenCallback,
  takeQueued,
} from "../store/callbacks.ts";
import type { Store } from "../store/database.ts";
import { addEvent, type EventRecord, type NewEvent } from "../store/events.ts";
import { LeftPipes, Output } from "./callback-output.ts";
import {
  type CallbackProcess,
  callbackArgv,
  callbackEnvironment,
  runCallback,
  spawnCallback,
} from "./callback-process.ts";
import { EventWriter } from "./event-writer.ts";
import { SparingLog } from "./sparing-log.ts";

/** How callbacks are run. */
export interface CallbackLimits {
  concurrency: number;
  timeoutMs: number;
}

/** A callback that was cut short so often is not run again: it may be what ends the daemon. */
const ATTEMPTS_MAX = 3;
/** How long a callback's process group has between SIGTERM and SIGKILL. */
const GRACE_MS = 2000;
/** How long output is awaited after the callback has ended: a process that it left behind may hold the pipe. */
const OUTPUT_GRACE_MS = 100;
/** How long it may take until a count of those that wait, which takes the longer the more they are, is made again. */
const COUNT_MS = 100;
/** What the system says when there is no room for another process now. */
const NO_ROOM = ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"];

/**
 * Runs the queued callbacks of the database, a bounded number at a time and in turns over the subscriptions, each at
 * least once: one that was cut short by the death of its daemon, or by close(), is run again by the next.
 */
export class CallbackRunner {
  private readonly running = new Map<number, { child: CallbackProcess; subscription: number }>();
  /** how those of this daemon ended */
  readonly outcomes = { ok: 0, failed: 0, timeout: 0, error: 0 };
  private isClosing = false;
  /** at least so many wait: this daemon alone queues callbacks, so an idle one need not ask the database */
  private queued: number;
  private countedAt = Number.NEGATIVE_INFINITY; // a process that is young has not counted yet
  /** the subscription whose turn it was last */
  private last = 0;
  /** what is to be done with callbacks of the database that could not be done yet, by id */
  private readonly strays = new Map<number, (store: Store, id: number) => void>();
  /** why none is started until the next tick, as the system or the database says */
  private obstacle: string | undefined;
  private complaint: string | undefined;
  private readonly left = new LeftPipes();
  private readonly log: SparingLog;
  /** writes down how they ended */
  private readonly writer: EventWriter;

  constructor(
    private readonly store: Store,
    log: Log,
    private readonly limits: CallbackLimits,
    onEvent: (event: EventRecord) => void,
    private readonly spawn: typeof spawnCallback = spawnCallback,
  ) {
    this.queued = countQueued(store);
    this.log = new SparingLog(log);
    // the log has a line of its own for each
    this.writer = new EventWriter({ info() {}, error: (text) => this.log.error(text) }, onEvent);
  }

  /** How many run now, and how many wait. */
  get counts(): { running: number; queued: number } {
    return { running: this.running.size, queued: this.queued };
  }

  /** How many ends can't be written down, and how many can't be started for want of a database that can be written. */
  get unwritten(): number {
    return this.writer.waitingCount + this.strays.size + (this.obstacle === undefined ? 0 : this.queued);
  }

  /** What the daemon does every half second: what could not be done before. Throws what the database failed with. */
  tick(): void {
    this.writer.retry();
    this.settleStrays();
    this.obstacle = undefined;
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
    this.settle(id, requeue);
    this.queued++;
    this.log.warn(`callback ${id} of event ${seq} was cut short; it runs again`);
  }

  /** Starts as many queued callbacks as there is room for. To be called after one was queued. Never throws. */
  kick(): void {
    this.queued = Math.max(this.queued, 1); // until it is known
    if (this.obstacle !== undefined) return;
    try {
      this.startQueued();
    } catch {
      // a full disk, say: tick() tries again, and tells
    }
  }

  private startQueued(): void {
    if (this.isClosing) return;
    const share = Math.max(1, Math.floor(this.limits.concurrency / 2));
    const isFull = (subscription: number) => this.runningOf(subscription) >= share;
    try {
      while (this.running.size < this.limits.concurrency && this.obstacle === undefined) {
        const taken = takeQueued(this.store, { last: this.last, isFull });
        if (!taken) break;
        this.last = taken.row.subscription;
        if (taken.row.attempt <= ATTEMPTS_MAX) this.start(taken);
        else this.finish(taken, { error: `was cut short ${ATTEMPTS_MAX} times, and is given up` });
      }
    } catch (thrown) {
      this.obstacle = asError(thrown).message;
      throw thrown;
    }
    this.count();
  }

  private count(): void {
    if (this.queued > 0 && performance.now() - this.countedAt < COUNT_MS && this.running.size > 0) return;
    this.queued = countQueued(this.store);
    this.countedAt = performance.now();
  }

  private runningOf(subscription: number): number {
    let count = 0;
    for (const one of this.running.values()) if (one.subscription === subscription) count++;
    return count;
  }

  /** Changes a callback's row, now or when the database can be written again: no row is ever left running in no list. */
  private settle(id: number, change: (store: Store, id: number) => void): void {
    try {
      change(this.store, id);
    } catch {
      this.strays.set(id, change);
    }
  }

  private settleStrays(): void {
    for (const [id, change] of this.strays) {
      change(this.store, id);
      this.strays.delete(id);
      this.queued = Math.max(this.queued, 1);
    }
  }

  /** Ends the running callbacks, whole process groups, and queues them for the next daemon. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.running.values()].map(({ child }) => terminateGroup(child.pid, GRACE_MS)));
    for (const id of this.running.keys()) this.settle(id, requeue); // else the next daemon finds it running
    this.writer.retry();
    this.log.flush();
  }

  private start({ row, event, cwd }: TakenCallback): void {
    let child: CallbackProcess;
    try {
      child = this.spawn(callbackArgv(row.command, cwd), callbackEnvironment(event, row.attempt));
    } catch (thrown) {
      this.notStarted({ row, event, cwd }, thrown);
      return;
    }
    this.complaint = undefined;
    try {
      const startTime = processStat(child.pid)?.startTime;
      if (startTime !== undefined) noteProcess(this.store, row.id, { pid: child.pid, startTime });
    } catch (thrown) {
      runCallback(child, false);
      this.putBack(row.id);
      throw thrown;
    }
    if (!runCallback(child)) {
      this.settle(row.id, requeue);
      this.log.warn(`callback ${row.id} of event ${event.seq} was killed before it began; it runs again`);
      return;
    }
    this.running.set(row.id, { child, subscription: row.subscription });
    this.await({ row, event, cwd }, child)
      .catch((thrown) => this.log.error(`callback ${row.id}: ${asError(thrown).message}`))
      .finally(() => {
        if (this.isClosing) return; // close() queues it again
        this.running.delete(row.id);
        this.kick();
      });
  }

  private putBack(id: number): void {
    this.settle(id, putBack);
    this.queued = Math.max(this.queued, 1);
  }

  private notStarted(taken: TakenCallback, thrown: unknown): void {
    const { message } = asError(thrown);
    if (!NO_ROOM.includes(errno(thrown) ?? "")) {
      this.finish(taken, { error: `did not start: ${message}` });
      return;
    }
    this.putBack(taken.row.id);
    this.obstacle = message;
    if (this.complaint !== message) this.log.warn(`callbacks wait, since no process can be started: ${message}`);
    this.complaint = message;
  }

  private async await(taken: TakenCallback, child: CallbackProcess): Promise<void> {
    const started = performance.now();
    const outputs = [new Output(child.stdout), new Output(child.stderr)];
    const exitCode = await within(this.limits.timeoutMs, child.exited);
    const isTimedOut = exitCode === undefined;
    if (isTimedOut) await terminateGroup(child.pid, GRACE_MS);
    const duration_ms = Math.round(performance.now() - started);
    await within(OUTPUT_GRACE_MS, Promise.all(outputs.map(({ done }) => done)));
    for (const output of outputs) this.left.add(output);
    if (this.isClosing) return;
    this.running.delete(taken.row.id);
    const data = {
      exit_code: exitCode ?? null,
      signal: child.signalCode,
      timed_out: isTimedOut,
      duration_ms,
      output: outputs.map((output) => output.text()).join(""),
    };
    this.finish(taken, data);
  }

  private finish({ row, event }: TakenCallback, data: Record<string, unknown>): void {
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
