import { expect, test } from "bun:test";
import { Box } from "../helpers/box.ts";

/** A box with two sessions that share three windows, each showing another one. */
async function boxWithGroup(): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "keep");
  await box.output("session-create", "one");
  await box.output("pane-create", "one", "build");
  await box.tmux("new-window", "-d", "-t", "=one:4", "-n", "four");
  await box.tmux("new-window", "-d", "-t", "=one:6", "-n", "six");
  await box.tmux("new-session", "-d", "-t", "=one:", "-s", "two", "-e", "OF_TWO=2");
  await box.tmux("set-option", "-t", "=two:", "status", "off");
  await box.tmux("select-window", "-t", "=one:4");
  await box.tmux("select-window", "-t", "=two:6");
  await box.bridge("pane-run", "one", "build", "--", "seq 30");
  return box;
}

const FACTS = "#{session_group_list} #{session_name} #{session_stack} #{session_windows}";
const sessions = (box: Box) => box.tmux("list-sessions", "-F", FACTS);
const windows = (box: Box, session: string) =>
  box.tmux(
    "list-panes",
    "-s",
    "-t",
    `=${session}:`,
    "-F",
    "#{window_index}.#{pane_index} #{pane_id} #{@claude_tmux_label}",
  );

test("sessions that shared their windows share them again", async () => {
  await using box = await boxWithGroup();
  const before = await sessions(box);
  for (const name of ["one", "two"]) await box.output("session-save", name);
  await box.tmux("kill-server");
  const told = await box.bridge("session-restore", "one");
  expect(told).toMatchObject({
    exitCode: 0,
    differences: [],
    missing: [{ where: "session", what: "that it shares its windows with two" }],
  });
  const missing = [
    {
      where: "session",
      what: "what its panes showed and what ran there",
      why: "its windows are those of one, as they are",
    },
  ];
  expect(await box.bridge("session-restore", "two", "--dry-run")).toMatchObject({ started: [], lines: 0, missing });
  expect(await box.bridge("session-restore", "two")).toMatchObject({
    exitCode: 0,
    output: '"two" came back, with the windows that it shared',
    differences: [],
    lines: 0,
    missing,
  });
  expect((await sessions(box)).split("\n").filter((row) => row.includes("one"))).toEqual(
    before.split("\n").filter((row) => row.includes("one")),
  );
  expect(await windows(box, "two")).toBe(await windows(box, "one"));
  expect(await box.tmux("show-environment", "-t", "=two:", "OF_TWO")).toBe("OF_TWO=2");
  expect(await box.tmux("show-options", "-v", "-t", "=two:", "status")).toBe("off");
});

test("one whose windows are others by now has its own; one that goes leaves them to the other", async () => {
  await using box = await boxWithGroup();
  await box.output("session-save", "two");
  expect(await box.bridge("session-kill", "two")).toMatchObject({ exitCode: 0 });
  const before = await windows(box, "one");
  await box.bridge("session-restore", "two");
  expect([await windows(box, "two"), await windows(box, "one")]).toEqual([before, before]);
  await box.tmux("kill-session", "-t", "=two:");
  await box.tmux("split-window", "-d", "-t", "=one:6");
  const split = await windows(box, "one");
  expect(await box.bridge("session-restore", "two")).toMatchObject({ exitCode: 0, differences: [] });
  expect(await windows(box, "one")).toBe(split);
  expect((await windows(box, "two")).split("\n")).toHaveLength(4);
});

test("a copy, one that takes another's place, and a stranger's have windows of their own", async () => {
  await using box = await boxWithGroup();
  const file = `${box.folder}/one.snapshot`;
  await box.output("session-save", "one", file);
  await box.output("session-save", "one");
  const before = await windows(box, "one");
  const apart = async (why: string, ...words: string[]) => {
    const what = expect.stringMatching(/^that it shares its windows with (one|two)$/);
    const missing = expect.arrayContaining([{ where: "session", what, why: expect.stringContaining(why) }]);
    const ending = { session: "one", windows: 0, panes: 0, programs: [] };
    const replaced = words.includes("--replace") && { replaced: ending };
    const told = { ...replaced, output: expect.stringContaining("3 windows and 4 panes"), missing };
    expect(await box.bridge("session-restore", ...words, "--dry-run")).toMatchObject(told);
    expect(await box.bridge("session-restore", ...words)).toMatchObject({ ...told, exitCode: 0, differences: [] });
  };
  await apart("(--as)", "one", "--as", "copy");
  expect(await box.output("pane-capture", "copy", "build", "200")).toContain("30");
  await box.tmux("kill-window", "-t", "=copy:4");
  expect(await windows(box, "one")).toBe(before);
  await apart("takes its place", "one", "--replace");
  expect(await windows(box, "one")).not.toBe(before);
  expect(await windows(box, "two")).toBe(before);
  await box.tmux("kill-session", "-t", "=one:");
  await apart("--trust", file);
  expect(await windows(box, "two")).toBe(before);
});

test("one window, or one pane, can come back alone", async () => {
  await using box = await boxWithGroup();
  await box.output("session-save", "one");
  expect(await box.bridge("session-restore", "one", "--only", "9", "--as", "x")).toMatchObject({
    exitCode: 2,
    error: { code: "ERR_INVALID_ARGUMENT", hint: "Its panes are 0.0, 0.1, 4.0, 6.0." },
  });
  expect(await box.bridge("session-restore", "one", "--only", "4", "--as", "x")).toMatchObject({
    windows: 1,
    differences: [],
    missing: [],
  });
  expect(await box.bridge("session-restore", "one", "--only", "0.1", "--as", "y")).toMatchObject({
    panes: 1,
    differences: [],
    missing: [],
  });
  expect((await windows(box, "x")).split(" ")[0]).toBe("4.0");
  expect(await box.bridge("pane-capture", "y", "build")).toMatchObject({ output: expect.stringContaining("30") });
});
