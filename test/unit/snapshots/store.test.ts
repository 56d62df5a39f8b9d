import { expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { flockShared } from "../../../src/lib/libc.ts";
import { pickSnapshot } from "../../../src/snapshots/find.ts";
import { manifestText } from "../../../src/snapshots/manifest.ts";
import { partsOf } from "../../../src/snapshots/parts.ts";
import { partFile, snapshotsDir } from "../../../src/snapshots/places.ts";
import {
  isRemoved,
  isWhole,
  listSnapshots,
  problemsOf,
  readParts,
  removeAllSnapshots,
  removeSnapshots,
} from "../../../src/snapshots/store.ts";
import { storeSnapshot, storeSnapshots } from "../../../src/snapshots/storing.ts";
import { ownStateHome } from "../../helpers/state-home.ts";
import { paneOf, snapshotOf } from "./example.ts";

const folder = ownStateHome();

const SOCKET = "/tmp/tmux-0/default";

/** One that is not stored yet, with that text in its pane. */
function taken(text: string, at: number, note: string | null = null) {
  const own = partsOf(text);
  const snapshot = snapshotOf({}, { taken_at: at, note });
  const pane = paneOf({ text: { parts: own.map(({ sum }) => sum), lines: 1 } });
  for (const window of snapshot.session.windows) window.panes = [pane];
  return { snapshot, parts: own };
}

async function store(text: string, at: number, note: string | null = null) {
  const { snapshot, parts: own } = taken(text, at, note);
  return await storeSnapshot(snapshot, own);
}

const parts = () =>
  existsSync(`${snapshotsDir()}/parts`)
    ? readdirSync(`${snapshotsDir()}/parts`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];

test("what was stored is found, the newest first, and is one's own alone", async () => {
  const first = await store("first\n", 1_000);
  const second = await store("second\n", 2_000_000);
  expect(listSnapshots().map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(first.id).toBe("dev-19700101T000001Z");
  expect(listSnapshots().every(isWhole)).toBe(true);
  const found = pickSnapshot("dev", SOCKET);
  expect([found.name, found.isOwn, found.textOf(found.snapshot.session.windows[0]?.panes[0] as never)]).toEqual([
    second.id,
    true,
    "second\n",
  ]);
  const modes = [
    snapshotsDir(),
    `${snapshotsDir()}/${first.id}.json`,
    `${parts()[0]?.parentPath}/${parts()[0]?.name}`,
  ].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600, 0o600]);
});

test("two of the same moment have names of their own, also when they come at once", async () => {
  const all = await Promise.all(Array.from({ length: 5 }, (_, i) => store(`text ${i}\n`, 1_000)));
  expect(new Set(all.map(({ id }) => id)).size).toBe(5);
  expect(listSnapshots()).toHaveLength(5);
});

test("several are stored at once; what they have in common counts for the first", async () => {
  const stored = await storeSnapshots([taken("one\n", 1_000), taken("two\n", 1_000), taken("one\n", 2_000)]);
  expect(stored.map(({ id }) => id)).toEqual([
    "dev-19700101T000001Z",
    "dev-19700101T000001Z-2",
    "dev-19700101T000002Z",
  ]);
  expect(listSnapshots().flatMap(problemsOf)).toEqual([]);
  expect(parts()).toHaveLength(2);
  const [first = 0, , third = 0] = stored.map(({ bytes }) => bytes);
  expect(third).toBe(statSync(`${snapshotsDir()}/dev-19700101T000002Z.json`).size);
  expect(first).toBeGreaterThan(third);
});

test("of several of which one can't be stored, none is, and nothing half", async () => {
  const first = await store("first\n", 1_000);
  const sum = partsOf("no room\n")[0]?.sum ?? "";
  writeFileSync(`${snapshotsDir()}/parts/${sum.slice(0, 2)}`, "in the place of a folder");
  await expect(storeSnapshots([taken("second\n", 2_000), taken("no room\n", 3_000)])).rejects.toThrow();
  expect(listSnapshots().map(({ id }) => id)).toEqual([first.id]);
  expect(readdirSync(snapshotsDir(), { recursive: true }).filter((name) => `${name}`.endsWith(".part"))).toEqual([]);
});

