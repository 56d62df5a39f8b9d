import { describe, expect, test } from "bun:test";
import type { ProcessStat } from "../../../src/process/process-table.ts";
import { descendantsOf, foregroundJob } from "../../../src/process/tree.ts";

const SHELL = 10;
/** A process of the terminal whose foreground group is 20, by its parent and its group. */
const stat = (pid: number, ppid: number, pgrp: number, more: Partial<ProcessStat> = {}): ProcessStat => ({
  pid,
  ppid,
  pgrp,
  startTime: pid,
  state: "S",
  session: SHELL,
  tpgid: 20,
  ...more,
});
const none = () => false;
const pids = (stats: readonly ProcessStat[]) => stats.map(({ pid }) => pid).toSorted((a, b) => a - b);

const ALL = [
  stat(SHELL, 1, SHELL),
  // the job in the foreground: a pipeline, what one of it has started, and that in a session of its own
  stat(20, SHELL, 20),
  stat(21, SHELL, 20),
  stat(22, 21, 20),
  stat(23, 22, 23, { session: 23, tpgid: -1 }),
  // a job in the background, and one that is stopped
  stat(30, SHELL, 30),
  stat(31, 30, 30),
  stat(40, SHELL, 40, { state: "T" }),
  // others
  stat(50, 1, 50, { session: 50, tpgid: 50 }),
];

describe("the job in the foreground", () => {
  test("is what has the terminal, and all that it has started", () => {
    expect(pids(foregroundJob(ALL, SHELL, none))).toEqual([20, 21, 22, 23]);
  });

  test("is a shell in the shell, with its own jobs, while one of those has the terminal", () => {
    const inner = [stat(SHELL, 1, SHELL), stat(15, SHELL, 15), stat(16, 15, 16), stat(20, 15, 20), stat(30, SHELL, 30)];
    expect(pids(foregroundJob(inner, SHELL, none))).toEqual([15, 16, 20]);
  });

  test("is nothing while the shell has the terminal, or is gone", () => {
    const idle = ALL.map((each) => ({ ...each, tpgid: SHELL }));
    expect(foregroundJob(idle, SHELL, none)).toEqual([]);
    expect(foregroundJob([], SHELL, none)).toEqual([]);
  });

  test("ends where another program's terminals begin", () => {
    expect(pids(foregroundJob(ALL, SHELL, ({ pid }) => pid === 22))).toEqual([20, 21]);
  });
});

test("descendants are followed to the last, and a circle is no trap", () => {
  expect(pids(descendantsOf(ALL, [SHELL], none))).toEqual([20, 21, 22, 23, 30, 31, 40]);
  expect(pids(descendantsOf([stat(2, 3, 2), stat(3, 2, 3)], [2], none))).toEqual([3]);
  expect(descendantsOf(ALL, [], none)).toEqual([]);
});
