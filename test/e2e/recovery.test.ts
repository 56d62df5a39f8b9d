import { describe, expect, test } from "bun:test";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  watch,
  writeFileSync,
} from "node:fs";
import { poll, within } from "../../src/lib/wait.ts";
import { commandLine } from "../../src/process/identity.ts";
import { BINARY, Box, lives, PATIENCE_MS, served, until } from "../helpers/box.ts";

const health = async (box: Box) => JSON.parse((await box.run(["daemon", "health", "--json"])).stdout);
const check = async (box: Box, name: string) =>
  (await health(box)).checks.find((each: { name: string }) => each.name === name);
const watchdogOf = async (box: Box) => JSON.parse((await box.run(["watchdog", "status", "--json"])).stdout);

const readText = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
/** The pid that a lock file names, if it is not `before`. */
function pidIn(lock: string, before: number): number | undefined {
  const [, pid] = /"pid":(\d+)/.exec(readText(lock)) ?? [];
  return pid === undefined || Number(pid) === before ? undefined : Number(pid);
}

/** Waits until a watchdog runs that is not `before`; returns its pid. */
const successor = (box: Box, before: number) =>
  until("another watchdog runs", async () => {
    const { pid, state } = await watchdogOf(box);
    return pid !== null && pid !== before && state === "running" && (pid as number);
  });

/** Waits until the daemon has gone on working for longer than it leaves itself without a watchdog. */
const passes = (box: Box) => {
  const beatAt = (): number => JSON.parse(readText(`${box.state}/heartbeat`)).at;
  const begun = beatAt();
  return until("the daemon would have started a watchdog", () => beatAt() - begun > 2000);
};

describe("a watchdog that is killed", () => {
  test("has a successor within five seconds, over the same daemon, which goes on and is restarted when it dies", async () => {
    await using box = new Box();
    await box.must(["daemon", "start", "--auto-restart"]);
    const daemon = await box.pid("daemon");
    let watchdog = await box.pid("watchdog");
    for (let i = 0; i < 2; i++) {
      process.kill(watchdog, "SIGKILL");
      watchdog = await successor(box, watchdog);
      expect(await box.pid("daemon")).toBe(daemon);
    }
    process.kill(daemon, "SIGKILL");
    await until("another daemon serves", async () => {
      const { stdout } = await box.run(["daemon", "status", "--json"]);
      return JSON.parse(stdout).responding === true && JSON.parse(stdout).pid !== daemon;
    });
    expect(await box.pid("watchdog")).toBe(watchdog);
    await box.must(["daemon", "stop"]);
    expect(box.processes()).toEqual([]);
  });

  test("has another successor if the first is stopped as soon as it has the role", async () => {
    await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2" });
    await box.must(["daemon", "start", "--auto-restart"]);
    const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
    process.kill(watchdog, "SIGKILL");
    let stopped: number | undefined;
    // without a pause: a few milliseconds later it is connected
    for (const end = performance.now() + PATIENCE_MS; stopped === undefined && performance.now() < end; )
      stopped = pidIn(`${box.state}/watchdog.lock`, watchdog);
    process.kill(stopped ?? 0, "SIGSTOP");
    await until("another watchdog runs", async () => {
      const { pid, state } = await watchdogOf(box);
      return pid !== null && ![watchdog, stopped].includes(pid) && state === "running";
    });
    expect(await box.pid("daemon")).toBe(daemon);
    expect(await lives(stopped ?? 0)).toBe(false);
  });

  test("has another successor if the first is stopped and its lock file emptied", async () => {
    await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2" });
    await box.must(["daemon", "start", "--auto-restart"]);
    const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
    truncateSync(`${box.state}/watchdog.lock`);
    process.kill(watchdog, "SIGSTOP"); // it can't mend its file any more
    await until("another watchdog runs", async () => {
      const { pid, state } = await watchdogOf(box);
      return pid !== null && pid !== watchdog && state === "running";
    });
    expect(await box.pid("daemon")).toBe(daemon);
    expect(await lives(watchdog)).toBe(false);
  });

  test("leaves its tally of restarts to its successor", async () => {
    await using box = new Box({ CLAUDE_TMUX_BACKOFF_BASE_MS: "20", CLAUDE_TMUX_RESTART_LIMIT: "2" });
    await box.must(["daemon", "start", "--auto-restart"]);
    for (let i = 0; i < 2; i++) {
      const daemon = await box.pid("daemon");
      process.kill(daemon, "SIGKILL");
      await until("another daemon serves", async () => {
        const { daemon_pid } = await watchdogOf(box);
        return daemon_pid !== null && daemon_pid !== daemon;
      });
    }
    const watchdog = await box.pid("watchdog");
    process.kill(watchdog, "SIGKILL");
    const last = await successor(box, watchdog);
    expect(await watchdogOf(box)).toMatchObject({ recent_restarts: 2, total_restarts: 2 });
    process.kill(await box.pid("daemon"), "SIGKILL");
    await until("it has given up", async () => !(await lives(last)));
    expect((await watchdogOf(box)).state).toBe("gave-up");
    // who starts it again begins anew
    await box.must(["daemon", "start", "--auto-restart"]);
    expect(await watchdogOf(box)).toMatchObject({ recent_restarts: 0 });
  });

  test("and whose successor learns that the daemon was meant to end, ends too", async () => {
    await using box = new Box();
    await box.must(["daemon", "start", "--auto-restart"]);
    const watchdog = await box.pid("watchdog");
    process.kill(watchdog, "SIGKILL");
    await successor(box, watchdog);
    process.kill(await box.pid("daemon"), "SIGTERM");
    await until("nothing of ours runs", () => box.processes().length === 0);
  });

  test("with its hanging daemon: the successor replaces that one", async () => {
    await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2" });
    await box.must(["daemon", "start", "--auto-restart"]);
    const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
    process.kill(watchdog, "SIGKILL");
    await successor(box, watchdog);
    process.kill(daemon, "SIGSTOP");
    await until("another daemon serves", async () => ((await watchdogOf(box)).daemon_pid ?? daemon) !== daemon);
    expect(await lives(daemon)).toBe(false);
  });
});

