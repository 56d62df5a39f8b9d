import { expect, test } from "bun:test";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { BINARY, Box, until } from "../helpers/box.ts";

test("the demo shows every step and leaves nothing behind", async () => {
  await using box = new Box();
  box.env.TMPDIR = box.folder;
  const before = readdirSync(box.folder);
  const { stdout, exitCode } = await box.run(["demo"]);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("All of it happened") });
  for (const step of ["1.", "2.", "3.", "4.", "5.", "6.", "7."]) expect(stdout).toContain(`\n${step} `);
  expect(stdout).not.toContain("\x1b");
  expect(readdirSync(box.folder)).toEqual(before);
});

test("the demo fails, and says at which step, when something does not happen", async () => {
  await using box = new Box();
  box.env.TMPDIR = box.folder;
  // a tmux that works, except that nothing is ever typed
  writeFileSync(
    `${box.folder}/tmux`,
    '#!/bin/sh\ncase "$*" in *send-keys*) echo "broken on purpose" >&2; exit 1;; esac\nPATH=${PATH#*:} exec tmux "$@"\n',
  );
  chmodSync(`${box.folder}/tmux`, 0o755);
  box.env.PATH = `${box.folder}:${box.env.PATH}`;
  const { stdout, exitCode } = await box.run(["demo"]);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("✗") });
  expect(stdout).toContain("broken on purpose");
  expect(stdout).not.toContain("All of it happened");
  expect(readdirSync(box.folder).filter((name) => name.startsWith("claude-tmux-demo"))).toEqual([]);
});

test("the demo, interrupted, leaves nothing behind", async () => {
  await using box = new Box();
  box.env.TMPDIR = box.folder;
  const before = readdirSync(box.folder);
  const demo = Bun.spawn([BINARY, "demo"], { env: box.env, stdout: "pipe", stderr: "ignore" });
  const inside = () => readdirSync(box.folder).find((name) => name.startsWith("claude-tmux-demo"));
  const panes = await until(
    "its session is there",
    () => inside() && readdirSync(`${box.folder}/${inside()}`).some((name) => name.startsWith("tmux-")),
  );
  expect(panes).toBe(true);
  demo.kill("SIGINT");
  expect(await demo.exited).toBe(130);
  expect(await demo.stdout.text()).toContain("interrupted");
  expect(readdirSync(box.folder)).toEqual(before);
});
