import { afterAll, describe, expect, test } from "bun:test";
import { closeSync, constants, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToRead } from "../../../src/lib/libc.ts";
import { poll } from "../../../src/lib/wait.ts";
import { PanePipe } from "../../../src/tmux/pane-pipe.ts";

const MB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), "claude-tmux-pane-pipe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes bytes to the pipe as what tmux runs does, until it is full or there are no more; its end is the pipe's. */
async function fill(path: string, mb: number): Promise<void> {
  const dd = [
    "dd",
    "bs=65536",
    "if=/dev/zero",
    `of=${path}`,
    `count=${mb * 16}`,
    "oflag=nonblock",
    "conv=notrunc,nocreat",
  ];
  await Bun.spawn(dd, { stdout: "ignore", stderr: "ignore" }).exited;
}

/** A pipe whose reader is busy with the first that comes until release(), which returns how many bytes it was given; and what writes to it. */
function busyWith(pipe: PanePipe): { writer: number; release(): Promise<number> } {
  const writer = openSync(join(folder, `pipe-${pipe.token}`), constants.O_WRONLY | constants.O_NONBLOCK);
  const busy = Promise.withResolvers<void>();
  let bytes = 0;
  const reading = pipe.read(async (data) => {
    bytes += data.length;
    await busy.promise;
  });
  const release = async () => {
    busy.resolve();
    await reading;
    return bytes;
  };
  return { writer, release };
}

describe.skipIf(process.platform !== "linux" || !existsSync("/bin/dd"))("a pane's pipe that has ended", () => {
  const CASES = [
    { name: "was full", mb: 2, slow: 0, wasFull: true },
    { name: "was full, however slowly its last bytes are read", mb: 2, slow: 300, wasFull: true },
    { name: "was not", mb: 0.125, slow: 0, wasFull: false },
  ];
  test.each(CASES)("$name", async ({ mb, slow, wasFull }) => {
    using pipe = PanePipe.open(folder);
    const path = join(folder, `pipe-${pipe.token}`);
    await fill(path, mb);
    let bytes = 0;
    await pipe.read(async (data) => {
      bytes += data.length;
      await Bun.sleep(slow);
    });
    expect(bytes).toBe(Math.min(mb, 1) * MB);
    expect(pipe.wasFull).toBe(wasFull);
  });

  test("was not, when all that had filled it was read while it went on", async () => {
    using pipe = PanePipe.open(folder);
    const writer = openSync(join(folder, `pipe-${pipe.token}`), constants.O_WRONLY);
    let written = writeSync(writer, new Uint8Array(MB));
    let bytes = 0;
    await pipe.read((data) => {
      bytes += data.length;
      if (bytes < written) return;
      if (bytes < 3 * MB) written += writeSync(writer, new Uint8Array(32 * 1024));
      else closeSync(writer);
    });
    expect(bytes).toBe(3 * MB);
    expect(pipe.wasFull).toBe(false);
  });

  test("was not, when a burst long ago had filled a part of it", async () => {
    using pipe = PanePipe.open(folder);
    const writer = openSync(join(folder, `pipe-${pipe.token}`), constants.O_WRONLY);
    writeSync(writer, new Uint8Array(MB / 2));
    setTimeout(() => {
      writeSync(writer, new Uint8Array(1000));
      closeSync(writer);
    }, 1500);
    await pipe.read(() => {});
    expect(pipe.wasFull).toBe(false);
  });

  test("was not, when whoever takes what is read was busy with the first of it for long", async () => {
    using pipe = PanePipe.open(folder);
    const { writer, release } = busyWith(pipe);
    let written = 0;
    while (written < 5 * MB) {
      written += writeSync(writer, new Uint8Array(MB / 8)); // which fails once it is full
      await poll(5000, 1, () => bytesToRead(writer) === 0);
    }
    closeSync(writer);
    expect(await release()).toBe(written);
    expect(pipe.wasFull).toBe(false);
  });

  test("was full, when whoever takes what is read was busy for longer than it reads ahead", async () => {
    using pipe = PanePipe.open(folder);
    const { writer, release } = busyWith(pipe);
    let written = 0;
    try {
      for (;;) {
        written += writeSync(writer, new Uint8Array(MB / 8));
        // read on, as long as it is
        await poll(200, 1, () => bytesToRead(writer) === 0);
      }
    } catch (thrown) {
      expect(thrown).toHaveProperty("code", "EAGAIN");
    }
    expect(written).toBeWithin(8 * MB, 12 * MB);
    expect([pipe.isAtEnd, pipe.isBusy]).toEqual([false, true]);
    // nothing comes for long, and megabytes are still to be handed over
    let isDrained = false;
    void pipe.drained().then(() => {
      isDrained = true;
    });
    expect(await pipe.ended(300)).toBe(false);
    expect(isDrained).toBe(false);
    closeSync(writer);
    expect(await release()).toBe(written);
    expect([pipe.wasFull, pipe.isAtEnd, await pipe.ended(300)]).toEqual([true, true, true]);
  });

  test("leaves nothing in the state folder", () => {
    PanePipe.open(folder)[Symbol.dispose]();
    expect(readdirSync(folder)).toEqual(["owner.json"]); // whose the folder is
  });
});
