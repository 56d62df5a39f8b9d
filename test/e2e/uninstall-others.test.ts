import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { arm, hasRun, interpose } from "../helpers/between.ts";
import { BINARY, Box, lives, until } from "../helpers/box.ts";

interface Left {
  server: string;
  role: "daemon" | "watchdog" | null;
  pid: number | null;
  owner: string | null;
  state: string;
  is_ours: boolean;
  command: string | null;
}

interface Told {
  removed: string[];
  kept: { what: string; why: string }[];
  failed: unknown[];
  left: Left[];
  still_used: string | null;
}

/** What is in folders, byte for byte. */
function contents(...folders: string[]): Record<string, string> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`),
  );
  return Object.fromEntries(files.map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")]));
}

/** A tmux server with a daemon, subscriptions, a snapshot and a wish; everything that an uninstallation could harm. */
async function lively(box: Box, ...server: string[]): Promise<void> {
  await box.must([...server, "session-create", "dev"]);
  await box.must([...server, "pane-metadata-set", "dev", "0", "key", "value"]);
  await box.must([...server, "session-save", "dev"]);
  await box.must([...server, "gc-enable"]);
  await box.must([...server, "watchdog", "start"]);
  await box.must([...server, "daemon", "subscribe", "dev", "pattern-match", "0", "some line", "true"]);
}

const inTmux = async (box: Box, ...server: string[]) =>
  [
    await box.tmux(...server, "show-options", "-p", "-t", "=dev:"),
    await box.tmux(...server, "show-options", "-t", "=dev:"),
    await box.tmux(...server, "show-hooks", "-g"),
  ].join("\n");

/**
 * That a server, its daemon and its files are as they were, after something. Meanwhile its daemon and watchdog are stopped: what is
 * written to their files then, others have written.
 */
async function staysWhole(box: Box, server: string[], folders: string[], during: () => Promise<void>): Promise<void> {
  const pids = ["watchdog", "daemon"].map((role) => Number(readFileSync(`${folders[0]}/${role}.pid`, "utf8")));
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  try {
    const before = [await inTmux(box, ...server), contents(...folders)];
    expect(before[0]).toContain("wait-for -S");
    await during();
    expect([await inTmux(box, ...server), contents(...folders)]).toEqual(before);
  } finally {
    // the watchdog last, which would start another daemon for one that has not written its heartbeat for so long
    process.kill(pids[1] ?? 0, "SIGCONT");
    await until("its daemon is well", async () => (await box.run([...server, "daemon", "health"])).exitCode === 0);
    process.kill(pids[0] ?? 0, "SIGCONT");
  }
  const { pid } = JSON.parse(await box.must([...server, "daemon", "status", "--json"]));
  expect(pid).toBe(pids[1]);
}

async function isGone(box: Box, ...server: string[]): Promise<boolean> {
  return (
    (await box.run([...server, "daemon", "status"])).exitCode !== 0 &&
    !/claude|wait-for/.test(await inTmux(box, ...server))
  );
}

/** Runs a command line that was told, as a person would, with that program on PATH. */
function typed(box: Box, line: string): number {
  const bin = `${box.folder}/bin`;
  mkdirSync(bin, { recursive: true });
  if (!existsSync(`${bin}/claude-tmux`)) symlinkSync(BINARY, `${bin}/claude-tmux`);
  const env = { ...box.env, PATH: `${bin}:${process.env.PATH}` };
  return Bun.spawnSync(["sh", "-c", line], { env, stdout: "ignore", stderr: "ignore", stdin: "ignore" }).exitCode;
}

/** What an uninstallation tells, but for daemons of this program that have nothing to do with the box. */
async function told(box: Box, ...args: string[]): Promise<Told> {
  const all: Told = JSON.parse(await box.must(["uninstall", ...args, "--json"]));
  return { ...all, left: all.left.filter(({ state, is_ours: isOurs }) => isOurs || state.startsWith(box.state)) };
}

/** Ends other tmux servers of a box, with the daemons that a test that fails leaves there. */
function ending(box: Box, ...names: string[]): AsyncDisposable {
  const end = async () => {
    for (const name of names) {
      await box.run(["-L", name, "watchdog", "stop"]);
      Bun.spawnSync(["tmux", "-L", name, "kill-server"], { env: box.env });
    }
  };
  return { [Symbol.asyncDispose]: end };
}

test("another tmux server of the same HOME stays whole, is told of, and goes by the command that is told, or by --all", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await using _others = ending(box, "other", "third");
  await lively(box);
  await lively(box, "-L", "other");
  await lively(box, "-L", "third");
  const folder = `${box.state}/server-other`;
  const wish = readdirSync(box.durable).filter((name) => name.startsWith("server-other"));
  let answer: Told | undefined;
  await staysWhole(box, ["-L", "other"], [folder, ...wish.map((name) => `${box.durable}/${name}`)], async () => {
    const foretold = await told(box, "--purge", "--dry-run");
    answer = await told(box, "--purge");
    expect(answer).toEqual({ ...foretold, dry_run: false } as Told & { dry_run: boolean });
  });
  expect(await isGone(box)).toBe(true);
  expect(answer?.failed).toEqual([]);
  const pid = Number(readFileSync(`${folder}/daemon.pid`, "utf8"));
  const other = answer?.left.find(({ server }) => server === "other");
  expect(other).toMatchObject({ pid, is_ours: true, command: "claude-tmux -L other uninstall --purge" });
  expect(answer?.still_used).toContain(`the daemon of other (pid ${pid})`);
  expect(answer?.still_used).toStartWith(`${BINARY} is still used by `);
  // its own snapshot has gone, theirs have not
  expect(JSON.parse(await box.must(["-L", "other", "session-snapshots", "--json"])).output).toMatchObject({
    length: 2,
  });
  expect(answer?.kept).toContainEqual({
    what: box.durable,
    why: "what was set for other tmux servers stays without --all",
  });
  const text = await box.must(["uninstall"]);
  expect(text).not.toContain("Nothing of claude-tmux is installed");
  expect(text).toContain(
    `Left: the tmux server other (daemon running, pid ${pid}; another tmux server of yours): claude-tmux -L other uninstall, or --all`,
  );
  expect(typed(box, other?.command ?? "")).toBe(0);
  expect(await isGone(box, "-L", "other")).toBe(true);
  expect(existsSync(folder)).toBe(false);
  const last = await told(box, "--all", "--purge");
  expect(last).toMatchObject({ failed: [], left: [], kept: [] });
  expect(await isGone(box, "-L", "third")).toBe(true);
  expect([box.state, box.durable].map(existsSync)).toEqual([false, false]);
  expect(await told(box)).toMatchObject({ removed: [], kept: [], left: [] });
});

test("what another HOME's daemon runs and keeps is never touched, only named, with the command for it", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await using theirs = new Box({ SHELL: "/bin/bash", CLAUDE_TMUX_STATE_DIR: box.state });
  await using _others = ending(theirs, "theirs");
  await lively(box);
  await lively(theirs, "-L", "theirs");
  const folder = `${box.state}/server-theirs`;
  let answer: Told | undefined;
  await staysWhole(theirs, ["-L", "theirs"], [folder, theirs.durable], async () => {
    const foretold = await told(box, "--all", "--purge", "--dry-run");
    answer = await told(box, "--all", "--purge");
    expect(answer).toEqual({ ...foretold, dry_run: false } as Told & { dry_run: boolean });
  });
  expect(await isGone(box)).toBe(true);
  expect(existsSync(box.durable)).toBe(false);
  expect(answer?.left).toMatchObject([{ owner: theirs.durable, is_ours: false }]);
  const command = answer?.left[0]?.command ?? "";
  expect(command).toBe(`HOME=${theirs.folder} TMUX_TMPDIR=${theirs.folder} claude-tmux -L theirs uninstall --purge`);
  expect(await box.must(["uninstall", "--all"])).toContain(`it belongs to ${theirs.durable}): HOME=`);
  expect(typed(box, command)).toBe(0);
  expect(await isGone(theirs, "-L", "theirs")).toBe(true);
  expect([folder, theirs.durable, box.state].map(existsSync)).toEqual([false, false, false]);
});

test("a daemon of another HOME on the very server that is meant is left, also when it does not run, and so is what it keeps", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  const home = `${box.folder}/elsewhere`;
  mkdirSync(home);
  const mine = { ...box.env, HOME: home };
  const run = (...args: string[]) => {
    const { stdout, exitCode } = Bun.spawnSync([BINARY, "uninstall", ...args, "--json"], { env: mine });
    expect(exitCode).toBe(args.includes("--all") ? 0 : 1); // the very server that was asked for is not ours
    const all = JSON.parse(stdout.toString()) as Told;
    return { ...all, left: all.left.filter(({ owner }) => owner === box.durable) };
  };
  await lively(box);
  await staysWhole(box, [], [box.state, box.durable], async () => {
    for (const args of [[], ["--all", "--purge"]]) {
      expect(run(...args)).toMatchObject({ removed: [], left: [{ server: "default" }] });
    }
  });
  await box.must(["watchdog", "stop"]);
  const before = contents(box.state, box.durable);
  expect(run("--all", "--purge")).toMatchObject({ removed: [], left: [{ server: "default", role: null, pid: null }] });
  expect(contents(box.state, box.durable)).toEqual(before);
});

test("a daemon that another HOME starts in the midst of it stays, with all that it keeps", async () => {
  let started = 0;
  for (let call = 1; call <= 20; call++) {
    await using box = new Box({ SHELL: "/bin/bash" });
    const home = `${box.folder}/elsewhere`;
    mkdirSync(home);
    await lively(box);
    interpose(box, `HOME=${home} ${box.command.join(" ")} daemon start`);
    arm(box, call);
    const { stdout } = await box.run(["uninstall", "--purge", "--json"]);
    if (!hasRun(box)) break;
    const { failed } = JSON.parse(stdout) as Told;
    if ((await box.run(["daemon", "status"])).exitCode !== 0) continue;
    started++;
    expect(failed).not.toEqual([]);
    expect(existsSync(`${box.state}/state.db`)).toBe(true);
    expect((await box.run(["daemon", "health"])).stdout).toContain("healthy");
    expect(await box.must(["daemon", "subscribe", "dev", "pane-exit"])).not.toBe("");
  }
  expect(started).toBeGreaterThan(0);
});

test("--all reaches daemons of this HOME with another TMUX_TMPDIR, or another state folder, by what they know of themselves", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await using sockets = new Box({ SHELL: "/bin/bash", HOME: box.folder, CLAUDE_TMUX_STATE_DIR: box.state });
  await using state = new Box({ SHELL: "/bin/bash", HOME: box.folder });
  await using _far = ending(sockets, "far");
  await using _moved = ending(state, "moved");
  await lively(sockets, "-L", "far");
  await lively(state, "-L", "moved");
  const { left } = await told(box);
  const commandOf = (end: string) => left.find(({ server }) => server.endsWith(end))?.command;
  expect(commandOf("/far")).toBe(`TMUX_TMPDIR=${sockets.folder} claude-tmux -L far uninstall`);
  expect(commandOf("/moved")).toBe(
    `CLAUDE_TMUX_STATE_DIR=${state.state} TMUX_TMPDIR=${state.folder} claude-tmux -L moved uninstall`,
  );
  expect(typed(box, commandOf("/moved") ?? "")).toBe(0);
  expect(await isGone(state, "-L", "moved")).toBe(true);
  await state.must(["-L", "moved", "daemon", "start"]);
  // an earlier version notes nothing, and says it when it is asked; one that was killed says nothing, and has noted it
  rmSync(`${state.state}/server-moved/owner.json`);
  const far = `${box.state}/server-far`;
  for (const role of ["watchdog", "daemon"])
    process.kill(Number(readFileSync(`${far}/${role}.pid`, "utf8")), "SIGKILL");
  expect(await inTmux(sockets, "-L", "far")).toContain("wait-for -S");
  const all = await told(box, "--all");
  expect(all).toMatchObject({ left: [], failed: [] });
  expect(all.kept.map(({ why }) => why).join()).not.toContain("socket");
  expect(await isGone(sockets, "-L", "far")).toBe(true);
  expect(await isGone(state, "-L", "moved")).toBe(true);
});

test("a daemon whose state folder was deleted is told of as well", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await using state = new Box({ SHELL: "/bin/bash", HOME: box.folder });
  await state.must(["session-create", "dev"]);
  await state.must(["daemon", "start"]);
  const pid = await state.pid("daemon");
  process.kill(pid, "SIGSTOP"); // it would end by itself
  try {
    rmSync(state.state, { recursive: true });
    expect((await told(box)).left).toMatchObject([{ pid, is_ours: true }]);
  } finally {
    process.kill(pid, "SIGKILL");
  }
});

test("folders that were made for what goes go with it, and none that was there before", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  const unit = `${box.folder}/.config/systemd/user/claude-tmux.service`;
  const enable = () => {
    mkdirSync(`${box.folder}/.config/systemd/user/default.target.wants`, { recursive: true });
    symlinkSync(unit, `${box.folder}/.config/systemd/user/default.target.wants/claude-tmux.service`);
  };
  rmSync(`${box.folder}/.local`, { recursive: true });
  await box.must(["install", "systemd"]);
  enable();
  const answer = await told(box);
  expect(answer.removed).toContain(`the folder ${box.folder}/.config, which is empty then`);
  expect(answer.removed).toContain(`the folder ${box.folder}/.local, which is empty then`);
  expect(answer.kept).toEqual([]);
  expect(readdirSync(box.folder).filter((name) => /^\.(config|local)$/.test(name))).toEqual([]);
  mkdirSync(`${box.folder}/.config/systemd/user`, { recursive: true });
  mkdirSync(box.durable, { recursive: true, mode: 0o700 });
  mkdirSync(box.state, { mode: 0o700 });
  await box.must(["install", "systemd"]);
  enable();
  await box.tmux("new-session", "-d", "-s", "dev");
  await box.must(["state-sync"]);
  const again = await told(box, "--purge");
  const why = "it was there before, as far as is known";
  expect(again.kept).toEqual([
    { what: box.durable, why },
    { what: box.state, why },
  ]);
  expect(existsSync(unit)).toBe(false);
  expect(existsSync(`${box.folder}/.config/systemd/user`)).toBe(true);
  expect([box.durable, box.state].map((folder) => readdirSync(folder).filter((name) => name !== "owner.json"))).toEqual(
    [[], []],
  );
});

test("a folder that somebody has put something into stays", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  await box.must(["install", "systemd"]);
  // the name of a note of ours, elsewhere, is a person's
  const files = [`${box.folder}/.config/made`, `${box.folder}/.local/state/owner.json`];
  for (const file of files) writeFileSync(file, "mine");
  expect((await told(box)).failed).toEqual([]);
  expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(["mine", "mine"]);
  expect(existsSync(`${box.folder}/.config/systemd`)).toBe(false);
  expect(existsSync(box.durable)).toBe(false);
});

test("what starts the daemon of another tmux server stays, and goes with that server, or with all", async () => {
  await using box = new Box();
  delete box.env.XDG_CONFIG_HOME;
  const folder = `${box.folder}/.config/systemd/user`;
  const units = ["claude-tmux.service", "claude-tmux-other.service", "claude-tmux-other-restore.service"];
  const install = async () => {
    await box.must(["install", "systemd"]);
    await box.must(["-L", "other", "install", "systemd"]);
    await box.must(["-L", "other", "install", "systemd", "--restore"]);
    expect(readdirSync(folder).toSorted()).toEqual(units.toSorted());
  };
  await install();
  const one = await told(box);
  expect(readdirSync(folder).toSorted()).toEqual(units.slice(1).toSorted());
  const kept = one.kept.filter(({ what }) => what.endsWith(".service"));
  expect(kept.map(({ what }) => what).toSorted()).toEqual(
    units
      .slice(1)
      .map((unit) => `${folder}/${unit}`)
      .toSorted(),
  );
  expect(kept[0]?.why).toMatch(/another tmux server of yours, that at .*\/other$/);
  expect(one.still_used).toContain(`${folder}/claude-tmux-other.service`);
  await box.must(["-L", "other", "uninstall"]);
  expect([existsSync(folder), existsSync(`${box.durable}/installed.json`)]).toEqual([false, false]);
  await install();
  expect((await told(box, "--all")).kept).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test("what stays is told, also when there is nothing to take away", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await lively(box);
  await box.must(["uninstall"]);
  const text = await box.must(["uninstall"]);
  expect(text).toStartWith("Nothing is to be taken away\n");
  expect(text).toContain(`Kept: ${box.state} (what is stored there of the tmux server default stays without --purge)`);
  expect(text).toContain(`Kept: ${box.durable} (what is stored there stays without --purge)`);
});

test("one that is killed half-way leaves nothing that the next does not take away", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  delete box.env.XDG_CONFIG_HOME;
  await box.must(["install", "systemd"]);
  await using _others = ending(box, "other");
  await lively(box);
  await lively(box, "-L", "other");
  const unit = `${box.folder}/.config/systemd/user/claude-tmux.service`;
  const daemon = await box.pid("daemon");
  const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
  // with a tmux that hangs, it stands before the options and what is stored
  process.kill(server, "SIGSTOP");
  try {
    const child = Bun.spawn([BINARY, "uninstall", "--purge"], { env: box.env, stdout: "ignore", stderr: "ignore" });
    await until("the unit is gone", () => !existsSync(unit));
    child.kill("SIGKILL");
    await child.exited;
  } finally {
    process.kill(server, "SIGCONT");
  }
  expect(await lives(daemon)).toBe(false);
  expect(existsSync(`${box.state}/state.db`)).toBe(true);
  await staysWhole(box, ["-L", "other"], [`${box.state}/server-other`], async () => {
    expect(await told(box, "--purge")).toMatchObject({ failed: [] });
  });
  expect(await isGone(box)).toBe(true);
  expect(await told(box, "--all", "--purge")).toMatchObject({ failed: [], left: [], kept: [] });
  expect([box.state, box.durable, `${box.folder}/.config`].map(existsSync)).toEqual([false, false, false]);
});

test("two at once take away the same, and neither fails", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  delete box.env.XDG_CONFIG_HOME;
  await box.must(["install", "systemd"]);
  await box.must(["install", "claude-code"]);
  await lively(box);
  const runs = await Promise.all([1, 2].map(() => box.run(["uninstall", "--purge"])));
  expect(runs.map(({ exitCode, stdout }) => ({ exitCode, failed: stdout.match(/^Failed.*/gm) }))).toEqual([
    { exitCode: 0, failed: null },
    { exitCode: 0, failed: null },
  ]);
  expect(await isGone(box)).toBe(true);
  expect([box.state, box.durable, `${box.folder}/.config`, `${box.folder}/.claude`].map(existsSync)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test("with --all goes the options also in a tmux server that no daemon has served", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  // one whose state folder has the hash of its socket in its name
  const path = `${box.folder}/elsewhere`;
  await box.tmux("-f", "/dev/null", "-S", path, "new-session", "-d", "-s", "dev", "sh");
  try {
    const waits = () => box.must(["-S", path, "pane-run", "dev", "0", "--", "true"]).then(Boolean, () => false);
    await until("it is at its prompt", waits);
    expect(await inTmux(box, "-S", path)).toContain("@claude_tmux_");
    await box.must(["uninstall", "--all"]);
    expect(await inTmux(box, "-S", path)).not.toContain("@claude_tmux_");
  } finally {
    await box.tmux("-S", path, "kill-server");
  }
});
