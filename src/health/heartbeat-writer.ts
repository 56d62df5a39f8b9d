import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { parseUptime } from "../lib/clock.ts";
import { type FileId, fileId, openPrivate } from "../lib/files.ts";
import type { Heartbeat } from "./heartbeat.ts";

const SIZE = 120;

/**
 * Writes the heartbeat of this process. What it takes twice a second is most of what an idle daemon costs, so the files
 * stay open.
 */
export class HeartbeatWriter {
  private file: { fd: number; id: FileId | undefined } | undefined;
  private readonly uptime = openUptime();
  private readonly buffer = new Uint8Array(64);
  private readonly decoder = new TextDecoder();

  constructor(private readonly path: string) {}

  /** One write of fixed size, so that a reader never sees half of it. Throws what openPrivate throws. */
  write(queue: number, unwritten = 0): void {
    const beat: Heartbeat = { pid: process.pid, at: Date.now(), uptime: this.readUptime(), queue };
    if (unwritten > 0) beat.unwritten = unwritten;
    this.file ??= this.open();
    writeSync(this.file.fd, `${JSON.stringify(beat).padEnd(SIZE - 1)}\n`, 0);
  }

  /**
   * Looks whether the file was deleted or replaced, and then makes it again with the next write; what somebody else wrote
   * behind the heartbeat is cut off. To be called now and then.
   */
  look(): void {
    if (!this.file) return;
    if (fileId(this.path) !== this.file.id) this.close();
    else cutOff(this.file.fd);
  }

  close(): void {
    if (this.file) closeSync(this.file.fd);
    this.file = undefined;
  }

  private open(): { fd: number; id: FileId | undefined } {
    const fd = openPrivate(this.path, constants.O_WRONLY);
    cutOff(fd); // what stands there may be no heartbeat
    return { fd, id: fileId(this.path) };
  }

  private readUptime(): number | null {
    if (this.uptime === undefined) return null;
    const read = readSync(this.uptime, this.buffer, 0, this.buffer.length, 0);
    return parseUptime(this.decoder.decode(this.buffer.subarray(0, read))) ?? null;
  }
}

/** Leaves no more in a file than a heartbeat has. */
function cutOff(fd: number): void {
  if (fstatSync(fd).size > SIZE) ftruncateSync(fd, SIZE);
}

/** Undefined where there is no /proc. */
function openUptime(): number | undefined {
  try {
    return openSync("/proc/uptime", constants.O_RDONLY);
  } catch {
    return undefined;
  }
}
