import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { heartbeatAge, parseHeartbeat, readHeartbeatAge } from "../../../src/health/heartbeat.ts";

const beat = (more: object = {}) => ({ pid: 5, at: 100_000, uptime: 50, queue: 0, ...more });

test.each([
  ["by the clock that does not jump", beat(), { ms: 999_999_999, uptime: 53 }, 3],
  ["also when the other was set back", beat(), { ms: 0, uptime: 53 }, 3],
  ["by the other one where the kernel does not say", beat({ uptime: null }), { ms: 104_000, uptime: 53 }, 4],
  ["and where it does not say now", beat(), { ms: 104_000, uptime: undefined }, 4],
  ["of before the machine was started again, too", beat(), { ms: 160_000, uptime: 20 }, 60],
  ["and it is never negative", beat({ uptime: null }), { ms: 90_000, uptime: undefined }, 0],
])("the age of a heartbeat is told %s", (_, heartbeat, now, age) => {
  expect(heartbeatAge(heartbeat, now)).toBe(age);
});

test("a heartbeat is read, of earlier versions too", () => {
  expect(parseHeartbeat(`${JSON.stringify(beat({ unwritten: 2 })).padEnd(119)}\n`)).toEqual(beat({ unwritten: 2 }));
  expect(parseHeartbeat('{"pid":5,"at":1,"queue":0}')).toEqual({ pid: 5, at: 1, queue: 0, uptime: null });
});

test.each([undefined, "", "null", "5", "{}", '{"pid":"5","at":1,"queue":0}', '{"pid":5,"at":1,"queue":0'])(
  "%p is no heartbeat",
  (text) => {
    expect(parseHeartbeat(text)).toBeUndefined();
  },
);

const folder = mkdtempSync(`${tmpdir()}/claude-tmux-heartbeat-`);
afterAll(() => rmSync(folder, { recursive: true }));

test("a daemon is not judged by the heartbeat of the one before it", () => {
  const path = `${folder}/heartbeat`;
  expect(readHeartbeatAge(path)).toBeUndefined();
  writeFileSync(path, JSON.stringify(beat({ at: Date.now() - 10_000, uptime: null })));
  expect(readHeartbeatAge(path)).toBeWithin(10, 20);
  expect(readHeartbeatAge(path, 5)).toBeWithin(10, 20);
  expect(readHeartbeatAge(path, 6)).toBeUndefined();
});
