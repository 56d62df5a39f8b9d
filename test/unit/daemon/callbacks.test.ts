import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { CallbackRunner } from "../../../src/daemon/callbacks.ts";
import type { Log } from "../../../src/lib/log.ts";
import { poll } from "../../../src/lib/wait.ts";
import { openStore, type Store } from "../../../src/store/database.ts";
import { addEvent, readEvents } from "../../../src/store/events.ts";

const log = { info() {}, warn() {}, error() {} } as unknown as Log;
const limits = { concurrency: 2, timeoutMs: 10_000 };
let folder = "";
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-callbacks-`);
  store = openStore(`${folder}/state.db`);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function queue(command: string): void {
  const place = { session: "s", pane: "%0", pane_id: "0", label: "" };
  const { seq } = addEvent(store, { event_type: "timeout", ...place, message: "x", data: {} });
  store
    .query("INSERT INTO callbacks (seq, subscription, command, state) VALUES ($seq, 1, $command, 'queued')")
    .run({ seq, command });
}

const states = () => store.query<{ state: string }, []>("SELECT state FROM callbacks ORDER BY id").all();
const ends = () => readEvents(store, { type: "callback" });

test("a database that can't be written stops nobody; what waits is started when it can", async () => {
  const runner = new CallbackRunner(store, log, limits, () => {});
  queue("true");
  store.run("CREATE TRIGGER full BEFORE UPDATE ON callbacks BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  runner.kick();
  expect(runner.counts).toEqual({ running: 0, queued: 1 });
  expect(() => runner.tick()).toThrow("disk is full");
  store.run("DROP TRIGGER full");
  runner.tick();
  expect(await poll(10_000, 5, () => ends().length === 1)).toBe(true);
  expect(states()).toEqual([{ state: "ended" }]);
});

test("an end that can't be written is written later, and the callback does not run again", async () => {
  const runner = new CallbackRunner(store, log, limits, () => {});
  queue(`echo x >> ${folder}/ran`);
  store.run(
    "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.type = 'callback' BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
  );
  runner.kick();
  expect(await poll(10_000, 5, () => runner.outcomes.ok === 1 && runner.counts.running === 0)).toBe(true);
  expect([states(), ends()]).toEqual([[{ state: "running" }], []]); // neither without the other
  store.run("DROP TRIGGER full");
  runner.tick();
  expect(states()).toEqual([{ state: "ended" }]);
  expect(ends()).toHaveLength(1);
  expect((await Bun.file(`${folder}/ran`).text()).trim()).toBe("x");
});
