import { describe, expect, test } from "bun:test";
import { padding, tar } from "../../../../src/dev/release/tar.ts";

const entries = [
  { path: "top/program", data: "#!/bin/sh\n", runs: true },
  { path: "top/a/text", data: new Uint8Array(513) },
];

test("the order of entries says nothing; times and contents do", () => {
  expect(tar(entries.toReversed(), 1)).toEqual(tar(entries, 1));
  expect(tar(entries, 2)).not.toEqual(tar(entries, 1));
});

test.each([
  [0, 0],
  [1, 511],
  [512, 0],
])("%d bytes are followed by %d", (size, filled) => {
  expect(padding(size, 512).length).toBe(filled);
});

test("a path that the format can't hold is refused", () => {
  expect(() => tar([{ path: "x".repeat(101), data: "" }], 0)).toThrow("too long");
});

describe.skipIf(Bun.which("tar") === null)("tar", () => {
  test("reads it: folders, modes, owners, sizes and times", () => {
    const { stdout, exitCode } = Bun.spawnSync(["tar", "tvf", "-"], {
      stdin: tar(entries, 86_400),
      env: { ...process.env, TZ: "UTC", LC_ALL: "C" },
    });
    const lines = stdout.toString().trim().split("\n");
    expect(exitCode).toBe(0);
    expect(lines.map((line) => line.split(/\s+/).at(-1))).toEqual(["top/", "top/a/", "top/a/text", "top/program"]);
    expect(lines.map((line) => line.slice(0, 10))).toEqual(["drwxr-xr-x", "drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x"]);
    expect(lines[2]).toMatch(/root.root\s+513 1970-01-02/);
  });
});
