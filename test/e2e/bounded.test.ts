import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { BINARY, type Box, served, until } from "../helpers/box.ts";

const subscribe = (box: Box, ...args: string[]) => box.must(["daemon", "subscribe", ...args]);
const matches = async (box: Box) => (await box.events("pattern-match")).filter(({ session }) => session === "dev");
const total = async (box: Box) => (await matches(box)).reduce((sum, { data }) => sum + Number(data.count ?? 1), 0);

describe("a flood of lines that match", () => {
  test("is few events, whose counts are exact, and their callbacks know the count", async () => {
    await using box = await served({ CLAUDE_TMUX_EVENTS_PER_S: "10" });
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT", 'echo "$CLAUDE_TMUX_COUNT" >>"$TMUX_TMPDIR/counts"');
    await box.output("pane-exec", "dev", "0", "seq -f 'EVENT %.0f' 1 20000");
    await until("all are counted", async () => (await total(box)) === 20_000);
    const events = await matches(box);
    expect(events.length).toBeLessThan(300);
    const summed = events.find(({ data }) => data.count !== undefined);
    const { line, last_line, count } = summed?.data ?? {};
    const [first, last] = [line, last_line].map((text) => Number(`${text}`.replace("EVENT ", "")));
    expect((last ?? 0) - (first ?? 0) + 1).toBe(Number(count));
    const counts = await box.lines("counts", events.length, 20_000);
    expect(counts.reduce((sum, each) => sum + Number(each), 0)).toBe(20_000);
    expect(JSON.parse(await box.must(["daemon", "subscriptions"])).fired).toBe(20_000);
    const log = readFileSync(`${box.state}/daemon.log`, "utf8");
    expect(log.split("\n").length).toBeLessThan(400);
  });

  test("is counted once although the daemon is killed before it has written the count", async () => {
    await using box = await served({ CLAUDE_TMUX_EVENTS_PER_S: "5" });
    await box.tmux("set-option", "-g", "history-limit", "50000");
    await box.output("session-create", "long");
    await box.prompt("long", "0");
    await subscribe(box, "long", "pattern-match", "0", "^EVENT");
    const count = async () =>
      (await box.events("pattern-match")).reduce((sum, { data }) => sum + Number(data.count ?? 1), 0);
    await box.output("pane-exec", "long", "0", "seq -f 'EVENT %.0f' 1 1000");
    await until("some are told", async () => (await count()) > 0);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.output("pane-exec-timeout", "long", "0", "10", "echo OVER");
    await box.must(["daemon", "start"]);
    await until("all are counted", async () => (await count()) >= 1000);
    await box.output("pane-exec", "long", "0", "echo EVENT last");
    await until("the last is told", async () =>
      (await box.events("pattern-match")).some(({ data }) => [data.line, data.last_line].includes("EVENT last")),
    );
    expect(await count()).toBe(1001);
  });

  test("does not hold up another session's callbacks, nor fill the memory", async () => {
    await using box = await served();
    await box.output("session-create", "prod");
    await box.prompt("prod", "0");
    await subscribe(box, "dev", "pattern-match", "0", "^ERR", "sleep 1");
    await subscribe(box, "prod", "pattern-match", "0", "^DOWN", 'echo x >>"$TMUX_TMPDIR/down"');
    await box.tmux("send-keys", "-t", "=dev:", "timeout 4 yes ERR; echo; echo OVER", "Enter");
    await until("callbacks wait", async () => (await matches(box)).length > 20);
    const start = performance.now();
    await box.output("pane-exec", "prod", "0", "echo DOWN");
    await box.lines("down", 1, 20_000);
    expect(performance.now() - start).toBeLessThan(5000); // 25 s and more, when each waits for its turn behind the flood
    await until("the flood is over", async () => (await box.output("pane-capture", "dev", "0")).includes("\nOVER"));
    const status = readFileSync(`/proc/${await box.pid("daemon")}/status`, "utf8");
    expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024).toBeLessThan(300);
  });
});

