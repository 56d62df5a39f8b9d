import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { commandLine } from "../../src/process/identity.ts";
import { Box, lives, until } from "../helpers/box.ts";
import { isTmuxFrom } from "../helpers/tmux-version.ts";

/** A box with a session of two windows and three panes, which is saved and then ended; another one is there. */
async function saved(): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "build");
  await box.prompt("dev", "build");
  await box.tmux("new-window", "-d", "-t", "=dev:5", "-n", "logs");
  await box.bridge("pane-run", "dev", "0", "--", "seq 5");
  // what runs while a shell starts can't be told
  const isAtPrompt = async () => (await box.bridge("pane-is-running", "dev", "5.0")).output === "false";
  await until("the shell of the other window is at its prompt", isAtPrompt);
  expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 0 });
  await box.tmux("new-session", "-d", "-s", "other");
  await box.tmux("kill-session", "-t", "=dev:");
  return box;
}

const hooks: readonly [hook: string, does: string][] = [
  ["after-new-session", "rename-session foo"],
  ["after-new-session", "kill-session"],
  ["after-new-session", "split-window"],
  ["session-created", "split-window"],
  ["session-created", "kill-session"],
  ["session-created", "select-window -t gone:9"],
  ["after-new-window", "split-window"],
  ["after-new-window", "kill-window"],
  ["after-new-window", "rename-window mine"],
  ["after-split-window", "select-layout even-horizontal"],
  ["after-split-window", "kill-pane"],
  ["after-select-layout", "split-window"],
  ["after-rename-window", "rename-window mine"],
  ["window-linked", "kill-window"],
  ["window-unlinked", "new-window"],
  ["window-renamed", "rename-window mine"],
  ["window-layout-changed", "split-window"],
  ["session-window-changed", "new-window"],
  ["window-pane-changed", "kill-pane"],
];
/** These come once the session has its name, as for any other. */
test("what a hook does to it when it is whole fails with a hint that names the hook", async () => {
  await using box = await saved();
  await box.tmux("set-hook", "-g", "session-renamed", "if -F '#{==:#{hook_session_name},dev}' 'kill-session -t =dev'");
  const { exitCode, error } = await box.bridge("session-restore", "dev");
  expect([exitCode, error?.hint]).toEqual([1, expect.stringContaining("session-renamed")]);
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("other");
});

test("what a hook does to its name then is told, and is done to no other session", async () => {
  await using box = await saved();
  await box.tmux("set-hook", "-g", "after-set-option", "rename-session foo");
  await box.tmux("set-hook", "-ga", "after-new-session", "display-message made");
  const missing = [{ where: "session", what: "the name dev", why: 'it is called "foo" now' }];
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, session: "foo", missing });
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("foo\nother");
});

for (const [hook, does] of hooks) {
  test(`where the hook ${hook} does "${does}", a session comes back as it was, and the hook is as it was`, async () => {
    await using box = await saved();
    // tmux renames windows by itself a moment later
    await box.tmux("set-option", "-gw", "automatic-rename", "off", ";", "set-hook", "-g", hook, does);
    const before = await box.tmux("show-hooks", "-g", ";", "show-hooks", "-gw");
    expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, missing: [], differences: [] });
    expect(await box.tmux("show-hooks", "-g", ";", "show-hooks", "-gw")).toBe(before);
    expect(
      await box.tmux(
        "list-panes",
        "-a",
        "-F",
        "#{session_name}:#{window_index} #{?#{==:#{window_index},5},#{window_name},}",
      ),
    ).toBe(["dev:0 ", "dev:0 ", "dev:5 logs", "other:0"].join("\n"));
    // it has no hooks of its own
    expect(await box.tmux("show-hooks", "-t", "=dev:", ";", "show-hooks", "-w", "-t", "=dev:5")).toBe("");
    expect(await box.tmux("show-options", "-g")).not.toContain("@claude_tmux");
  });
}

