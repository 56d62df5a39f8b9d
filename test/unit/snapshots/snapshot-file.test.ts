import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { manifestText } from "../../../src/snapshots/manifest.ts";
import { partsOf } from "../../../src/snapshots/parts.ts";
import { readSnapshotFile, snapshotFileText, writeSnapshotFile } from "../../../src/snapshots/snapshot-file.ts";
import { paneOf, snapshotOf } from "./example.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-test-`);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The text of a snapshot's file, with that text in its pane. */
function fileText(shown: string): string {
  const parts = partsOf(shown);
  const snapshot = snapshotOf();
  for (const window of snapshot.session.windows)
    window.panes = [paneOf({ text: { parts: parts.map(({ sum }) => sum), lines: 1 } })];
  return snapshotFileText(manifestText(snapshot), parts);
}

const damaged = (text: string) => () => writeFileSync(`${folder}/x.json`, text);

describe("what is no snapshot is told in words, without those of the system or of a parser", () => {
  test.each<[string, string, () => void]>([
    ["not there", "ERR_SNAPSHOT_NOT_FOUND", () => {}],
    ["a folder", "ERR_SNAPSHOT_NOT_FOUND", () => mkdirSync(`${folder}/x.json`)],
    ["no plain file", "ERR_SNAPSHOT_NOT_FOUND", () => symlinkSync("/dev/zero", `${folder}/x.json`)],
    ["leads to itself", "ERR_SNAPSHOT_NOT_FOUND", () => symlinkSync(`${folder}/x.json`, `${folder}/x.json`)],
    ["does not answer", "ERR_SNAPSHOT_NOT_FOUND", () => symlinkSync("/proc/self/mem", `${folder}/x.json`)],
    ["was never a snapshot", "ERR_SNAPSHOT_DAMAGED", damaged("")],
    ["was never a snapshot", "ERR_SNAPSHOT_DAMAGED", damaged("{")],
    ["was never a snapshot", "ERR_SNAPSHOT_DAMAGED", damaged("[1]")],
    ["something in it has changed", "ERR_SNAPSHOT_DAMAGED", () => damaged(fileText("x\n").replace("/work", "/wurk"))()],
    [
      "session.name is not what",
      "ERR_SNAPSHOT_DAMAGED",
      () => damaged(manifestText(snapshotOf({ name: 1 } as never)))(),
    ],
    ["is missing, or is not", "ERR_SNAPSHOT_DAMAGED", damaged(manifestText(snapshotOf()))],
    [
      "a newer version",
      "ERR_SNAPSHOT_VERSION",
      damaged(manifestText(snapshotOf()).replace('"format": 1', '"format": 2')),
    ],
  ])("%s: %s", (words, code, make) => {
    make();
    const told = { code, message: expect.stringContaining(words), hint: expect.stringMatching(/\w/) };
    expect(() => readSnapshotFile(`${folder}/x.json`)).toThrow(expect.objectContaining(told));
    expect(() => readSnapshotFile(`${folder}/x.json`)).not.toThrow(/E[A-Z]{3,}\b|JSON|Invalid|Expected/);
  });
});

test("what was written is read again, and nothing else is left", () => {
  const path = `${folder}/x.json`;
  writeSnapshotFile(path, fileText("shown\n"));
  expect([...readSnapshotFile(path).texts.values()]).toEqual(["shown\n"]);
  expect(readdirSync(folder)).toEqual(["x.json"]);
});

describe("where no file can be, the argument is wrong; what else keeps it from being written is a failure", () => {
  test.each([
    ["x.json", 2, "it is there already"],
    ["nosuch/x.json", 2, "its folder is not there"],
    ["x.json/y.json", 2, "a part of its path is no folder"],
    [`${"x".repeat(250)}.json`, 2, "its name is too long"],
  ])("%s: exit code %p", (name, exitCode, why) => {
    writeFileSync(`${folder}/x.json`, "");
    expect(() => writeSnapshotFile(`${folder}/${name}`, "{}")).toThrow(
      expect.objectContaining({ exitCode, message: expect.stringContaining(why), hint: expect.stringMatching(/^\w/) }),
    );
    expect(readdirSync(folder)).toEqual(["x.json"]);
  });
});

test("what somebody has left who was killed while writing the same file goes, and nothing else", () => {
  const others = [
    `x.json.${process.ppid}.part`,
    "x.json.part",
    "x.json.a.part",
    "y.json.999999999.part",
    "ax.json.999999999.part",
  ];
  for (const name of [...others, "x.json.999999999.part", `x.json.${process.pid}.part`])
    writeFileSync(`${folder}/${name}`, "half");
  writeSnapshotFile(`${folder}/x.json`, "{}");
  expect(readdirSync(folder).toSorted()).toEqual([...others, "x.json"].toSorted());
});
