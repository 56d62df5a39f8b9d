import { expect, test } from "bun:test";
import { Screen, type ScreenSeed } from "../../../src/matching/screen.ts";

const ROWS = 10;
const empty: ScreenSeed = {
  cols: 40,
  rows: ROWS,
  firstRow: 0,
  lines: [],
  cursor: { x: 0, y: 0 },
  alternate: undefined,
  scrollRegion: { upper: 0, lower: ROWS - 1 },
};

async function shows(text: string): Promise<string[]> {
  using screen = new Screen(empty, () => {});
  await screen.start();
  screen.write(Buffer.from(text));
  await screen.flush(
    () => screen.advance(),
    () => {},
  );
  return [...screen.normalLines()].map(({ line }) => line);
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i}\r\n`).join("");

test("the part that scrolls is the same on both screens: what a full-screen program leaves of it stays", async () => {
  const at = (row: number) => `\x1b[${row};1H`;
  // below it nothing scrolls: each line takes the place of the one before
  const left = await shows(`top${at(10)}\x1b[?1049h\x1b[1;4r\x1b[?1049l${at(10)}${numbers(20)}last`);
  expect(left.filter((line) => line !== "")).toEqual(["top", "last"]);
});

test("and what is set on the normal screen holds for a full-screen program", async () => {
  const again = await shows(`top\x1b[1;4r\x1b[?1049h\x1b[r\x1b[?1049l\x1b[10;1H${numbers(3)}last`);
  expect(again.filter((line) => line !== "").slice(-4)).toEqual(["0", "1", "2", "last"]);
});

test("what a full-screen program shows is drawn as it is, also where a part of the screen scrolls", async () => {
  const rows = Array.from({ length: ROWS }, (_, i) => `row ${i}`);
  using screen = new Screen({ ...empty, alternate: { lines: [], cursor: { x: 0, y: 0 } } }, () => {});
  await screen.start();
  screen.write(Buffer.from("\x1b[1;4r"));
  await screen.flush(
    () => {},
    () => {},
  );
  await screen.redraw({ lines: rows, cursor: { x: 0, y: 0 } });
  expect([...screen.lines()].map(({ line }) => line)).toEqual(rows);
});

for (const [how, cleared] of Object.entries({ RIS: "\x1bc", "ED 2": "\x1b[H\x1b[2J", "ED 0": "\x1b[H\x1b[J" })) {
  test(`${how} moves the rows of the screen into the history, also when the first of them goes on from one above`, async () => {
    using screen = new Screen(empty, () => {});
    await screen.start();
    // a line of three rows, of which the last stands in the screen's first row
    screen.write(Buffer.from(`${"x".repeat(100)}\r\n${numbers(ROWS - 2)}end${cleared}$`));
    await screen.flush(
      () => screen.advance(),
      () => {},
    );
    const { cursorRow, normalRow } = screen;
    expect({ cursorRow, normalRow }).toEqual({ cursorRow: ROWS + 2, normalRow: ROWS + 2 });
  });
}

test("where a wide letter has no room at the end of a row, the line has no blank; one that was written is one", async () => {
  const wide = "漢".repeat(25);
  const odd = { ...empty, cols: 41 };
  for (const line of [wide, `a ${wide} b`, `${"x".repeat(39)}  ${wide}`]) {
    using screen = new Screen(odd, () => {});
    await screen.start();
    screen.write(Buffer.from(`${line}\r\n$ `));
    await screen.flush(
      () => screen.advance(),
      () => {},
    );
    expect([...screen.lines()].map((shown) => shown.line)).toEqual([line, "$"]);
    screen.freeMemory();
    expect([...screen.lines()].map((shown) => shown.line)).toEqual([line, "$"]);
    expect(screen.lineAbove()).toBe(line);
  }
});

/** A screen of these columns that shows such output; then what `change` makes of it, and more output. */
async function changed(cols: number, output: string, change: (screen: Screen) => void, more: string) {
  using screen = new Screen({ ...empty, cols }, () => {});
  await screen.start();
  const show = (text: string) => {
    screen.write(Buffer.from(text));
    return screen.flush(
      () => screen.advance(),
      () => {},
    );
  };
  await show(output);
  change(screen);
  await show(more);
  return { lines: [...screen.lines()].map(({ line }) => line), line: screen.cursorLine(), above: screen.lineAbove() };
}

test("a letter of two columns is one letter, also where the cursor stands in the midst of it", async () => {
  expect((await changed(40, "🎉\b", () => {}, "")).line).toBe("🎉");
  expect((await changed(40, "日\b", () => {}, "")).line).toBe("日");
});

test("half an escape sequence outlives another size", async () => {
  const { lines } = await changed(40, "\x1b[3", (screen) => screen.resize(50, ROWS), "1mred\x1b]0;ti");
  expect(lines).toEqual(["red"]);
});

test("a screen that grows shows rows of its history again", async () => {
  const grow = (screen: Screen) => screen.resize(40, ROWS + 3);
  const { lines } = await changed(40, numbers(ROWS + 2), grow, "\x1b[Htop");
  expect(lines[0]).toBe("top");
  expect(lines).toHaveLength(ROWS + 2);
});

test("the line above the cursor's is known, also when it is above the screen", async () => {
  const { above } = await changed(40, `${numbers(ROWS - 1)}make all\r\n\x1b[H`, () => {}, "\x1b[J");
  expect(above).not.toBe("");
});
