import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { meant, newestSnapshot, pickSnapshot } from "../../../src/snapshots/find.ts";
import { manifestText } from "../../../src/snapshots/manifest.ts";
import { storeSnapshot } from "../../../src/snapshots/storing.ts";
import { ownStateHome } from "../../helpers/state-home.ts";
import { paneOf, snapshotOf } from "./example.ts";

const SOCKET = "/tmp/tmux-0/default";
const ID = "dev-19700101T000001Z";
const before = process.cwd();
const folder = ownStateHome();

const snapshot = snapshotOf({}, { taken_at: 1_000 });
for (const window of snapshot.session.windows) window.panes = [paneOf({ text: null })];

beforeEach(async () => {
  process.chdir(folder());
  await storeSnapshot(snapshot, []);
  for (const name of ["dev", "other", "x.json", ID]) writeFileSync(name, manifestText(snapshot));
  mkdirSync("folder");
});

afterEach(() => {
  process.chdir(before);
});

test.each([
  [ID, "stored"],
  ["dev", "ofSession"],
  ["./dev", "file"],
  ["other", "file"],
  ["x.json", "file"],
  ["nosuch.json", "file"],
  ["folder/nosuch", "file"],
  ["folder", undefined],
  ["nosuch", undefined],
  ["x".repeat(300), undefined],
])("%s means %p: an id comes before a session, and that before a file", (word, kind) => {
  expect(Object.keys(meant(word) ?? {})[0]).toBe(kind as string);
});

test("of a session, it is told that there is a file of that name as well", () => {
  expect(meant("dev")).toMatchObject({ hasFile: true });
  rmSync("dev");
  expect(meant("dev")).toMatchObject({ hasFile: false });
});

test("only a stored one is one's own", () => {
  const names = [ID, "dev", "x.json", "other"]
    .map((word) => pickSnapshot(word, SOCKET))
    .map(({ name, isOwn }) => [name, isOwn]);
  expect(names).toEqual([
    [ID, true],
    [ID, true],
    ["x.json", false],
    ["other", false],
  ]);
});

test("what brings a session back by its name takes no file for it", () => {
  expect(newestSnapshot("dev", SOCKET).name).toBe(ID);
  for (const name of ["other", "./dev", "x.json"])
    expect(() => newestSnapshot(name, SOCKET)).toThrow(expect.objectContaining({ code: "ERR_SNAPSHOT_NOT_FOUND" }));
});

test("of a session of another tmux server, the ids are told", () => {
  expect(() => pickSnapshot("dev", "/other")).toThrow(
    expect.objectContaining({ code: "ERR_SNAPSHOT_NOT_FOUND", hint: expect.stringContaining(ID) }),
  );
});
