import { expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { findShell } from "../../src/dev/fuzz/play-set-up.ts";
import { flockShared } from "../../src/lib/libc.ts";
import { commandLine } from "../../src/process/identity.ts";
import { livingProcesses } from "../../src/process/tree.ts";
import { withCheckSum } from "../../src/snapshots/layout.ts";
import { manifestText, type Snapshot } from "../../src/snapshots/manifest.ts";
import { partsOf } from "../../src/snapshots/parts.ts";
import { snapshotFileText } from "../../src/snapshots/snapshot-file.ts";
import { Box, sessionNames, until } from "../helpers/box.ts";
import { isTmuxFrom } from "../helpers/tmux-version.ts";

/** A box with a session of two windows and three panes, in which something was written. */
async function boxWith(settings: Record<string, string> = {}): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash", ...settings });
  await box.output("session-create", "dev", "--cwd", "/usr", "--env", "PORT=8080");
  await box.output("pane-create", "dev", "build");
  await box.tmux("new-window", "-d", "-t", "=dev:5", "-n", 'it\'s a "name"', "-c", "/etc");
  await box.bridge("pane-run", "dev", "0", "--", "seq 100; printf '\\033[31mred\\033[0m\\n'");
  await box.output("pane-metadata-set", "dev", "build", "commit", "3f2a1c9");
  // a person's server has other sessions
  await box.tmux("new-session", "-d", "-s", "other");
  return box;
}

type Missing = { where: string; what: string };

/** What a pane shows above its prompt. */
async function shown(box: Box, pane: string): Promise<string[]> {
  const screen = await box.tmux("capture-pane", "-p", "-e", "-S", "-", "-t", `=dev:${pane}`);
  return screen.trimEnd().split("\n").slice(0, -1);
}

const structure = (box: Box) =>
  box.tmux(
    ...["list-panes", "-s", "-t", "=dev:", "-F"],
    "#{window_index}.#{pane_index} #{pane_width}x#{pane_height} #{pane_left},#{pane_top} #{pane_active} #{pane_current_path} #{@claude_tmux_label} #{@claude_tmux_metadata} #{?#{==:#{window_index},5},#{window_name},}",
  );

test("a session that was saved comes back after its server has gone", async () => {
  await using box = await boxWith();
  const [before, text] = [await structure(box), await shown(box, "0.0")];
  const saved = await box.bridge("session-save", "dev", "--note", "for the test");
  expect(saved).toMatchObject({ exitCode: 0, session: "dev", windows: 2, panes: 3 });
  await box.tmux("kill-server");
  const restored = await box.bridge("session-restore", "dev");
  expect(restored).toMatchObject({
    exitCode: 0,
    session: "dev",
    missing: [],
    differences: [],
    snapshot: saved.snapshot,
  });
  expect(await structure(box)).toBe(before);
  expect(await shown(box, "0.0")).toEqual(text);
  expect(await box.tmux("show-environment", "-t", "=dev:", "PORT")).toBe("PORT=8080");
  // its panes are as if they had been made by us
  expect(await box.bridge("pane-run", "dev", "0", "--", "pwd; exit_with() { return 3; }; exit_with")).toMatchObject({
    output: "/usr",
    exit_code: 3,
    method: "shell-integration",
  });
  expect(await box.output("pane-metadata-get", "dev", "build", "commit")).toBe("3f2a1c9");
  expect(readdirSync(box.state).filter((name) => name.startsWith("restoring-"))).toEqual([]);
});

for (const shell of ["zsh", "fish", "dash"] as const) {
  test.skipIf(!findShell(shell))(`so does one with ${shell}`, async () => {
    await using box = await boxWith({ SHELL: findShell(shell) ?? "" });
    await box.bridge("session-save", "dev");
    await box.tmux("kill-session", "-t", "=dev:");
    expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, missing: [], differences: [] });
    expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("dev\nother");
  });
}

test("a session that is there is left alone; another name can be given; a dry run changes nothing", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  const before = await box.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_pid}");
  expect(await box.bridge("session-restore", "dev")).toMatchObject({
    exitCode: 1,
    error: { code: "ERR_SESSION_EXISTS" },
  });
  expect(await box.bridge("session-restore", "dev", "--as", "copy", "--dry-run")).toMatchObject({
    dry_run: true,
    session: "copy",
  });
  expect(await box.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_pid}")).toBe(before);
  expect(await box.bridge("session-restore", "dev", "--as", "copy")).toMatchObject({
    session: "copy",
    differences: [],
  });
  expect(await box.output("pane-count", "copy")).toBe("3");
  expect(await box.bridge("session-restore", "nosuch")).toMatchObject({ error: { code: "ERR_SNAPSHOT_NOT_FOUND" } });
});

test("one takes the place of a session that is there, which is saved first", async () => {
  await using box = await boxWith();
  const { snapshot } = await box.bridge("session-save", "dev");
  await box.output("pane-exec", "dev", "build", "nohup sleep 3113 >/dev/null");
  await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "build")).output === "true");
  await box.tmux("rename-window", "-t", "=dev:5", "changed");
  const [old] = (await box.tmux("list-sessions", "-F", "#{session_id} #{session_name}")).split("\n");
  // not by who would end with it
  const own = await box.bridge("pane-run", "dev", "0", "--", `${box.command.join(" ")} session-restore dev --replace`);
  expect(own).toMatchObject({ exit_code: 2, output: expect.stringContaining("would end with it") });
  const ending = {
    session: "dev",
    windows: 2,
    panes: 3,
    programs: [{ where: "pane 0.1", command: "sleep 3113" }],
  };
  const dry = await box.bridge("session-restore", `${snapshot}`, "--replace", "--dry-run");
  expect(dry.output).toEndWith(' as "dev", and would end "dev" with 2 windows and 3 panes, where sleep 3113 runs');
  expect(dry.replaced).toEqual(ending);
  const restored = await box.bridge("session-restore", `${snapshot}`, "--replace");
  expect(restored).toMatchObject({ exitCode: 0, session: "dev", differences: [], replaced: ending });
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("dev\nother");
  expect(await box.tmux("list-sessions", "-F", "#{session_id}")).not.toContain(old?.split(" ")[0]);
  // nobody has asked for that one: pruning counts it
  const [last] = (await box.bridge("session-snapshots", "dev")).output as object[];
  expect(last).toMatchObject({ note: "before it was replaced", automatic: true });
  const replaced = restored.replaced as { snapshot: string; survivors: { pid: number; command: string }[] };
  expect(replaced.survivors.map(({ command }) => command)).toEqual(["sleep 3113"]);
  for (const { pid } of replaced.survivors) process.kill(pid, "SIGKILL");
  expect(await box.bridge("session-snapshot-diff", `${snapshot}`, replaced.snapshot)).toMatchObject({
    differences: expect.arrayContaining([expect.objectContaining({ what: "name", after: "changed" })]),
  });
  expect(await box.bridge("pane-run", "dev", "build", "--", "true")).toMatchObject({ method: "shell-integration" });
  expect(readdirSync(box.state).filter((name) => name.startsWith("restoring-"))).toEqual([]);
});

