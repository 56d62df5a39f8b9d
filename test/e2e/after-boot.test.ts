import { expect, test } from "bun:test";
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { poll } from "../../src/lib/wait.ts";
import type { Alive } from "../../src/snapshots/alive.ts";
import { Box, sessionNames, until } from "../helpers/box.ts";

/** The file in which the daemon notes which sessions are alive. */
function recordFile(box: Box): string | undefined {
  const folder = readdirSync(box.durable).find((name) => name.startsWith("server-"));
  const file = `${box.durable}/${folder}/alive.json`;
  return statSync(file, { throwIfNoEntry: false }) && file;
}

function record(box: Box): Alive | undefined {
  const file = recordFile(box);
  return file === undefined ? undefined : JSON.parse(readFileSync(file, "utf8"));
}

const noted = (box: Box) => record(box)?.sessions.map(({ name }) => name);

/** A box with these sessions, all of which its daemon has saved, and noted as alive. */
async function savedBox(names: string[], ...start: string[]): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  for (const name of names) await box.output("session-create", name, "--cwd", "/usr");
  await box.output("session-autosave", "--all", "1");
  await box.must(["daemon", "start", ...start]);
  await until("all are noted", () => noted(box)?.length === names.length);
  return box;
}

/** The machine goes down: all processes end; and it starts anew. */
async function reboot(box: Box): Promise<void> {
  await until("all have ended", () => {
    const pids = box.processes();
    for (const pid of pids) kill(pid);
    return pids.length === 0;
  });
  otherBoot(box);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}

/** What is noted is of another start of the machine than this one. */
function otherBoot(box: Box): void {
  writeFileSync(recordFile(box) ?? "", JSON.stringify({ ...record(box), boot: `not ${record(box)?.boot}` }));
}

const eventsOf = async (box: Box, type: string) => (await box.events(type)).map(({ session }) => session);
const restore = async (box: Box) => JSON.parse((await box.run(["daemon", "restore", "--json"])).stdout);

/** How it is told that the daemon has saved a session without what its panes showed. */
const UNSHOWN = {
  where: "session",
  what: "what its panes showed",
  why: "it was saved without (session-autosave without --scrollback)",
};

test("an automatic snapshot without what panes showed says so, and which older one has that", async () => {
  await using box = await savedBox(["dev"]);
  const { snapshot } = await box.bridge("session-save", "dev");
  const newest = () => record(box)?.sessions[0]?.snapshot ?? "";
  const before = newest();
  await box.tmux("rename-window", "-t", "=dev:", "changed");
  await until("it is saved again", () => newest() !== before);
  const missing = [{ ...UNSHOWN, why: `${UNSHOWN.why}; ${snapshot}, which is older, was saved with it` }];
  const restore = (...more: string[]) => box.bridge("session-restore", "dev", "--as", "copy", ...more);
  expect(await restore("--dry-run")).toMatchObject({ lines: 0, missing, snapshot: newest() });
  expect(await restore("--no-scrollback")).toMatchObject({ missing: [UNSHOWN] });
  await box.tmux("kill-session", "-t", "=copy:");
  await reboot(box);
  expect(JSON.parse((await box.run(["daemon", "restore", "--json"])).stdout).restored).toMatchObject([{ missing }]);
});