test("watchdog stop --keep-daemon ends the supervision only, and for good", async () => {
  await using box = new Box();
  await box.must(["daemon", "start", "--auto-restart"]);
  const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
  expect(await box.must(["watchdog", "stop", "--keep-daemon"])).toContain(`(PID: ${watchdog})`);
  expect(await lives(watchdog)).toBe(false);
  await passes(box);
  expect(box.processes()).toEqual([daemon]);
  expect(await box.must(["daemon", "health"])).toBe("healthy");
  expect((await box.run(["watchdog", "stop", "--keep-daemon"])).exitCode).toBe(1);
});

test("a hung daemon blocks no tmux: a new server starts at once, and the watchdog repairs it", async () => {
  await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2" });
  await box.output("session-create", "dev");
  await box.must(["daemon", "start", "--auto-restart"]);
  await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "x"]);
  const daemon = await box.pid("daemon");
  process.kill(daemon, "SIGSTOP");
  const begun = performance.now();
  await box.tmux("kill-server");
  await box.output("session-create", "again");
  expect(performance.now() - begun).toBeLessThan(5000);
  await until("another daemon serves", async () => ((await watchdogOf(box)).daemon_pid ?? daemon) !== daemon);
  expect(await box.must(["daemon", "health"])).toBe("healthy");
});