test("who looks at a session that is replaced looks at the new one then", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  const socket = await box.tmux("display-message", "-p", "#{socket_path}");
  await box.tmux("-L", "outer", "new-session", "-d", "-s", "o", `TMUX= exec tmux -S ${socket} attach-session -t =dev`);
  const looking = () => box.tmux("list-clients", "-F", "#{session_name} #{session_id}");
  await until("it is shown", async () => (await looking()).startsWith("dev "));
  const before = await looking();
  expect(await box.bridge("session-restore", "dev", "--replace")).toMatchObject({ exitCode: 0, differences: [] });
  await until("the new one is", async () => (await looking()).startsWith("dev ") && (await looking()) !== before);
  await box.tmux("-L", "outer", "kill-server");
});

test("who replaces a session twice gets the same both times; what was there before comes back by its id", async () => {
  await using box = await boxWith();
  const { snapshot } = await box.bridge("session-save", "dev");
  await box.tmux("rename-window", "-t", "=dev:5", "changed");
  const first = await box.bridge("session-restore", "dev", "--replace");
  const { snapshot: undo } = first.replaced as { snapshot: string };
  expect(first).toMatchObject({ snapshot, output: expect.stringContaining(`session-restore ${undo} --replace`) });
  expect(await box.bridge("session-restore", "dev", "--replace")).toMatchObject({ snapshot, exitCode: 0 });
  expect(await box.bridge("session-restore", undo, "--replace")).toMatchObject({ snapshot: undo, exitCode: 0 });
  expect(await box.tmux("display-message", "-p", "-t", "=dev:5", "#{window_name}")).toBe("changed");
});

test("two at once take turns, and neither leaves anything", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  const both = await Promise.all([1, 2].map(() => box.bridge("session-restore", "dev", "--replace")));
  for (const one of both) expect(one).toMatchObject({ exitCode: 0, session: "dev", differences: [] });
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("dev\nother");
});

test("one whose shell exits at once is told by its name, and leaves nothing", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  await box.tmux("set-option", "-g", "default-shell", "/bin/true");
  expect(await box.bridge("session-restore", "dev")).toMatchObject({
    exitCode: 1,
    error: { code: "ERR_COMMAND_FAILED", hint: expect.stringContaining("default-shell") },
    output: 'The session "dev" was made, and ended before it was whole',
  });
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("other");
});

/** Names that tmux changes where it is told them in another way. */
const ODD_NAMES = ["a\\b", "a\\\\b", "$HOME", "a#[fg=red]b", "##[x]#", "#{pid}", "\\$x", "a b"];

test("windows keep names that tmux could take for something else", async () => {
  await using box = await boxWith();
  for (const [i, name] of ODD_NAMES.entries())
    await box.tmux("new-window", "-d", "-t", `=dev:${20 + i}`, "-n", name.replace(/#+(?![#[])/g, "$&$&"), "cat");
  const names = async () => {
    const all = await box.tmux("list-windows", "-t", "=dev:", "-F", "#{window_name}");
    return all.split("\n").slice(-ODD_NAMES.length);
  };
  const before = await names();
  if (!isTmuxFrom(3.7)) expect(before).toEqual(ODD_NAMES);
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  const { differences, missing } = await box.bridge("session-restore", "dev");
  expect(differences).toEqual([]);
  expect((missing as Missing[]).filter(({ what }) => what.includes("name"))).toEqual([]);
  expect(await names()).toEqual(before);
});

test("what somebody has begun after that is saved before it ends", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  const restoring = box.bridge("session-restore", "dev", "--replace");
  await until(
    "it is being made",
    async () =>
      (await box.tmux("list-sessions", "-F", "#{session_name}")).includes("-restor") ||
      existsSync(`${box.state}/restoring.lock`),
  );
  await box.tmux("new-window", "-d", "-t", "=dev:8", "-n", "late").catch(() => {});
  const { replaced } = await restoring;
  const { snapshot } = replaced as { snapshot: string };
  const { output } = await box.bridge("session-snapshot-show", snapshot);
  const names = (output as Snapshot).session.windows.map(({ name }) => name);
  const isThere = (await box.tmux("list-windows", "-t", "=dev:", "-F", "#{window_name}")).includes("late");
  expect(names.includes("late") || isThere).toBe(true);
});

test("a tmux server that is just ending is waited for, and the session comes back on the next", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  await box.tmux("kill-server");
  // a tmux whose server takes the first call that makes something, and is gone
  const ending = `[ -e '${box.folder}/ended' ] || { touch '${box.folder}/ended'; echo 'server exited unexpectedly' >&2; exit 1; }`;
  writeFileSync(
    `${box.folder}/tmux`,
    `#!/bin/sh\ncase "$*" in *start-server*source-file*) ${ending};; esac\nPATH=\${PATH#*:} exec tmux "$@"\n`,
    { mode: 0o755 },
  );
  box.env.PATH = `${box.folder}:${box.env.PATH}`;
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, differences: [] });
  expect(existsSync(`${box.folder}/ended`)).toBe(true);
});

test("interrupted, it says so, and leaves nothing", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  for (let ms = 20; ms < 160; ms += 20) {
    const child = Bun.spawn([...box.command, "session-restore", "dev"], {
      env: box.env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
    });
    await Bun.sleep(ms);
    child.kill("SIGINT");
    const [stdout, exitCode] = await Promise.all([child.stdout.text(), child.exited]);
    const isThere = (await box.tmux("list-sessions", "-F", "#{session_name}")).split("\n").includes("dev");
    if (exitCode === 0) expect(isThere).toBe(true);
    else if (stdout !== "") expect(JSON.parse(stdout).output).toBe("Interrupted by SIGINT");
    if (isThere) await box.tmux("kill-session", "-t", "=dev:");
    expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("other");
  }
});

