import { expect, test } from "bun:test";
import { timeInId } from "../../../src/snapshots/figures.ts";

test.each([
  ["dev-20261129T184501Z", "2026-11-29T18:45:01.000Z"],
  ["a-20260101T000000Z-20261129T184501Z-2", "2026-11-29T18:45:01.000Z"],
])("%s was taken at %s", (id, time) => {
  expect(new Date(timeInId(id) ?? 0).toISOString()).toBe(time);
});

test.each(["", "dev", "dev-20261399T184501Z", "dev-20261129T184501Z-x"])("%p is no id", (id) => {
  expect(timeInId(id)).toBeUndefined();
});
