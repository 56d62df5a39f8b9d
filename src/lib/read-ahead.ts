import { sleep } from "./wait.ts";

/** So many bytes are taken at once, and no more unless one piece has more. */
const PIECE_BYTES = 256 * 1024;
/** All of them together read no more ahead than this, but for a piece each. */
const TOTAL_BYTES = 32 * 1024 * 1024;
let total = 0;

/**
 * Reads a stream on while what came before is dealt with, so that whoever writes to it can go on for longer than the stream has room.
 * What came meanwhile comes in large pieces. To be stopped when nobody takes any more.
 */
export class ReadAhead {
  private pieces: Uint8Array[] = [];
  private waiting = 0;
  private end: { thrown?: unknown } | undefined;
  private isStopped = false;
  /** resolves when something has been read or taken */
  private changed = Promise.withResolvers<void>();

  /**
   * @param reader its cancel() ends the reading
   * @param bytesMax so many bytes are read ahead, and then those of one more piece
   * @param arrived is told of each piece as it is read: of how many bytes it is, and how long it was waited for (ms); it says how long
   *   nothing more is to be read then (ms)
   */
  constructor(
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly bytesMax: number,
    private readonly arrived: (bytes: number, waitedMs: number) => number,
  ) {
    this.read().then(
      () => this.finish({}),
      (thrown: unknown) => this.finish({ thrown }),
    );
  }

  /** How much has been read that nobody has taken. */
  get bytes(): number {
    return this.waiting;
  }

  /** Whether all has been read, be it taken or not. */
  get isAtEnd(): boolean {
    return this.end !== undefined;
  }

  /** What has been read, in order, as soon as there is something; undefined at the end. Then it throws what reading threw. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.pieces.length === 0) {
      if (this.end && "thrown" in this.end) throw this.end.thrown;
      if (this.end) return undefined;
      await this.changed.promise;
    }
    let bytes = 0;
    let count = 0;
    for (const { length } of this.pieces) {
      if (count > 0 && bytes + length > PIECE_BYTES) break;
      bytes += length;
      count++;
    }
    const taken = this.pieces.splice(0, count);
    this.add(-bytes);
    this.change();
    return count === 1 ? taken[0] : Buffer.concat(taken);
  }

  /** Reads no more, and drops what nobody has taken. */
  stop(): void {
    this.isStopped = true;
    this.pieces = [];
    this.add(-this.waiting);
    this.change();
  }

  private async read(): Promise<void> {
    while (!this.isStopped) {
      const since = performance.now();
      const { done, value } = await this.reader.read();
      if (done || this.isStopped) return;
      const restMs = this.arrived(value.length, performance.now() - since);
      this.pieces.push(value);
      this.add(value.length);
      this.change();
      if (restMs > 0) await sleep(restMs);
      while (this.isFull) await this.changed.promise;
    }
  }

  private get isFull(): boolean {
    // who has little goes on, whatever the others have
    return this.waiting >= this.bytesMax || (this.waiting >= PIECE_BYTES && total >= TOTAL_BYTES);
  }

  private add(bytes: number): void {
    this.waiting += bytes;
    total += bytes;
  }

  private finish(end: { thrown?: unknown }): void {
    this.end = end;
    this.change();
  }

  private change(): void {
    this.changed.resolve();
    this.changed = Promise.withResolvers();
  }
}