test("the same text is stored once", async () => {
  const { bytes } = await store("same\n".repeat(1000), 1_000);
  const again = await store("same\n".repeat(1000), 2_000);
  const manifest = statSync(`${snapshotsDir()}/${again.id}.json`).size;
  expect([bytes > manifest, again.bytes]).toEqual([true, manifest]);
});

test("parts that another one needs stay when one is removed", async () => {
  const first = await store("shared\n", 1_000);
  const second = await store("shared\n", 2_000);
  const third = await store("its own\n", 3_000);
  expect(await removeSnapshots([first.id, third.id, third.id, "nosuch-20261129T184501Z"])).toMatchObject({
    removed: [first.id, third.id],
  });
  expect(listSnapshots().map(({ id }) => id)).toEqual([second.id]);
  expect(parts()).toHaveLength(1);
  expect(readParts(partsOf("shared\n").map(({ sum }) => sum))).toBe("shared\n");
});

test("one that is damaged is told, never the newest, and keeps its parts", async () => {
  const good = await store("good\n", 1_000);
  const bad = await store("bad\n", 2_000);
  const sum = partsOf("bad\n")[0]?.sum ?? "";
  const file = `${snapshotsDir()}/parts/${sum.slice(0, 2)}/${sum}.zst`;
  writeFileSync(
    file,
    readFileSync(`${snapshotsDir()}/parts/${partsOf("good\n")[0]?.sum.slice(0, 2)}/${partsOf("good\n")[0]?.sum}.zst`),
  );
  expect(problemsOf(listSnapshots()[0] as never)).toEqual([`A part of the snapshot is not what it was: ${sum}`]);
  expect(pickSnapshot("dev", SOCKET)).toMatchObject({ name: good.id, skipped: [{ id: bad.id }] });
  // who saves the same again, mends it
  await store("bad\n", 3_000);
  expect(problemsOf(listSnapshots()[1] as never)).toEqual([]);
  writeFileSync(`${snapshotsDir()}/${bad.id}.json`, "");
  expect(listSnapshots().find(({ id }) => id === bad.id)?.problem?.code).toBe("ERR_SNAPSHOT_DAMAGED");
  // one that can't be read keeps what it names, and others do
  writeFileSync(`${snapshotsDir()}/${bad.id}.json`, `"${sum}`);
  await removeSnapshots([
    good.id,
    ...listSnapshots()
      .map(({ id }) => id)
      .filter((id) => id !== bad.id),
  ]);
  expect(parts().map(({ name }) => name)).toEqual([`${sum}.zst`]);
});

test("one of another server, or of a newer version, is not taken for the newest", async () => {
  const mine = await store("mine\n", 1_000);
  await storeSnapshot(
    snapshotOf(
      {
        windows: [
          {
            ...(snapshotOf().session.windows[0] as never as { panes: never[] }),
            panes: [paneOf({ text: null })],
          } as never,
        ],
      },
      { socket: "/other", taken_at: 5_000 },
    ),
    [],
  );
  const newer = manifestText(snapshotOf({}, { taken_at: 9_000 })).replace('"format": 1', '"format": 2');
  writeFileSync(`${snapshotsDir()}/dev-19700101T000009Z.json`, newer);
  expect(pickSnapshot("dev", SOCKET)).toMatchObject({
    name: mine.id,
    skipped: [{ id: "dev-19700101T000009Z", why: expect.stringContaining("newer version") }],
  });
  expect(() => pickSnapshot("nosuch", SOCKET)).toThrow(expect.objectContaining({ code: "ERR_SNAPSHOT_NOT_FOUND" }));
  expect(() => pickSnapshot("../x", SOCKET)).toThrow(expect.objectContaining({ code: "ERR_SNAPSHOT_NOT_FOUND" }));
});