test("what was alive comes back when the machine was started anew, once", async () => {
  await using box = await savedBox(["api", "dev"]);
  const told = async () => {
    const { stdout, exitCode } = await box.run(["daemon", "start", "--restore", "--json"]);
    return { ...JSON.parse(stdout).sessions, exitCode };
  };
  // not before it was
  await box.must(["daemon", "stop"]);
  await box.tmux("kill-session", "-t", "=dev:");
  expect(await told()).toEqual({ restored: [], there: [], failed: [], exitCode: 0 });
  await reboot(box);
  const came = await told();
  expect(came).toMatchObject({ restored: [{ session: "api", missing: [UNSHOWN] }, { session: "dev" }], exitCode: 0 });
  expect(await sessionNames(box)).toEqual(["api", "dev"]);
  expect(await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_path}")).toBe("/usr");
  expect(await eventsOf(box, "session-restored")).toEqual(["api", "dev"]);
  expect(readFileSync(`${box.state}/daemon.log`, "utf8")).toMatch(/INFO: the session dev came back from dev-/);
  expect(await box.tmux("show-options", "-t", "=dev:")).not.toContain("completing");
  // what is ended now stays away, whoever starts what
  await box.tmux("kill-session", "-t", "=dev:");
  expect(await told()).toEqual({ restored: [], there: [], failed: [], exitCode: 0 });
  await box.must(["daemon", "restart"]);
  expect(await box.must(["daemon", "restore"])).toBe("No session is to come back");
  expect(await sessionNames(box)).toEqual(["api"]);
});

test("a watchdog that starts the daemon again brings nothing back", async () => {
  await using box = await savedBox(["dev", "other"], "--auto-restart");
  await box.tmux("kill-session", "-t", "=dev:");
  otherBoot(box);
  const before = await box.pid("daemon");
  process.kill(before, "SIGKILL");
  await until("another daemon has looked", () => record(box)?.before.length === 1);
  expect(await box.pid("daemon")).not.toBe(before);
  expect(await sessionNames(box)).toEqual(["other"]);
  // it waits for whoever is to bring it back
  expect(await restore(box)).toMatchObject({ restored: [{ session: "dev" }], there: [] });
});

/** How sessions can end, and which are known as alive afterwards. */
const ENDS: [string, (box: Box) => Promise<unknown>, string[]][] = [
  ["the tmux server, and then the daemon", (box) => box.tmux("kill-server"), ["api", "dev"]],
  [
    "the daemon as it is told to, and then the tmux server",
    async (box) => {
      await box.must(["daemon", "stop"]);
      await box.tmux("kill-server");
    },
    ["api", "dev"],
  ],
  [
    "the daemon by SIGKILL, then one session, then the server",
    async (box) => {
      process.kill(await box.pid("daemon"), "SIGKILL");
      await box.tmux("kill-session", "-t", "=api:");
      await box.tmux("kill-server");
    },
    ["api", "dev"],
  ],
  [
    "one shell after the other, and then the daemon",
    async (box) => {
      const pids = (await box.tmux("list-panes", "-a", "-F", "#{pane_pid}")).split("\n");
      for (const pid of pids) process.kill(Number(pid), "SIGHUP");
      await until("the server has ended", async () => (await box.run(["session-list"])).stdout.includes("[]"));
    },
    ["api", "dev"],
  ],
];

for (const [how, end, alive] of ENDS) {
  test(`with the machine, sessions end in any order: ${how}`, async () => {
    await using box = await savedBox(["api", "dev"]);
    await end(box);
    // what it makes of that later: alive-record.test.ts
    if ((await box.run(["daemon", "status"])).exitCode === 0)
      await until("the daemon has seen it", async () => (await eventsOf(box, "session-closed")).length === 2);
    await reboot(box);
    expect(noted(box)).toEqual(alive);
  });
}

test("a session that somebody ends stays away, and keeps its last snapshot; so does one that is not to be saved any more", async () => {
  await using box = await savedBox(["api", "dev", "other"]);
  await box.tmux("kill-session", "-t", "=dev:");
  await box.output("session-autosave-stop", "other");
  expect(await poll(40_000, 100, () => noted(box)?.join() === "api")).toBe(true);
  expect((await box.bridge("session-snapshots", "dev")).output).toMatchObject([{ whole: true }]);
  await reboot(box);
  expect(await restore(box)).toMatchObject({ restored: [{ session: "api" }], there: [], failed: [] });
  await box.output("session-autosave-stop", "--all");
  expect(recordFile(box)).toBeUndefined();
});