/** Shells that take long to be at their prompts, as long as that file is there. */
function slowShells(box: Box): string {
  const file = `${box.folder}/slow`;
  writeFileSync(file, "");
  writeFileSync(`${box.folder}/.bash_profile`, `while [ -e '${file}' ]; do sleep 0.05; done\nPS1='$ '\n`);
  return file;
}

/** A restore that takes the place of `dev`, as soon as its shells have begun. */
async function replacing(box: Box) {
  const command = [...box.command, "session-restore", "dev", "--replace"];
  const child = Bun.spawn(command, { env: box.env, stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  await until("its shells have begun", () =>
    readdirSync(box.state).some((name) => name.startsWith("restoring-") && existsSync(`${box.state}/${name}/go`)),
  );
  const answer = async () => ({ ...JSON.parse(await child.stdout.text()), exitCode: await child.exited });
  return { child, answer };
}

const restoring = async (box: Box) => (await sessionNames(box)).find((name) => name.startsWith("restoring-"));
const restoreFolders = (box: Box) => readdirSync(box.state).filter((name) => name.startsWith("restoring-"));
const notes = async (box: Box) =>
  ((await box.bridge("session-snapshots", "dev")).output as { note: string }[]).map(({ note }) => note);

test("interrupted before it has taken the place of another, it leaves that one, and nothing else", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev", "--note", "mine");
  const before = await box.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_pid}");
  slowShells(box);
  const { child, answer } = await replacing(box);
  child.kill("SIGINT");
  expect(await answer()).toMatchObject({ exitCode: 130, output: "Interrupted by SIGINT" });
  expect(await sessionNames(box)).toEqual(["dev", "other"]);
  expect(await box.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_pid}")).toBe(before);
  expect(restoreFolders(box)).toEqual([]);
  // that one was saved for nothing
  expect(await notes(box)).toEqual(["mine"]);
});

test("interrupted, it ends nothing that somebody has looked at, and says so", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  slowShells(box);
  const { child, answer } = await replacing(box);
  const client = Bun.spawn(["tmux", "-C", "attach-session", "-t", `=${await restoring(box)}:`], {
    env: box.env,
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
  });
  await until("it is looked at", async () => (await box.tmux("list-clients", "-F", "#{session_name}")) !== "");
  client.kill("SIGKILL");
  await client.exited;
  child.kill("SIGINT");
  const { exitCode, output } = await answer();
  const aside = (await sessionNames(box)).find((name) => name.startsWith("dev-restored-"));
  expect([exitCode, output]).toEqual([130, expect.stringMatching(new RegExp(`^Interrupted by SIGINT: .*"${aside}"$`))]);
  expect(await sessionNames(box)).toEqual(["dev", `${aside}`, "other"]);
  expect(await box.tmux("show-options", "-t", `=${aside}:`)).not.toContain("restoring");
});

test("where the other one is called otherwise by then, all but the name comes back", async () => {
  await using box = await boxWith();
  writeFileSync(`${box.folder}/log`, "a line\n");
  await box.output("pane-exec", "dev", "build", `tail -f ${box.folder}/log`);
  await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "build")).output === "true");
  await box.must(["daemon", "subscribe", "dev", "pattern-match", "build", "hit", "true"]);
  await box.output("session-save", "dev");
  const file = slowShells(box);
  const { answer } = await replacing(box);
  await box.tmux("rename-session", "-t", "=dev:", "kept");
  rmSync(file);
  const told = await answer();
  const aside = (await sessionNames(box)).find((name) => name.startsWith("dev-restored-"));
  expect(told).toMatchObject({
    exitCode: 1,
    error: { code: "ERR_COMMAND_FAILED" },
    output: expect.stringContaining(`came back as "${aside}", but could not take the place of "dev"`),
    missing: [{ where: "session", what: "the name dev" }],
    started: [{ command: `tail -f ${box.folder}/log` }],
    subscriptions: 1,
  });
  expect(await sessionNames(box)).toEqual([`${aside}`, "kept", "other"]);
  expect((await box.bridge("pane-is-running", `${aside}`, "build")).output).toBe("true");
  expect(await box.must(["daemon", "subscriptions"])).toContain(`"session":"${aside}"`);
  expect(await notes(box)).not.toContain("before it was replaced");
});

test("what can't be cleared up afterwards is no failure", async () => {
  await using box = await boxWith();
  writeFileSync(`${box.folder}/log`, "a line\n");
  await box.output("pane-exec", "dev", "build", `tail -f ${box.folder}/log`);
  await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "build")).output === "true");
  await box.output("session-save", "dev");
  // as who stores one has it: others can store, and nobody can remove
  const fd = openSync(`${box.snapshots}/lock`, "r+");
  expect(flockShared(fd)).toBe(true);
  const restored = await box.bridge("session-restore", "dev", "--replace");
  closeSync(fd);
  expect(restored).toMatchObject({ exitCode: 0, session: "dev", started: [{ where: "pane 0.1" }], missing: [] });
  expect(await sessionNames(box)).toEqual(["dev", "other"]);
});

test("what one that was killed has left is told of by doctor, and collected, unless somebody has looked at it", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  const file = slowShells(box);
  const { child } = await replacing(box);
  child.kill("SIGKILL");
  await child.exited;
  rmSync(file);
  const [session, [folder]] = [await restoring(box), restoreFolders(box)];
  const doctor = JSON.parse((await box.run(["doctor", "--json"])).stdout);
  expect(doctor.findings.find((one: { check: string }) => one.check === "left over")).toMatchObject({
    verdict: "warning",
    message: `2 restores that nobody needs: session ${session}, ${folder}`,
  });
  const why = "its process is no more";
  expect(await box.bridge("gc-run")).toMatchObject({
    collected: [
      { kind: "restore", what: `session ${session}`, why },
      { kind: "restore", what: folder, why },
    ],
  });
  expect([await sessionNames(box), restoreFolders(box)]).toEqual([["dev", "other"], []]);
  // one that somebody has looked at
  await box.tmux("new-session", "-d", "-s", "restoring-1", "cat");
  await box.tmux("set-option", "-t", "=restoring-1:", "@claude_tmux_restoring", "1 1");
  const client = Bun.spawn(["tmux", "-C", "attach-session", "-t", "=restoring-1:"], {
    env: box.env,
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
  });
  await until("it is looked at", async () => (await box.tmux("list-clients", "-F", "#{session_name}")) !== "");
  client.kill("SIGKILL");
  await client.exited;
  await until("nobody does", async () => (await box.tmux("list-clients")) === "");
  expect(await box.bridge("gc-run")).toMatchObject({ collected: [] });
  expect(await box.bridge("session-restore", "dev", "--as", "copy")).toMatchObject({ exitCode: 0 });
  expect(await sessionNames(box)).toContain("restoring-1");
});

