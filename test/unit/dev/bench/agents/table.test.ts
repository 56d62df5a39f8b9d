import { describe, expect, test } from "bun:test";
import { type Outcome, shares, sum, table } from "../../../../../src/dev/bench/agents/table.ts";
import type { Task } from "../../../../../src/dev/bench/agents/task.ts";

const task = (number: number, name: string): Task => ({
  number,
  name,
  question: "",
  prepare: async () => ({ truth: {} }),
});
const one = (
  number: number,
  way: string,
  cost: [number, number, number],
  verdict: Outcome["verdict"] = "right",
): Outcome => {
  const [calls, bytesIn, bytesOut] = cost;
  return { task: number, way, calls, bytesIn, bytesOut, verdict };
};

const OUTCOMES = [
  one(1, "a", [1, 10, 90]),
  one(1, "a", [2, 10, 90]),
  one(2, "a", [3, 20, 180], "wrong"),
  one(1, "b", [6, 100, 300], "unknown"),
];

test("of a task that was done several times, the mean is added up", () => {
  const verdicts = { right: 2, unknown: 0, failed: 0, wrong: 1 };
  expect(sum(OUTCOMES.filter(({ way }) => way === "a"))).toEqual({ calls: 4.5, bytesIn: 30, bytesOut: 270, verdicts });
});

test("the table has a line for each task, says what was not right, and adds up", () => {
  expect(table([task(1, "build"), task(2, "wait")], ["a", "b"], OUTCOMES).split("\n")).toEqual([
    "| task: calls, bytes | a | b |",
    "| --- | --- | --- |",
    "| 1 build | 1.5, 100 | 6, 400 **1 unknown** |",
    "| 2 wait | 3, 200 **1 wrong** |  |",
    "| **calls** | **4.5** | **6** |",
    "| bytes written | 30 | 100 |",
    "| bytes read | 270 | 300 |",
    "| **bytes** | **300** | **400** |",
    "| of them | 2 right, 1 wrong | 1 unknown |",
  ]);
});

describe("a way beside another", () => {
  test("is compared by the tasks that both have done", () => {
    expect(shares(OUTCOMES, "a", "b")).toEqual({ calls: 0.25, bytes: 0.25 });
  });
  test("is not compared where there is none", () => {
    expect(shares(OUTCOMES, "a", "c")).toBeUndefined();
  });
});
