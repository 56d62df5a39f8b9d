import { expect, test } from "bun:test";
import { parseStat, parseUsage, terminalPath } from "../../../src/process/proc-table.ts";

test("reads /proc/PID/stat, whatever the command is called", () => {
  const fields = "S 1 42 42 34816 77 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1000 1";
  for (const name of ["bash", "a b", "x) S 9 9 (y", ")"]) {
    expect(parseStat(`42 (${name}) ${fields}`)).toEqual({
      pid: 42,
      startTime: 987654,
      state: "S",
      ppid: 1,
      pgrp: 42,
      session: 42,
      tpgid: 77,
    });
  }
});

test("reads what a process has used, in ticks and pages", () => {
  const text = "42 (a) b) S 1 42 42 34816 77 4194304 1 0 0 0 150 25 9 9 20 0 1 0 987654 1000 30 1";
  expect(parseUsage(text, 4096)).toEqual({ cpuMs: 1750, residentBytes: 30 * 4096 });
});

test.each([undefined, "", "garbage", "42 (x) S 1"])("%p is no stat", (text) => {
  expect(parseStat(text)).toBeUndefined();
  expect(parseUsage(text, 4096)).toBeUndefined();
});

test.each([
  [34816, "/dev/pts/0"],
  [34825, "/dev/pts/9"],
  [34816 + 255, "/dev/pts/255"],
  [34816 + (1 << 20), "/dev/pts/256"],
  [0, undefined],
  [1025, undefined],
  [Number.NaN, undefined],
])("terminal number %p", (number, path) => {
  expect(terminalPath(number)).toBe(path);
});
