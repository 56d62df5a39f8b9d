import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { meant, newestSnapshot, pickSnapshot } from "../../../src/snapshots/find.ts";
import { manifestText } from "../../../src/snapshots/manifest.ts";
import { partsOf } from "../../../src/snapshots/parts.ts";
import { partFile, snapshotsDir } from "../../../src/snapshots/places.ts";
import { REPLACED_NOTE } from "../../../src/snapshots/retention.ts";
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

test("a name with a slash is that of a session where no such file is there", async () => {
  const own = snapshotOf({ name: "folder/dev" }, { taken_at: 1_000 });
  for (const window of own.session.windows) window.panes = [paneOf({ text: null })];
  await storeSnapshot(own, []);
  expect(meant("folder/dev")).toMatchObject({
    hasFile: false,
    ofSession: [{ snapshot: { session: { name: "folder/dev" } } }],
  });
  writeFileSync("folder/dev", manifestText(own));
  expect(meant("folder/dev")).toEqual({ file: "folder/dev" });
});

describe("of one that can't be read it is not known of which session it is", () => {
  const damage = () => writeFileSync(`${folder()}/claude-tmux/snapshots/a_b-19700101T000002Z.json`, "{");
  const store = (name: string, at: number) => {
    const own = snapshotOf({ name }, { taken_at: at });
    for (const window of own.session.windows) window.panes = [paneOf({ text: null })];
    return storeSnapshot(own, []);
  };

  test.each(["a_b", "a b"])("%p has none that can be read", (session) => {
    damage();
    const told = {
      code: "ERR_SNAPSHOT_NOT_FOUND",
      message: expect.stringMatching(
        /no session that has any that can be read, .*a_b-19700101T000002Z may be of it: .*cut off/,
      ),
    };
    expect(() => pickSnapshot(session, SOCKET)).toThrow(expect.objectContaining(told));
    expect(() => newestSnapshot(session, SOCKET)).toThrow(expect.objectContaining(told));
    writeFileSync(session, manifestText(snapshot));
    expect(pickSnapshot(session, SOCKET)).toMatchObject({ name: session, isOwn: false });
  });

  test("where others can be, it is told as one that may be newer", async () => {
    damage();
    const { id } = await store("a b", 1_000);
    const why = expect.stringMatching(/^It may be of "a b"\. .*cut off/);
    expect(pickSnapshot("a b", SOCKET)).toMatchObject({ name: id, skipped: [{ id: "a_b-19700101T000002Z", why }] });
    expect(() => pickSnapshot("a b", "/other")).toThrow("are of another tmux server");
  });
});

test("one that was taken before a session was replaced is meant by its id alone, but where there is no other", async () => {
  const undo = { is_automatic: true, note: REPLACED_NOTE };
  const store = async (name: string, at: number, facts: object) =>
    (await storeSnapshot(snapshotOf({ name, windows: snapshot.session.windows }, { taken_at: at, ...facts }), [])).id;
  const replaced = await store("dev", 2_000, undo);
  for (const find of [pickSnapshot, newestSnapshot]) {
    const found = find("dev", SOCKET);
    expect([found.name, found.remark]).toEqual([ID, undefined]);
  }
  expect(pickSnapshot(replaced, SOCKET)).toMatchObject({ name: replaced });
  // a note of somebody's own is none
  const noted = await store("dev", 3_000, { note: REPLACED_NOTE });
  expect(newestSnapshot("dev", SOCKET).name).toBe(noted);
  const only = await store("only", 1_000, undo);
  expect(pickSnapshot("only", SOCKET)).toMatchObject({ name: only, remark: expect.stringContaining("was replaced") });
});

test("of one without what its panes showed, the newest older one with that is told", async () => {
  const store = async (name: string, at: number, withText: boolean, facts = {}) => {
    const own = partsOf(`${at}\n`);
    const text = { parts: own.map(({ sum }) => sum), lines: 1 };
    const taken = snapshotOf({ name }, { taken_at: at, ...facts });
    for (const window of taken.session.windows) window.panes = [paneOf({ text: withText ? text : null })];
    return (await storeSnapshot(taken, withText ? own : [])).id;
  };
  await store("dev", 2_000, true, { socket: "/other" });
  expect(pickSnapshot("dev", SOCKET).shownIn).toBeUndefined();
  const [older, shown] = [await store("dev", 3_000, true), await store("dev", 4_000, true)];
  expect(pickSnapshot("dev", SOCKET)).toMatchObject({ name: shown, shownIn: undefined });
  const newest = await store("dev", 5_000, false);
  expect(pickSnapshot("dev", SOCKET)).toMatchObject({ name: newest, shownIn: shown });
  expect(newestSnapshot("dev", SOCKET)).toMatchObject({ name: newest, shownIn: shown });
  for (const { sum } of partsOf("4000\n")) rmSync(partFile(snapshotsDir(), sum));
  expect(pickSnapshot("dev", SOCKET).shownIn).toBe(older);
});

test("of one snapshot that is not whole it is not said that none of several is", async () => {
  const own = partsOf("lost\n");
  const taken = snapshotOf({ name: "lone" }, { taken_at: 1_000 });
  for (const window of taken.session.windows)
    window.panes = [paneOf({ text: { parts: own.map(({ sum }) => sum), lines: 1 } })];
  await storeSnapshot(taken, own);
  for (const { sum } of own) rmSync(partFile(snapshotsDir(), sum));
  expect(() => pickSnapshot("lone", SOCKET)).toThrow('The only snapshot of "lone" is not whole: ');
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