test("what ran is told, and started only if it is to be", async () => {
  await using box = await boxWith();
  writeFileSync(`${box.folder}/log`, "a line\n");
  const isRunning = async (pane: string) => (await box.bridge("pane-is-running", "dev", pane)).output === "true";
  await box.output("pane-exec", "dev", "build", "sleep 3111 && touch started");
  await box.output("pane-exec", "dev", "5.0", `tail -f ${box.folder}/log`);
  for (const pane of ["build", "5.0"]) await until("it runs", () => isRunning(pane));
  await box.output("session-save", "dev");
  const restored = async (...options: string[]) => {
    if (!options.includes("--dry-run")) await box.tmux("kill-session", "-t", "=dev:");
    const { missing, started, differences } = await box.bridge("session-restore", "dev", ...options);
    expect(differences).toEqual([]);
    return [
      (missing as Missing[]).map(({ what }) => what),
      (started as { command: string }[]).map(({ command }) => command),
    ];
  };
  const [sleeping, tailing] = ["sleep 3111", `tail -f ${box.folder}/log`];
  expect(await restored("--run", "none")).toEqual([[sleeping, tailing], []]);
  expect(await isRunning("build")).toBe(false);
  expect(await restored()).toEqual([[sleeping], [tailing]]);
  await box.shows("dev", "5.0", "a line");
  expect([await isRunning("build"), await isRunning("5.0")]).toEqual([false, true]);
  expect(await restored("--run", "^sleep")).toEqual([[tailing], [sleeping]]);
  expect(await restored("--run", "all", "--dry-run")).toEqual([[], [sleeping, tailing]]);
  expect(await restored("--run", "all")).toEqual([[], [sleeping, tailing]]);
  // it ends at a prompt, and with its exit code
  expect(await box.bridge("pane-graceful-shutdown", "dev", "build")).toMatchObject({ exit_code: 130 });
  expect(await box.bridge("pane-run", "dev", "build", "--", "echo again")).toMatchObject({ output: "again" });
});

test("what can't be started as it was is told with the reason: scripts, pipelines, jobs", async () => {
  await using box = await boxWith();
  await box.tmux("new-window", "-d", "-t", "=dev:7", "sh -c 'while :; do sleep 3114; done'");
  await box.output("pane-exec", "dev", "0", "sleep 3115 & sleep 3116 | sleep 3118");
  await box.output("pane-exec", "dev", "build", "sleep 3117 >/dev/null");
  const running = () => livingProcesses().map(({ pid }) => commandLine(pid).join(" "));
  await until("all run", () => ["sleep 3115", "sleep 3117", "sleep 3118"].every((each) => running().includes(each)));
  await box.tmux("set-hook", "-t", "=dev:", "session-renamed", "display-message renamed");
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  const { missing, differences } = await box.bridge("session-restore", "dev", "--run", "all");
  expect(differences).toEqual([]);
  const told = (missing as { what: string; why: string }[]).map(({ what, why }) => `${what}: ${why.split(",")[0]}`);
  expect(told.toSorted()).toEqual([
    "sleep 3116: it was a part of a pipeline",
    "sleep 3117: it read or wrote elsewhere than in its terminal",
    "the hook session-renamed: hooks are not stored",
    "the job sleep 3115: jobs that are stopped or in the background are not started",
  ]);
});

test("a pane comes back in the folder of its shell, wherever the program in front has gone", async () => {
  await using box = await boxWith();
  await box.output("pane-exec", "dev", "0", "env -C /etc sleep 3121");
  await until(
    "it runs",
    async () => (await box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{pane_current_path}")) === "/etc",
  );
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ differences: [] });
  expect(await box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{pane_current_path}")).toBe("/usr");
});

test("many may ask at once for sessions to be saved", async () => {
  await using box = await boxWith();
  const names = Array.from({ length: 6 }, (_, i) => `s${i}`);
  for (const name of names) await box.output("session-create", name);
  await Promise.all(names.map((name) => box.output("session-autosave", name)));
  const [file] = readdirSync(`${box.folder}/.local/state/claude-tmux`, { recursive: true }).filter((name) =>
    `${name}`.endsWith("autosave.json"),
  );
  const { sessions } = JSON.parse(readFileSync(`${box.folder}/.local/state/claude-tmux/${file}`, "utf8"));
  expect(Object.keys(sessions).toSorted()).toEqual(names);
  expect(await Promise.all(names.map((name) => box.bridge("session-autosave-stop", name)))).toMatchObject(
    names.map(() => ({ exitCode: 0 })),
  );
  expect(
    readdirSync(`${box.folder}/.local/state/claude-tmux`, { recursive: true }).filter((name) =>
      `${name}`.endsWith("autosave.json"),
    ),
  ).toEqual([]);
});

test("one that is linked twice is, and a session of many panes can be saved", async () => {
  await using box = await boxWith();
  await box.tmux("link-window", "-d", "-s", "=dev:5", "-t", "=dev:9");
  for (let i = 0; i < 40; i++) await box.tmux("new-window", "-d", "-t", `=dev:${20 + i}`, "cat");
  expect(await box.bridge("session-save", "dev")).toMatchObject({ windows: 43, panes: 44 });
  await box.tmux("kill-session", "-t", "=dev:");
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, differences: [] });
  const windows = await box.tmux("list-windows", "-t", "=dev:", "-F", "#{window_index} #{window_id}");
  const ids = new Map(windows.split("\n").map((line) => line.split(" ") as [string, string]));
  expect([ids.size, ids.get("5")]).toEqual([43, ids.get("9")]);
});

