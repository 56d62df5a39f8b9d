import { expect, test } from "bun:test";
import { Gaps } from "../../../src/daemon/gaps.ts";

test("what was not heard of a pane is summed up, and told once", () => {
  const told: [string, number | undefined][] = [];
  const gaps = new Gaps((pane, bytes) => told.push([pane, bytes]));
  gaps.add("%1", 10);
  gaps.add("%2", 5);
  gaps.add("%1", 30);
  gaps.add("%3", 30);
  gaps.add("%3", undefined);
  gaps.add("%3", 30);
  expect(told).toEqual([]);
  gaps.close();
  gaps.close();
  expect(told).toEqual([
    ["%1", 40],
    ["%2", 5],
    ["%3", undefined], // not known, and never a part of it
  ]);
});
