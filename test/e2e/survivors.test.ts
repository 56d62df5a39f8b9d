import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { processStat } from "../../src/process/identity.ts";
import { Box, until } from "../helpers/box.ts";

interface Killed {
  survivors: { pid: number; command: string }[];
  ended?: { pid: number; command: string }[];
}

const commands = (processes: { command: string }[] | undefined) => processes?.map(({ command }) => command).toSorted();

/** Programs that go on when their terminal is gone, each in its way. */
const SURVIVING = [
  ["nohup sleep 2001 > /dev/null 2>&1 &", "sleep 2001"],
  ["setsid sleep 2002 &", "sleep 2002"],
  // a double fork: its parent is not of the pane any more
  ["(setsid sh -c 'sleep 2003 & exit' &)", "sleep 2003"],
  ["sh -c 'trap \"\" HUP TERM; sleep 2004; :' &", `sh -c trap "" HUP TERM; sleep 2004; :`],
] as const;
// what the last of them waits for ignores the same signals
const NAMES = [...SURVIVING.map(([, name]) => name), "sleep 2004"].toSorted();

async function withSurvivors(): Promise<{ box: Box; stranger: Bun.Subprocess; isAlive: () => boolean[] }> {
  const box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "other");
  await box.output("session-create", "dev");
  await box.output("pane-run", "dev", "0", "--", SURVIVING.map(([line]) => line).join("\n"));
  // of the same name, and of nobody's pane
  const stranger = Bun.spawn(["sleep", "2002"], { env: box.env, stdin: "ignore", stdout: "ignore" });
  await until("all run", () => sleeps(box).length === 6);
  return { box, stranger, isAlive: () => sleeps(box).map((pid) => processStat(pid) !== undefined) };
}

function sleeps(box: Box): number[] {
  return box.processes().filter((pid) => /^(sleep 200|sh -c trap)/.test(commandOf(pid)));
}

function commandOf(pid: number): string {
  return Bun.spawnSync(["ps", "-o", "args=", "-p", `${pid}`])
    .stdout.toString()
    .trim();
}

describe.skipIf(!existsSync("/proc/self/stat"))("what lives on", () => {
  for (const [verb, ...words] of [
    ["session-kill", "dev"],
    ["pane-kill", "dev", "0"],
  ]) {
    test(`after ${verb} is told, and left alone`, async () => {
      const { box, stranger } = await withSurvivors();
      await using _box = box;
      const killed = (await box.bridge(`${verb}`, ...words)) as unknown as Killed;
      expect(commands(killed.survivors)).toEqual(NAMES);
      expect(killed).not.toHaveProperty("ended");
      for (const { pid } of killed.survivors) expect(processStat(pid)).toBeDefined();
      for (const { pid } of killed.survivors) process.kill(pid, "SIGKILL");
      stranger.kill("SIGKILL");
    });

    test(`after ${verb} --tree is ended, and nobody else's`, async () => {
      const { box, stranger } = await withSurvivors();
      await using _box = box;
      await box.output("pane-exec", "other", "0", "sleep 2009");
      const killed = (await box.bridge(`${verb}`, ...words, "--tree")) as unknown as Killed;
      expect(commands(killed.ended)).toEqual(NAMES);
      expect(killed.survivors).toEqual([]);
      await until("the others live", () => sleeps(box).length === 2);
      expect(stranger.exitCode).toBeNull();
      expect(await box.bridge("pane-is-running", "other", "0")).toMatchObject({ output: "true" });
      stranger.kill("SIGKILL");
    });
  }

  test.skipIf(!Bun.which("ssh-agent"))(
    "is never a tmux server that was started there, nor what serves others, nor our daemon",
    async () => {
      await using box = new Box({ SHELL: "/bin/bash" });
      await box.output("session-create", "keep");
      await box.output("session-create", "dev");
      const inner = `${box.folder}/inner`;
      await box.output("pane-run", "dev", "0", "--", `tmux -f /dev/null -S ${inner} new-session -d 'sleep 2005'`);
      await box.output(
        "pane-run",
        "dev",
        "0",
        "--",
        `ssh-agent -s > ${box.folder}/agent; sleep 2006 > /dev/null 2>&1 & disown`,
      );
      await box.output("pane-run", "dev", "0", "--", `${box.command.join(" ")} daemon start`);
      const daemon = await box.pid("daemon");
      const [, agent] = /SSH_AGENT_PID=(\d+)/.exec(await Bun.file(`${box.folder}/agent`).text()) ?? [];
      const killed = (await box.bridge("session-kill", "dev", "--tree")) as unknown as Killed;
      expect(processStat(daemon)).toBeDefined();
      expect(Bun.spawnSync(["tmux", "-S", inner, "list-panes"]).exitCode).toBe(0);
      expect(killed.survivors.every(({ command }) => command.startsWith("ssh-agent"))).toBe(true);
      expect(processStat(Number(agent))).toBeDefined();
      process.kill(Number(agent), "SIGKILL");
      Bun.spawnSync(["tmux", "-S", inner, "kill-server"]);
    },
  );

  test("is never what keeps terminals for others, under whatever name, and what runs in them", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "keep");
    await box.output("session-create", "dev");
    const inner = `${box.folder}/inner`;
    await box.output(
      "pane-run",
      "dev",
      "0",
      "--",
      `cp "$(command -v tmux)" ${box.folder}/tmux-9; ${box.folder}/tmux-9 -f /dev/null -S ${inner} new-session -d 'sleep 2005'`,
    );
    // as dtach and screen do: a session of its own, and one for each program in it
    await box.output(
      "pane-run",
      "dev",
      "0",
      "--",
      `(setsid bash -c 'exec -a dtach bash -c "setsid sleep 2000 & sleep 3000"' &)`,
    );
    await until("both run", () => sleeps(box).length === 2);
    expect(await box.bridge("session-kill", "dev", "--tree")).toMatchObject({ survivors: [], ended: [] });
    expect(sleeps(box)).toHaveLength(2);
    expect(Bun.spawnSync(["tmux", "-S", inner, "kill-server"]).exitCode).toBe(0);
  });

  test("is also what something has started when it was told to hang up", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "keep");
    await box.output("session-create", "dev");
    await box.output(
      "pane-exec",
      "dev",
      "0",
      // the second signal, when its parent ends, must not reach it
      `bash -c 'trap "trap \\"\\" HUP; setsid sleep 2001 & exit" HUP; echo be""gun; while :; do sleep 0.1; done'`,
    );
    await box.shows("dev", "0", "begun");
    expect(await box.bridge("session-kill", "dev", "--tree")).toMatchObject({
      survivors: [],
      ended: expect.arrayContaining([expect.objectContaining({ command: "sleep 2001" })]),
    });
    expect(sleeps(box)).toEqual([]);
  });

  test("is not what runs in a window that another session has as well", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("session-create", "keep");
    await box.tmux("link-window", "-d", "-s", "=dev:0", "-t", "=keep:5");
    await box.output("pane-exec", "dev", "0", "sleep 2007");
    await until("it runs", () => sleeps(box).length === 1);
    expect(await box.bridge("session-kill", "dev", "--tree")).toMatchObject({ survivors: [], ended: [] });
    expect(sleeps(box)).toHaveLength(1);
  });

  test("is nothing, as a rule", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "sleep 2008 &");
    await box.output("pane-exec", "dev", "0", "sleep 2008");
    await until("both run", () => sleeps(box).length === 2);
    expect(await box.bridge("session-kill", "dev")).toMatchObject({ survivors: [] });
    expect(sleeps(box)).toEqual([]);
  });
});
