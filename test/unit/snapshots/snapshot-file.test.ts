import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { processStat } from "../../../src/process/identity.ts";
import { partBeside } from "../../../src/snapshots/left-parts.ts";
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
    [`${"x".repeat(251)}.json`, 2, "its name is too long"],
  ])("%s: exit code %p", (name, exitCode, why) => {
    writeFileSync(`${folder}/x.json`, "");
    expect(() => writeSnapshotFile(`${folder}/${name}`, "{}")).toThrow(
      expect.objectContaining({ exitCode, message: expect.stringContaining(why), hint: expect.stringMatching(/^\w/) }),
    );
    expect(readdirSync(folder)).toEqual(["x.json"]);
  });
});

describe("what was begun in a person's folder and not finished", () => {
  const own = () => partBeside("x.json").slice("./".length);
  const dead = () => own().replace(`-${process.pid}-`, "-999999999-");
  const left = () => readdirSync(folder).toSorted();

  test("goes when its writer was killed, whatever it was to be", () => {
    const again = own().replace(/-\d+(?=-\w+\.part$)/, "-1"); // another process has its number now
    for (const name of [dead(), again]) writeFileSync(`${folder}/${name}`, "half");
    writeSnapshotFile(`${folder}/y.json`, "{}");
    expect(left()).toEqual(["y.json"]);
  });

  test("also when it was finished but for its other name", () => {
    writeSnapshotFile(`${folder}/x.json`, "{}");
    linkSync(`${folder}/x.json`, `${folder}/${dead()}`);
    writeSnapshotFile(`${folder}/y.json`, "{}");
    expect([left(), readFileSync(`${folder}/x.json`, "utf8")]).toEqual([["x.json", "y.json"], "{}"]);
  });

  test("stays while its writer lives, and when that is one of another machine or container", () => {
    const [, startTime] = /-\d+-(\d+)-/.exec(own()) ?? [];
    const { startTime: parents = 0 } = processStat(process.ppid) ?? {};
    const living = own().replace(`-${process.pid}-${startTime}-`, `-${process.ppid}-${parents}-`);
    const elsewhere = dead().replace(/\w+\.part$/, "elsewhere.part");
    for (const name of [living, elsewhere]) writeFileSync(`${folder}/${name}`, "half");
    writeSnapshotFile(`${folder}/x.json`, "{}");
    expect(left()).toEqual([living, elsewhere, "x.json"].toSorted());
  });

  test("is no file of the person's, however that is called", () => {
    const names = [
      "x.json.1.part",
      "x.json.999999999.part",
      `x.json.${process.pid}.part`,
      ".x.json.part",
      "movie.2.part",
    ];
    for (const name of names) writeFileSync(`${folder}/${name}`, "a person's");
    writeSnapshotFile(`${folder}/x.json`, "{}");
    expect(left()).toEqual([...names, "x.json"].toSorted());
  });
});