test("what one who was killed had begun to write goes with the next that is stored or removed", async () => {
  const { id } = await store("text\n", 1_000);
  const orphan = await store("nobody needs it\n", 2_000);
  const left = () => {
    rmSync(`${snapshotsDir()}/${orphan.id}.json`, { force: true });
    const begun = [`${parts()[0]?.parentPath}/${"b".repeat(64)}.zst.1.part`, `${snapshotsDir()}/${orphan.id}.1.part`];
    for (const file of begun) writeFileSync(file, "half");
  };
  const all = () => readdirSync(snapshotsDir(), { recursive: true }).filter((name) => /\.(part|zst)$/.test(`${name}`));
  left();
  await removeSnapshots([]);
  expect([all().length, listSnapshots().map((one) => one.id)]).toEqual([1, [id]]);
  left();
  await store("text\n", 3_000);
  expect([all().length, listSnapshots().length]).toEqual([1, 2]);
  // but not while somebody writes
  left();
  const fd = openSync(`${snapshotsDir()}/lock`, "r");
  flockShared(fd);
  await store("text\n", 4_000);
  expect(all().length).toBe(3);
  closeSync(fd);
});

test("one that can't be stored says why, and leaves nothing; those that are there stay", async () => {
  const { id } = await store("text\n", 1_000);
  const files = () => readdirSync(snapshotsDir(), { recursive: true }).filter((name) => /\.\w+$/.test(`${name}`));
  const before = files();
  // the first part can be written; where the second would be is no folder
  const text = "one\n".repeat(1024) + "two\n".repeat(20);
  const [first, second] = partsOf(text).map(({ sum }) => sum.slice(0, 2));
  expect(first).not.toBe(second);
  const blocked = `${snapshotsDir()}/parts/${second}`;
  writeFileSync(blocked, "");
  await expect(store(text, 2_000)).rejects.toMatchObject({
    code: "ERR_COMMAND_FAILED",
    message: expect.stringContaining("The snapshot can't be stored in"),
    hint: expect.stringMatching(/^Set XDG_STATE_HOME/),
  });
  expect(files()).toEqual(before);
  expect(listSnapshots().map((one) => one.id)).toEqual([id]);
});

test("one that was taken after the clock was set back is the newest of its session all the same", async () => {
  const first = await store("first\n", 9_000_000);
  const second = await store("second\n", 1_000);
  const third = await store("third\n", 2_000);
  expect([second, third]).toMatchObject([
    { id: "dev-19700101T000001Z", takenAt: 1_000, order: 9_000_001 },
    { id: "dev-19700101T000002Z", takenAt: 2_000, order: 9_000_002 },
  ]);
  expect(pickSnapshot("dev", SOCKET)).toMatchObject({ name: third.id, snapshot: { taken_at: 2_000 } });
  // also when the one of the wrong clock has gone
  await removeSnapshots([first.id]);
  const last = await store("last\n", 2_500);
  expect(listSnapshots().map(({ id }) => id)).toEqual([last.id, third.id, second.id]);
  // of another server, another order
  const other = snapshotOf({}, { socket: "/other", taken_at: 3_000 });
  for (const window of other.session.windows) window.panes = [paneOf({ text: null })];
  expect(await storeSnapshot(other, [])).toMatchObject({ id: "dev-19700101T000003Z", takenAt: 3_000 });
});

test("one that is removed while it is read is no damaged one", async () => {
  const { id } = await store("text\n", 1_000);
  const [read] = listSnapshots();
  await removeSnapshots([id]);
  expect([isWhole(read as never), isRemoved(read as never)]).toEqual([false, true]);
  const word = { stored: read as never };
  expect(() => pickSnapshot(id, SOCKET, { what: word })).toThrow(
    expect.objectContaining({ code: "ERR_SNAPSHOT_NOT_FOUND", message: `The snapshot ${id} was removed just now` }),
  );
  const older = await store("older\n", 500);
  const what = { ofSession: [read as never, ...listSnapshots()], hasFile: false };
  expect(pickSnapshot("dev", SOCKET, { what })).toMatchObject({ name: older.id, skipped: [] });
});

