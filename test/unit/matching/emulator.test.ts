import { describe, expect, test } from "bun:test";
import { randomFrom } from "../../../src/dev/random.ts";
import { Emulator } from "../../../src/matching/emulator.ts";
import { Screen } from "../../../src/matching/screen.ts";

const COLS = 20;
const ROWS = 6;

const SEED = {
  cols: COLS,
  rows: ROWS,
  firstRow: 3,
  lines: ["$ ls", "a b", "$ "].map((line, i) => ({ row: 3 + i, line })),
  cursor: { x: 2, y: 2 },
  alternate: undefined,
  scrollRegion: { upper: 0, lower: ROWS - 1 },
};

function emulator(attend = () => {}): Emulator {
  return new Emulator({ cols: COLS, rows: ROWS, scrollback: 30 }, attend);
}

/** One that is xterm.js's all the time. */
function full(): Emulator {
  return stayFull(emulator());
}

function stayFull(emulator: Emulator): Emulator {
  (emulator as unknown as { wake(): void }).wake();
  emulator.freeMemory = () => false;
  return emulator;
}

test("what fails in an emulator without a history is done for it: erasing up to the cursor in the last column", () => {
  using there = new Screen(SEED, () => {});
  const emulator = (there as unknown as { emulator: Emulator }).emulator;
  emulator.write(`one\r\ntwo\x1b[${ROWS};${COLS}Hx\x1b[1J`);
  expect([...there.lines()]).toEqual([]);
  emulator.write("\x1b[?1049h\x1b[Hone\x1b[5;1Htwo" + `\x1b[${ROWS};${COLS}H\x1b[1J!`);
  expect([...there.lines()].map(({ line }) => line.trim())).toEqual(["!"]);
});

test("xterm.js is loaded for what takes it, and for nothing before that", async () => {
  const script = `
    const { Emulator } = await import(${JSON.stringify(Bun.resolveSync("../../../src/matching/emulator.ts", import.meta.dir))});
    const isLoaded = () => Object.keys(require.cache).some((path) => path.includes("xterm"));
    const emulator = new Emulator({ cols: 20, rows: 6, scrollback: 30 }, () => {});
    const found = ["\\x1b[32mone\\x1b[0m\\r\\n", "\\x1b[?1049h"].map((text) => {
      emulator.write(text);
      return isLoaded();
    });
    console.log(found.join(" "));`;
  const { stdout, exited } = Bun.spawn([process.execPath, "-e", script], { stderr: "inherit" });
  expect([await stdout.text(), await exited]).toEqual(["false true\n", 0]);
});

test("a blank last row is none, whatever the first of all rows is", async () => {
  const firstRows = [false, true].map(async (isPutAway) => {
    using screen = new Screen(SEED, () => {});
    await screen.start();
    const show = (text: string) => {
      screen.write(Buffer.from(text));
      return screen.flush(
        () => void screen.advance(),
        () => {},
      );
    };
    await show(`${`${"x".repeat(COLS + 10)}\r\n`.repeat(100)}\x1b[H\x1b[2J`);
    expect(!isPutAway || screen.freeMemory()).toBe(true);
    await show("\x1b[H\x1b[2Jmore");
    return screen.firstRow;
  });
  const [there, away] = await Promise.all(firstRows);
  expect(away).toBe(there as number);
});

