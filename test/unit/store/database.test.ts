import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { takeQueued } from "../../../src/store/callbacks.ts";
import { openSoundStore, openStore } from "../../../src/store/database.ts";
import { activeSubscriptions } from "../../../src/store/subscriptions.ts";
import { subscribed } from "./stores.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-store-`);
  path = `${folder}/state.db`;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The schema of the second version, without what nobody asks for here. */
const VERSION_2 = `
  CREATE TABLE subscriptions (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at INTEGER NOT NULL, type TEXT NOT NULL,
    server TEXT NOT NULL, session TEXT NOT NULL, session_id TEXT NOT NULL, pane TEXT NOT NULL, pane_id TEXT NOT NULL,
    label TEXT NOT NULL, pattern TEXT, deadline INTEGER, callback TEXT, once INTEGER NOT NULL,
    fired INTEGER NOT NULL DEFAULT 0, ended_at INTEGER, end_reason TEXT, seconds REAL, progress TEXT) STRICT;
  CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, session TEXT NOT NULL,
    type TEXT NOT NULL, pane_id TEXT NOT NULL, pane TEXT NOT NULL, label TEXT NOT NULL, message TEXT NOT NULL,
    data TEXT NOT NULL) STRICT;
  CREATE TABLE callbacks (id INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL, subscription INTEGER NOT NULL,
    command TEXT NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, pid INTEGER,
    start_time INTEGER) STRICT;
  CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  PRAGMA user_version = 2;
  INSERT INTO subscriptions (created_at, type, server, session, session_id, pane, pane_id, label, callback, once)
    VALUES (5, 'pattern-match', '1:1', 'dev', '$0', '%0', '0', '', 'true', 0);
  INSERT INTO events (at, session, type, pane_id, pane, label, message, data)
    VALUES (5, 'dev', 'pattern-match', '0', '%0', '', 'x', '{}');
  INSERT INTO callbacks (seq, subscription, command, state) VALUES (1, 1, 'true', 'queued');`;

test("an older database keeps its subscriptions and what waits, and gets what is new", () => {
  const old = new Database(path);
  old.run(VERSION_2);
  old.close();
  using store = openStore(path);
  expect(activeSubscriptions(store)).toMatchObject([{ id: 1, callback: "true", cwd: null }]);
  expect(takeQueued(store, { last: 0, isFull: () => false })).toMatchObject({ row: { seq: 1 }, cwd: null });
  expect(subscribed(store, { cwd: "/srv" })).toMatchObject({ id: 2, cwd: "/srv" });
});

test("a new one is private, and opened again as it is", () => {
  openStore(path).close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  using store = openStore(path);
  expect(activeSubscriptions(store)).toEqual([]);
});

test("one of a newer version is refused, and left alone", () => {
  const newer = new Database(path);
  newer.run("PRAGMA user_version = 1000");
  newer.close();
  expect(() => openStore(path)).toThrow("newer claude-tmux");
  expect(() => openSoundStore(path)).toThrow("newer claude-tmux");
  expect(readdirSync(folder)).toContain("state.db");
});

test("a damaged one is renamed by whoever must go on, and told to who must not", () => {
  writeFileSync(path, "no database at all, but long enough to be taken for one".repeat(50));
  expect(() => openStore(path)).toThrow("cannot be used");
  const { store, damaged } = openSoundStore(path);
  expect(damaged).toStartWith(`${path}.damaged-`);
  expect(activeSubscriptions(store)).toEqual([]);
  store.close();
});

test("several processes may begin with a new file at once", async () => {
  const source = `${import.meta.dir}/../../../src/store/database.ts`;
  // all at the same moment, as far as a process can tell
  const script = `const { openStore } = await import("${source}");
    while (Date.now() < Number(process.argv[2]));
    openStore(process.argv[1]).close();`;
  for (let round = 0; round < 12; round++) {
    const at = `${Date.now() + 300}`;
    const file = `${folder}/${round}.db`;
    const processes = Array.from({ length: 6 }, () => Bun.spawn([process.execPath, "-e", script, file, at]));
    expect(await Promise.all(processes.map(({ exited }) => exited))).toEqual(processes.map(() => 0));
  }
}, 30_000);
