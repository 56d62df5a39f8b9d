import { expect, test } from "bun:test";
import { checkHealth, type Readings } from "../../../src/health/checks.ts";
import {
  type DaemonCondition,
  describeFinding,
  type EnsureAction,
  ensureAction,
  isLogToBeRotated,
  needsRecovery,
} from "../../../src/recovery/plan.ts";

const limits = { heartbeatMaxAgeS: 30, memoryMaxMb: 500, queueMax: 1000, errorsMax: 10 };
const good: Readings = { pid: 42, heartbeatAgeS: 0.2, residentBytes: 50e6, queue: 0, errors: 0 };
const finding = (readings: Partial<Readings>, watchdog?: number): DaemonCondition => {
  const all = { ...good, ...readings };
  return { ...checkHealth(all, limits), daemon: all.pid, watchdog };
};

// what is found → what ensure does, whether recover goes on, and whether the log is rotated
const TABLE: [string, DaemonCondition, EnsureAction, boolean, boolean][] = [
  ["all is well", finding({}), "nothing", false, false],
  ["all is well, under a watchdog", finding({}, 41), "nothing", false, false],
  ["nothing runs", finding({ pid: undefined, heartbeatAgeS: undefined }), "start", true, false],
  ["the watchdog waits to restart it", finding({ pid: undefined }, 41), "wait", true, false],
  ["it hangs", finding({ heartbeatAgeS: 31 }), "recover", true, false],
  ["it is large", finding({ residentBytes: 600e6 }), "nothing", true, false],
  ["it is behind", finding({ queue: 1000 }), "nothing", true, false],
  ["it complains", finding({ errors: 10 }), "nothing", true, true],
  ["it has not written a heartbeat yet", finding({ heartbeatAgeS: undefined }), "nothing", true, false],
];

test.each(TABLE)("%s", (_, found, action, isNeeded, isLogRotated) => {
  expect(ensureAction(found)).toBe(action);
  expect(needsRecovery(found, false)).toBe(isNeeded);
  expect(needsRecovery(found, true)).toBe(true);
  expect(isLogToBeRotated(found)).toBe(isLogRotated);
});

test("a finding in words", () => {
  expect(describeFinding(finding({ heartbeatAgeS: 31, errors: 12 }, 41))).toBe(
    "unhealthy (heartbeat, errors); daemon PID 42, watchdog PID 41",
  );
});