describe("ensure", () => {
  test("with a watchdog gives the daemon one that somebody else starts in the same moment", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    for (let round = 0; round < 4; round++) {
      const start = box.run(["daemon", "start"]);
      await Bun.sleep(round * 15); // into each other, at several points
      expect((await box.run(["daemon", "ensure", "--auto-restart"])).exitCode).toBe(0);
      await start;
      expect(await box.run(["watchdog", "status"])).toMatchObject({ exitCode: 0 });
      await box.must(["daemon", "stop"]);
    }
  });

  test("starts what is stopped, leaves what is well, recovers what hangs; with what it was started with", async () => {
    await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2" });
    expect(await box.must(["daemon", "ensure", "--auto-restart", "--idle-exit", "600"])).toMatch(/^Daemon started/);
    const first = await box.pid("daemon");
    expect(await box.must(["daemon", "ensure"])).toBe(`Daemon is running (PID: ${first})`);
    const watchdog = await box.pid("watchdog");
    for (const pid of [watchdog, first]) process.kill(pid, "SIGSTOP");
    await until("it hangs", async () => (await health(box)).status === "unhealthy");
    expect(await box.must(["daemon", "ensure"])).toContain("Recovered");
    for (const pid of [watchdog, first]) expect(await lives(pid)).toBe(false);
    expect((await watchdogOf(box)).running).toBe(true);
    const args = readFileSync(`/proc/${await box.pid("daemon")}/cmdline`, "utf8").split("\0");
    expect(args.slice(args.indexOf("--idle-exit"))[1]).toBe("600");
  });

  test.each([
    ["ensure", "daemon", ["daemon", "start"]],
    ["ensure", "daemon", ["daemon", "start", "--auto-restart"]],
    ["ensure", "watchdog", ["daemon", "start", "--auto-restart"]],
    ["recover", "daemon", ["daemon", "start"]],
  ] as const)("%s in the moment of a SIGTERM to the %s takes nothing that leaves for what works", async (...each) => {
    const [command, role, start] = each;
    await using box = new Box();
    for (let i = 0; i < 5; i++) {
      await box.run([...start]);
      const leaving = await box.pid("daemon");
      process.kill(await box.pid(role), "SIGTERM");
      const told = await box.must(["daemon", command]);
      expect(told).not.toContain(`PID: ${leaving})`);
      expect(await lives(leaving)).toBe(false);
      expect(await box.must(["daemon", "status"])).toContain(`PID: ${await box.pid("daemon")}`);
      await box.must(["daemon", "stop"]);
    }
  });

  test("--auto-restart tells of the watchdog", async () => {
    await using box = new Box();
    expect(await box.must(["daemon", "ensure", "--auto-restart"])).toBe(
      `Daemon started (PID: ${await box.pid("daemon")})\nWatchdog started (PID: ${await box.pid("watchdog")})`,
    );
    const [daemon, watchdog] = [await box.pid("daemon"), await box.pid("watchdog")];
    expect(await box.must(["daemon", "ensure", "--auto-restart"])).toBe(`Daemon is running (PID: ${daemon})`);
    await box.must(["watchdog", "stop", "--keep-daemon"]);
    const { watchdog_pid: next } = JSON.parse(await box.must(["daemon", "ensure", "--auto-restart", "--json"]));
    expect(next).toBe(await box.pid("watchdog"));
    expect(next).not.toBe(watchdog);
  });

  test("twenty at once, of ensure, start and recover, make one daemon", async () => {
    await using box = new Box();
    const words = ["ensure", "start", "recover"];
    const runs = await Promise.all(Array.from({ length: 20 }, (_, i) => box.run(["daemon", words[i % 3] ?? ""])));
    const failed = runs.filter(({ exitCode, stderr }) => exitCode !== 0 && !stderr.includes("already running"));
    expect(failed).toEqual([]);
    await until("one process is left", () => box.processes().length === 1);
    expect(box.processes()).toEqual([await box.pid("daemon")]);
    expect(await box.must(["daemon", "health"])).toBe("healthy");
  });
});

describe("recover", () => {
  test("shows its six steps, and loses no label, no metadata, no subscription, no event", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "web");
    await box.output("pane-metadata-set", "dev", "web", "key", "value");
    await box.must(["daemon", "start", "--auto-restart"]);
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "web", "^ready$"]);
    await box.output("pane-exec", "dev", "web", "echo ready");
    await until("it matched", async () => (await box.events("pattern-match")).length === 1);
    const events = await box.events();
    for (const role of ["watchdog", "daemon"] as const) process.kill(await box.pid(role), "SIGKILL");
    writeFileSync(`${box.state}/heartbeat.123.part`, "");
    const steps = (await box.must(["daemon", "recover", "--json"])).split("\n").map((line) => JSON.parse(line));
    expect(steps.slice(0, 6).map(({ step, name, ok }) => [step, name, ok])).toEqual([
      [1, "assess", true],
      [2, "stop", true],
      [3, "clean", true],
      [4, "rebuild", true],
      [5, "restart", true],
      [6, "verify", true],
    ]);
    expect(steps[3].detail).toBe("1 session, 2 panes, 2 labels, 1 subscription");
    expect(steps[6]).toEqual({ recovered: true, status: "healthy" });
    expect((await watchdogOf(box)).running).toBe(true);
    expect(await box.output("pane-find", "dev", "web")).toBe("1");
    expect(await box.output("pane-metadata-get", "dev", "web", "key")).toBe("value");
    expect((await box.events()).slice(0, events.length)).toEqual(events);
    await box.output("pane-exec", "dev", "web", "echo ready");
    await until("it matches on", async () => (await box.events("pattern-match")).length === 2);
    expect(existsSync(`${box.state}/heartbeat.123.part`)).toBe(false);
    expect(existsSync(`${box.state}/dev.state`)).toBe(true);
  });

  test("leaves a healthy daemon alone, unless forced", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    const pid = await box.pid("daemon");
    expect(await box.must(["daemon", "recover"])).toContain("Nothing to do");
    expect(await box.pid("daemon")).toBe(pid);
    expect(await box.must(["daemon", "recover", "--force"])).toContain("[6/6] verify");
    expect(await box.pid("daemon")).not.toBe(pid);
  });

  test("that fails says at which step", async () => {
    await using box = new Box();
    box.env.CLAUDE_TMUX_STATE_DIR = `${box.folder}/${"x".repeat(100)}`;
    const { exitCode, stdout, stderr } = await box.run(["daemon", "recover"]);
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("[5/6] restart  FAILED");
    expect(stderr).toContain("too long");
  });
});

