import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import pkg from "../../package.json" with { type: "json" };
import { BINARY, Box } from "../helpers/box.ts";

/** Runs the binary with exactly this environment. */
function run(args: string[], options: { env?: Record<string, string>; cwd?: string; program?: string } = {}) {
  const { env = { PATH: "/usr/bin:/bin" }, cwd = "/", program = BINARY } = options;
  const { stdout, stderr, exitCode } = Bun.spawnSync([program, ...args], { env, cwd, stdin: "ignore" });
  return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode };
}

function folder(): { path: string } & Disposable {
  const path = mkdtempSync(`${tmpdir()}/claude-tmux-cli-`);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

describe("the binary", () => {
  test.each([[["version"]], [["--version"]], [["-V"]], [["bridge", "pane-exec", "-V"]]])(
    "%p prints the version of package.json",
    (args) => {
      expect(run(args)).toEqual({ stdout: `${pkg.version}\n`, stderr: "", exitCode: 0 });
    },
  );

  test("reads no .env and no bunfig.toml of the folder it is called in", () => {
    using dir = folder();
    writeFileSync(`${dir.path}/.env`, "CLAUDE_TMUX_STATE_DIR=relative\nNO_COLOR=1\nDEBUG=1\n");
    writeFileSync(`${dir.path}/bunfig.toml`, 'preload = ["./evil.ts"]\n');
    writeFileSync(
      `${dir.path}/evil.ts`,
      'require("fs").writeFileSync("evil-ran", ""); console.log("evil"); process.exit(66);\n',
    );
    expect(run(["version"], { cwd: dir.path })).toEqual({ stdout: `${pkg.version}\n`, stderr: "", exitCode: 0 });
    // a command that does read CLAUDE_TMUX_STATE_DIR: the relative path of the .env would be refused with exit code 2
    const env = { PATH: "/usr/bin:/bin", TMUX_TMPDIR: dir.path };
    expect(run(["-L", "x", "daemon", "health"], { cwd: dir.path, env })).toMatchObject({
      stdout: "unhealthy\n",
      exitCode: 1,
    });
  });

  test("without tmux, a command that needs it exits 127 and says how to get it", () => {
    const { exitCode, stdout, stderr } = run(["bridge", "session-list"], { env: { PATH: "/nonexistent" } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 127, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      status: "error",
      error: { code: "ERR_TMUX_MISSING", hint: expect.stringContaining("apt-get install tmux") },
    });
    using dir = folder(); // it asks tmux in another way than the others
    const env = { PATH: "/nonexistent", CLAUDE_TMUX_STATE_DIR: `${dir.path}/state` };
    expect(run(["bridge", "state-sync"], { env }).exitCode).toBe(127);
  });

  test("with a tmux that is too old, it exits 127 and says which version it found", () => {
    using dir = folder();
    writeFileSync(
      `${dir.path}/tmux`,
      '#!/bin/sh\n[ "$1" = -V ] && echo "tmux 3.1c" && exit 0\necho "unknown command" >&2; exit 1\n',
    );
    chmodSync(`${dir.path}/tmux`, 0o755);
    const { exitCode, stdout } = run(["bridge", "session-list"], { env: { PATH: dir.path } });
    expect(exitCode).toBe(127);
    expect(JSON.parse(stdout)).toMatchObject({
      output: "tmux 3.1c is too old, 3.2 or newer is needed",
      error: { code: "ERR_TMUX_TOO_OLD" },
    });
  });

  test.each([
    [["--frob"], "unknown option --frob"],
    [["daemon", "health", "--frob"], "unknown option --frob"],
    [["frob"], 'no command "frob"'],
    [["daemon", "helth"], "Did you mean: claude-tmux daemon health"],
    [["daemon", "health", "extra"], 'unexpected argument "extra"'],
    [["daemon", "logs", "0"], "not a whole number"],
    [["help", "bogus"], 'There is no help on "bogus"'],
    [["-L", "a/b", "daemon", "health"], "not a socket name"],
    [["daemon", "subscribe", "dev", "timeout", "0", "-5"], "not a number of seconds"],
    [["daemon", "subscribe", "dev", "timeout", "0", "5x"], "not a number of seconds"],
    [["daemon", "subscribe", "dev", "pattern-match", "0", "("], "not valid"],
    [["daemon", "subscribe", "dev", "frob", "0", "x"], "not a type of subscription"],
  ])("%p is refused with exit code 2", (args, message) => {
    const { exitCode, stdout, stderr } = run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test.each([
    [["--help"]],
    [["help"]],
    [["bridge", "--help"]],
    [["daemon", "help"]],
    [["help", "bridge", "pane-exec"]],
    [["daemon", "subscribe", "-h"]],
  ])("%p is an answer on stdout", (args) => {
    const { exitCode, stdout, stderr } = run(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("USAGE");
  });

  test("without a command it shows the list as an error", () => {
    expect(run([])).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run(["daemon"])).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("errors of daemon commands are JSON with --json", () => {
    const { stdout, exitCode } = run(["daemon", "subscribe", "dev", "frob", "0", "x", "--json"]);
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
      exitCode: 2,
      status: "error",
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
  });

  test("a reader that has seen enough is no error", async () => {
    const child = Bun.spawn(["sh", "-c", `"${BINARY}" --help | true; "${BINARY}" --help | head -1`], {
      stdout: "pipe",
      stderr: "pipe",
    });
    expect(await child.stderr.text()).toBe("");
    expect(await child.stdout.text()).toContain(pkg.version);
  });
});

describe("called by another name", () => {
  test.each([
    ["claude-tmux-bridge.sh", ["session-list"], "session-list"],
    ["claude-tmux-bridge", ["session-list"], "session-list"],
  ])("%s is that family", async (name, args, command) => {
    await using box = new Box();
    const link = `${box.folder}/${name}`;
    symlinkSync(BINARY, link);
    const { stdout, exitCode } = run(args, { program: link, env: { ...box.env } });
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 0, status: "success", command });
  });

  test.each(["claude-tmux-daemon", "claude-tmux-daemon.sh"])("%s is the daemon family", async (name) => {
    await using box = new Box();
    symlinkSync(BINARY, `${box.folder}/${name}`);
    expect(run(["health"], { program: `${box.folder}/${name}`, env: { ...box.env } })).toMatchObject({
      stdout: "unhealthy\n",
      exitCode: 1,
    });
  });

  test.each(["claude-tmux-watchdog", "claude-tmux-daemon-watchdog.sh"])("%s is the watchdog family", async (name) => {
    await using box = new Box();
    symlinkSync(BINARY, `${box.folder}/${name}`);
    expect(run(["status"], { program: `${box.folder}/${name}`, env: { ...box.env } })).toMatchObject({
      stdout: "Watchdog is not running\n",
      exitCode: 1,
    });
  });
});

describe("an unsafe state folder is refused, not repaired", () => {
  test.each<[string, (path: string) => void]>([
    ["a link", (path) => symlinkSync("/tmp", path)],
    ["a file", (path) => writeFileSync(path, "")],
    ["one that others can read", (path) => mkdirSync(path, { mode: 0o755 })],
    ["one that its group can read", (path) => mkdirSync(path, { mode: 0o750 })],
    // only root can give a folder away
    ...(process.geteuid?.() === 0 ? [["someone else's", strangersFolder] as [string, (path: string) => void]] : []),
  ])("%s", async (_, make) => {
    await using box = new Box();
    make(box.state);
    for (const args of [
      ["daemon", "start"],
      ["daemon", "health"],
      ["daemon", "stop"],
      ["daemon", "events"],
      ["daemon", "ensure"],
      ["daemon", "restart"],
      ["daemon", "recover", "--force"],
      ["watchdog", "start"],
      ["watchdog", "stop", "--keep-daemon"],
    ]) {
      const { exitCode, stderr } = await box.run(args);
      expect({ args, exitCode }).toEqual({ args, exitCode: 1 });
      expect(stderr).toContain("is not used");
    }
    rmSync(box.state, { recursive: true, force: true });
  });
});

function strangersFolder(path: string): void {
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, 12_345, 12_345);
}
