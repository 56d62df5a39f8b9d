import { describe, expect, test } from "bun:test";
import { checkHealth, countErrors, type Readings } from "../../../src/health/checks.ts";
import { heartbeatAge, parseHeartbeat } from "../../../src/health/heartbeat.ts";

const limits = { heartbeatMaxAgeS: 30, memoryMaxMb: 500, queueMax: 1000, errorsMax: 10 };
const good: Readings = { pid: 42, heartbeatAgeS: 0.2, residentBytes: 50e6, queue: 0, errors: 0 };

describe("checkHealth", () => {
  test.each<[string, Partial<Readings>, string, string]>([
    ["all is well", {}, "healthy", ""],
    ["no process", { pid: undefined }, "unhealthy", "process"],
    ["no heartbeat yet", { heartbeatAgeS: undefined }, "degraded", "heartbeat"],
    ["a heartbeat just young enough", { heartbeatAgeS: 29.9 }, "healthy", ""],
    ["a stale heartbeat", { heartbeatAgeS: 30 }, "unhealthy", "heartbeat"],
    ["much memory", { residentBytes: 500e6 }, "degraded", "memory"],
    ["a long queue", { queue: 1000 }, "degraded", "queue"],
    ["many errors", { errors: 10 }, "degraded", "errors"],
    ["a few errors", { errors: 9 }, "healthy", ""],
  ])("%s", (_, change, verdict, failed) => {
    const { checks, ...result } = checkHealth({ ...good, ...change }, limits);
    expect(result.verdict).toBe(verdict as never);
    expect(checks.map((check) => check.name)).toEqual(["process", "heartbeat", "memory", "queue", "errors"]);
    expect(
      checks
        .filter((check) => check.verdict !== "healthy")
        .map((check) => check.name)
        .join(),
    ).toBe(failed);
  });

  test("the worst verdict counts", () => {
    expect(checkHealth({ ...good, queue: 5000, pid: undefined }, limits).verdict).toBe("unhealthy");
  });
});

test("counts errors by level and among the last hundred lines only", () => {
  const line = (level: string, text = "x") => `[2026-01-02 03:04:05] ${level}: ${text}\n`;
  expect(countErrors(line("ERROR") + line("INFO", "ERROR: no") + line("WARN"))).toBe(1);
  expect(countErrors(line("ERROR").repeat(5) + line("INFO").repeat(100))).toBe(0);
  expect(countErrors("")).toBe(0);
});

describe("heartbeat", () => {
  const beat = { pid: 1, at: 1_000_000, uptime: 500, queue: 0 };
  test.each([
    ["by the uptime, whatever the clock says", { ms: 9_000_000, uptime: 502.5 }, 2.5],
    ["by the clock when there is no uptime", { ms: 1_003_000, uptime: undefined }, 3],
    ["by the clock after a reboot", { ms: 1_060_000, uptime: 10 }, 60],
    ["never negative", { ms: 900_000, uptime: undefined }, 0],
  ])("its age is told %s", (_, now, age) => {
    expect(heartbeatAge(beat, now)).toBe(age);
  });

  test.each([undefined, "", "12345", "{", '{"pid":1}'])("%p is none", (text) => {
    expect(parseHeartbeat(text)).toBeUndefined();
  });
});