test("restart of a stopped daemon starts it, of a running one replaces it", async () => {
  await using box = new Box();
  expect(await box.must(["daemon", "restart"])).toContain("daemon PID");
  const first = await box.pid("daemon");
  await box.must(["daemon", "restart"]);
  expect(box.processes()).toEqual([await box.pid("daemon")]);
  expect(await lives(first)).toBe(false);
});

describe("each health check fails for real, and is repaired", () => {
  test("process", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await until("it is seen", async () => (await check(box, "process")).verdict === "unhealthy");
    expect((await box.run(["daemon", "health"])).exitCode).toBe(1);
    await box.must(["daemon", "recover"]);
    expect((await health(box)).status).toBe("healthy");
  });

  test("heartbeat", async () => {
    await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "1" });
    await box.must(["daemon", "start"]);
    process.kill(await box.pid("daemon"), "SIGSTOP");
    await until("it is seen", async () => (await check(box, "heartbeat")).verdict === "unhealthy");
    box.env.CLAUDE_TMUX_HEARTBEAT_MAX_AGE = "30";
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.must(["daemon", "recover"]);
    expect((await health(box)).status).toBe("healthy");
  });

  test("memory", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    expect((await check(box, "memory")).verdict).toBe("healthy");
    box.env.CLAUDE_TMUX_MEMORY_MAX_MB = "10";
    expect(await box.run(["daemon", "health"])).toMatchObject({ exitCode: 0, stdout: "degraded\n" });
    const before = await box.pid("daemon");
    expect(await box.must(["daemon", "recover"])).toContain("degraded"); // no new daemon is as small as that
    expect(await box.pid("daemon")).not.toBe(before);
  });

  test("queue", async () => {
    await using box = new Box({ CLAUDE_TMUX_QUEUE_MAX: "5", CLAUDE_TMUX_CALLBACK_CONCURRENCY: "1" });
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.must(["daemon", "start"]);
    const wait = `while [ ! -e "$TMUX_TMPDIR/go" ]; do sleep 0.05; done`;
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^line [0-9]+$", wait]);
    await box.output("pane-exec", "dev", "0", "for i in 1 2 3 4 5 6 7 8; do echo line $i; done");
    await until("it is seen", async () => (await check(box, "queue")).verdict === "degraded");
    writeFileSync(`${box.folder}/go`, "");
    await until("it is healthy again", async () => (await health(box)).status === "healthy");
    expect((await box.events("callback")).length).toBe(8);
  });

  test("errors", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    appendFileSync(`${box.state}/daemon.log`, "[2025-10-22 10:00:00] ERROR: it hurts\n".repeat(10));
    expect((await check(box, "errors")).verdict).toBe("degraded");
    await box.must(["daemon", "recover"]);
    expect((await health(box)).status).toBe("healthy");
    expect(statSync(`${box.state}/daemon.log.1`).size).toBeGreaterThan(300);
  });
});

