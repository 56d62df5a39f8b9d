import { expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { BINARY, Box, lives, sessionNames, until } from "../helpers/box.ts";

const unitOf = (box: Box) => `${box.folder}/.config/systemd/user/claude-tmux.service`;
const wantsOf = (box: Box) => `${box.folder}/.config/systemd/user/default.target.wants`;

/** A box in which everything was installed, and runs: the default server and another one. */
async function installed(): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  delete box.env.XDG_CONFIG_HOME;
  await box.must(["install", "systemd"]);
  mkdirSync(wantsOf(box));
  symlinkSync(unitOf(box), `${wantsOf(box)}/claude-tmux.service`);
  symlinkSync("/dev/null", `${wantsOf(box)}/other.service`);
  await box.output("gc-enable");
  for (const server of [[], ["-L", "other"]]) {
    await box.must([...server, "session-create", "dev"]);
    await box.must([...server, "daemon", "start"]);
  }
  await box.must(["pane-metadata-set", "dev", "0", "key", "value"]);
  await box.tmux("set-option", "-p", "-t", "=dev:", "@mine", "a person's");
  return box;
}

const options = async (box: Box, ...server: string[]) => {
  const of = (...args: string[]) => box.tmux(...server, ...args);
  const all = [
    await of("show-options", "-p", "-t", "=dev:"),
    await of("show-options", "-t", "=dev:"),
    await of("show-hooks", "-g"),
  ];
  return all
    .join("\n")
    .split("\n")
    .filter((line) => /claude|@mine/.test(line));
};

test("uninstall takes away what was installed, and leaves sessions, what runs in them, and what is a person's", async () => {
  await using box = await installed();
  const pids = [await box.pid("daemon"), Number(readFileSync(`${box.state}/server-other/daemon.pid`, "utf8"))];
  const pane = Number(await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_pid}"));
  const foretold = JSON.parse(await box.must(["uninstall", "--all", "--dry-run", "--json"]));
  expect(await Promise.all(pids.map(lives))).toEqual([true, true]);
  expect(existsSync(unitOf(box))).toBe(true);
  const told = JSON.parse(await box.must(["uninstall", "--all", "--json"]));
  expect(told).toEqual({ ...foretold, dry_run: false });
  expect(told.next).toEqual(["systemctl --user daemon-reload"]);
  expect(told.kept.map(({ what }: { what: string }) => what)).toEqual([`${box.state}/server-other`, box.state]);
  await until("both daemons are gone", async () => !(await lives(pids[0] ?? 0)) && !(await lives(pids[1] ?? 0)));
  expect(existsSync(unitOf(box))).toBe(false);
  expect(readdirSync(wantsOf(box))).toEqual(["other.service"]);
  expect(existsSync(box.durable)).toBe(false);
  expect(await options(box)).toEqual(['@mine "a person\'s"']);
  expect(await options(box, "-L", "other")).toEqual([]);
  expect(await lives(pane)).toBe(true);
  expect(existsSync(`${box.state}/state.db`)).toBe(true);
  const again = JSON.parse(await box.must(["uninstall", "--all", "--json"]));
  expect(again).toMatchObject({ removed: [], next: [] });
  Bun.spawnSync(["tmux", "-L", "other", "kill-server"], { env: box.env });
});

test("a file that somebody has changed since stays, and so does what nobody installed", async () => {
  await using box = await installed();
  writeFileSync(unitOf(box), "mine");
  const told = JSON.parse(await box.must(["uninstall", "--all", "--purge", "--json"]));
  expect(told.kept[0]).toEqual({ what: unitOf(box), why: "somebody has changed it since it was installed" });
  expect(readFileSync(unitOf(box), "utf8")).toBe("mine");
  expect(existsSync(`${wantsOf(box)}/claude-tmux.service`)).toBe(true);
  Bun.spawnSync(["tmux", "-L", "other", "kill-server"], { env: box.env });
});

test("--purge removes what was stored, and no file of a person's", async () => {
  await using box = await installed();
  // every file that is written there
  await box.must(["daemon", "stop"]);
  await box.must(["watchdog", "start"]);
  await box.output("pane-run", "dev", "0", "--", "true");
  await box.must(["state-sync"]);
  await box.output("session-save", "dev");
  await box.must(["gc-run"]);
  await box.must(["daemon", "recover", "--force"]);
  for (const name of ["daemon.log.1", "state.db.damaged-2026-01-01", "mine.txt"])
    writeFileSync(`${box.state}/${name}`, "");
  const { stdout, exitCode } = await box.run(["uninstall", "--all", "--purge", "--json"]);
  const told = JSON.parse(stdout);
  expect(exitCode).toBe(1);
  expect(told.failed).toEqual([
    {
      what: `${box.state}: what is stored of the tmux server default`,
      why: "it holds what is not ours to remove: mine.txt",
    },
  ]);
  expect(readdirSync(box.state).toSorted()).toEqual(["made", "mine.txt", "owner.json"]);
  expect(existsSync(box.durable)).toBe(false);
  expect((await box.tmux("list-sessions", "-F", "#{session_name}")).split("\n")).toEqual(["dev"]);
  Bun.spawnSync(["tmux", "-L", "other", "kill-server"], { env: box.env });
});

test("a file that was there already stays", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  mkdirSync(`${box.folder}/.config/systemd/user`, { recursive: true });
  writeFileSync(unitOf(box), `${await box.must(["install", "systemd", "--print"])}\n`);
  expect(await box.must(["install", "systemd"])).toContain("is up to date");
  await box.must(["uninstall"]);
  expect(existsSync(unitOf(box))).toBe(true);
});

