import { expect, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { BINARY, Box, until } from "../helpers/box.ts";

/** The binary in a folder with every sign that a unit, a crontab or a shell reads as its own. */
function oddBinary(box: Box): string {
  const folder = `${box.folder}/my $HOME 100% "to'ols" \\x;<&>`;
  mkdirSync(folder);
  try {
    linkSync(BINARY, `${folder}/claude-tmux`);
  } catch {
    copyFileSync(BINARY, `${folder}/claude-tmux`); // on another disk
  }
  return `${folder}/claude-tmux`;
}

const unitOf = (box: Box) => `${box.folder}/.config/systemd/user/claude-tmux.service`;

test("install systemd writes a unit, once, and says what to do", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  const told = await box.must(["install", "systemd"]);
  expect(told).toContain(`${unitOf(box)} written`);
  expect(told).toContain("systemctl --user enable --now claude-tmux");
  const unit = readFileSync(unitOf(box), "utf8");
  expect(unit).toContain(`ExecStart=${BINARY} watchdog run\n`);
  expect(unit).toContain(`CLAUDE_TMUX_STATE_DIR=${box.state}`);
  expect(await box.must(["install", "systemd"])).toContain("is up to date");
  writeFileSync(unitOf(box), "mine");
  expect(await box.run(["install", "systemd"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("--force"),
  });
  expect(readFileSync(unitOf(box), "utf8")).toBe("mine");
  await box.must(["install", "systemd", "--force"]);
  expect(readFileSync(unitOf(box), "utf8")).toBe(unit);
});

test("--restore writes a unit of its own, which uninstall takes away", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  box.env.XDG_STATE_HOME = `${box.folder}/durable`;
  const file = unitOf(box).replace(".service", "-restore.service");
  const told = await box.must(["install", "systemd", "--restore"]);
  expect(told).toContain(`${file} written`);
  expect(told).toContain("systemctl --user enable claude-tmux-restore\n");
  expect(existsSync(unitOf(box))).toBe(false);
  const unit = readFileSync(file, "utf8");
  expect(unit).toContain(`ExecStart=${BINARY} daemon restore\n`);
  expect(unit).toContain(`Environment="XDG_STATE_HOME=${box.folder}/durable"\n`);
  await box.must(["install", "systemd"]);
  const { removed, next } = JSON.parse(await box.must(["uninstall", "--json"]));
  expect(removed).toEqual(expect.arrayContaining([file, unitOf(box)]));
  expect(next).toEqual(["systemctl --user daemon-reload"]);
  expect(existsSync(file)).toBe(false);
  for (const wrong of [
    ["cron", "--restore"],
    ["systemd", "--system", "--restore"],
  ]) {
    const { exitCode, stderr } = await box.run(["install", ...wrong]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining("--restore") });
  }
});

test("--print writes nothing; the others are printed", async () => {
  await using box = new Box();
  const system = await box.must(["-L", "other", "install", "systemd", "--system", "--print"]);
  expect(system).toContain("-L other watchdog run");
  expect(system).toMatch(/^User=\w+$/m);
  expect(await box.must(["install", "launchd", "--print"])).toContain("<key>KeepAlive</key>");
  expect(await box.must(["install", "cron"])).toMatch(/^\* \* \* \* \* .* daemon ensure --auto-restart --quiet 2>&1$/m);
  expect(await box.must(["install", "docker"])).toContain("HEALTHCHECK");
  expect(await box.must(["install", "kubernetes"])).toContain("livenessProbe:");
  for (const [agent, belongs] of [
    ["codex", "~/.codex/hooks.json"],
    ["gemini", "~/.gemini/settings.json"],
  ] as const) {
    const { stdout, stderr } = await box.run(["install", agent]);
    expect(JSON.parse(stdout).hooks.SessionEnd[0].hooks[0].command).toBe(`${BINARY} agent-hook ${agent}`);
    expect(stderr).toContain(belongs);
  }
  expect(existsSync(`${box.folder}/.config`)).toBe(false);
  expect((await box.run(["install", "openrc"])).exitCode).toBe(2);
  expect((await box.run(["install", "systemd", "--user", "--system"])).exitCode).toBe(2);
});

