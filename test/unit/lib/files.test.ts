import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import {
  exists,
  fileId,
  openPrivate,
  readFrom,
  readOwn,
  readTail,
  readText,
  writeAtomic,
} from "../../../src/lib/files.ts";

const folder = mkdtempSync(`${tmpdir()}/claude-tmux-files-`);
afterAll(() => rmSync(folder, { recursive: true }));
const path = `${folder}/file`;
beforeEach(() => rmSync(path, { recursive: true, force: true }));

/** What may stand where a file of ours is expected. */
const TRAPS: [string, () => void][] = [
  ["a link", () => symlinkSync("/etc/passwd", path)],
  ["a link to nothing", () => symlinkSync(`${folder}/nothing`, path)],
  ["a folder", () => mkdirSync(path)],
  ["a named pipe", () => void Bun.spawnSync(["mkfifo", path])],
];

describe("to write in its place, a file is opened", () => {
  test.each(TRAPS)("but not %s", (_, make) => {
    make();
    expect(() => openPrivate(path, constants.O_WRONLY)).toThrow(expect.objectContaining({ code: "ERR_NOT_OWNER" }));
  });

  test("and made when it is missing, for its owner alone", () => {
    openPrivate(path, constants.O_WRONLY);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("and no link to nothing is followed to make one there", () => {
    symlinkSync(`${folder}/nothing`, path);
    expect(() => openPrivate(path, constants.O_WRONLY)).toThrow();
    expect(exists(`${folder}/nothing`)).toBe(false);
  });
});

describe("what somebody else's program left is read", () => {
  test.each(TRAPS)("but not %s", (_, make) => {
    make();
    expect(() => readOwn(path)).toThrow();
  });

  test("when it is a plain file of ours", () => {
    writeFileSync(path, "text");
    expect(readOwn(path)).toBe("text");
  });
});

test.each([
  ["nothing", () => {}],
  ["a folder", () => mkdirSync(path)],
  ["a named pipe, without waiting for a writer", () => void Bun.spawnSync(["mkfifo", path])],
])("there is no text in %s", (_, make) => {
  make();
  expect([readText(path), readTail(path, 10), readFrom(path, 0)]).toEqual([undefined, "", { text: "", position: 0 }]);
});

describe.each([
  ["to be there after a power cut", { sync: true }],
  ["as fast as can be", { sync: false }],
])("a file is replaced as a whole, %s", (_, options) => {
  test("so that who has opened the old one still reads that, and nothing is left beside it", () => {
    writeFileSync(path, "old");
    const id = fileId(path);
    writeAtomic(path, "ünï", options);
    expect([readText(path), fileId(path) === id, statSync(path).mode & 0o777]).toEqual(["ünï", false, 0o600]);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test("also a link, and not what it leads to", () => {
    writeFileSync(`${folder}/target`, "other");
    symlinkSync(`${folder}/target`, path);
    writeAtomic(path, "new", options);
    expect([readText(path), readFileSync(`${folder}/target`, "utf8")]).toEqual(["new", "other"]);
    rmSync(`${folder}/target`);
  });

  test("and what can't be replaced stays, with nothing left beside it", () => {
    mkdirSync(path);
    expect(() => writeAtomic(path, "new", options)).toThrow();
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});

describe("the end of a file", () => {
  test.each([
    [100, undefined, "one\ntwo\nthree\n"],
    [14, undefined, "one\ntwo\nthree\n"],
    [13, undefined, "two\nthree\n"],
    [8, undefined, "three\n"],
    [6, undefined, ""],
    [100, 8, "one\ntwo\n"],
    [6, 8, "two\n"],
    [100, 100, "one\ntwo\nthree\n"],
  ])("of %p bytes up to %p holds whole lines", (bytes, end, text) => {
    writeFileSync(path, "one\ntwo\nthree\n");
    expect(readTail(path, bytes, end)).toBe(text);
  });

  test("what was added is read from where reading has ended, and a file that shrank from its start", () => {
    writeFileSync(path, "one\n");
    const first = readFrom(path, 0);
    appendFileSync(path, "zwö\n");
    const second = readFrom(path, first.position);
    expect([first, second]).toEqual([
      { text: "one\n", position: 4 },
      { text: "zwö\n", position: 9 },
    ]);
    expect(readFrom(path, second.position)).toEqual({ text: "", position: 9 });
    writeFileSync(path, "new\n");
    expect(readFrom(path, second.position)).toEqual({ text: "new\n", position: 4 });
  });
});
