import { expect, test } from "bun:test";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { findLsof } from "../../src/process/ps.ts";
import { PsTable } from "../../src/process/ps-table.ts";
import { Box, lives, PROGRAM, until } from "../helpers/box.ts";

// What the daemon and the watchdog do where there is no /proc, as on macOS: everything asks ps.

const HAS_LSOF = findLsof() !== undefined;
if (!HAS_LSOF) console.warn("no lsof here: what needs it is skipped");

class PsBox extends Box {
  constructor(settings: Record<string, string> = {}) {
    super({ CLAUDE_TMUX_PROCESS_TABLE: "ps", ...settings });
  }

  /** Waits until another daemon than `before` serves; returns its pid. */
  successor(before: number): Promise<number> {
    return until("another daemon serves", async () => {
      const { pid, responding } = JSON.parse((await this.run(["daemon", "status", "--json"])).stdout);
      return responding === true && pid !== before && (pid as number);
    });
  }

  async kill(pid: number): Promise<void> {
    process.kill(pid, "SIGKILL");
    await until("it is dead", async () => !(await lives(pid)));
  }
}

test("start, status, health, a second start, stop", async () => {
  await using box = new PsBox();
  expect(await box.must(["daemon", "start"])).toMatch(/^Daemon started \(PID: \d+\)$/);
  const pid = await box.pid("daemon");
  // seconds since the epoch: it was ps that told
  const { startTime } = JSON.parse(readFileSync(`${box.state}/daemon.lock`, "utf8"));
  expect(Math.abs(Date.now() / 1000 - startTime)).toBeLessThan(60);
  expect(await box.must(["daemon", "status"])).toStartWith(`Daemon is running (PID: ${pid})\n`);
  expect(await box.must(["daemon", "health"])).toBe("healthy");
  expect((await box.run(["daemon", "health", "--json"])).stdout).toContain("memory");
  expect(await box.run(["daemon", "start"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`Daemon is already running (PID: ${pid})`),
  });
  expect(await box.must(["daemon", "stop"])).toBe(`Daemon stopped (PID: ${pid})`);
  expect(await lives(pid)).toBe(false);
  expect(await box.run(["daemon", "stop"])).toMatchObject({ exitCode: 1, stderr: "Daemon is not running\n" });
  expect((await box.run(["daemon", "health"])).stdout).toBe("unhealthy\n");
});

test("of many starts at once, one makes a daemon", async () => {
  await using box = new PsBox();
  const starts = await Promise.all(Array.from({ length: 4 }, () => box.run(["daemon", "start"])));
  expect(starts.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 1, 1, 1]);
  expect(box.processes()).toEqual([await box.pid("daemon")]);
});

test("a pid file and a lock file that name a stranger get the stranger no signal", async () => {
  await using box = new PsBox();
  await box.must(["daemon", "start"]);
  const daemon = await box.pid("daemon");
  await box.kill(daemon);
  // the very one that the lock file tells of, and it claims to be a daemon
  await using stranger = Bun.spawn(["/bin/sh", "-c", "read x", "claude-tmux", "daemon", "run"], { stdin: "pipe" });
  writeFileSync(`${box.state}/daemon.pid`, `${stranger.pid}\n`);
  const { startTime } = new PsTable().stat(stranger.pid) ?? {};
  writeFileSync(`${box.state}/daemon.lock`, JSON.stringify({ pid: stranger.pid, startTime, startedAt: 1 }));
  expect((await box.run(["daemon", "stop"])).exitCode).toBe(1);
  expect((await box.run(["daemon", "status"])).exitCode).toBe(1);
  expect(await lives(stranger.pid)).toBe(true);
  await box.must(["daemon", "start"]);
  await box.must(["daemon", "stop"]);
  expect(await lives(stranger.pid)).toBe(true);
});

