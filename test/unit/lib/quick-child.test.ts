import { describe, expect, spyOn, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { QuickChild } from "../../../src/lib/quick-child.ts";
import { poll } from "../../../src/lib/wait.ts";

const run = (
  script: string,
  options: { input?: Uint8Array; timeoutMs?: number; env?: Record<string, string> } = {},
) => {
  const { timeoutMs = 20_000, ...rest } = options;
  return QuickChild.start(["/bin/sh", "-c", script], rest)?.wait(timeoutMs);
};
const descriptors = () => readdirSync("/proc/self/fd").length;

// elsewhere, and where a container refuses pidfd_open(2), Bun.spawnSync() is asked instead, by contract
describe.skipIf(run("exit 0") === undefined)("a child process by the C library", () => {
  test.each([
    ["exit 0", { exitCode: 0, stdout: "", stderr: "" }],
    ["echo out; echo err >&2; exit 3", { exitCode: 3, stdout: "out\n", stderr: "err\n" }],
    ["echo out; kill -KILL $$", { exitCode: null, stdout: "out\n", stderr: "" }],
    ["exit 255", { exitCode: 255, stdout: "", stderr: "" }],
    ["cat; echo end", { exitCode: 0, stdout: "end\n", stderr: "" }], // no input is /dev/null
  ])("%s", (script, outcome) => {
    expect(run(script)).toEqual({ ...outcome, timedOut: false });
  });

  test("input and output are whole, whatever their size and their first character", () => {
    const text = `\ufeff${"grün 🙂\n".repeat(500_000)}`;
    const input = new TextEncoder().encode(text);
    expect(run("cat", { input })?.stdout === text).toBeTrue();
    expect(run("wc -c", { input })?.stdout).toBe(`${input.length}\n`);
    expect(run("wc -c", { input: new Uint8Array() })?.stdout).toBe("0\n");
  });

  test("gets the environment that is named, or this one's", () => {
    expect(run("echo $PATH")?.stdout).toBe(`${process.env.PATH}\n`);
    expect(run("echo $PATH", { env: { PATH: "/given" } })?.stdout).toBe("/given\n");
  });

  test("is ended when it takes too long; what it wrote is there", async () => {
    const outcome = run("echo $$; exec sleep 60", { timeoutMs: 1500 });
    expect(outcome).toMatchObject({ exitCode: null, timedOut: true });
    const pid = Number(outcome?.stdout);
    expect(await poll(20_000, 10, () => !existsSync(`/proc/${pid}`))).toBeTrue(); // Bun reaps it
  });

  test("a signal in the middle of the wait does not end it", () => {
    const ignore = () => {};
    process.on("SIGWINCH", ignore);
    expect(run(`kill -WINCH ${process.pid}; sleep 0.2; exit 5`)).toMatchObject({ exitCode: 5, timedOut: false });
    process.off("SIGWINCH", ignore);
  });

  test("one that has ended, and is reaped, before it is waited for", async () => {
    const spawn = spyOn(Bun, "spawn");
    const child = QuickChild.start(["/bin/sh", "-c", "echo out; exit 4"], {});
    const started = spawn.mock.results[0]?.value as Bun.Subprocess;
    spawn.mockRestore();
    expect(await started.exited).toBe(4);
    expect(child?.wait(1000)).toMatchObject({ exitCode: 4, stdout: "out\n" });
  });

  test("a program that is not there throws as Bun.spawn() does", () => {
    expect(() => QuickChild.start(["claude-tmux-no-such-program"], {})).toThrow(
      expect.objectContaining({ code: "ENOENT" }) as never,
    );
  });

  test("one whose parent has left SIGCHLD ignored", () => {
    // the kernel would reap it, and its exit code would be lost
    const script = `import { QuickChild } from "${import.meta.dir}/../../../src/lib/quick-child.ts";
      console.log(QuickChild.start(["/bin/sh", "-c", "exit 7"], {})?.wait(9000).exitCode);`;
    const ignoring = `trap "" CHLD; exec "$0" -e "$1"`;
    expect(Bun.spawnSync(["bash", "-c", ignoring, process.execPath, script]).stdout.toString()).toBe("7\n");
  });

  test("what was found out is told again", () => {
    const child = QuickChild.start(["/bin/sh", "-c", "echo out; exit 4"], {});
    expect(child?.wait(20_000)).toEqual(child?.wait(0) as never);
  });

  test("nothing stays open", async () => {
    const before = descriptors();
    for (let i = 0; i < 20; i++) {
      run("exit 1", { input: new Uint8Array(10) });
      run("sleep 9", { timeoutMs: 1 });
      expect(() => QuickChild.start(["claude-tmux-no-such-program"], { input: new Uint8Array(10) })).toThrow();
    }
    expect(await poll(20_000, 10, () => descriptors() <= before)).toBeTrue(); // when Bun has closed what it had of them
  });
});