test("what a restore has left is ended by the next, but not while somebody looks at it; no other folder is removed", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  for (const name of ["restoring-1", "restoring-2"]) {
    await box.tmux("new-session", "-d", "-s", name, "cat");
    await box.tmux("set-option", "-t", `=${name}:`, "@claude_tmux_restoring", "1 1");
  }
  mkdirSync(`${box.state}/restoring-mine`);
  mkdirSync(`${box.state}/restoring-1-1-abcdef`);
  const client = Bun.spawn(["tmux", "-C", "attach-session", "-t", "=restoring-2:"], {
    env: box.env,
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
  });
  await until("it is looked at", async () =>
    (await box.tmux("list-sessions", "-F", "#{session_name} #{session_attached}")).includes("restoring-2 1"),
  );
  expect(await box.bridge("session-restore", "dev", "--as", "copy")).toMatchObject({ exitCode: 0, differences: [] });
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("copy\ndev\nother\nrestoring-2");
  expect(readdirSync(box.state).filter((name) => name.startsWith("restoring-"))).toEqual(["restoring-mine"]);
  client.kill("SIGKILL");
  await client.exited;
});

test("one that is just being restored is not saved", async () => {
  await using box = await boxWith();
  await box.tmux("set-option", "-t", "=dev:", "@claude_tmux_restoring", "1 1");
  expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 1 });
});

test("a secret is nowhere in the store, and is taken from who restores, or told", async () => {
  await using box = await boxWith();
  await box.tmux("set-environment", "-t", "=dev:", "MY_TOKEN", "planted-1");
  await box.tmux("set-environment", "-t", "=dev:", "DATABASE_URL", "postgres://me:planted-2@db/x");
  await box.tmux("set-environment", "-t", "=dev:", "API_KEY", "planted-3");
  await box.tmux(
    "new-window",
    "-d",
    "-t",
    "=dev:7",
    "sh -c 'sleep 3112; :' x --password planted-4 https://planted-5@x.y",
  );
  await box.tmux("set-environment", "-t", "=dev:", "CONFIG", '{"user": "me", "password": "planted-6"}');
  await box.tmux("set-environment", "-t", "=dev:", "API", "https://api.example.com");
  const commands = [
    "mysql -uroot -pplanted-7 db",
    "curl -sSu me:planted-8 http://x.y",
    "sshpass -p planted-9 ssh x",
    "psql 'host=x password=planted-10 dbname=y'",
    "redis-cli -a planted-11",
    "docker login -u me -p planted-12 x.y",
    "mosquitto_pub -t x -P planted-13",
    `curl -d '{"user": "me", "password": "planted 14"}' http://x.y`,
    "curl -d 'user=me&password=planted-15&n=1' http://x.y",
    "curl -H 'Cookie: a=planted-16; b=planted-17' http://x.y",
  ];
  for (const [i, command] of commands.entries())
    await box.tmux("new-window", "-d", "-t", `=dev:${20 + i}`, `sh -c 'sleep 3113; :' ${command}`);
  const titles = [
    "ghp_planted0123456789",
    "sk-planted0123456789",
    "psql postgres://me:planted-18@db/x",
    "curl -H 'Authorization: Bearer planted-19'",
    "deploy --password=planted-20",
    "mysql -pplanted-21",
  ];
  for (const [i, title] of titles.entries()) {
    await box.tmux("select-pane", "-t", `=dev:${20 + i}`, "-T", title);
    await box.tmux("rename-window", "-t", `=dev:${20 + i}`, title);
  }
  const subscribe = (...words: string[]) => box.must(["daemon", "subscribe", "dev", ...words]);
  await subscribe("pattern-match", "20.0", "ready \\d", 'curl -u me:planted-22 -d \'{"token": "planted 23"}\' x.y');
  await subscribe("pattern-match", "20.0", "password=planted-24", "true");
  const saved = await box.bridge("session-save", "dev");
  const hidden = saved.hidden as string[];
  expect(hidden.slice(0, 4)).toEqual(["API_KEY", "CONFIG", "DATABASE_URL", "MY_TOKEN"]);
  const told = titles.flatMap((_, i) => [
    `what its title told of pane ${20 + i}.0`,
    `what its name told of window ${20 + i}`,
  ]);
  expect(hidden).toEqual(expect.arrayContaining(told));
  expect(hidden).toEqual(expect.arrayContaining(commands.map((_, i) => `an argument of sh in pane ${20 + i}.0`)));
  const files = readdirSync(box.snapshots, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(2);
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(`${parentPath}/${name}`);
    const text = name.endsWith(".zst") ? Buffer.from(Bun.zstdDecompressSync(bytes)) : bytes;
    expect(text.toString()).not.toContain("planted");
  }
  await box.tmux("kill-session", "-t", "=dev:");
  box.env.API_KEY = "of here";
  const { missing, subscriptions, differences } = await box.bridge("session-restore", "dev");
  const named = (missing as Missing[]).filter(({ where }) => where === "session").map(({ what }) => what);
  expect(named).toEqual(["the variable CONFIG", "the variable DATABASE_URL", "the variable MY_TOKEN"]);
  const unsubscribed = (missing as Missing[]).filter(({ what }) => what.startsWith("the subscription"));
  expect(unsubscribed as unknown[]).toEqual([
    {
      where: "pane 20.0",
      what: `the subscription to pattern-match "ready \\d", which runs curl -u *** -d '{"token": ***}' x.y`,
      why: "it held a secret, which is not stored (***): subscribe again",
    },
    {
      where: "pane 20.0",
      what: 'the subscription to pattern-match "password=***", which runs true',
      why: "it held a secret, which is not stored (***): subscribe again",
    },
  ]);
  expect([subscriptions, differences]).toEqual([0, []]);
  expect(await box.tmux("show-environment", "-t", "=dev:", "API_KEY")).toBe("API_KEY=of here");
});

/** A snapshot's file that somebody has changed, with sums that are right. */
function forged(box: Box, file: string, change: (snapshot: Snapshot) => void, text: string): void {
  const { snapshot } = JSON.parse(readFileSync(file, "utf8"));
  const parts = partsOf(text);
  for (const window of snapshot.session.windows)
    for (const pane of window.panes) pane.text = { parts: parts.map(({ sum }) => sum), lines: 1 };
  change(snapshot);
  writeFileSync(`${box.folder}/forged.json`, snapshotFileText(manifestText(snapshot), parts));
}