test("a copied lock file names nobody", async () => {
  await using box = new PsBox();
  await using other = new PsBox();
  await box.must(["daemon", "start"]);
  const pid = await box.pid("daemon");
  await other.must(["daemon", "start"]);
  await other.must(["daemon", "stop"]);
  cpSync(`${box.state}/daemon.lock`, `${other.state}/daemon.lock`);
  expect((await other.run(["daemon", "status"])).exitCode).toBe(1);
  expect((await other.run(["daemon", "stop"])).exitCode).toBe(1);
  expect(await lives(pid)).toBe(true);
});

test("starts again after kill -9", async () => {
  await using box = new PsBox();
  await box.must(["daemon", "start"]);
  const before = await box.pid("daemon");
  await box.kill(before);
  expect((await box.run(["daemon", "status"])).exitCode).toBe(1);
  await box.must(["daemon", "start"]);
  expect(await box.pid("daemon")).not.toBe(before);
  expect(await box.must(["daemon", "health"])).toBe("healthy");
});

test("stop finds a daemon whose state folder was deleted", async () => {
  await using box = new PsBox();
  await box.must(["daemon", "start"]);
  const pid = await box.pid("daemon");
  // before it notices by itself
  process.kill(pid, "SIGSTOP");
  rmSync(box.state, { recursive: true });
  expect(await box.must(["daemon", "stop"])).toBe(`Daemon stopped (PID: ${pid})`);
  expect(await lives(pid)).toBe(false);
});

test.skipIf(!HAS_LSOF)("a daemon of another tmux server is found, too, when its folder was deleted", async () => {
  await using box = new PsBox();
  const server = ["-L", "another"];
  await box.must(["daemon", "start", ...server]);
  // not by the processes that there are: it has started some, and numbers begin anew
  const { pid } = JSON.parse(await box.must(["daemon", "status", "--json", ...server]));
  process.kill(pid, "SIGSTOP");
  rmSync(box.state, { recursive: true });
  expect(await box.run(["daemon", "stop"])).toMatchObject({ exitCode: 1 });
  expect(await lives(pid)).toBe(true);
  expect(await box.must(["daemon", "stop", ...server])).toBe(`Daemon stopped (PID: ${pid})`);
});

test("a watchdog brings a killed daemon back, and stop ends both", async () => {
  await using box = new PsBox();
  await box.must(["daemon", "start", "--auto-restart"]);
  const before = await box.pid("daemon");
  process.kill(before, "SIGKILL");
  await box.successor(before);
  expect(await box.must(["daemon", "health"])).toBe("healthy");
  await box.must(["daemon", "stop"]);
  expect(box.processes()).toEqual([]);
  expect(existsSync(`${box.state}/daemon.pid`)).toBe(false);
});

test("a watchdog replaces a daemon that hangs", async () => {
  await using box = new PsBox({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2" });
  await box.must(["watchdog", "start"]);
  const before = await box.pid("daemon");
  process.kill(before, "SIGSTOP");
  await box.successor(before);
  expect(await lives(before)).toBe(false);
  expect((await box.run(["watchdog", "status", "--json"])).stdout).toContain("hung");
});

test("a command's end is seen in a shell that tells nothing", async () => {
  await using box = new PsBox();
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  expect(await box.bridge("pane-exec-timeout", "dev", "0", "20", "sleep 0.3; echo done")).toMatchObject({
    exitCode: 0,
  });
});

test("waiting for a shell that tells nothing takes little, although each question is a process", async () => {
  await using box = new PsBox();
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.output("pane-exec", "dev", "0", "sleep 4");
  await box.shows("dev", "0", "sleep 4");
  const child = Bun.spawn([...PROGRAM, "bridge", "pane-wait", "dev", "0", "20"], { env: box.env, stdout: "ignore" });
  expect(await child.exited).toBe(0);
  // of it and of all the processes that it has waited for, microseconds
  expect(Number(child.resourceUsage()?.cpuTime.total)).toBeLessThan(1_200_000);
});

test("another value of the setting is refused", async () => {
  await using box = new Box({ CLAUDE_TMUX_PROCESS_TABLE: "nosuch" });
  expect(await box.run(["daemon", "health"])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("which is neither ps nor hardened"),
  });
  delete box.env.CLAUDE_TMUX_PROCESS_TABLE;
});
