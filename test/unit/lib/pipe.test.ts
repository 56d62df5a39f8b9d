import { describe, expect, test } from "bun:test";
import { Pipe } from "../../../src/lib/pipe.ts";

describe.skipIf(process.platform !== "linux")("a pipe", () => {
  const open = () => Pipe.open() as Pipe;
  const soon = () => performance.now() + 5000;

  test("gives what was written, until enough is there", async () => {
    const pipe = open();
    expect(pipe.write(new TextEncoder().encode("one two"))).toBe(true);
    expect(pipe.unread).toBe(7);
    let text = "";
    const isAll = (part: Uint8Array) => {
      text += new TextDecoder().decode(part);
      return text.endsWith("three");
    };
    setTimeout(() => pipe.write(new TextEncoder().encode(" three")), 20);
    expect(await pipe.read(isAll, soon())).toBe("all");
    expect(text).toBe("one two three");
    pipe.close();
  });

  test("says that it has ended, and that nothing came in time", async () => {
    const pipe = open();
    const begin = performance.now();
    expect(await pipe.read(() => true, begin + 30)).toBe("late");
    expect(performance.now() - begin).toBeGreaterThanOrEqual(30);
    pipe.closeWrite();
    expect(await pipe.read(() => true, soon())).toBe("ended");
    pipe.close();
  });

  test("lets others have their turn while it is waited for", async () => {
    const pipe = open();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect(await pipe.read(() => true, performance.now() + 60)).toBe("late");
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
    pipe.close();
  });

  test("takes no more than it can hold, without waiting", () => {
    const pipe = open();
    expect(pipe.write(new Uint8Array(10_000_000))).toBe(false);
    pipe.close();
  });

  test("closes each of its ends once: their numbers may be another file's by then", () => {
    const pipe = open();
    pipe.close();
    const other = open();
    expect([pipe.readEnd, pipe.writeEnd]).toEqual([other.readEnd, other.writeEnd]);
    pipe.close();
    expect(other.write(new Uint8Array(1))).toBe(true);
    other.close();
  });
});