test("a file is noted only if it was installed", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  mkdirSync(`${box.folder}/.config/systemd/user`, { recursive: true });
  writeFileSync(unitOf(box), "mine");
  expect((await box.run(["install", "systemd"])).exitCode).toBe(1);
  expect(await box.must(["uninstall"])).not.toContain(unitOf(box));
  expect(readFileSync(unitOf(box), "utf8")).toBe("mine");
});

test("the text says what is done", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  // a copy, since daemons of the same program, which other tests may have, are told of
  const program = `${box.folder}/copy`;
  copyFileSync(BINARY, program);
  const must = async (...args: string[]) => {
    const child = Bun.spawn([program, ...args], { env: box.env, stdin: "ignore", stdout: "pipe", stderr: "ignore" });
    return (await child.stdout.text()).trimEnd();
  };
  expect(await must("uninstall")).toBe("Nothing of claude-tmux is installed");
  await must("install", "systemd");
  expect(await must("uninstall", "--dry-run")).toContain(`Would remove: ${unitOf(box)}\n`);
  expect(await must("uninstall")).toContain(`Removed: ${unitOf(box)}\n`);
});

test("what a daemon that was killed left in tmux goes, and what lasts longer than the state folder", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  delete box.env.XDG_CONFIG_HOME;
  await box.tmux("new-session", "-d", "-s", "person");
  await box.must(["daemon", "start"]);
  process.kill(await box.pid("daemon"), "SIGKILL");
  const hooks = async () =>
    (await box.tmux("show-hooks", "-g")).split("\n").filter((line) => line.includes("wait-for"));
  expect(await hooks()).not.toEqual([]);
  await box.output("gc-enable");
  rmSync(box.state, { recursive: true });
  const told = await box.must(["uninstall"]);
  expect(told).toContain("hooks, and options of 0 panes and 0 sessions");
  expect(told).toContain("what gc-enable has set");
  expect(await hooks()).toEqual([]);
  expect(await box.bridge("gc-status")).toMatchObject({ enabled: false });
});

test("a tmux server that does not answer fails it, and is done by the next", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
  process.kill(server, "SIGSTOP");
  try {
    const { exitCode, stdout } = await box.run(["uninstall"]);
    expect(stdout).toMatch(
      /Failed: hooks and options, if there are any, in tmux at \S+ \(.*tmux did not answer within/,
    );
    expect(exitCode).toBe(1);
  } finally {
    process.kill(server, "SIGCONT");
  }
  expect(await options(box)).not.toEqual([]);
  expect(await box.must(["uninstall"])).toContain("Removed: hooks, and options of ");
  expect(await options(box)).toEqual([]);
});

test("what gc-enable has set for a server of which nothing else is known goes, and no server is guessed", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  // of one that runs the socket is known for certain: its folder has a hash of that in its name
  const [socket, ended] = [`${box.folder}/a-socket`, `${box.folder}/another`];
  await box.must(["-S", socket, "session-create", "dev"]);
  await box.must(["-S", ended, "session-create", "dev"]);
  await box.tmux("-S", ended, "kill-server");
  await box.must(["-S", `${box.folder}/gone`, "gc-enable"]);
  await box.output("gc-enable");
  try {
    const told = await box.must(["uninstall", "--all", "--purge"]);
    expect(told.match(/what gc-enable has set, /g)).toHaveLength(2);
    expect(told).toMatch(/hooks and options in the tmux server of server-another-\w+ \(its socket is not known/);
    expect(told).toContain(`Removed: hooks, and options of 1 pane and 1 session, in tmux at ${socket}`);
    expect(existsSync(box.durable)).toBe(false);
  } finally {
    await box.tmux("-S", socket, "kill-server");
  }
});

test("another's notes of what was installed are not believed", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  await box.must(["install", "systemd"]);
  chmodSync(box.durable, 0o755);
  expect(await box.must(["uninstall"])).not.toContain(unitOf(box));
  expect(existsSync(unitOf(box))).toBe(true);
});

test("what can't be noted is installed all the same, and that is said", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  mkdirSync(`${box.folder}/.local`, { recursive: true });
  writeFileSync(`${box.folder}/.local/state`, "");
  const { exitCode, stderr } = await box.run(["install", "systemd"]);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining("uninstall will not know of it"),
  });
  expect(existsSync(unitOf(box))).toBe(true);
});

test("what restores that were killed have left goes as well, but not what somebody has looked at", async () => {
  await using box = new Box();
  for (const name of ["restoring-1", "restoring-2", "dev"]) await box.tmux("new-session", "-d", "-s", name, "cat");
  for (const name of ["restoring-1", "restoring-2"])
    await box.tmux("set-option", "-t", `=${name}:`, "@claude_tmux_restoring", "1 1");
  mkdirSync(`${box.state}/restoring-1-1-abcdef`, { recursive: true, mode: 0o700 });
  const client = Bun.spawn(["tmux", "-C", "attach-session", "-t", "=restoring-2:"], {
    env: box.env,
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
  });
  await until("it is looked at", async () => (await box.tmux("list-clients")) !== "");
  client.kill("SIGKILL");
  await client.exited;
  const { removed } = JSON.parse(await box.must(["uninstall", "--json"]));
  expect(removed.filter((what: string) => what.includes("a restore has left"))).toHaveLength(2);
  expect(await sessionNames(box)).toEqual(["dev", "restoring-2"]);
  expect(existsSync(`${box.state}/restoring-1-1-abcdef`)).toBe(false);
  expect(await box.tmux("show-options", "-t", "=restoring-2:")).not.toContain("@claude");
});