describe("an emulator", () => {
  test.each([
    ["text", "one\r\ntwo"],
    ["a screen that has scrolled", "line\r\n".repeat(30)],
    ["colours", "\x1b[31mred\x1b[0m and \x1b[7mthe rest"],
    ["a long line, and wide letters at its edge", `${"日本語".repeat(9)}x`],
    ["a long line that was cut short", `${"x".repeat(30)}\r\x1b[K`],
    ["modes that change nothing of what is shown", "\x1b[?2004h\x1b[?1h\x1b[?25l\x1b=prompt$ "],
    ["a cursor above the last line", "a\r\nb\r\nc\x1b[2;2H"],
    ["a saved cursor", "a\r\nb\x1b7\r\nc"],
    ["one that was saved before more came", "line\r\n".repeat(9) + "\x1b7" + "line\r\n".repeat(2)],
    ["what a full-screen program has left", "$ less\r\n\x1b[?1049hfile\x1b[?1049l$ "],
    ["a full row", "x".repeat(COLS)],
    ["a line that began above the screen", `${"x".repeat(COLS * 8)}y`],
    ["emoji", "done 🎉 ✔\r\n"],
    ["a tab", "a\tb\tc"],
  ])("takes little memory with %s, and shows the same whatever comes then", (_, output) => {
    for (const more of ["", "more", "\r\nmore\x1b[A!\x1b8?", "\x1b[2J", "\u0301"]) {
      using there = full();
      using plain = emulator();
      for (const each of [there, plain]) each.write(output);
      plain.freeMemory();
      expect(plain.isPlain).toBe(true);
      for (const each of [there, plain]) each.write(more);
      expect({ more, ...screenOf(plain) }).toEqual({ more, ...screenOf(there) });
    }
  });

  test.each([
    ["a full-screen program", "\x1b[?1049h"],
    ["a part that scrolls", "\x1b[2;4r"],
    ["no wrapping", "\x1b[?7l"],
    ["inserting", "\x1b[4h"],
    ["an origin", "\x1b[?6h"],
    ["line drawing", "\x1b(0"],
    ["letters shifted out", "\x0e"],
    ["other letters at hand", "\x1b)0"],
    ["others yet", "\x1b*0"],
    ["tabs of its own", "\x1b[3g"],
    ["one tab more", "\x1b[4G\x1bH"],
    ["half a sequence of another kind", "\x1bP"],
    ["letters of several parts", "e\u0301"],
  ])("is one of xterm.js with %s", (_, output) => {
    using there = emulator();
    there.write(output);
    expect(there.freeMemory()).toBe(false);
    expect(there.isPlain).toBe(false);
  });

  test("is none of those any more when much text has come", () => {
    using there = emulator();
    there.write("\x1b[2J\r\n");
    expect(there.isPlain).toBe(false);
    for (let i = 0; i <= 200; i++) there.write("\x1b[32mline\x1b[0m\r\n");
    expect(there.isPlain).toBe(true);
  });
});

function screenOf({ active }: Emulator) {
  const rows = Array.from({ length: ROWS }, (_, y) => {
    const row = active.getLine(active.baseY + y);
    return { text: row?.translateToString(false), used: row?.translateToString(true), isWrapped: row?.isWrapped };
  });
  return { rows, x: active.cursorX, y: active.cursorY };
}

const PIECES = [
  "word ",
  "日本",
  "\r\n",
  "\r\n\r\n",
  "\r",
  "\b",
  "\t",
  "\x1b[K",
  "\x1b[2K",
  "\x1b[J",
  "\x1b[H\x1b[2J",
  "\x1b[A",
  "\x1b[3;5H",
  "\x1b[L",
  "\x1b[M",
  "\x1b[2@",
  "\x1b[2P",
  "\x1b[31m",
  "\x1b[2;4r",
  "\x1b[r",
  "\x1b[?7l",
  "\x1b[?7h",
  "\x1b[4h",
  "\x1b[4l",
  "\x1bM",
  "\x1b(0",
  "\x1b(B",
  "\x1b[",
  "a long line that goes on in another row ",
  "x".repeat(COLS),
];