test("a snapshot in a file goes to another server; of a stranger's, nothing is run", async () => {
  await using box = await boxWith();
  const file = `${box.folder}/dev.json`;
  expect(await box.bridge("session-save", "dev", file)).toMatchObject({ snapshot: file });
  expect(await box.bridge("session-save", "dev", file)).toMatchObject({
    exitCode: 2,
    error: { code: "ERR_INVALID_ARGUMENT" },
  });
  expect(existsSync(box.snapshots)).toBe(false);
  // what could do something comes back from a file of one's own
  const far = async (...options: string[]) =>
    JSON.parse(await box.must(["-L", "far", "bridge", "session-restore", file, ...options]));
  expect(await far("--trust")).toMatchObject({ missing: [], differences: [] });
  const copy = await far("--as", "copy");
  const untrusted = copy.missing as Missing[];
  // what is missing is told once
  expect(copy.differences).toEqual([]);
  const madeBy = (name: string) => box.tmux("-L", "far", "show-options", "-qv", "-t", `=${name}:`, "@claude_tmux_made");
  expect([(await madeBy("dev")) === "", await madeBy("copy")]).toEqual([false, ""]);
  expect(untrusted.map(({ what }) => what)).toContain("the variable PORT");
  await box.tmux("-L", "far", "kill-server");
  mkdirSync(`${box.folder}/bin`);
  writeFileSync(`${box.folder}/bin/ls`, `#!/bin/sh\ntouch ${box.folder}/ran\n`);
  chmodSync(`${box.folder}/bin/ls`, 0o755);
  const run = `touch ${box.folder}/ran`;
  const change = ({ session }: Snapshot) => {
    Object.assign(session.environment.set, {
      PATH: `${box.folder}/bin`,
      BASH_ENV: `${box.folder}/x`,
      PROMPT_COMMAND: run,
      PS1: `$(${run})`,
      HISTFILE: `${box.folder}/history`,
      HISTFILESIZE: "0",
      MAILPATH: `${box.folder}/x?$(${run})`,
    });
    Object.assign(session.options, {
      "default-command": `'${run}'`,
      "status-left": `#(${run})`,
      "default-com": run,
      "after-set-option[0]": `run-shell '${run}'`,
      "exit-unattached": "on",
      "destroy-unattached": "on",
      [`x ; run-shell '${run}'`]: "y",
    });
    session.name = `#(${run})`;
    session.cwd = `/usr#(${run})`;
    for (const window of session.windows) {
      Object.assign(window.options, {
        "@x": `y ; run-shell '${run}'`,
        "window-status-format": `#(${run})`,
        "automatic-rename": "on",
        "automatic-rename-format": "#{E:pane_title}",
      });
      window.name = `#(${run})`;
      window.is_named = true;
      for (const pane of window.panes) {
        pane.title = `#(${run})\x1b]52;c;eA==\x07`;
        pane.label = `#(${run})`;
        pane.cwd = `/#(${run})`;
        pane.shell = `${box.folder}/bin/ls`;
        pane.options = { "@y": `'z' ; run-shell "${run}"` };
        pane.program = { argv: ["sh", "-c", run], cwd: "/", cut: null, agent: null, environment: null };
        pane.environment = { set: { LD_PRELOAD: run, PROMPT_COMMAND: run, EDITOR: run }, hidden: ["HOME"] };
      }
    }
  };
  writeFileSync(`${box.folder}/history`, "a\nb\n");
  forged(box, file, change, `sa\u202efe\x1b[6n\x1bPq\x1b\\\x1b]0;title\x07 text\n`);
  const told = await box.bridge("session-restore", `${box.folder}/forged.json`, "--as", "evil");
  expect(told).toMatchObject({ status: "success" });
  expect((told.missing as Missing[]).length).toBeGreaterThan(8);
  await box.tmux("list-panes", "-a", "-F", "#{pane_title} #{T:status-left}");
  expect(await box.tmux("list-panes", "-s", "-t", "=evil:", "-F", "#{@claude_tmux_label}")).toMatch(
    /^(_\(touch \S+\)\n?)+$/,
  );
  await box.bridge("pane-run", "evil", "0", "--", "true");
  expect(existsSync(`${box.folder}/ran`)).toBe(false);
  expect(readFileSync(`${box.folder}/history`, "utf8")).toBe("a\nb\n");
  expect(await box.tmux("capture-pane", "-p", "-t", "=evil:")).toContain("safe[6n");
  // one that tmux could not read: it would end, with every session
  for (const layout of [
    "garbage",
    "",
    withCheckSum("4000000000x4000000000,0,0,0"),
    withCheckSum("80x24,0,0[".repeat(50_000)),
  ]) {
    const broken = ({ session }: Snapshot) => {
      for (const window of session.windows) window.layout = layout;
    };
    forged(box, file, broken, "text\n");
    const told = await box.bridge("session-restore", `${box.folder}/forged.json`, "--as", "tiled");
    expect((told.missing as Missing[]).map(({ what }) => what)).toContain("its layout");
    await box.tmux("kill-session", "-t", "=tiled:");
  }
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("dev\nevil\nother");
});

test("what fails half-way is taken away again, and leaves the rest as it was", async () => {
  await using box = await boxWith();
  const file = `${box.folder}/dev.json`;
  await box.bridge("session-save", "dev", file);
  const before = await box.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_pid}");
  const change = ({ session }: Snapshot) => {
    for (const window of session.windows) window.index = 3;
  };
  forged(box, file, change, "text\n");
  expect(await box.bridge("session-restore", `${box.folder}/forged.json`, "--as", "broken")).toMatchObject({
    exitCode: 1,
  });
  expect(await box.tmux("list-panes", "-a", "-F", "#{pane_id} #{pane_pid}")).toBe(before);
  expect(readdirSync(box.state).filter((name) => name.startsWith("restoring-"))).toEqual([]);
});