test("one that takes the place of another is kept from hooks as well, with windows that are there twice", async () => {
  await using box = await saved();
  await box.bridge("session-restore", "dev");
  await box.tmux("link-window", "-d", "-s", "=dev:5", "-t", "=dev:7");
  await box.bridge("session-save", "dev");
  for (const hook of ["after-new-session", "after-new-window", "window-linked", "window-layout-changed"])
    await box.tmux("set-hook", "-g", hook, "split-window");
  const told = await box.bridge("session-restore", "dev", "--replace");
  expect(told).toMatchObject({ exitCode: 0, missing: [], differences: [], replaced: { survivors: [] } });
  expect(await box.tmux("list-windows", "-a", "-F", "#{session_name}:#{window_index} #{window_panes}")).toBe(
    ["dev:0 2", "dev:5 1", "dev:7 1", "other:0 1"].join("\n"),
  );
});

const zsh = Bun.which("zsh");
for (const [command, started] of [
  [`exec ${zsh} -l`, "--posix -l"],
  [`echo begun; exec ${zsh}`, "--posix -l"],
  ["exec bash --norc", "--norc"],
] as const) {
  test.skipIf(!zsh)(`with the default-command "${command}", the shells that were saved come back`, async () => {
    await using box = await saved();
    await box.tmux("set-option", "-g", "default-command", command);
    expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, missing: [], differences: [] });
    for (const pid of (await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{pane_pid}")).split("\n")) {
      const [shell = "", ...words] = commandLine(Number(pid));
      expect([shell.replace(/.*\//, ""), words.join(" ")]).toEqual(["bash", started]);
    }
  });
}

/** Of a server or global ones, which a session has unless it has others. */
const OPTIONS: readonly string[][] = [
  ["exit-empty off"],
  ["remain-on-exit on"],
  ["default-size 50x20"],
  ["window-size largest", "aggressive-resize on"],
  ["window-size smallest"],
  ["base-index 1", "pane-base-index 1"],
  ["renumber-windows on"],
  ["automatic-rename off"],
  ["allow-rename on"],
  ["set-titles on"],
  ["monitor-silence 1", "monitor-activity on", "visual-bell on"],
  ["prefix C-a", "mouse on", "status off"],
  ["history-limit 10"],
  ["synchronize-panes on"],
  ["main-pane-width 10"],
  ["default-shell /bin/sh"],
  ["alternate-screen off"],
  ["update-environment ''"],
];
test("whatever is set on the server, a session comes back as it was", async () => {
  await using box = await saved();
  for (const options of OPTIONS) {
    for (const option of options) await box.tmux("set-option", "-g", ...option.replace("''", "").split(" "));
    const { exitCode, missing, differences } = await box.bridge("session-restore", "dev");
    expect({ options, exitCode, missing, differences }).toEqual({ options, exitCode: 0, missing: [], differences: [] });
    await box.tmux("kill-session", "-t", "=dev:");
    for (const option of options) await box.tmux("set-option", "-gu", option.split(" ")[0] ?? "");
  }
});

test("where sessions end that nobody looks at, one that comes back stays, and tells by what", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.bridge("session-save", "dev");
  await box.tmux(
    "rename-session",
    "-t",
    "=dev:",
    "other",
    ";",
    "set-option",
    "-t",
    "=other:",
    "destroy-unattached",
    "off",
  );
  await box.tmux("set-option", "-g", "destroy-unattached", "on");
  const told = [{ where: "session", what: "option destroy-unattached", before: null, after: "off" }];
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, missing: [], differences: told });
  expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("dev\nother");
});

test.skipIf(isTmuxFrom(3.7) || !isTmuxFrom(3.3))(
  "what would end tmux is refused, and leaves it as it was",
  async () => {
    await using box = await saved();
    await box.tmux("set-option", "-gw", "window-size", "manual");
    for (const command of [
      ["session-restore", "dev"],
      ["session-create", "new"],
    ]) {
      const { exitCode, output, error } = await box.bridge(...command);
      expect([exitCode, output, error?.hint]).toEqual([
        1,
        expect.stringContaining("window-size is manual"),
        expect.stringContaining("window-size latest"),
      ]);
      expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("other");
    }
  },
);

test("on a server that does not stay without a terminal, that is said", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.bridge("session-save", "dev");
  writeFileSync(`${box.folder}/.tmux.conf`, "set -s exit-unattached on\n");
  const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
  await box.tmux("kill-server");
  await until("it has ended", async () => !(await lives(server)));
  expect((await box.bridge("session-restore", "dev")).output).toContain("exit-unattached");
});
