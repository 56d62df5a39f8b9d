import { expect, test } from "bun:test";
import { untilLook } from "../../../src/top/top.ts";

test("while somebody else has the terminal there is no next look, however long the last one was ago", () => {
  expect([untilLook(false, 700), untilLook(false, -5)]).toEqual([700, 0]);
  expect([untilLook(true, 700), untilLook(true, -5)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});
