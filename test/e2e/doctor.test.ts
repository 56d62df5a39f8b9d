import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { Finding } from "../../src/doctor/finding.ts";
import { BINARY, Box, until } from "../helpers/box.ts";

/** What the doctor says of each thing, and its exit code. */
async function examined(box: Box): Promise<{ exitCode: number; verdict: string; of: Record<string, Finding> }> {
  const { stdout, exitCode } = await box.run(["doctor", "--json"]);
  const { verdict, findings } = JSON.parse(stdout) as { verdict: string; findings: Finding[] };
  return { exitCode, verdict, of: Object.fromEntries(findings.map((finding) => [finding.check, finding])) };
}

/** A box in which nothing is wrong. */
function sound(settings: Record<string, string> = {}): Box {
  const box = new Box({ SHELL: "/bin/bash", LC_ALL: "C.UTF-8", ...settings });
  mkdirSync(`${box.folder}/bin`);
  symlinkSync(BINARY, `${box.folder}/bin/claude-tmux`);
  box.env.PATH = `${box.folder}/bin:${box.env.PATH}`;
  return box;
}

/** Leaves what a watchdog that gave up leaves, with such words. */
function gaveUp(box: Box, last_exit: string): void {
  const restarts = { recent_restarts: 5, total_restarts: 5, restarts: [], next_restart_at: null };
  const status = { state: "gave-up", daemon_pid: null, last_exit, ...restarts };
  writeFileSync(`${box.state}/watchdog.status`, JSON.stringify(status));
}

/** Puts a script before the real tmux, whose path it is made from. */
function pretend(box: Box, script: (real: string) => string): void {
  const real = Bun.which("tmux", { PATH: (box.env.PATH ?? "").replace(`${box.folder}/bin:`, "") }) ?? "";
  writeFileSync(`${box.folder}/bin/tmux`, `#!/bin/sh\n${script(real)}\n`, { mode: 0o755 });
}