test("who is killed while restoring leaves nothing that the next one does not take away", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  for (let ms = 5; ms < 120; ms += 12) {
    const child = Bun.spawn([...box.command, "session-restore", "dev"], {
      env: box.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await Bun.sleep(ms);
    child.kill("SIGKILL");
    await child.exited;
    // one that was done before it could be killed is whole
    const restored = await box.bridge("session-restore", "dev");
    if (restored.exitCode === 0) expect(restored).toMatchObject({ missing: [], differences: [] });
    else expect(restored).toMatchObject({ error: { code: "ERR_SESSION_EXISTS" } });
    expect(await box.output("pane-count", "dev")).toBe("3");
    await box.tmux("kill-session", "-t", "=dev:");
  }
  // what the last one had asked of tmux may have been done after it was killed, and after the next one had looked
  await until("all of it is taken away", async () => {
    await box.output("session-restore", "dev");
    await box.tmux("kill-session", "-t", "=dev:");
    return (await box.tmux("list-sessions", "-F", "#{session_name}")) === "other";
  });
  expect(readdirSync(box.state).filter((name) => name.startsWith("restoring-"))).toEqual([]);
});

test("who is killed while replacing leaves the old one or the new one, whole, and nothing that the next does not take away", async () => {
  await using box = await boxWith();
  const titles = () => box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{pane_title}");
  await box.tmux("select-pane", "-t", "=dev:5.0", "-T", "its title");
  await box.output("session-save", "dev");
  const before = await titles();
  for (let ms = 60; ms < 400; ms += 45) {
    const child = Bun.spawn([...box.command, "session-restore", "dev", "--replace"], {
      env: box.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await Bun.sleep(ms);
    child.kill("SIGKILL");
    await child.exited;
    expect(await titles()).toBe(before);
    expect(await box.output("pane-count", "dev")).toBe("3");
    // what it had asked of tmux may be done after it was killed, and after the next one has looked
    await until("all of it is taken away", async () => {
      const restored = await box.bridge("session-restore", "dev", "--replace");
      expect(restored).toMatchObject({ exitCode: 0, missing: [], differences: [] });
      return (await box.tmux("list-sessions", "-F", "#{session_name}")) === "dev\nother";
    });
  }
});

test("one that has its name has all that tmux knows of it, also when its restorer is killed then", async () => {
  await using box = await boxWith();
  const titles = () => box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{pane_title}");
  await box.tmux("select-pane", "-t", "=dev:5.0", "-T", "its title");
  await box.output("session-save", "dev");
  const [before, text] = [await titles(), await shown(box, "0.0")];
  await box.tmux("kill-session", "-t", "=dev:");
  const child = Bun.spawn([...box.command, "session-restore", "dev"], {
    env: box.env,
    stdio: ["ignore", "ignore", "ignore"],
  });
  await until("it has its name", async () =>
    (await box.tmux("list-sessions", "-F", "#{session_name}")).startsWith("dev\n"),
  );
  child.kill("SIGKILL");
  await child.exited;
  expect(await titles()).toBe(before);
  await until("its shells begin", async () => (await shown(box, "0.0")).length >= text.length);
  expect(await shown(box, "0.0")).toEqual(text);
});

test("who is killed while saving leaves all that were there whole, and no half one", async () => {
  await using box = await boxWith();
  await box.output("session-save", "dev");
  for (let ms = 2; ms < 60; ms += 4) {
    const child = Bun.spawn([...box.command, "session-save", "dev"], {
      env: box.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await Bun.sleep(ms);
    child.kill("SIGKILL");
    await child.exited;
    expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 0, damaged: [] });
  }
  expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 0 });
});

test("snapshots are listed, shown, compared, verified and removed", async () => {
  await using box = await boxWith();
  const first = `${(await box.bridge("session-save", "dev")).snapshot}`;
  await box.tmux("rename-window", "-t", "=dev:5", "renamed");
  const second = `${(await box.bridge("session-save", "dev", "--note", "kept")).snapshot}`;
  const list = await box.bridge("session-snapshots", "dev");
  expect(list.output).toMatchObject([
    { snapshot: second, note: "kept", whole: true, panes: 3 },
    { snapshot: first, note: null, whole: true, problem: null },
  ]);
  expect((await box.bridge("session-snapshots", "other")).output).toEqual([]);
  expect(await box.bridge("session-snapshot-show", first)).toMatchObject({
    output: { session: { windows: [{ panes: [{ label: "main" }, { label: "build" }] }, { index: 5 }] } },
  });
  expect(await box.bridge("session-snapshot-diff", first, "dev")).toMatchObject({
    exitCode: 1,
    differences: [{ where: "window 5", what: "name", before: 'it\'s a "name"', after: "renamed" }],
  });
  expect(await box.bridge("session-snapshot-diff", second, second)).toMatchObject({ exitCode: 0, differences: [] });
  expect(await box.bridge("session-snapshot-prune", "--keep", "1", "--dry-run")).toMatchObject({ removed: [] });
  expect(await box.bridge("session-snapshot-delete", first, "nosuch")).toMatchObject({
    error: { code: "ERR_SNAPSHOT_NOT_FOUND" },
  });
  // a session's name could mean all of them
  expect(await box.bridge("session-snapshot-delete", "dev")).toMatchObject({
    exitCode: 2,
    error: { code: "ERR_INVALID_ARGUMENT", hint: expect.stringContaining(`${second}, ${first}`) },
  });
  expect(await box.bridge("session-snapshot-verify", "dev")).toMatchObject({ output: "2 of 2 snapshots whole" });
  expect(await box.bridge("session-snapshot-verify", first)).toMatchObject({ output: "1 of 1 snapshot whole" });
  expect(await box.bridge("session-snapshot-verify", "other")).toMatchObject({
    error: { code: "ERR_SNAPSHOT_NOT_FOUND" },
  });
  const file = `${box.folder}/x.json`;
  writeFileSync(file, "{");
  expect(await box.bridge("session-snapshot-verify", file)).toMatchObject({
    exitCode: 1,
    damaged: [{ snapshot: file, problems: [expect.stringContaining("was never a snapshot")] }],
  });
  expect(await box.bridge("session-snapshot-delete", first)).toMatchObject({ removed: [first] });
  expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 0 });
  const parts = readdirSync(`${box.snapshots}/parts`, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".zst"));
  rmSync(`${box.snapshots}/parts/${parts[0]}`);
  expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 1, damaged: [{ snapshot: second }] });
  expect(await box.bridge("session-restore", second, "--as", "x")).toMatchObject({
    error: { code: "ERR_SNAPSHOT_DAMAGED" },
  });
});

test("a session's name comes before a file of that name, which is told", async () => {
  await using box = await boxWith();
  const run = (...words: string[]) =>
    Bun.spawnSync([...box.command, "bridge", ...words, "--compact"], { env: box.env, cwd: box.folder });
  const file = run("session-save", "dev", "x.json");
  expect(JSON.parse(file.stdout.toString())).toMatchObject({ snapshot: `${box.folder}/x.json` });
  const read = run("session-restore", "x.json", "--dry-run");
  expect([JSON.parse(read.stdout.toString()), read.stderr.toString()]).toMatchObject([{ snapshot: "x.json" }, ""]);
  const { snapshot } = await box.bridge("session-save", "dev");
  writeFileSync(`${box.folder}/dev`, "");
  const both = run("session-restore", "dev", "--dry-run");
  expect(JSON.parse(both.stdout.toString())).toMatchObject({ snapshot });
  expect(both.stderr.toString()).toBe('"dev" is taken for the session; for the file of that name say ./dev\n');
});

