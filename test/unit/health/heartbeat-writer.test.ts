import { afterAll, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { readHeartbeat, readHeartbeatAge } from "../../../src/health/heartbeat.ts";
import { HeartbeatWriter } from "../../../src/health/heartbeat-writer.ts";

const folder = mkdtempSync(`${tmpdir()}/claude-tmux-heartbeat-writer-`);
afterAll(() => rmSync(folder, { recursive: true }));
const path = `${folder}/heartbeat`;

test("each heartbeat takes the place of the last one, all of it at once: it has always the same size", () => {
  const writer = new HeartbeatWriter(path);
  writer.write(100_000, 12);
  const { size, mode } = statSync(path);
  expect(readHeartbeat(path)).toMatchObject({ pid: process.pid, queue: 100_000, unwritten: 12 });
  writer.write(0);
  expect(readHeartbeat(path)).not.toHaveProperty("unwritten");
  expect(readHeartbeatAge(path, process.pid)).toBeLessThan(10);
  expect([statSync(path).size, mode & 0o777]).toEqual([size, 0o600]);
  writer.close();
});

test("a file that was deleted or replaced is made again, and what was written behind it is cut off", () => {
  const writer = new HeartbeatWriter(path);
  writer.write(1);
  const { size } = statSync(path);
  appendFileSync(path, "garbage\n");
  writer.look();
  expect([statSync(path).size, readHeartbeat(path)?.queue]).toEqual([size, 1]);
  renameSync(path, `${folder}/moved`);
  writer.look();
  writer.write(2);
  expect(readHeartbeat(path)?.queue).toBe(2);
  expect(readFileSync(`${folder}/moved`, "utf8")).toContain('"queue":1');
  writer.close();
});

test("the first heartbeat is one, whatever stood there", () => {
  writeFileSync(path, "x".repeat(300), { mode: 0o600 });
  const writer = new HeartbeatWriter(path);
  writer.write(3);
  expect(readHeartbeat(path)?.queue).toBe(3);
  writer.close();
});
