import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { Box, lives, until } from "../helpers/box.ts";

const unitOf = (box: Box) => `${box.folder}/.config/systemd/user/claude-tmux.service`;
const wantsOf = (box: Box) => `${box.folder}/.config/systemd/user/default.target.wants`;
const durableOf = (box: Box) => `${box.folder}/.local/state/claude-tmux`;

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
  const foretold = JSON.parse(await box.must(["uninstall", "--dry-run", "--json"]));
  expect(await Promise.all(pids.map(lives))).toEqual([true, true]);
  expect(existsSync(unitOf(box))).toBe(true);
  const told = JSON.parse(await box.must(["uninstall", "--json"]));
  expect(told).toEqual({ ...foretold, dry_run: false });
  expect(told.next).toEqual(["systemctl --user daemon-reload"]);
  expect(told.kept.map(({ what }: { what: string }) => what)).toEqual([box.state, durableOf(box)]);
  await until("both daemons are gone", async () => !(await lives(pids[0] ?? 0)) && !(await lives(pids[1] ?? 0)));
  expect(existsSync(unitOf(box))).toBe(false);
  expect(readdirSync(wantsOf(box))).toEqual(["other.service"]);
  expect(readdirSync(`${durableOf(box)}/server-default`)).toEqual([]);
  expect(await options(box)).toEqual(['@mine "a person\'s"']);
  expect(await options(box, "-L", "other")).toEqual([]);
  expect(await lives(pane)).toBe(true);
  expect(existsSync(`${box.state}/state.db`)).toBe(true);
  const again = JSON.parse(await box.must(["uninstall", "--json"]));
  expect(again).toMatchObject({ removed: [], next: [] });
  Bun.spawnSync(["tmux", "-L", "other", "kill-server"], { env: box.env });
});

test("a file that somebody has changed since stays, and so does what nobody installed", async () => {
  await using box = await installed();
  writeFileSync(unitOf(box), "mine");
  const told = JSON.parse(await box.must(["uninstall", "--purge", "--json"]));
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
  await box.must(["gc-run"]);
  await box.must(["daemon", "recover", "--force"]);
  for (const name of ["daemon.log.1", "state.db.damaged-2026-01-01", "mine.txt"])
    writeFileSync(`${box.state}/${name}`, "");
  await box.must(["uninstall", "--purge"]);
  expect(readdirSync(box.state)).toEqual(["mine.txt"]);
  expect(existsSync(durableOf(box))).toBe(false);
  expect((await box.tmux("list-sessions", "-F", "#{session_name}")).split("\n")).toEqual(["dev"]);
  Bun.spawnSync(["tmux", "-L", "other", "kill-server"], { env: box.env });
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
  expect(await box.must(["uninstall"])).toBe("Nothing of claude-tmux is installed");
  await box.must(["install", "systemd"]);
  expect(await box.must(["uninstall", "--dry-run"])).toContain(`Would remove: ${unitOf(box)}\n`);
  expect(await box.must(["uninstall"])).toContain(`Removed: ${unitOf(box)}\n`);
});
