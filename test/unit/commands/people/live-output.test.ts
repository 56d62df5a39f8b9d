import { expect, jest, test } from "bun:test";
import { LiveOutput } from "../../../../src/commands/people/live-output.ts";
import { poll } from "../../../../src/lib/wait.ts";

const ERASE = "\r\x1b[2K";

/** A live output, all that it has written, and how to give it text. */
function live({ width = 80, isColor = false } = {}) {
  const seen = { written: "", opened: [] as boolean[] };
  const output = new LiveOutput({
    width,
    isColor,
    write: async (text) => {
      seen.written += text;
    },
    before: (isOpen) => seen.opened.push(isOpen),
  });
  const push = (text: string) => output.push(new TextEncoder().encode(text));
  const shows = async (text: string) => {
    await poll(20_000, 1, () => seen.written === text);
    expect(seen.written).toBe(text);
  };
  return { output, push, shows, seen };
}

test("lines are shown as they end, and what is left of them at the end", async () => {
  const { output, push, shows, seen } = live();
  push("one\r\ntw");
  await shows("one\ntw".replace("tw", `${ERASE}tw`));
  expect(seen.opened).toEqual([false, true]);
  push("o\r\nthree");
  await output.finish("one\ntwo\nthree\nfour");
  await shows(`one\n${ERASE}tw${ERASE}two\nthree\nfour\n`);
  output[Symbol.dispose]();
});

test("progress is drawn on its line", async () => {
  const { output, push, shows } = live({ width: 10 });
  push("10 %");
  await shows(`${ERASE}10 %`);
  push("\r100 % of all that there is");
  await shows(`${ERASE}10 %${ERASE}100 % of…`);
  push("\rdone\x1b[K\r\n");
  await shows(`${ERASE}10 %${ERASE}100 % of…${ERASE}done\n`);
  output[Symbol.dispose]();
});

test("colours of the output stay, and nothing else of it reaches the terminal", async () => {
  const coloured = live({ isColor: true });
  coloured.push("\x1b[31mred\x1b[0m \x1b[2J\x1b]0;title\x07\u202e\r\n");
  await coloured.output.finish("");
  expect(coloured.seen.written).not.toMatch(/\x1b\[2J|\x1b\]0|\u202e/);
  expect(coloured.seen.written).toContain("\x1b[31mred\x1b[0m");
  const plain = live();
  plain.push("\x1b[31mred\x1b[0m\r\n");
  await plain.output.finish("red");
  expect(plain.seen.written).toBe("red\n");
});

test("a full-screen program is not shown, and what comes after it is", async () => {
  const { output, push, seen } = live();
  push("before\r\n\x1b[?10");
  push("49h\x1b[5;5Hwhat an editor draws\r\nand more\x1b[?1049lafter\r\n");
  await output.finish("before\nafter");
  expect(seen.written).toMatch(/^before\n\(a full-screen program .*\)\nafter\n$/);
});

test("a silence in the midst of it holds nothing up", async () => {
  const { output, push, shows, seen } = live();
  push("before\r\n\x1b[?1049hdrawn");
  await shows("before\n(a full-screen program has the pane: it is not shown here)\n");
  jest.useFakeTimers();
  try {
    push(" and more");
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    jest.advanceTimersByTime(1000);
  } finally {
    jest.useRealTimers();
  }
  push("\x1b[?1049lafter\r\n");
  await output.finish("before\nafter");
  expect(seen.written).toEndWith("here)\nafter\n");
});

test("a terminal that takes nothing for a while holds nobody up, and is told what it missed", async () => {
  const released = Promise.withResolvers<void>();
  let written = "";
  const output = new LiveOutput({
    width: 80,
    isColor: false,
    write: async (text) => {
      await released.promise;
      written += text;
    },
    before: () => {},
  });
  const piece = new TextEncoder().encode(`${"x".repeat(32_767)}\n`);
  for (let n = 0; n < 400; n++) output.push(piece);
  released.resolve();
  await output.finish("");
  expect(written.length).toBeLessThan(9 * 1024 * 1024);
  expect(written).toEndWith("(some of its output is not shown here: it came too fast for this terminal)\n");
});

test("characters and escape sequences may come in pieces", async () => {
  const { output, seen } = live();
  for (const byte of new TextEncoder().encode("日本\x1b[31m語\x1b[0m\r\n")) output.push(Uint8Array.of(byte));
  await output.finish("日本語");
  expect(seen.written).toBe("日本語\n");
});

test("a terminal that has gone is no failure", async () => {
  const output = new LiveOutput({
    width: 80,
    isColor: false,
    write: () => Promise.reject(new Error("EIO")),
    before: () => {},
  });
  output.push(new TextEncoder().encode("one\ntwo\n"));
  await output.finish("one\ntwo");
});