test("a recovery that is killed in the middle is followed by one that works", async () => {
  await using box = new Box();
  await box.must(["daemon", "start", "--auto-restart"]);
  for (let i = 0; i < 5; i++) {
    const recovery = Bun.spawn([BINARY, "daemon", "recover", "--force"], { env: box.env, stdout: "pipe" });
    const reader = recovery.stdout.getReader();
    for (let step = 0; step < i; step++) await reader.read();
    recovery.kill("SIGKILL");
    await recovery.exited;
  }
  await until("it works again", async () => (await box.run(["daemon", "ensure"])).exitCode === 0);
  await until("two processes are left", () => box.processes().length === 2);
  expect((await health(box)).status).toBe("healthy");
});

test("ensure --auto-restart keeps the session that the daemon was limited to", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  await box.must(["daemon", "start", "dev"]);
  process.kill(await box.pid("daemon"), "SIGKILL");
  await until("it is dead", () => box.processes().every((pid) => !isDaemon(pid)));
  await box.must(["daemon", "ensure", "--auto-restart"]);
  expect(readFileSync(`/proc/${await box.pid("daemon")}/cmdline`, "utf8").split("\0")).toContain("dev");
  expect((await watchdogOf(box)).running).toBe(true);
});

function isDaemon(pid: number): boolean {
  return commandLine(pid).join(" ").includes("claude-tmux daemon run"); // no words of one that has ended meanwhile
}