describe("doctor", () => {
  test("finds nothing wrong where nothing is, before and after the first start", async () => {
    await using box = sound();
    expect(await examined(box)).toMatchObject({ exitCode: 0, verdict: "ok" });
    await box.output("session-create", "dev");
    await box.must(["daemon", "start", "--auto-restart"]);
    const after = await examined(box);
    expect(after).toMatchObject({ exitCode: 0, verdict: "ok" });
    expect(after.of["tmux server"]?.message).toContain("1 session");
    expect(after.of.daemon?.message).toBe(`healthy (PID ${await box.pid("daemon")})`);
    expect((await box.run(["doctor"])).stdout).toMatch(/^✓ program {7}claude-tmux /);
  });

  test("says what to do about what works less well", async () => {
    await using box = new Box({ SHELL: "/bin/sh", LC_ALL: "C" });
    await box.must(["daemon", "start"]);
    const { exitCode, verdict, of } = await examined(box);
    expect({ exitCode, verdict }).toEqual({ exitCode: 0, verdict: "warning" });
    expect(of.program?.advice).toContain("PATH");
    expect(of.locale?.advice).toContain("LC_ALL=C.UTF-8");
    expect(of.shell?.advice).toContain("bash 5, zsh or fish");
    expect(of.watchdog?.advice).toContain("daemon ensure --auto-restart");
    expect((await box.run(["doctor"])).stdout).toMatch(/^! locale.*\n +→ .*LC_ALL=C\.UTF-8$/m);
  });

  test("without tmux, and with a state folder that is not safe", async () => {
    await using box = sound();
    mkdirSync(box.state, { mode: 0o755 });
    chmodSync(box.state, 0o755);
    box.env.PATH = `${box.folder}/bin`;
    const { exitCode, of } = await examined(box);
    expect(exitCode).toBe(1);
    expect(of.tmux).toMatchObject({ verdict: "error", message: expect.stringContaining("tmux is not on PATH") });
    expect(of["state folder"]).toMatchObject({ verdict: "error", message: expect.stringContaining("mode 755") });
  });

  test("reads nothing of a state folder that is refused", async () => {
    await using box = new Box();
    mkdirSync(box.state, { mode: 0o755 });
    gaveUp(box, "\x1b]52;c;ZXZpbA==\x07\x1b[2J");
    const { exitCode, stdout } = await box.run(["doctor"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("has mode 755");
    expect(stdout).not.toContain("gave up");
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    const { findings } = JSON.parse((await box.run(["doctor", "--json"])).stdout);
    const checks = findings.map(({ check }: { check: string }) => check);
    expect(checks).not.toContain("watchdog");
    expect(checks).not.toContain("daemon");
  });

  test("what a file in it says moves no terminal", async () => {
    await using box = new Box();
    mkdirSync(box.state, { mode: 0o700 });
    gaveUp(box, "died\x1b[2J\x9b31m");
    for (const command of [["doctor"], ["watchdog", "status"]]) {
      const { stdout } = await box.run(command);
      expect(stdout).toContain("died\\x1b[2J\\x9b31m");
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    }
  });

  test("a daemon that hangs, and a watchdog that gave up", async () => {
    await using box = sound({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "1", CLAUDE_TMUX_RESTART_LIMIT: "0" });
    await box.must(["daemon", "start"]);
    process.kill(await box.pid("daemon"), "SIGSTOP");
    const unhealthy = await until("it shows", async () => {
      const { exitCode, of } = await examined(box);
      return of.daemon?.verdict === "error" && { exitCode, message: of.daemon.message };
    });
    expect(unhealthy).toEqual({ exitCode: 1, message: expect.stringContaining("heartbeat") });
    await box.must(["daemon", "stop"]);
    await box.must(["watchdog", "start"]);
    process.kill(await box.pid("watchdog"), "SIGSTOP");
    const stopped = await until("it is stopped", async () => {
      const { watchdog } = (await examined(box)).of;
      return watchdog?.verdict === "error" && watchdog;
    });
    expect(stopped.advice).toContain("kill -CONT");
    process.kill(await box.pid("watchdog"), "SIGCONT");
    process.kill(await box.pid("daemon"), "SIGKILL");
    const gaveUp = await until("it gave up", async () => {
      const { watchdog } = (await examined(box)).of;
      return watchdog?.message.startsWith("gave up") && watchdog;
    });
    expect(gaveUp.message).toContain("gave up");
  });

  test("a tmux server of another version", async () => {
    await using box = sound();
    await box.output("session-create", "dev");
    pretend(box, (real) => `[ "$1" = -V ] && { echo tmux 9.9; exit; }\nexec ${real} "$@"`);
    expect((await examined(box)).of["tmux server"]).toMatchObject({
      verdict: "warning",
      advice: expect.stringContaining("yours is 9.9 now"),
    });
  });

  test("the known faults of the tmux server that runs: notes where they are gone round", async () => {
    await using box = sound();
    await box.output("session-create", "dev");
    const answer = (real: string, version: string) =>
      `[ "$1" = -V ] && { echo tmux ${version}; exit; }
case "$*" in *list-sessions*) ${real} "$@" | sed '1s/.*/${version}/' ;; *) exec ${real} "$@" ;; esac`;
    pretend(box, (real) => answer(real, "3.4"));
    const { verdict, of } = await examined(box);
    expect(verdict).toBe("ok");
    expect(of["known fault"]).toMatchObject({ verdict: "note", message: expect.stringMatching(/^tmux 3\.4 prints/) });
    expect((await box.run(["doctor"])).stdout).toMatch(/^i known fault {3}tmux 3\.4 may crash when.*\n +→ .*3\.7/m);
    pretend(box, (real) => answer(real, "3.2a"));
    expect(await examined(box)).toMatchObject({ exitCode: 0, verdict: "warning" });
    expect((await box.run(["doctor"])).stdout).toMatch(/^! known fault {3}tmux 3\.2a crashes .*\n +→ /m);
  });
});
