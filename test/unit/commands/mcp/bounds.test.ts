import { describe, expect, test } from "bun:test";
import { OUTPUT_MAX, Rests } from "../../../../src/commands/mcp/bounds.ts";

const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}`).join("\n");

/** The parts of a long output, as one who reads on is given them. */
function partsOf(rests: Rests, answer: Record<string, unknown>): unknown[] {
  const parts: unknown[] = [];
  const kind = Array.isArray(answer.output) ? "list" : "text";
  for (let part = rests.bounded({ pane: "%1", ...answer }); ; part = rests.next(`${part.cursor}`, kind)) {
    parts.push(part.output);
    expect(part.pane).toBe("%1");
    expect(part.output_truncated).toBe(part.cursor === undefined ? undefined : true);
    if (part.cursor === undefined) return parts;
  }
}

test("an answer within bounds is told as it is", () => {
  const answer = { pane: "%1", output: lines(10), exit_code: 0 };
  expect(new Rests().bounded(answer)).toEqual(answer);
});

describe("a longer one", () => {
  test.each([
    ["of many lines", lines(10_000)],
    ["that ends in a newline", `${lines(10_000)}\n`],
    ["of one line", "x".repeat(100_000)],
    ["of characters of two halves", "😀".repeat(50_001)],
    ["of an odd beginning and such", `a${"😀".repeat(50_001)}`],
    ["of empty lines", "\n".repeat(70_000)],
  ])("%s is told from its end, and read on from there to its beginning: nothing is missing or doubled", (_, output) => {
    const parts = partsOf(new Rests(), { output }) as string[];
    expect(parts.toReversed().join("")).toBe(output);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect([part.length <= OUTPUT_MAX, part.isWellFormed()]).toEqual([true, true]);
  });

  test("begins with a whole line", () => {
    expect(new Rests().bounded({ output: lines(10_000) }).output).toMatch(/^line \d+\n/);
  });

  test("that is a list is told from its beginning", () => {
    const output = Array.from({ length: 1000 }, (_, i) => ({ pane: `%${i}`, cwd: "/".padEnd(100, "x") }));
    const parts = partsOf(new Rests(), { output }) as unknown[][];
    expect(parts.flat()).toEqual(output);
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(OUTPUT_MAX + 1000);
  });

  test("that is a screen is told by its first rows, and is then read as text", () => {
    const rows = Array.from({ length: 300 }, () => "x".repeat(300));
    const rests = new Rests();
    const { output, cursor } = rests.bounded({ output: { lines: rows, title: "t" } }) as {
      output: { lines: string[]; title: string };
      cursor: string;
    };
    expect(output.title).toBe("t");
    expect(output.lines).toEqual(rows.slice(0, output.lines.length));
    expect(rests.next(cursor, "text").output).toBe(rows.slice(-66).join("\n"));
  });
});

test("what else an answer tells is shortened", () => {
  const command = "x".repeat(5000);
  const { survivors } = new Rests().bounded({ output: "", survivors: [{ command }] }) as {
    survivors: { command: string }[];
  };
  expect(survivors[0]?.command).toBe(`${"x".repeat(2000)}…`);
});

test("what was cut longest ago is forgotten, and that is an error, as is what never was", () => {
  const rests = new Rests();
  const cursors = Array.from({ length: 20 }, () => rests.bounded({ output: lines(5000) }).cursor as string);
  const last = cursors.at(-1) ?? "";
  expect(rests.next(last, "text").output).toStartWith("line ");
  expect(() => rests.next(last, "list")).toThrow("There is no list to read on");
  for (const cursor of [cursors[0] ?? "", "", "1", "20:x", "99:1", "20:-1"])
    expect(() => rests.next(cursor, "text")).toThrow("There is no text to read on");
});