test("one that can't come back keeps no other; it is told, and tried again", async () => {
  await using box = await savedBox(["api", "dev", "there"]);
  const damaged = `${box.durable}/snapshots/${record(box)?.sessions[0]?.snapshot}.json`;
  await reboot(box);
  const text = readFileSync(damaged, "utf8");
  for (const name of readdirSync(`${box.durable}/snapshots`))
    if (name.startsWith("api-")) appendFileSync(`${box.durable}/snapshots/${name}`, "x");
  await box.tmux("new-session", "-d", "-s", "there", "sleep 1000");
  const { exitCode, stdout } = await box.run(["daemon", "start", "--restore", "--json"]);
  expect({ exitCode, ...JSON.parse(stdout).sessions }).toMatchObject({
    exitCode: 1,
    restored: [{ session: "dev" }],
    there: ["there"],
    failed: [{ session: "api", why: expect.stringContaining("may be of it") }],
  });
  expect(await box.tmux("display-message", "-p", "-t", "=there:", "#{pane_start_command}")).toContain("sleep 1000");
  expect((await box.events("restore-failed")).map(({ session, data }) => [session, typeof data.why])).toEqual([
    ["api", "string"],
  ]);
  const quiet = await box.run(["daemon", "restore", "--quiet"]);
  expect(quiet).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^Session api did not come back: .*\n$/) });
  writeFileSync(damaged, text);
  expect(await restore(box)).toMatchObject({ restored: [{ session: "api" }], there: [], failed: [] });
});

test("who is killed while bringing sessions back has the next one go on, and none comes back twice", async () => {
  const names = "abcdef".split("");
  await using box = await savedBox(names);
  await reboot(box);
  const first = Bun.spawn([...box.command, "daemon", "restore"], { env: box.env, stdout: "ignore", stderr: "ignore" });
  await until("one is there", async () => (await sessionNames(box).catch(() => [""])).includes("a"));
  first.kill("SIGKILL");
  await first.exited;
  const pid = await box.tmux("display-message", "-p", "-t", "=a:", "#{pane_pid}");
  const { restored, there, failed } = await restore(box);
  const again = restored.map(({ session }: { session: string }) => session);
  expect(again).not.toContain("a");
  // nobody knows whether its programs were started: that is told
  const unknown = [
    {
      session: "a",
      why: expect.stringContaining("stopped, perhaps before its programs and subscriptions were all there"),
    },
  ];
  expect(there.includes("a") ? [] : unknown).toEqual(failed);
  expect([...there, ...again].length).toBeGreaterThan(0);
  expect(await sessionNames(box)).toEqual(names);
  expect(await box.tmux("display-message", "-p", "-t", "=a:", "#{pane_pid}")).toBe(pid);
  expect(await restore(box)).toEqual({ restored: [], there: failed.length > 0 ? ["a"] : [], failed: [] });
  expect(await restore(box)).toEqual({ restored: [], there: [], failed: [] });
});

test("two who bring sessions back at once do it once", async () => {
  await using box = await savedBox(["api", "dev"]);
  await reboot(box);
  const both = await Promise.all([restore(box), restore(box)]);
  const byNumber = both.toSorted((a, b) => b.restored.length - a.restored.length);
  expect(byNumber).toEqual([
    {
      restored: [expect.objectContaining({ session: "api" }), expect.objectContaining({ session: "dev" })],
      there: [],
      failed: [],
    },
    { restored: [], there: [], failed: [] },
  ]);
});

