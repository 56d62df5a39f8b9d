import { expect, test } from "bun:test";
import { Gaps } from "../../../src/daemon/gaps.ts";

test("what was not heard of a pane is told once, however often it happened", () => {
  const told: string[] = [];
  const gaps = new Gaps((pane) => told.push(pane));
  for (const pane of ["%1", "%2", "%1"]) gaps.add(pane);
  expect(told).toEqual([]);
  gaps.close();
  gaps.close();
  expect(told).toEqual(["%1", "%2"]);
});
