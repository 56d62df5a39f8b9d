import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { spawnCallback } from "../../../src/daemon/callback-process.ts";
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

function queue(command: string, subscription = 1): void {
  const place = { session: "s", pane: "%0", pane_id: "0", label: "" };
  const { seq } = addEvent(store, { event_type: "timeout", ...place, message: "x", data: {} });
  store
    .query("INSERT INTO callbacks (seq, subscription, command, state) VALUES ($seq, $subscription, $command, 'queued')")
    .run({ seq, command, subscription });
}

const fill = () =>
  store.run("CREATE TRIGGER full BEFORE UPDATE ON callbacks BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
const until = async (condition: () => boolean) => expect(await poll(10_000, 5, condition)).toBe(true);
const text = async (name: string) => (await Bun.file(`${folder}/${name}`).text()).trim();

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

test("a subscription has at most half of the slots, and others their turn although many of its callbacks wait", async () => {
  const runner = new CallbackRunner(store, log, { concurrency: 4, timeoutMs: 10_000 }, () => {});
  for (let i = 0; i < 20; i++) queue(`cat ${folder}/gate`, 1);
  Bun.spawnSync(["mkfifo", `${folder}/gate`]);
  queue(`echo other > ${folder}/other`, 2);
  try {
    runner.kick();
    await until(() => runner.outcomes.ok === 1);
    expect(runner.counts).toEqual({ running: 2, queued: 18 });
    expect(await text("other")).toBe("other");
  } finally {
    await runner.close(); // what waits at the gate ends
  }
});

test("with one slot alone, a subscription has it", async () => {
  const runner = new CallbackRunner(store, log, { concurrency: 1, timeoutMs: 10_000 }, () => {});
  for (let i = 0; i < 3; i++) queue("true");
  runner.kick();
  await until(() => runner.outcomes.ok === 3);
});

test.each(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"])(
  "a callback that can't be started for want of resources (%s) waits, is told of once, and has lost no attempt",
  async (code) => {
    const lines: string[] = [];
    const told = { ...log, warn: (line: string) => lines.push(line) } as unknown as Log;
    let tries = 0;
    const spawn: typeof spawnCallback = (argv, env) => {
      if (++tries <= 5) throw Object.assign(new Error(`${code}: no room`), { code });
      return spawnCallback(argv, env);
    };
    const runner = new CallbackRunner(store, told, limits, () => {}, spawn);
    queue(`echo $CLAUDE_TMUX_ATTEMPT > ${folder}/attempt`);
    runner.kick();
    runner.kick(); // not before the next tick
    expect([tries, runner.counts, runner.unwritten]).toEqual([1, { running: 0, queued: 1 }, 1]);
    for (let i = 0; i < 5; i++) runner.tick();
    await until(() => runner.outcomes.ok === 1);
    expect([await text("attempt"), lines, states()]).toEqual([
      "1",
      [`callbacks wait, since no process can be started: ${code}: no room`],
      [{ state: "ended" }],
    ]);
  },
);

describe("one that somebody kills before it begins", () => {
  const killed = (times: number): typeof spawnCallback => {
    let left = times;
    return (argv, env) => {
      const child = spawnCallback(argv, env);
      if (left-- <= 0) return child;
      process.kill(child.pid, "SIGKILL");
      // when it is gone, nobody holds the other end of its stdin
      while (!/\) [ZX] /.test(readFileSync(`/proc/${child.pid}/stat`, "utf8"))) Bun.sleepSync(1);
      return child;
    };
  };

  test.skipIf(!existsSync("/proc/self/stat"))("runs again", async () => {
    const lines: string[] = [];
    const told = { ...log, warn: (line: string) => lines.push(line) } as unknown as Log;
    const runner = new CallbackRunner(store, told, limits, () => {}, killed(1));
    queue(`echo $CLAUDE_TMUX_ATTEMPT > ${folder}/attempt`);
    queue("true");
    runner.kick();
    await until(() => runner.outcomes.ok === 2);
    expect(await text("attempt")).toBe("2");
    expect(lines).toEqual(["callback 1 of event 1 was killed before it began; it runs again"]);
  });

  test.skipIf(!existsSync("/proc/self/stat"))("is given up when that happens again and again", async () => {
    const runner = new CallbackRunner(store, log, limits, () => {}, killed(99));
    queue("true");
    runner.kick();
    await until(() => runner.outcomes.error === 1);
    expect(ends()[0]?.data).toMatchObject({ error: expect.stringContaining("cut short 3 times") });
    expect(runner.counts).toEqual({ running: 0, queued: 0 });
  });
});

test("one that can't be started at all is over, and tells why", () => {
  const spawn: typeof spawnCallback = () => {
    throw Object.assign(new Error("ENOEXEC: no program"), { code: "ENOEXEC" });
  };
  const runner = new CallbackRunner(store, log, limits, () => {}, spawn);
  queue("true");
  runner.kick();
  expect(ends()[0]?.data).toMatchObject({ error: "did not start: ENOEXEC: no program" });
});

test("a full disk keeps no daemon from starting: what the last one left running runs when there is room", async () => {
  queue("true");
  store.run("UPDATE callbacks SET state = 'running', attempt = 1");
  fill();
  const runner = new CallbackRunner(store, log, limits, () => {});
  await runner.recover();
  expect(states()).toEqual([{ state: "running" }]);
  expect(() => runner.tick()).toThrow("disk is full");
  expect(runner.unwritten).toBeGreaterThan(0);
  store.run("DROP TRIGGER full");
  runner.tick();
  await until(() => runner.outcomes.ok === 1);
  expect(runner.unwritten).toBe(0);
});

test("one whose process can't be written down does not run: nobody could end it before it is run again", async () => {
  queue(`echo $CLAUDE_TMUX_ATTEMPT >> ${folder}/attempts`);
  store.run("CREATE TRIGGER full BEFORE UPDATE OF pid ON callbacks BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  const runner = new CallbackRunner(store, log, limits, () => {});
  runner.kick();
  expect([states(), runner.counts, runner.unwritten]).toEqual([[{ state: "queued" }], { running: 0, queued: 1 }, 1]);
  store.run("DROP TRIGGER full");
  runner.tick();
  await until(() => runner.outcomes.ok === 1);
  expect(await text("attempts")).toBe("1");
});

test("an event that can't be read leaves its callback in the queue", async () => {
  const runner = new CallbackRunner(store, log, limits, () => {});
  queue("true");
  store.run("ALTER TABLE events RENAME TO elsewhere");
  runner.kick();
  expect(states()).toEqual([{ state: "queued" }]);
  store.run("ALTER TABLE elsewhere RENAME TO events");
  runner.tick();
  await until(() => runner.outcomes.ok === 1);
});

test.skipIf(!existsSync("/proc/self/fd"))(
  "processes that callbacks leave behind with their output open cost few descriptors",
  async () => {
    const runner = new CallbackRunner(store, log, { concurrency: 8, timeoutMs: 10_000 }, () => {});
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const before = descriptors();
    for (let i = 0; i < 30; i++) queue(`sleep 1000 & echo $! >>${folder}/left; echo said`, i);
    runner.kick();
    try {
      await until(() => runner.outcomes.ok === 30);
      expect(ends()[0]?.data.output).toBe("said\n");
      await until(() => descriptors() - before <= 20);
    } finally {
      for (const pid of (await text("left")).split("\n")) process.kill(Number(pid));
    }
    await until(() => descriptors() - before <= 2); // and none when they have ended
  },
);
