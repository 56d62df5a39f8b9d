import { expect, test } from "bun:test";
import { cpuBetween, readTrees, type Tree } from "../../../src/top/usage.ts";

const tree = (cpuMs: Record<string, number | undefined>): Tree => ({
  leader: undefined,
  cpuMs: new Map(Object.entries(cpuMs)),
  bytes: undefined,
});

test.each([
  ["nothing is known at first", undefined, { a: 5 }, 1000, undefined],
  ["what they used between", { a: 100, b: 0 }, { a: 350, b: 250 }, 1000, 50],
  ["all of one that has come", { a: 100 }, { a: 100, b: 30 }, 1000, 3],
  ["one that has gone takes nothing away", { a: 100, b: 900 }, { a: 100 }, 1000, 0],
  ["where it is not told", { a: undefined }, { a: undefined }, 1000, undefined],
  ["at the same moment", { a: 1 }, { a: 2 }, 0, undefined],
])("%s", (_, before, now, ms, expected) => {
  expect(cpuBetween(before && tree(before), tree(now), ms)).toBe(expected);
});

test("a tree is a program and all that is below it, with what that takes", async () => {
  const child = Bun.spawn(["sh", "-c", "sleep 60 & sh -c 'sleep 60; true'; true"], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  try {
    while ((readTrees([child.pid]).get(child.pid)?.cpuMs.size ?? 0) < 4) await Bun.sleep(5);
    const found = readTrees([child.pid, 0]);
    expect(found.get(child.pid)?.bytes).toBeGreaterThan(100_000);
    expect(found.get(0)).toMatchObject({ bytes: undefined, cpuMs: new Map() });
    const pids = [...(found.get(child.pid)?.cpuMs.keys() ?? [])].map((key) => Number.parseInt(key, 10));
    for (const pid of pids.reverse()) process.kill(pid);
  } finally {
    child.kill("SIGKILL");
  }
});