test.skipIf(Bun.which("systemd-analyze") === null)("systemd accepts the units", async () => {
  await using box = new Box();
  for (const scope of ["--user", "--system", "--restore"]) {
    const file = `${box.folder}/claude-tmux${scope === "--restore" ? "-restore" : ""}.service`;
    writeFileSync(file, `${await box.must(["install", "systemd", scope, "--print"])}\n`);
    const words = ["systemd-analyze", ...(scope === "--system" ? [] : ["--user"]), "verify", file];
    const verify = Bun.spawnSync(words, { env: { ...box.env, XDG_RUNTIME_DIR: box.folder } });
    expect({ exitCode: verify.exitCode, said: verify.stderr.toString() }).toEqual({ exitCode: 0, said: "" });
  }
});

test.skipIf(Bun.which("systemd-analyze") === null)("systemd reads strange names as they are", async () => {
  await using box = new Box();
  const unit = Bun.spawnSync([oddBinary(box), "-L", "$H ${HOME} %n;'", "install", "systemd", "--print"], {
    env: { ...box.env, CLAUDE_TMUX_STATE_DIR: `${box.folder}/$A "b" %h \\n` },
  });
  const file = `${box.folder}/claude-tmux.service`;
  writeFileSync(file, unit.stdout);
  const verify = Bun.spawnSync(["systemd-analyze", "--user", "verify", file], {
    env: { ...box.env, XDG_RUNTIME_DIR: box.folder },
  });
  expect({ exitCode: verify.exitCode, said: verify.stderr.toString() }).toEqual({ exitCode: 0, said: "" });
});

test("a file that cannot be written is an error with advice, and leaves nothing", async () => {
  await using box = new Box();
  const folder = `${box.folder}/.config/systemd/user`;
  mkdirSync(`${folder}/claude-tmux.service`, { recursive: true });
  const environment = { ...box.env, XDG_CONFIG_HOME: "relative" }; // which counts as none
  const { exitCode, stderr } = Bun.spawnSync([BINARY, "install", "systemd", "--force"], { env: environment, cwd: "/" });
  expect(exitCode).toBe(1);
  expect(stderr.toString()).toContain("cannot be written");
  expect(stderr.toString()).toContain("--print");
  expect(readdirSync(folder)).toEqual(["claude-tmux.service"]);
});

test("crontab accepts the line, and it starts the daemon with cron's environment", async () => {
  await using box = new Box();
  const lines = (await box.must(["install", "cron"])).split("\n").filter((line) => !line.startsWith("#"));
  const command = lines.at(-1)?.replace("* * * * * ", "") ?? "";
  const env: Record<string, string> = { HOME: box.folder, SHELL: "/bin/sh" };
  for (const line of lines.slice(0, -1)) env[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
  const ran = Bun.spawnSync(["/bin/sh", "-c", command], { env, cwd: box.folder });
  expect({ exitCode: ran.exitCode, said: ran.stdout.toString() + ran.stderr.toString() }).toEqual({
    exitCode: 0,
    said: "",
  });
  expect(await box.must(["daemon", "health"])).toBe("healthy");
  // a job of one's own below it finds the program
  expect(env.PATH?.split(":")).toContain(dirname(BINARY));
  expect(statSync(`${box.state}/daemon.log`).size).toBeGreaterThan(0);
});

test("watchdog start stays in the foreground when systemd itself started it", async () => {
  await using box = new Box();
  const service = Bun.spawn(["sh", "-c", 'SYSTEMD_EXEC_PID=$$ exec "$0" watchdog start', BINARY], {
    env: box.env,
    stdout: "ignore",
    stderr: "ignore",
  });
  await until("it serves", async () => (await box.run(["daemon", "status"])).exitCode === 0);
  expect(await box.pid("watchdog")).toBe(service.pid);
  service.kill("SIGTERM");
  expect(await service.exited).toBe(0);
  expect(box.processes()).toEqual([]);
});

test("each tmux server has a unit of its own, with the settings that hold for it", async () => {
  await using box = new Box({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "60", CLAUDE_TMUX_EVENT: "none of a service's business" });
  delete box.env.XDG_CONFIG_HOME;
  await box.must(["install", "systemd"]);
  expect(await box.must(["-L", "other", "install", "systemd"])).toContain("enable --now claude-tmux-other");
  const unit = readFileSync(unitOf(box), "utf8");
  expect(unit).toContain('Environment="CLAUDE_TMUX_HEARTBEAT_MAX_AGE=60"');
  expect(unit).not.toContain("CLAUDE_TMUX_EVENT=");
  expect(JSON.parse(await box.must(["install", "cron", "--json"])).text).toContain("CLAUDE_TMUX_HEARTBEAT_MAX_AGE=60");
});