test("nothing is written while nothing changes; options and variables are changes, too", async () => {
  await using box = await savedBox(["dev"]);
  const looks = async (outcome: string) =>
    Number(new RegExp(`autosaves_total{outcome="${outcome}"} (\\d+)`).exec(await box.must(["daemon", "metrics"]))?.[1]);
  const files = () =>
    readdirSync(box.durable, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => {
        const { ino, mtimeMs } = statSync(`${parentPath}/${name}`);
        return `${name} ${ino} ${mtimeMs}`;
      });
  await until("it is settled", async () => (await looks("unchanged")) > 0);
  const [before, saved, unchanged] = [files(), await looks("saved"), await looks("unchanged")];
  await until("it has looked thrice", async () => (await looks("unchanged")) >= unchanged + 3);
  expect([files(), await looks("saved")]).toEqual([before, saved]);
  const changes = [
    ["set-option", "-t", "=dev:", "@mine", "1"],
    ["set-environment", "-t", "=dev:", "MINE", "2"],
    ["set-option", "-w", "-t", "=dev:", "@mine", "3"],
    ["set-option", "-p", "-t", "=dev:", "@mine", "4"],
  ];
  for (const [i, change] of changes.entries()) {
    await box.tmux(...change);
    await until(`it is saved after ${change.join(" ")}`, async () => (await looks("saved")) === saved + i + 1);
  }
});

test("doctor warns of a session that is to be saved by its name and is called otherwise now", async () => {
  await using box = new Box();
  for (const name of ["dev", "other"]) await box.output("session-create", name);
  await box.output("session-autosave", "dev");
  const warned = async () => (await box.run(["doctor"])).stdout.includes("there is no session of that name");
  expect(await warned()).toBe(false);
  await box.tmux("rename-session", "-t", "=dev", "renamed");
  expect(await warned()).toBe(true);
  await box.output("session-autosave-stop", "dev");
  expect(await warned()).toBe(false);
});

test("metrics and doctor tell how old snapshots are, and what is wrong with them", async () => {
  await using box = await savedBox(["api", "dev"]);
  const metrics = await box.must(["daemon", "metrics"]);
  expect(metrics).toMatch(/^claude_tmux_snapshots \d+$/m);
  expect(metrics).toMatch(/^claude_tmux_snapshots_bytes [1-9]\d+$/m);
  expect(metrics).toMatch(/^claude_tmux_snapshot_age_seconds{session="dev"} \d+$/m);
  const found = async () => {
    const { findings } = JSON.parse((await box.run(["doctor", "--json"])).stdout);
    const own = findings.filter(({ check }: { check: string }) => check === "snapshots");
    return own.map((finding: Record<string, string>) => {
      const { verdict, message, advice } = finding;
      return `${verdict}: ${message}${verdict === "note" ? ` → ${advice}` : ""}`;
    });
  };
  expect(await found()).toEqual([expect.stringMatching(/^ok: of all sessions, .*: api \d+ s ago, dev \d+ s ago$/)]);
  rmSync(`${box.durable}/snapshots/${record(box)?.sessions[1]?.snapshot}.json`);
  expect(await found()).toEqual([
    expect.stringMatching(/^warning: the newest snapshot of dev, dev-.*, is not there any more$/),
  ]);
  await reboot(box);
  expect(await found()).toEqual([
    "warning: all sessions should be saved now and then, and no daemon runs that would",
    "note: alive before the machine was started anew, and not brought back: api, dev → Bring them back: claude-tmux daemon restore",
  ]);
});

test("one whose restore was killed before its programs were started is told, once", async () => {
  await using box = await savedBox(["dev"]);
  await reboot(box);
  // what is left of one: the session, with its name and that mark of a process that is no more
  await box.tmux("new-session", "-d", "-s", "dev", ";", "set-option", "-t", "=dev:", "@claude_tmux_completing", "1 1");
  expect(await box.bridge("session-restore", "dev")).toMatchObject({
    error: { code: "ERR_SESSION_EXISTS" },
    output: expect.stringContaining("stopped, perhaps before its programs and subscriptions were all there"),
  });
  expect(await restore(box)).toMatchObject({
    there: [],
    failed: [{ session: "dev", why: expect.stringContaining("session-snapshot-show dev") }],
  });
  expect(await restore(box)).toMatchObject({ there: ["dev"], failed: [] });
});
