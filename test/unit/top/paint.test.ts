import { expect, test } from "bun:test";
import { painter } from "../../../src/top/paint.ts";

test("without colours, what is bold stays so", () => {
  expect([painter(true)("red", "x"), painter(false)("red", "x")]).toEqual(["\x1b[31mx\x1b[m", "x"]);
  expect([painter(true)("bold", "x"), painter(false)("bold", "x")]).toEqual(["\x1b[1mx\x1b[m", "\x1b[1mx\x1b[m"]);
  expect(painter(true)("red", "")).toBe("");
});