test("without scrollback and without environment, neither is stored", async () => {
  await using box = await boxWith();
  await box.bridge("pane-run", "dev", "0", "--", "echo shown-$((40 + 2))");
  const { snapshot } = await box.bridge("session-save", "dev", "--no-scrollback", "--no-env");
  const text = readFileSync(`${box.snapshots}/${snapshot}.json`, "utf8");
  // its digits alone may be in a sum
  for (const word of [/\b8080\b/, /PORT/]) expect(text).not.toMatch(word);
  expect(existsSync(`${box.snapshots}/parts`)).toBe(false);
  await box.tmux("kill-session", "-t", "=dev:");
  expect(await box.bridge("session-restore", "dev")).toMatchObject({
    lines: 0,
    missing: [
      {
        where: "session",
        what: "what its panes showed",
        why: "it was saved without (session-save --no-scrollback)",
      },
    ],
  });
  expect(await shown(box, "0.0")).toEqual([]);
});

test("a session that nobody has made a snapshot of, and one that is not there", async () => {
  await using box = await boxWith();
  expect(await box.bridge("session-save", "nosuch")).toMatchObject({
    exitCode: 1,
    error: { code: "ERR_SESSION_NOT_FOUND" },
  });
  expect(await box.bridge("session-restore", "other", "--as", "x")).toMatchObject({
    error: { code: "ERR_SNAPSHOT_NOT_FOUND" },
  });
  // a daemon would save it never
  expect(await box.bridge("session-autosave", "nosuch")).toMatchObject({
    exitCode: 1,
    error: { code: "ERR_SESSION_NOT_FOUND", hint: "There are: dev, other" },
  });
});

test("the daemon saves a session when something has changed, and not otherwise", async () => {
  await using box = await boxWith();
  await box.must(["daemon", "start"]);
  expect(await box.bridge("session-autosave", "dev", "1")).toMatchObject({ enabled: true, session: "dev" });
  const saved = async () => (await box.events("snapshot-saved")).map(({ session }) => session);
  await until("it is saved", async () => (await saved()).length === 1);
  // what has not changed is not written again
  const store = () => readdirSync(box.snapshots, { recursive: true }).length;
  const before = store();
  await Bun.sleep(3000);
  expect([await saved(), store()]).toEqual([["dev"], before]);
  await box.tmux("rename-window", "-t", "=dev:5", "renamed");
  await until("it is saved again", async () => (await saved()).length === 2);
  const list = (await box.bridge("session-snapshots", "dev")).output;
  expect(list).toMatchObject([
    { automatic: true, lines: 0, whole: true },
    { automatic: true, lines: 0 },
  ]);
  // another session, soon after it was made
  await box.bridge("session-autosave", "--all", "1h", "--scrollback");
  await box.tmux("new-session", "-d", "-s", "late");
  await until("the new one and the other are saved", async () => {
    const names = await saved();
    return names.includes("late") && names.includes("other");
  });
  // a failure is told once
  chmodSync(box.snapshots, 0o755);
  await box.tmux("rename-window", "-t", "=dev:5", "again");
  const failed = async () => (await box.events("snapshot-failed")).map(({ session }) => session);
  await until("it is told", async () => (await failed()).length > 0);
  expect(await failed()).toEqual(["dev"]);
  chmodSync(box.snapshots, 0o700);
  expect(await box.bridge("session-autosave-stop", "dev")).toMatchObject({ enabled: false });
  expect(await box.bridge("session-autosave-stop", "--all")).toMatchObject({ enabled: false });
  expect(await box.bridge("session-autosave-stop", "--all")).toMatchObject({
    output: expect.stringContaining("did not"),
  });
});

test("what a pane writes in the middle of a save is not taken for its prompt", async () => {
  // without an integration, the prompt is known by where the cursor stands
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "dev", "-x", "80", "-y", "24");
  await box.prompt("dev", "0");
  const [go, done, calls] = ["go", "done", "calls"].map((name) => `${box.folder}/${name}`);
  const waits = `until [ -e ${go} ]; do sleep 0.05; done; printf 'L%s\\n' 1 2 3 4; touch ${done}`;
  await box.tmux("send-keys", "-t", "=dev:", "-l", waits);
  await box.tmux("send-keys", "-t", "=dev:", "Enter");
  await box.shows("dev", "0", `touch ${done}`);
  const real = Bun.which("tmux", { PATH: box.env.PATH ?? "" });
  mkdirSync(`${box.folder}/bin`);
  // between its two looks at the session
  const shim = `#!/bin/sh
case " $* " in *" source-file - "*)
  printf x >>${calls}
  if [ "$(cat ${calls})" = xx ]; then
    touch ${go}
    until [ -e ${done} ]; do sleep 0.05; done
    until ${real} capture-pane -p -t =dev: | tail -n +2 | grep -q '[$#] *$'; do sleep 0.05; done
  fi;;
esac
exec ${real} "$@"
`;
  writeFileSync(`${box.folder}/bin/tmux`, shim, { mode: 0o755 });
  const save = Bun.spawn([...box.command, "bridge", "session-save", "dev"], {
    env: { ...box.env, PATH: `${box.folder}/bin:${box.env.PATH}` },
    stdout: "ignore",
  });
  expect(await save.exited).toBe(0);
  expect(readFileSync(calls ?? "", "utf8").length).toBeGreaterThan(1);
  await box.tmux("kill-server");
  await box.output("session-restore", "dev");
  expect(await box.tmux("capture-pane", "-p", "-t", "=dev:")).toContain("L1\nL2\nL3\nL4");
});

test("a pane whose program has ended comes back in the folder in which it began", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "dev", "-c", "/usr", ";", "set-option", "-w", "remain-on-exit", "on");
  await box.tmux("split-window", "-t", "=dev:", "-c", "/etc", "exit 3");
  await until("it is dead", async () => (await box.tmux("list-panes", "-t", "=dev:", "-F", "#{pane_dead}")) === "0\n1");
  await box.output("session-save", "dev");
  await box.tmux("kill-server");
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, differences: [] });
  const folders = await box.tmux("list-panes", "-t", "=dev:", "-F", "#{pane_current_path}");
  expect(folders).toBe("/usr\n/etc");
});
