import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { BINARY, Box, lives, until } from "../helpers/box.ts";

const status = async (box: Box) => JSON.parse((await box.run(["watchdog", "status", "--json"])).stdout);

/** Waits until another daemon than `before` serves; returns its pid. */
const successor = (box: Box, before: number) =>
  until("another daemon serves", async () => {
    const { stdout } = await box.run(["daemon", "status", "--json"]);
    const { pid, responding } = JSON.parse(stdout);
    return responding === true && pid !== before && (pid as number);
  });

describe("a watchdog", () => {
  test("brings a killed daemon back, healthy, with its subscriptions, within the back-off and half a second", async () => {
    await using box = new Box({ CLAUDE_TMUX_BACKOFF_BASE_MS: "400" });
    expect(await box.must(["daemon", "start", "--auto-restart"])).toMatch(
      /^Daemon started \(PID: \d+\)\nWatchdog started \(PID: \d+\)$/,
    );
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.must([
      "daemon",
      "subscribe",
      "dev",
      "pattern-match",
      "0",
      "hello [0-9]",
      'echo "$CLAUDE_TMUX_LINE" >> "$TMUX_TMPDIR/fired"',
    ]);
    const before = await box.pid("daemon");
    const killed = performance.now();
    process.kill(before, "SIGKILL");
    const after = await successor(box, before);
    const took = performance.now() - killed;
    expect(took).toBeGreaterThanOrEqual(400);
    expect(took).toBeLessThan(400 + 5000); // ten times the half second: machines are shared
    expect(await box.must(["daemon", "health"])).toBe("healthy");
    await box.output("pane-exec", "dev", "0", "echo hello 1");
    expect(await box.lines("fired", 1, 10_000)).toEqual(["hello 1"]);
    expect(await status(box)).toMatchObject({
      running: true,
      state: "running",
      daemon_pid: after,
      recent_restarts: 1,
      last_exit: "was killed by SIGKILL",
    });
  });

  test("takes over a daemon that somebody started while it waited to do so, and replaces it when it hangs", async () => {
    await using box = new Box({ CLAUDE_TMUX_BACKOFF_BASE_MS: "1500", CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "1" });
    await box.must(["daemon", "start", "--auto-restart"]);
    const first = await box.pid("daemon");
    process.kill(first, "SIGKILL");
    await until("it waits", async () => (await status(box)).state === "waiting");
    const other = Bun.spawn([BINARY, "daemon", "run"], { env: box.env, stdout: "ignore", stderr: "ignore" });
    const second = await successor(box, first);
    expect(second).toBe(other.pid);
    await until("it is taken over", async () => (await status(box)).daemon_pid === second);
    expect(await status(box)).toMatchObject({ state: "running", recent_restarts: 1 });
    process.kill(second, "SIGSTOP");
    const third = await successor(box, second);
    await until("it is watched", async () => (await status(box)).daemon_pid === third);
    expect(await status(box)).toMatchObject({ last_exit: expect.stringContaining("hung") });
    await other.exited;
  });

  test("stop of either family ends both, and leaves no process", async () => {
    for (const family of ["daemon", "watchdog"]) {
      await using box = new Box();
      await box.must(["watchdog", "start"]);
      const pids = [await box.pid("watchdog"), await box.pid("daemon")];
      expect(await box.must([family, "stop"])).toBe(
        `Watchdog stopped (PID: ${pids[0]})\nDaemon stopped (PID: ${pids[1]})`,
      );
      expect(box.processes()).toEqual([]);
      expect((await box.run([family, "stop"])).exitCode).toBe(1);
      expect(await box.run(["watchdog", "status"])).toMatchObject({ exitCode: 1, stdout: "Watchdog is not running\n" });
    }
  });

  test("stop takes from tmux what a daemon that was killed has left there, before another is started", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.must(["watchdog", "start"]);
    await box.run(["daemon", "subscribe", "dev", "pattern-match", "0", "x"]);
    await until("the pane is heard", () => box.hearing());
    const pid = await box.pid("daemon");
    process.kill(pid, "SIGKILL");
    await until("it is dead", async () => !(await lives(pid)));
    await box.must(["daemon", "stop"]);
    expect(await box.tmux("show-hooks", "-g")).not.toContain("wait-for");
    expect(await box.tmux("show-options", "-p", "-t", "=dev:")).not.toContain("@claude_tmux_pipe");
    expect(await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_pipe}")).toBe("0");
    await until("nothing hears it", async () => (await box.hearing()) === undefined);
    expect(readdirSync(box.state).filter((name) => name.startsWith("pipe-"))).toEqual([]);
  });

  test("waits twice as long each time, gives up after the limit, and says so", async () => {
    await using box = new Box({ CLAUDE_TMUX_BACKOFF_BASE_MS: "50", CLAUDE_TMUX_RESTART_LIMIT: "3" });
    const watchdog = Bun.spawn([BINARY, "watchdog", "run"], { env: box.env, stdout: "ignore", stderr: "pipe" });
    let pid = await successor(box, 0);
    for (let i = 0; i < 3; i++) {
      process.kill(pid, "SIGKILL");
      pid = await successor(box, pid);
    }
    process.kill(pid, "SIGKILL");
    expect(await watchdog.exited).toBe(1);
    const log = await box.must(["watchdog", "logs"]);
    expect([...log.matchAll(/restart (\d) of 3 in ([\d.]+) s/g)].map(([, n, s]) => [n, s])).toEqual([
      ["1", "0.05"],
      ["2", "0.1"],
      ["3", "0.2"],
    ]);
    expect(log).toContain("giving up after 3 restarts");
    expect(await box.run(["watchdog", "status"])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("gave up"),
    });
    expect(box.processes()).toEqual([]);
  });

  test("ends when its daemon ends gracefully", async () => {
    await using box = new Box();
    await box.must(["watchdog", "start"]);
    const watchdog = await box.pid("watchdog");
    process.kill(await box.pid("daemon"), "SIGTERM");
    await until("the watchdog has ended", async () => !(await lives(watchdog)));
    expect(box.processes()).toEqual([]);
  });

  test("replaces a daemon that hangs", async () => {
    await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2" });
    await box.must(["watchdog", "start"]);
    const before = await box.pid("daemon");
    process.kill(before, "SIGSTOP");
    await successor(box, before);
    expect(await lives(before)).toBe(false);
    expect((await status(box)).last_exit).toContain("hung");
  });

  const isLinux = process.platform === "linux"; // elsewhere each look at it would be a process
  test.skipIf(!isLinux)(
    "is replaced when it is stopped for too long, over the same daemon; a short stop is let be",
    async () => {
      await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "3" });
      await box.must(["watchdog", "start"]);
      const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
      process.kill(watchdog, "SIGSTOP");
      process.kill(watchdog, "SIGCONT");
      expect(await box.pid("watchdog")).toBe(watchdog);
      process.kill(watchdog, "SIGSTOP");
      await until("another watchdog watches", async () => {
        const { running, pid } = await status(box);
        return running && pid !== watchdog && !(await lives(watchdog));
      });
      expect(await box.pid("daemon")).toBe(daemon);
      expect(readFileSync(`${box.state}/daemon.log`, "utf8")).toContain(
        `the watchdog ${watchdog} is stopped; killing it`,
      );
      await box.must(["daemon", "stop"]);
      expect(box.processes()).toEqual([]);
    },
  );

  test("in the foreground, ends with its daemon at SIGINT", async () => {
    await using box = new Box();
    const watchdog = Bun.spawn([BINARY, "watchdog", "run"], { env: box.env, stdout: "ignore", stderr: "ignore" });
    await successor(box, 0);
    watchdog.kill("SIGINT");
    expect(await watchdog.exited).toBe(0);
    expect(box.processes()).toEqual([]);
  });

  test("goes on after its state folder was deleted, and stop finds both", async () => {
    await using box = new Box();
    await box.must(["watchdog", "start"]);
    const [watchdog, daemon] = [await box.pid("watchdog"), await box.pid("daemon")];
    rmSync(box.state, { recursive: true });
    await successor(box, daemon);
    await until(
      "the watchdog has its files again",
      async () => (await box.pid("watchdog").catch(() => 0)) === watchdog,
    );
    await box.must(["daemon", "stop"]);
    expect(box.processes()).toEqual([]);
  });

  test("is refused over a daemon that runs already, and beside another", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    expect(await box.run(["watchdog", "start"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Daemon is already running"),
    });
    await box.must(["daemon", "stop"]);
    const starts = await Promise.all(Array.from({ length: 6 }, () => box.run(["daemon", "start", "--auto-restart"])));
    expect(starts.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1);
    expect(box.processes().toSorted()).toEqual([await box.pid("daemon"), await box.pid("watchdog")].toSorted());
  });

  test("that can't start its daemon says why, and is gone", async () => {
    await using box = new Box();
    box.env.PATH = "/nonexistent";
    expect(await box.run(["watchdog", "start"])).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining("tmux is not on PATH"),
    });
    expect(box.processes()).toEqual([]);
  });
});