describe("what else goes wrong", () => {
  test.each([
    ["gone", undefined],
    ["no heartbeat", "x".repeat(300)],
  ])("a hung daemon whose heartbeat is %s is replaced", async (_, garbage) => {
    await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "1" });
    await box.must(["daemon", "start", "--auto-restart"]);
    const daemon = await box.pid("daemon");
    process.kill(daemon, "SIGSTOP");
    rmSync(`${box.state}/heartbeat`);
    if (garbage !== undefined) writeFileSync(`${box.state}/heartbeat`, garbage);
    await until("another daemon serves", async () => ((await watchdogOf(box)).daemon_pid ?? daemon) !== daemon);
    expect(await lives(daemon)).toBe(false);
    await until("it is healthy", async () => (await health(box)).status === "healthy");
  });

  test("what somebody writes into the heartbeat of a daemon that works does not stay", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    writeFileSync(`${box.state}/heartbeat`, "x".repeat(300));
    await until("it is mended", async () => (await check(box, "heartbeat")).verdict === "healthy");
  });

  test("stop right after the watchdog was killed stops for good", async () => {
    const moments: ((box: Box, before: number) => unknown)[] = [
      () => true,
      (box) => box.processes().length > 1, // the daemon starts another
      (box, before) => pidIn(`${box.state}/watchdog.lock`, before),
    ];
    for (const moment of moments) {
      await using box = new Box();
      await box.must(["daemon", "start", "--auto-restart"]);
      const watchdog = await box.pid("watchdog");
      process.kill(watchdog, "SIGKILL");
      await until("it is dead", async () => !(await lives(watchdog)));
      // as soon as may be: a moment later it is all over
      expect(await poll(PATIENCE_MS, 1, () => moment(box, watchdog) || undefined)).toBeDefined();
      await box.must(["daemon", "stop"]);
      await until("nothing of ours runs", () => box.processes().length === 0);
      await Bun.sleep(500); // short, since it shows that nothing happens; longer than a watchdog waits here
      expect(box.processes()).toEqual([]);
    }
  });

  test("SIGUSR1 ends the watchdog alone, and for good", async () => {
    await using box = new Box();
    await box.must(["daemon", "start", "--auto-restart"]);
    const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
    process.kill(watchdog, "SIGUSR1");
    await until("it has ended", async () => !(await lives(watchdog)));
    await passes(box);
    expect(box.processes()).toEqual([daemon]);
    // and ensure puts another over the same daemon
    await box.must(["daemon", "ensure", "--auto-restart"]);
    expect(await watchdogOf(box)).toMatchObject({ running: true, daemon_pid: daemon });
    process.kill(await box.pid("watchdog"), "SIGKILL");
    await successor(box, watchdog);
    expect(await box.pid("daemon")).toBe(daemon);
  });

  test("ensure in the back-off leaves it to the watchdog, and its tally alone", async () => {
    await using box = new Box({ CLAUDE_TMUX_BACKOFF_BASE_MS: "500" });
    await box.must(["daemon", "start", "--auto-restart"]);
    const watchdog = await box.pid("watchdog");
    for (let i = 1; i <= 2; i++) {
      process.kill(await box.pid("daemon"), "SIGKILL");
      await until("it waits", async () => (await watchdogOf(box)).state === "waiting");
      await box.must(["daemon", "ensure", "--auto-restart"]);
      expect(await watchdogOf(box)).toMatchObject({ pid: watchdog, recent_restarts: i });
    }
  });

  test("a session that is gone limits no daemon any more; one that never was is an error", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.output("session-create", "other");
    await box.must(["daemon", "start", "dev"]);
    await box.output("session-kill", "dev");
    await until("the daemon has ended", async () => (await box.run(["daemon", "status"])).exitCode === 1);
    await box.must(["daemon", "ensure"]);
    expect(readFileSync(`/proc/${await box.pid("daemon")}/cmdline`, "utf8").split("\0")).not.toContain("dev");
    await box.must(["daemon", "stop"]);
    expect((await box.run(["daemon", "ensure", "nosuch"])).exitCode).toBe(1);
  });

  test("a recovery that hangs holds nobody up who has nothing to do", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    const recovery = Bun.spawn([BINARY, "daemon", "recover", "--force"], { env: box.env, stdout: "pipe" });
    await recovery.stdout.getReader().read();
    recovery.kill("SIGSTOP");
    const ensure = box.run(["daemon", "ensure"]);
    await within(300, ensure); // unless it has nothing to do, it waits for its turn then
    await box.run(["daemon", "start"]);
    expect((await ensure).exitCode).toBe(0);
    recovery.kill("SIGKILL");
  });

  test("a folder in the place of a file is told in a sentence, and stop works", async () => {
    await using box = new Box();
    await box.must(["daemon", "start", "--auto-restart"]);
    rmSync(`${box.state}/heartbeat`);
    mkdirSync(`${box.state}/heartbeat`);
    await box.must(["daemon", "stop"]);
    expect(box.processes()).toEqual([]);
    expect((await box.run(["daemon", "start"])).stderr).toContain("is not a plain file of yours");
  });

  test.skipIf(Bun.which("prlimit") === null)("a full disk takes neither the watchdog nor its daemon", async () => {
    await using box = new Box();
    await box.must(["daemon", "start", "--auto-restart"]);
    const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
    Bun.spawnSync(["prlimit", `--pid=${watchdog}`, "--fsize=0:"]);
    const tries: string[] = [];
    const watcher = watch(box.state, (_, name) => {
      if (name?.startsWith("watchdog.pid.")) tries.push(name);
    });
    rmSync(`${box.state}/watchdog.pid`);
    await until("it has tried to write that again, and again", () => tries.length > 4).finally(() => watcher.close());
    expect([existsSync(`${box.state}/watchdog.pid`), await lives(watchdog), await lives(daemon)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("a tmux server that does not answer keeps no daemon from starting", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
    process.kill(server, "SIGSTOP");
    try {
      await box.must(["daemon", "start"]);
    } finally {
      process.kill(server, "SIGCONT");
    }
    expect(await box.must(["daemon", "health"])).toBe("healthy");
  });
});

test.skipIf(!Bun.which("setsid"))("a callback can't restart its daemon, unless it is let go on by itself", async () => {
  await using box = await served();
  const said = `${box.folder}/said`;
  const restart = `${box.command.join(" ")} daemon restart`;
  await box.must([
    "daemon",
    "subscribe",
    "dev",
    "pattern-match",
    "0",
    "^STOP",
    `${restart} > ${said} 2>&1; echo rc $? >> ${said}`,
  ]);
  await box.must([
    "daemon",
    "subscribe",
    "dev",
    "pattern-match",
    "0",
    "^AGAIN",
    `setsid ${restart} > /dev/null 2>&1 &`,
  ]);
  const daemon = await box.pid("daemon");
  await box.output("pane-exec", "dev", "0", "echo STOP");
  await until("it is refused", () => existsSync(said) && readFileSync(said, "utf8").includes("rc 1"));
  expect(readFileSync(said, "utf8")).toContain("A callback ends with its daemon");
  expect(await box.pid("daemon")).toBe(daemon);
  await box.output("pane-exec", "dev", "0", "echo AGAIN");
  await until("another one runs", async () => (await box.pid("daemon").catch(() => daemon)) !== daemon);
  await until("it serves", async () => (await box.run(["daemon", "health"])).stdout.trim() === "healthy");
});
