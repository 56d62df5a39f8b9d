import { ownBytes, releaseCode } from "../lib/resident.ts";

/** What is asked of the runtime. */
interface Runtime {
  /** resident memory that is this process' own, bytes: not what is mapped of files, such as its code */
  ownBytes(): number;
  /** has garbage collected in the background, while all else goes on */
  beginToCollect(): void;
  /** collects garbage, and gives back what is free: 10 to 40 ms, in which nothing else happens */
  collect(): void;
  /** lets go of code that is not in use */
  releaseCode(): void;
  /** ms */
  now(): number;
}

/** By so much it may grow until garbage is collected, bytes: the runtime itself would wait until it has twice as much. */
const GROWTH_BYTES = 12_000_000;
/** By so much in spite of that, until it is collected at once. */
const GROWTH_MAX_BYTES = 2 * GROWTH_BYTES;
/** How much output there is between two looks at it, at least, and how much time. */
const LOOK_BYTES = 1_000_000;
const LOOK_MS = 50;
/** After so much output, what it took is given back once all is quiet. */
const FLOOD_BYTES = 10_000_000;
/** The same after so many panes have freed memory. */
const FREED_COUNT = 10;

/** Keeps the memory of a process small that reads much: garbage is made by output, and kept by whoever is idle. */
export class Memory {
  /** bytes of output: all, those at the last tick, when memory was last given back, and when it was last looked at */
  private bytes = 0;
  private bytesBefore = 0;
  private bytesFreed = 0;
  private bytesLooked = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** what it had when garbage was last collected, or less, and when that was last begun */
  private kept: number;
  private keptAtBegin: number;
  private freedCount = 0;

  constructor(
    private readonly runtime: Runtime = {
      ownBytes,
      beginToCollect: () => Bun.gc(false),
      collect: () => Bun.gc(true),
      releaseCode,
      now: () => performance.now(),
    },
  ) {
    this.kept = runtime.ownBytes();
    this.keptAtBegin = this.kept;
  }

  /** So many bytes of output have been read. */
  read(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes - this.bytesLooked < LOOK_BYTES) return;
    const now = this.runtime.now();
    if (now - this.lookedAt < LOOK_MS) return;
    this.bytesLooked = this.bytes;
    this.lookedAt = now;
    const own = this.look();
    if (own - this.kept >= GROWTH_MAX_BYTES) this.collect();
    else if (own - this.keptAtBegin >= GROWTH_BYTES) {
      this.runtime.beginToCollect();
      this.keptAtBegin = own;
    }
  }

  /** How much it is now, bytes. */
  private look(): number {
    const own = this.runtime.ownBytes();
    this.kept = Math.min(this.kept, own);
    this.keptAtBegin = Math.min(this.keptAtBegin, own);
    return own;
  }

  private collect(): void {
    this.runtime.collect();
    this.kept = this.runtime.ownBytes();
    this.keptAtBegin = this.kept;
  }

  /** A pane has freed much of what it had. */
  freed(): void {
    this.freedCount++;
  }

  /** To be called from time to time. An idle process would keep what it does not need until it next allocates as much. */
  tick(): void {
    const { bytes } = this;
    const isQuiet = bytes === this.bytesBefore;
    this.bytesBefore = bytes;
    if (!isQuiet) return;
    const own = this.look();
    const isMuchFree = bytes - this.bytesFreed >= FLOOD_BYTES || this.freedCount >= FREED_COUNT;
    if (!isMuchFree && own - this.kept < GROWTH_BYTES) return;
    this.bytesFreed = bytes;
    this.freedCount = 0;
    this.collect();
    this.runtime.releaseCode();
  }
}
