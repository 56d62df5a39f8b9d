import { expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { openLibc, quickWrite } from "../../../src/lib/libc.ts";

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
