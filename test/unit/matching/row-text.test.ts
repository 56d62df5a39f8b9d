import { expect, test } from "bun:test";
import { Terminal } from "@xterm/headless";
import { rowText } from "../../../src/matching/row-text.ts";
import { useWidths } from "../../../src/matching/widths.ts";
import { hostileText, RANDOM_SEED, random } from "../../helpers/random.ts";

const COLS = 30;

async function rowsOf(output: string) {
  const terminal = new Terminal({ cols: COLS, rows: 10, scrollback: 0, allowProposedApi: true });
  useWidths(terminal);
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const rows = Array.from({ length: 10 }, (_, y) => terminal.buffer.active.getLine(y));
  return rows.filter((row) => row !== undefined);
}

test.each([
  ["nothing", ""],
  ["plain text", "one two"],
  ["gaps", "a\x1b[10Cb\tc"],
  ["letters of one byte", "grün ÿ §"],
  ["wide letters, also at the edge", "日本語".repeat(7)],
  ["emoji and what is joined to them", "🎉👨‍👩‍👧 e\u0301 ✈\ufe0f 𝒳"],
  ["half of a wide letter written over", "日本\x1b[2Dx\x1b[4Dy"],
  ["line drawing", "\x1b(0lqqk\x1b(B"],
])("a row with %s is what the emulator says", async (_, output) => {
  for (const row of await rowsOf(output)) {
    expect(rowText(row)).toBe(row.translateToString(false));
    for (let end = 0; end <= COLS; end += 7) expect(rowText(row, end)).toBe(row.translateToString(false, 0, end));
  }
});

test("so it is with any text", async () => {
  const next = random(RANDOM_SEED);
  for (let i = 0; i < 300; i++) {
    for (const row of await rowsOf(hostileText(next, 60))) {
      expect({ seed: RANDOM_SEED, text: rowText(row) }).toEqual({
        seed: RANDOM_SEED,
        text: row.translateToString(false),
      });
    }
  }
});

test("a row that tells nothing of what it holds is read by what it gives out", () => {
  const row = { length: 3, translateToString: (_: boolean, from: number, end: number) => "abc".slice(from, end) };
  expect(rowText(row as never)).toBe("abc");
  expect(rowText(row as never, 2)).toBe("ab");
});
