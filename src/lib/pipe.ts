import { bytesToRead, linux, pipeEnds, quickWrite, waitReadable } from "./libc.ts";
import { quickClose } from "./quick.ts";
import { sleep } from "./wait.ts";

/** For so long what is to be read may keep the event loop waiting, ms: a timer would be the longest part of most answers. */
const AT_ONCE_MS = 4;
const LOOK_MAX_MS = 20;
const CHUNK_BYTES = 64 * 1024;

/** A pipe between this process and a child, which is given the number of one of its ends. */
export class Pipe {
  private isReadOpen = true;
  private isWriteOpen = true;

  private constructor(
    readonly readEnd: number,
    readonly writeEnd: number,
  ) {}

  /** Makes one; undefined where there can be none: on other systems than Linux, or without descriptors. */
  static open(): Pipe | undefined {
    const ends = pipeEnds();
    return ends && new Pipe(ends.read, ends.write);
  }

  /** Writes all of it, or as much as the pipe can hold; returns whether that was all. */
  write(bytes: Uint8Array): boolean {
    return quickWrite(this.writeEnd, bytes) === bytes.length;
  }

  /** How many bytes nobody has read. */
  get unread(): number {
    return bytesToRead(this.readEnd);
  }

  /**
   * Reads until `isAll` says so of what was read last.
   * @returns "all", "ended" when the pipe did before, "late" when it had not come by `deadline` (ms of performance.now())
   */
  async read(isAll: (part: Uint8Array) => boolean, deadline: number): Promise<"all" | "ended" | "late"> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const begin = performance.now();
    for (let pause = 1; ; ) {
      if (!this.isReadOpen) return "ended";
      const count = Number(linux()?.read(this.readEnd, buffer, buffer.length) ?? 0);
      if (count === 0) return "ended";
      if (count > 0) {
        pause = 1;
        if (isAll(buffer.subarray(0, count))) return "all";
        continue;
      }
      const now = performance.now();
      if (now >= deadline) return "late";
      if (now - begin < AT_ONCE_MS) waitReadable(this.readEnd, AT_ONCE_MS);
      else {
        await sleep(Math.min(pause, deadline - now));
        pause = Math.min(2 * pause, LOOK_MAX_MS);
      }
    }
  }

  /** As read(), without going on meanwhile. */
  readAtOnce(isAll: (part: Uint8Array) => boolean, deadline: number): "all" | "ended" | "late" {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const count = Number(linux()?.read(this.readEnd, buffer, buffer.length) ?? 0);
      if (count === 0) return "ended";
      if (count > 0 && isAll(buffer.subarray(0, count))) return "all";
      const left = deadline - performance.now();
      if (left <= 0) return "late";
      if (count < 0) waitReadable(this.readEnd, Math.ceil(left));
    }
  }

  /** What there is to read now, as text. */
  text(): string {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const count = Number(linux()?.read(this.readEnd, buffer, buffer.length) ?? 0);
    return new TextDecoder().decode(buffer.subarray(0, Math.max(0, count)));
  }

  closeRead(): void {
    if (this.isReadOpen) quickClose(this.readEnd);
    this.isReadOpen = false;
  }

  closeWrite(): void {
    if (this.isWriteOpen) quickClose(this.writeEnd);
    this.isWriteOpen = false;
  }

  close(): void {
    this.closeRead();
    this.closeWrite();
  }
}
