import { expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { Box, until } from "../helpers/box.ts";

// Which programs are started again, by --run, and that each of the others is named.

const SAFE = ["vim notes", "vim -R +1 notes", "less -NS notes", "tail -n5 -f notes"];
const OTHERS = [
  "vim -c startinsert notes",
  "python3",
  "python3 -m http.server 0",
  "make -f building",
  "sh -c 'while :; do sleep 1; done'",
];
const ALL = [...SAFE, ...OTHERS];
const areThere = ["vim", "less", "python3", "make"].every((program) => Bun.which(program));

test.skipIf(!areThere)(
  "an editor, a pager, tail, a REPL, a server and builds: what --run starts, and what is missing",
  async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    writeFileSync(`${box.folder}/notes`, "a line\n");
    writeFileSync(`${box.folder}/building`, "all:\n\twhile :; do sleep 1; done\n");
    await box.output("session-create", "dev", "--cwd", box.folder);
    const isRunning = async (i: number) => (await box.bridge("pane-is-running", "dev", `${i}.0`)).output;
    for (const [i, program] of ALL.entries()) {
      if (i > 0) await box.tmux("new-window", "-d", "-t", `=dev:${i}`, "-c", box.folder);
      await until("a prompt", async () => (await isRunning(i)) === "false");
      await box.output("pane-exec", "dev", `${i}.0`, program);
      await until("it runs", async () => (await isRunning(i)) === "true");
    }
    await box.output("session-save", "dev");
    const table: Record<string, string[]> = { safe: SAFE, none: [], all: ALL };
    for (const [run, started] of Object.entries(table)) {
      await box.tmux("kill-session", "-t", "=dev:");
      const told = await box.bridge("session-restore", "dev", "--run", run);
      const missing = told.missing as { where: string; what: string; why: string }[];
      expect([run, told.started, told.differences]).toEqual([
        run,
        started.map((command) => ({ where: `pane ${ALL.indexOf(command)}.0`, command })),
        [],
      ]);
      expect(missing.map(({ where, what }) => `${where}: ${what}`)).toEqual(
        ALL.flatMap((command, i) => (started.includes(command) ? [] : [`pane ${i}.0: ${command}`])),
      );
      const why = missing.find(({ what }) => what.startsWith("vim -c"))?.why;
      if (run === "safe")
        expect(why).toBe(
          'its option "-c" is none of those that are known to be harmless: session-restore --run all, or --run with a pattern for it, starts it; its line goes into the history of its shell',
        );
      const running = await Promise.all(ALL.map((_, i) => isRunning(i)));
      expect(ALL.filter((_, i) => running[i] === "true")).toEqual(started);
    }
  },
);

test.each([
  ["has none of ours", "/bin/sh", "", []],
  [
    "becomes another one as it begins",
    "/bin/bash",
    "exec sh",
    [{ where: "pane 0.0", what: "sleep 3117 in the history", why: "its shell has not our integration" }],
  ],
])("what can't go into the history of a shell that %s is not said to", async (_, shell, profile, more) => {
  await using box = new Box({ SHELL: shell });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.output("pane-exec", "dev", "0", "sleep 3117");
  await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  writeFileSync(`${box.folder}/.bash_profile`, `${profile}\n`);
  const told = await box.bridge("session-restore", "dev");
  const why = expect.stringMatching(/starts it$/);
  expect(told).toMatchObject({ history: [], missing: [{ where: "pane 0.0", what: "sleep 3117", why }, ...more] });
});

test.skipIf(!areThere)("a program that ends as soon as it was started is told, with its exit code", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  for (const name of ["notes", "gone"]) writeFileSync(`${box.folder}/${name}`, "a line\n");
  await box.output("session-create", "dev", "--cwd", box.folder);
  await box.tmux("new-window", "-d", "-t", "=dev:1", "-c", box.folder);
  await box.tmux("new-window", "-d", "-t", "=dev:2", "-c", box.folder);
  const isRunning = async (pane: string) => (await box.bridge("pane-is-running", "dev", pane)).output;
  for (const [i, program] of ["tail -f gone", "vim notes", "less gone"].entries()) {
    await until("a prompt", async () => (await isRunning(`${i}.0`)) === "false");
    await box.output("pane-exec", "dev", `${i}.0`, program);
    await until("it runs", async () => (await isRunning(`${i}.0`)) === "true");
  }
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  rmSync(`${box.folder}/gone`);
  const why = "it was started, and ended at once, with exit code 1";
  expect(await box.bridge("session-restore", "dev")).toMatchObject({
    exitCode: 0,
    started: [{ where: "pane 1.0", command: "vim notes" }],
    missing: [
      { where: "pane 0.0", what: "tail -f gone", why },
      { where: "pane 2.0", what: "less gone", why },
    ],
  });
});

test("what ran in a shell itself, or was between two programs just then, is told", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "reading");
  await box.tmux("split-window", "-d", "-t", "=dev:0.1", "exec sh");
  await until("a prompt", async () => (await box.bridge("pane-is-running", "dev", "2")).output === "false");
  const isRunning = async (pane: string) => (await box.bridge("pane-is-running", "dev", pane)).output;
  await box.output("pane-exec", "dev", "0", "while :; do :; done");
  await box.tmux("send-keys", "-t", "=dev:0.2", "while :; do :; done", "Enter");
  // nothing runs where somebody has not finished a command
  await box.tmux("send-keys", "-t", "=dev:0.1", "echo 'begun", "Enter");
  await until("both run", async () => (await isRunning("0")) === "true" && (await isRunning("2")) === "true");
  await until("it is begun", async () => /^>/m.test(await box.output("pane-capture", "dev", "1")));
  await box.output("session-save", "dev");
  await box.tmux("kill-session", "-t", "=dev:");
  const what = "what ran there";
  const why = "the shell was not at its prompt, and no program was in front just then";
  expect((await box.bridge("session-restore", "dev")).missing).toEqual([
    { where: "pane 0.0", what, why },
    { where: "pane 0.2", what, why },
  ]);
});
