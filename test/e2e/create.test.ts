import { expect, test } from "bun:test";
import { Box } from "../helpers/box.ts";
import { isTmuxFrom } from "../helpers/tmux-version.ts";

const PLACES = "#{pane_id} #{@claude_tmux_label} #{pane_width}x#{pane_height}";

test("a pane that there is no space for changes nothing", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  await box.tmux("resize-window", "-t", "=dev:", "-x", "60", "-y", "7");
  let last: Awaited<ReturnType<Box["bridge"]>>;
  let before = "";
  let count = 0;
  do {
    before = await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", PLACES);
    last = await box.bridge("pane-create-with-layout", "dev", `p${++count}`, "even-vertical");
  } while (last.exitCode === 0);
  expect(count).toBeGreaterThan(1);
  expect(last).toMatchObject({
    output: "The window has no space for another pane",
    error: { code: "ERR_COMMAND_FAILED", hint: expect.stringContaining("session-create --size") },
  });
  expect(await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", PLACES)).toBe(before);
});

test("a window with a size of its own keeps no session from being made; a global option by which tmux would end does", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  // which makes the size of that window manual
  await box.tmux("resize-window", "-t", "=dev:", "-x", "60", "-y", "20");
  expect(await box.tmux("show-options", "-wv", "-t", "=dev:", "window-size")).toBe("manual");
  expect(await box.bridge("session-create", "one")).toMatchObject({ exitCode: 0 });
  // the window that a command without a target means has another one than all
  await box.tmux("set-option", "-w", "-t", "=dev:", "window-size", "latest");
  await box.tmux("set-option", "-gw", "window-size", "manual");
  const { exitCode } = await box.bridge("session-create", "two");
  expect(exitCode).toBe(isTmuxFrom(3.3) && !isTmuxFrom(3.7) ? 1 : 0);
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toStartWith("dev\none");
});

test("a variable is given as it is, whatever is in it", async () => {
  await using box = new Box();
  const value = "two\n  #lines 'and' \"$HOME\" \\n \\;#{pane_id} ; #(date) é~;";
  await box.output("session-create", "dev", "--cwd", box.folder, "--env", `VALUE=${value}`);
  const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", 'printf %s "$VALUE" >value');
  expect(reply).toMatchObject({ exit_code: 0 });
  expect(await Bun.file(`${box.folder}/value`).text()).toBe(value);
});

test("a label that another pane has already is given, with a warning", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  expect(await box.bridge("pane-create", "dev", "build")).not.toHaveProperty("warning");
  expect(await box.bridge("pane-create", "dev", "build")).toMatchObject({
    exitCode: 0,
    warning: expect.stringContaining("%1 and %2"),
  });
  expect(await box.bridge("pane-create", "dev", "a#b")).not.toHaveProperty("warning");
});

// tmux 3.7 and newer have panes that float above the others
test.skipIf(!isTmuxFrom(3.7))(
  "a pane that floats, and has the focus, is neither split nor labelled nor moved",
  async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "web");
    await box.tmux("new-pane", "-t", "=dev:", "sleep 1000");
    const floating = async () =>
      (await box.tmux("list-panes", "-t", "=dev:", "-F", `#{pane_floating_flag} #{pane_active} ${PLACES}`))
        .split("\n")
        .filter((row) => row.startsWith("1 "));
    const before = await floating();
    expect(before).toEqual([expect.stringMatching(/^1 1 %2 {2}/)]);
    expect(await box.bridge("pane-create", "dev", "build")).toMatchObject({ exitCode: 0, pane: "%3" });
    expect(await floating()).toEqual(before);
    expect(await box.output("pane-find", "dev", "build")).toBe("3");
    await box.output("session-create", "only");
    await box.tmux("new-pane", "-t", "=only:", "sleep 1000");
    await box.output("pane-kill", "only", "main");
    expect(await box.bridge("pane-create", "only", "build")).toMatchObject({ exitCode: 1, status: "error" });
  },
);

test("panes that are made at the same time get what is their own: labels, secrets, and who made them", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  for (let round = 0; round < 4; round++) {
    const labels = Array.from({ length: 6 }, (_, i) => `r${round}p${i}`);
    await box.output("session-create", `s${round}`);
    const replies = await Promise.all(labels.map((label) => box.bridge("pane-create", `s${round}`, label)));
    const format = "#{pane_id} #{@claude_tmux_label} #{@claude_tmux_key} #{?@claude_tmux_made_pane,made,}";
    const rows = (await box.tmux("list-panes", "-s", "-t", `=s${round}:`, "-F", format)).split("\n");
    const told = rows.map((row) => row.split(" ")).filter(([, label]) => label !== "main");
    // each label is where its maker was told that it is
    expect(Object.fromEntries(told.map(([id, label]) => [label, id]))).toEqual(
      Object.fromEntries(replies.map(({ pane }, i) => [labels[i], pane])),
    );
    expect(new Set(told.map(([, , key]) => key)).size).toBe(labels.length);
    expect(told.every(([, , key, made]) => key?.length === 16 && made === "made")).toBe(true);
    await box.output("session-kill", `s${round}`);
  }
});

test("a session stays where those that nobody looks at end at once", async () => {
  await using box = new Box();
  await box.tmux("new-session", "-d", "-s", "other", ";", "set-option", "-t", "other", "destroy-unattached", "off");
  await box.tmux("set-option", "-g", "destroy-unattached", "on");
  expect(await box.bridge("session-create", "dev")).toMatchObject({ status: "success" });
  expect(await box.bridge("pane-run", "dev", "0", "--", "echo hi")).toMatchObject({ output: "hi" });
  await box.tmux("set-option", "-g", "destroy-unattached", "off");
  await box.output("session-create", "plain");
  expect(await box.tmux("show-options", "-t", "=plain:", "destroy-unattached")).toBe("");
});