const MANY_LINES = "line\r\n".repeat(9);
// what is not together here differs in the emulator itself: the row of a saved cursor is one of all that it has, and another
// one when those above it are dropped; and one that was saved on another screen stays there
test.each([
  ["saved cursors", ["\x1b7", "\x1b8"]],
  ["full-screen programs", ["\x1b[?1049h", "\x1b[?1049l"]],
  ["many lines, and dropped histories", [MANY_LINES, "\x1b[3J", "\x1b[?47h", "\x1b[?47l"]],
])("a screen that shows text by itself whenever it can tells the same as one that never does: %s", async (_, more) => {
  const pieces = [...PIECES, ...more];
  let awayCount = 0;
  for (let round = 0; round < 150; round++) {
    const next = randomFrom(round);
    const random = (below: number) => Math.floor(next() * below);
    const told: string[][] = [[], []];
    const screens = told.map(
      (events) =>
        new Screen(
          SEED,
          (rows, isKept) => events.push(`erased ${rows.from} ${rows.to} ${isKept}`),
          (rows, first) => events.push(`forgot ${rows} ${first}`),
        ),
    );
    stayFull((screens[0] as unknown as { emulator: Emulator }).emulator);
    for (const screen of screens) await screen.start();
    let written = "";
    for (let step = 0; step < 25; step++) {
      const output = Array.from({ length: 1 + random(4) }, () => pieces[random(pieces.length)]).join("");
      written += output;
      const found = [];
      for (const [i, screen] of screens.entries()) {
        screen.write(Buffer.from(output));
        await screen.flush(
          () => told[i]?.push(`rows ${screen.advance()}`),
          () => {},
        );
        const { isAlternate, cursorRow, firstRow, normalRow } = screen;
        found.push({
          lines: [...screen.lines()],
          line: screen.cursorLine(),
          isAlternate,
          cursorRow,
          firstRow,
          normalRow,
        });
      }
      expect({ written, ...found[1] }).toEqual({ written, ...(found[0] as object) } as never);
      expect(told[1]).toEqual(told[0] as string[]);
      if (screens[1]?.freeMemory()) awayCount++;
    }
    for (const screen of screens) screen[Symbol.dispose]();
  }
  expect(awayCount).toBeGreaterThan(300);
});

const TEXT_PIECES = [
  "word ",
  "日本",
  "語",
  "é",
  "🎉",
  "\r\n",
  "\r\n\r\n",
  "\r",
  "\b",
  "\t",
  "\n",
  "\x07",
  "\x1b[K",
  "\x1b[1K",
  "\x1b[2K",
  "\x1b[A",
  "\x1b[2B",
  "\x1b[C",
  "\x1b[3D",
  "\x1b[7G",
  "\x1b[3;5H",
  "\x1b[H",
  "\x1b[99;99H",
  "\x1b[31m",
  "\x1b[38:2::1:2:3m",
  "\x1b[?2004h",
  "\x1b[?25;1l",
  "\x1b]0;title\x07",
  "\x1b]8;;http://x\x1b\\",
  "\x1b(B",
  "\x1b=",
  "a long line that goes on in another row ",
  "x".repeat(COLS),
  "x".repeat(COLS - 1),
];

const ODD = ["e\u0301", "\x1b[J", "\x1b[2@", "\x1b[L", "\x1bM"];
const isNarrow = (text: string) => !/[日語🎉]/u.test(text);

test.each([
  ["narrow text", TEXT_PIECES.filter(isNarrow), true],
  ["text", TEXT_PIECES, true],
  ["text between other things", [...TEXT_PIECES, ...ODD], false],
])("%s is shown as xterm.js shows it", (_, pieces, isCut) => {
  let plainCount = 0;
  for (let round = 0; round < 300; round++) {
    const next = randomFrom(round);
    const random = (below: number) => Math.floor(next() * below);
    using there = full();
    using plain = emulator();
    let written = "";
    for (let step = 0; step < 30; step++) {
      let output = Array.from({ length: 1 + random(4) }, () => pieces[random(pieces.length)]).join("");
      if (isCut && random(3) === 0) output = [...output].slice(0, random(output.length)).join(""); // in a sequence, say
      written += output;
      for (const each of [there, plain]) each.write(output);
      if (random(4) === 0) plain.freeMemory();
      if (plain.isPlain) plainCount++;
      expect({ round, written, ...screenOf(plain) }).toEqual({ round, written, ...screenOf(there) });
    }
  }
  expect(plainCount).toBeGreaterThan(500);
});
