import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { sumOf } from "../../../src/lib/sum.ts";

test.each(["", "abc", "é日𝒳\n", "half \ud835 a letter", "x".repeat(100_000)])("the sum of %p is SHA-256", (text) => {
  expect(sumOf(text)).toBe(createHash("sha256").update(text).digest("hex"));
});