test("what is not ours in its folder is neither listed nor removed", async () => {
  const { id } = await store("text\n", 1_000);
  const others = [
    `${snapshotsDir()}/${id} (copy).json`,
    `${snapshotsDir()}/mine.json`,
    `${snapshotsDir()}/parts/.DS_Store`,
  ];
  for (const file of others) writeFileSync(file, "{}");
  expect(listSnapshots().map((one) => one.id)).toEqual([id]);
  await removeSnapshots([id]);
  expect([listSnapshots(), parts().map(({ name }) => name)]).toEqual([[], [".DS_Store"]]);
  await store("text\n", 1_000);
  await removeAllSnapshots();
  expect(others.map((file) => existsSync(file))).toEqual([true, true, true]);
  for (const file of others) rmSync(file);
  await removeAllSnapshots();
  expect(existsSync(snapshotsDir())).toBe(false);
});

test("while one can't be read, parts stay, and others can be removed all the same", async () => {
  const [one, other] = [await store("one\n", 1_000), await store("other\n", 2_000)];
  mkdirSync(`${snapshotsDir()}/dev-20261129T184501Z.json`);
  expect(await removeSnapshots([one.id])).toMatchObject({ removed: [one.id] });
  expect([parts().length, existsSync(`${snapshotsDir()}/${other.id}.json`)]).toEqual([2, true]);
  rmSync(`${snapshotsDir()}/dev-20261129T184501Z.json`, { recursive: true });
  await removeSnapshots([]);
  expect(parts()).toHaveLength(1);
});

// a reader would wait for ever, which nothing in this process could end: another one is asked
test("a named pipe in the place of a snapshot, a part or their folder keeps nobody waiting, and is told", async () => {
  const [one, piped] = [await store("one\n", 1_000), await store("piped\n", 2_000)];
  const pipe = (path: string) => {
    rmSync(path, { recursive: true, force: true });
    expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
  };
  const asked = () => {
    const code = `
      const { listSnapshots, problemsOf, removeSnapshots } = await import("${process.cwd()}/src/snapshots/store.ts");
      console.log(JSON.stringify(listSnapshots().map((each) => [each.id, problemsOf(each)])));
      await removeSnapshots([]);`;
    const child = Bun.spawnSync([process.execPath, "-e", code], { env: { ...process.env }, timeout: 10_000 });
    expect([child.exitCode, child.stderr.toString()]).toEqual([0, ""]);
    return JSON.parse(child.stdout.toString());
  };
  const [part] = partsOf("piped\n");
  pipe(partFile(snapshotsDir(), part?.sum ?? ""));
  expect(listSnapshots().map(isWhole)).toEqual([false, true]);
  expect(asked()).toEqual([
    [piped.id, [expect.stringContaining("can't be read")]],
    [one.id, []],
  ]);
  const strange = "dev-20261129T184501Z";
  pipe(`${snapshotsDir()}/${strange}.json`);
  const told = expect.arrayContaining([[strange, [`The snapshot ${strange} can't be read: it is no plain file`]]]);
  expect(asked()).toEqual(told);
  pipe(`${snapshotsDir()}/parts`);
  expect(asked()).toEqual(told);
});

test("a folder of somebody else's making is not used", async () => {
  mkdirSync(`${folder()}/claude-tmux`, { mode: 0o700 });
  mkdirSync(snapshotsDir(), { mode: 0o755 });
  chmodSync(snapshotsDir(), 0o755);
  expect(store("x\n", 1_000)).rejects.toMatchObject({ code: "ERR_UNSAFE_STATE_DIR" });
});
