import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { readText, writeAtomic } from "../../../src/lib/files.ts";
import {
  quickClose,
  quickCreate,
  quickExists,
  quickFstat,
  quickLstat,
  quickRead,
  quickReadlink,
  quickRemove,
  quickReplace,
  quickTail,
} from "../../../src/lib/quick.ts";

let dir = "";
const at = (name: string) => `${dir}/${name}`;

beforeAll(() => {
  dir = mkdtempSync(`${tmpdir()}/claude-tmux-quick-`);
  writeFileSync(at("text"), "grün 🙂\n", { mode: 0o640 });
  mkdirSync(at("folder"), { mode: 0o700 });
  symlinkSync("text", at("link"));
  symlinkSync("nothing", at("dangling"));
  Bun.spawnSync(["mkfifo", at("fifo")]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

// other systems ask node:fs instead, by contract
describe.skipIf(process.platform !== "linux")("files by the C library", () => {
  test.each([
    ["text", { kind: "file", mode: 0o640 }],
    ["folder", { kind: "folder", mode: 0o700 }],
    ["link", { kind: "link" }],
    ["dangling", { kind: "link" }],
    ["fifo", { kind: "other" }],
  ])("lstat: %s", (name, expected) => {
    expect(quickLstat(at(name))).toMatchObject({ ...expected, uid: process.geteuid?.() } as never);
  });

  test("nothing is told of what is not there, or behind a file", () => {
    expect([quickLstat(at("none")), quickLstat(at("text/none")), quickRead(at("none"))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(["text", "link", "folder", "dangling", "none"].map((name) => quickExists(at(name)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test.each([4095, 4096, 4097, 65_535])("a file of %d bytes is read whole", (size) => {
    const text = `${"x".repeat(size - 1)}\n`;
    writeFileSync(at("sized"), text);
    expect(quickRead(at("sized"))).toBe(text);
  });

  test("a file of 64 KB is left to node:fs, and read by it", () => {
    const text = "x".repeat(65_536);
    writeFileSync(at("large"), text);
    expect(quickRead(at("large"))).toBeUndefined();
    expect(readText(at("large"))).toBe(text);
  });

  test.each([
    [3, "ld\n", false],
    [8, "two\nold\n", true],
    [7, "wo\nold\n", false],
    [100, "two\nold\n", true],
  ])("the last %d bytes of a file", (bytes, text, isWhole) => {
    writeFileSync(at("tail"), "two\nold\n");
    expect(quickTail(at("tail"), bytes)).toEqual({ text, isWhole });
    expect([quickTail(at("none"), bytes), quickTail(at("folder"), bytes), quickTail(at("fifo"), bytes)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("a file is made where there is none, and removed", () => {
    const fd = quickCreate(at("made"), "grün\n");
    expect(quickFstat(fd)).toEqual(quickLstat(at("made")));
    expect([quickFstat(fd)?.inode, quickClose(fd)]).toEqual([statSync(at("made"), { bigint: true }).ino, true]);
    expect([readText(at("made")), statSync(at("made")).mode & 0o777]).toEqual(["grün\n", 0o600]);
    expect([quickCreate(at("made"), "x"), quickCreate(at("dangling"), "x")]).toEqual([-1, -1]);
    expect([quickRemove(at("made")), quickRemove(at("made"))]).toEqual([true, false]);
    expect([quickClose(quickCreate(at("made"), "")), readText(at("made"))]).toEqual([true, ""]);
    expect(quickRemove(at("made"))).toBe(true);
  });

  test("where a link leads; nothing for what is no link", () => {
    expect(["link", "dangling", "text", "none"].map((name) => quickReadlink(at(name)))).toEqual([
      "text",
      "nothing",
      undefined,
      undefined,
    ]);
  });

  test("reads plain files only, and waits for no pipe", () => {
    expect([quickRead(at("text")), quickRead(at("link"))]).toEqual(["grün 🙂\n", "grün 🙂\n"]);
    expect([quickRead(at("fifo")), quickRead(at("folder"))]).toEqual([undefined, undefined]);
  });

  test("leaves what is large to node:fs, and no file open", () => {
    const text = "x".repeat(70_000);
    writeFileSync(at("large"), text);
    for (let i = 0; i < 50; i++) expect(quickRead(at("large"))).toBeUndefined();
    const isOpen = (fd: string) => readlinkSync(`/proc/self/fd/${fd}`) === realpathSync(at("large"));
    // the folder that is read is open itself, and gone after that
    expect(readdirSync("/proc/self/fd").filter((fd) => existsSync(`/proc/self/fd/${fd}`) && isOpen(fd))).toEqual([]);
    expect(readText(at("large"))).toBe(text);
  });

  test("replaces a file by a private one, and writes over no link", () => {
    expect(quickReplace(at("view"), at("view.part"), "one")).toBe(true);
    expect(quickReplace(at("view"), at("view.part"), "two")).toBe(true);
    expect(quickExists(at("view.part"))).toBe(false);
    expect([readFileSync(at("view"), "utf8"), statSync(at("view")).mode & 0o777]).toEqual(["two", 0o600]);
    symlinkSync("text", at("trap.part"));
    expect(quickReplace(at("view"), at("trap.part"), "three")).toBe(false);
    expect(quickReplace(at("folder"), at("new.part"), "four")).toBe(false);
    expect([readFileSync(at("view"), "utf8"), readFileSync(at("text"), "utf8")]).toEqual(["two", "grün 🙂\n"]);
  });

  test("what it cannot do, node:fs does or says why not", () => {
    writeFileSync(at(`left.${process.pid}.part`), "from a process that was killed");
    writeAtomic(at("left"), "whole", { sync: false });
    expect(readFileSync(at("left"), "utf8")).toBe("whole");
    expect(() => writeAtomic(at("none/file"), "text", { sync: false })).toThrow("ENOENT");
  });
});
