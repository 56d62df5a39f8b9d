import { expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { openLibc, quickWrite, sleepBriefly } from "../../../src/lib/libc.ts";

test("a function that the C library does not have is an error, and not one that is undefined", () => {
  expect(openLibc({ getpid: { args: [], returns: "i32" } }).getpid()).toBe(process.pid);
  expect(() => openLibc({ nosuchfunction: { args: [], returns: "i32" } })).toThrow("nosuchfunction");
});

test("writes to what is open, or says that it can't", () => {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-libc-`);
  const fd = openSync(`${folder}/file`, "w");
  expect(quickWrite(fd, new TextEncoder().encode("grün"))).toBe(5);
  closeSync(fd);
  expect(readFileSync(`${folder}/file`, "utf8")).toBe("grün");
  const readOnly = openSync(`${folder}/file`, "r");
  expect(quickWrite(readOnly, new Uint8Array(1))).toBe(-1);
  closeSync(readOnly);
  rmSync(folder, { recursive: true });
});

test("a brief sleep is one, also of a part of a millisecond, and takes no CPU time", () => {
  const [begin, before] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < 100; i++) sleepBriefly(0.5);
  const { user, system } = process.cpuUsage(before);
  const ms = performance.now() - begin;
  expect(ms).toBeGreaterThanOrEqual(50);
  expect((user + system) / 1000).toBeLessThan(0.8 * ms);
});