describe("callbacks", () => {
  test("run where it was subscribed, or at home, with this program on PATH", async () => {
    await using box = await served();
    const place = realpathSync(box.folder);
    mkdirSync(`${place}/here`);
    const wish = ["daemon", "subscribe", "dev", "pattern-match", "0", "^EVENT"];
    const note = 'echo "$PWD $PATH" >"$TMUX_TMPDIR/where"; echo >>"$TMUX_TMPDIR/called"';
    const child = Bun.spawn([BINARY, ...wish, note], { cwd: `${place}/here`, env: box.env, stdout: "ignore" });
    expect(await child.exited).toBe(0);
    const called = async (times: number) => {
      await box.output("pane-exec", "dev", "0", `echo EVENT ${times}`);
      await box.lines("called", times, 20_000);
      return readFileSync(`${place}/where`, "utf8").trim().split(" ");
    };
    const [folder, path] = await called(1);
    expect([folder, path?.split(":")[0]]).toEqual([`${place}/here`, dirname(realpathSync(BINARY))]);
    rmSync(`${place}/here`, { recursive: true });
    expect((await called(2))[0]).toBe(realpathSync(box.env.HOME ?? ""));
  });

  test("that keep failing are told of by status and doctor", async () => {
    await using box = await served();
    expect(await box.must(["daemon", "status"])).not.toContain("Failing");
    await subscribe(box, "dev", "timeout", "0", "0.01", "no-such-command");
    await until("it has failed", async () => (await box.events("callback")).length === 1);
    expect(await box.must(["daemon", "status"])).toContain("Failing:        the last callbacks of 1 subscription");
    expect((await box.run(["doctor"])).stdout).toMatch(/! callbacks +the last callback of subscription 1 .*not found/);
  });

  test.skipIf(Bun.which("prlimit") === null)(
    "that can't be started for want of descriptors are run when there are some, none is lost",
    async () => {
      await using box = await served();
      await subscribe(box, "dev", "pattern-match", "0", "^EVENT", 'echo "$CLAUDE_TMUX_LINE" >>"$TMUX_TMPDIR/calls"');
      const pid = `${await box.pid("daemon")}`;
      const limit = (count: string) => Bun.spawnSync(["prlimit", "--pid", pid, `--nofile=${count}:`]).exitCode;
      const [soft = "1024"] = Bun.spawnSync([
        "prlimit",
        "--pid",
        pid,
        "--nofile",
        "-o",
        "SOFT",
        "--noheadings",
        "--raw",
      ])
        .stdout.toString()
        .trim()
        .split(/\s+/);
      const open = readdirSync(`/proc/${pid}/fd`).map(Number);
      const free = (below: number) => below - open.filter((fd) => fd < below).length;
      const some = Array.from({ length: 1000 }, (_, below) => below).findLast((below) => free(below) <= 3);
      expect(limit(`${some}`)).toBe(0); // enough for its log, not for a process
      await box.output("pane-exec", "dev", "0", "for i in 1 2 3; do echo EVENT $i; done");
      const log = () => readFileSync(`${box.state}/daemon.log`, "utf8");
      await until("they wait", () => log().includes("callbacks wait, since no process can be started"));
      expect(limit(soft)).toBe(0);
      expect((await box.lines("calls", 3, 20_000)).toSorted()).toEqual(["EVENT 1", "EVENT 2", "EVENT 3"]);
    },
  );
});

test("events that can't be written are told by health, without asking the daemon, and written later", async () => {
  await using box = await served();
  await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
  using store = new Database(`${box.state}/state.db`);
  store.run("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
  await box.output("pane-exec", "dev", "0", "echo EVENT");
  const health = async () => JSON.parse((await box.run(["daemon", "health", "--json"])).stdout);
  const failing = await until("it is degraded", async () => (await health()).status === "degraded" && (await health()));
  expect(failing.checks.at(-1)).toMatchObject({ name: "unwritten", verdict: "degraded", value: 1 });
  const daemon = await box.pid("daemon");
  expect((await box.run(["daemon", "recover"])).stderr).toContain("stopped, it would lose that");
  expect((await box.run(["doctor"])).stdout).toContain("1 event can't be written down");
  expect(await box.pid("daemon")).toBe(daemon);
  store.run("DROP TRIGGER full");
  await until("it is healthy", async () => (await health()).status === "healthy");
  expect(await total(box)).toBe(1);
});
