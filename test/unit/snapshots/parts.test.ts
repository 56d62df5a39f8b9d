import { expect, test } from "bun:test";
import { randomFrom } from "../../../src/dev/random.ts";
import { sumOf } from "../../../src/lib/sum.ts";
import { partsOf } from "../../../src/snapshots/parts.ts";

function linesOf(count: number, seed = 1): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => `${i} ${"x".repeat(Math.floor(random() * 80))}\n`);
}

const sums = (text: string) => new Set(partsOf(text).map(({ sum }) => sum));

test("parts make the text again, each under the sum of what it holds", () => {
  for (const text of ["", "\n", "no end", linesOf(3000).join(""), "same\n".repeat(5000)]) {
    const parts = partsOf(text);
    expect(parts.map((part) => part.text).join("")).toBe(text);
    expect(parts.every((part) => part.sum === sumOf(part.text))).toBe(true);
  }
});

test("a history that has grown, or lost its first lines, has nearly all parts in common with what it was", () => {
  const lines = linesOf(2000);
  const before = sums(lines.join(""));
  const grown = sums([...lines, ...linesOf(10, 2)].join(""));
  const moved = sums(lines.slice(10).join(""));
  const added = (after: Set<string>) => [...after].filter((sum) => !before.has(sum)).length;
  expect(before.size).toBeGreaterThan(6);
  expect(added(grown)).toBeLessThanOrEqual(2);
  expect(added(moved)).toBeLessThanOrEqual(2);
});
