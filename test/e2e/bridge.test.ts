import { describe, expect, test } from "bun:test";
import { Box, until } from "../helpers/box.ts";

describe("sessions", () => {
  test("are made, listed and ended by their exact names", async () => {
    await using box = new Box();
    expect(
      await box.bridge("session-create", "dev", "--size", "120x30", "--cwd", "/", "--env", "GREETING=hi"),
    ).toMatchObject({
      status: "success",
      command: "session-create",
      session: "dev",
      pane_id: "0",
      pane: "%0",
      exitCode: 0,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    await box.output("session-create", "dev2");
    const names = async () => ((await box.bridge("session-list")).output as { name: string }[]).map(({ name }) => name);
    expect(await names()).toEqual(["dev", "dev2"]);
    for (const wrong of ["de", "dev3", "", "*", "dev*", "../x", "root", "=dev", "$9", "dev:", "%0"]) {
      expect(await box.bridge("session-kill", wrong)).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_SESSION_NOT_FOUND" },
      });
    }
    for (const wrong of ["", "*", "dev*", "../x", "root", "=dev"]) {
      expect(await box.bridge("session-create", wrong)).toMatchObject({
        exitCode: 2,
        error: { code: "ERR_INVALID_NAME" },
      });
    }
    expect(await box.bridge("session-create", "dev")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_SESSION_EXISTS" },
    });
    await box.prompt("dev", "0");
    await box.output("pane-exec", "dev", "0", "echo $GREETING $PWD $COLUMNS; stty size");
    expect(await box.shows("dev", "0", "30 120")).toContain("hi /");
    await box.output("session-kill", "dev");
    expect(await names()).toEqual(["dev2"]);
  });

  test("without a server: an empty list, and errors that say so", async () => {
    await using box = new Box();
    expect(await box.bridge("session-list")).toMatchObject({ status: "success", output: [], exitCode: 0 });
    expect(await box.bridge("session-kill", "dev")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_TMUX_NOT_RUNNING" },
    });
    expect(await box.bridge("pane-capture", "dev", "0")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_TMUX_NOT_RUNNING" },
    });
  });

  test("the JSON is indented by two, or on one line with --compact, alone on stdout", async () => {
    await using box = new Box();
    const { stdout, stderr } = await box.run(["bridge", "session-create", "dev"]);
    expect(stdout).toStartWith('{\n  "status": "success",\n  "command": "session-create",\n');
    expect(stderr).toBe("");
    expect((await box.run(["bridge", "session-list", "--compact"])).stdout.split("\n")).toHaveLength(2);
  });
});

describe("panes", () => {
  test("keep their labels and indexes, and are found by index, window, id and label", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    const labels = ["server", 'ser"ver; #{x}', "日本"];
    for (const [i, label] of labels.entries()) {
      expect(await box.bridge("pane-create", "dev", label)).toMatchObject({ pane_id: `${i + 1}`, pane: `%${i + 1}` });
    }
    for (const [i, label] of labels.entries()) expect(await box.output("pane-find", "dev", label)).toBe(`${i + 1}`);
    await box.tmux("new-window", "-d", "-t", "=dev:");
    expect(await box.bridge("pane-capture", "dev", "1.0")).toMatchObject({ pane: "%4", pane_id: "1.0" });
    expect(await box.bridge("pane-capture", "dev", "%4")).toMatchObject({ pane: "%4", pane_id: "1.0" });
    expect(await box.bridge("pane-capture", "dev", "日本")).toMatchObject({ pane: "%3", pane_id: "3" });
    await box.output("pane-kill", "dev", "0");
    expect(await box.bridge("pane-capture", "dev", "server")).toMatchObject({ pane: "%1", pane_id: "0" });
    const panes = (await box.bridge("pane-list-detailed", "dev")).output as {
      pane: string;
      label: string;
      pane_id: number;
    }[];
    expect(panes.map(({ pane, label, pane_id }) => [pane, label, pane_id])).toEqual([
      ["%1", "server", 0],
      ["%2", 'ser"ver; #{x}', 1],
      ["%3", "日本", 2],
      ["%4", "", 0],
    ]);
  });

  test("are found with base-index 1, too", async () => {
    await using box = new Box();
    await box.output("session-create", "first");
    await box.tmux("set-option", "-g", "base-index", "1", ";", "set-option", "-g", "pane-base-index", "1");
    await box.output("session-create", "dev");
    expect(await box.bridge("pane-create", "dev", "web")).toMatchObject({ pane_id: "2" });
    expect(await box.bridge("pane-capture", "dev", "1")).toMatchObject({ status: "success", pane: "%1" });
    expect(await box.bridge("pane-exec", "dev", "0", "echo x")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_PANE_NOT_FOUND" },
    });
  });

  test("that are missing or ambiguous are errors, and nothing is typed", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.output("session-create", "other");
    await box.output("pane-create", "dev", "web");
    await box.output("pane-create", "dev", "web");
    for (const [command, ...args] of [["pane-exec", "echo x"], ["pane-capture"], ["pane-kill"]]) {
      for (const [pane, code] of [
        ["7", "ERR_PANE_NOT_FOUND"],
        ["%1", "ERR_PANE_NOT_FOUND"],
        ["3.0", "ERR_PANE_NOT_FOUND"],
        ["web", "ERR_AMBIGUOUS_LABEL"],
        [".", "ERR_PANE_NOT_FOUND"],
      ]) {
        expect(await box.bridge(command ?? "", "dev", pane ?? "", ...args)).toMatchObject({
          exitCode: 1,
          status: "error",
          error: { code: code ?? "" },
        });
      }
      expect(await box.bridge(command ?? "", "nope", "0", ...args)).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_SESSION_NOT_FOUND" },
      });
    }
    expect(await box.bridge("pane-find", "dev", "we")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_PANE_NOT_FOUND" },
    });
  });

  test("are ten at most, however many are made at once", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    const replies = await Promise.all(Array.from({ length: 14 }, (_, i) => box.bridge("pane-create", "dev", `p${i}`)));
    const made = replies.filter((reply) => reply.exitCode === 0);
    expect(made).toHaveLength(9);
    expect(new Set(made.map((reply) => reply.pane)).size).toBe(9);
    expect(replies.filter((reply) => reply.error?.code === "ERR_MAX_PANES")).toHaveLength(5);
    expect((await box.bridge("pane-list-detailed", "dev")).output).toHaveLength(10);
  });

  test("tell a waiting shell from a running command", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    const running = async () =>
      ((await box.bridge("pane-list-detailed", "dev")).output as { is_running: boolean }[])[0]?.is_running;
    expect(await running()).toBe(false);
    await box.output("pane-exec", "dev", "0", "bash -c 'echo started; read x; echo got $x'");
    await box.shows("dev", "0", "\nstarted");
    expect(await running()).toBe(true);
    await box.output("pane-exec", "dev", "0", "word");
    await box.shows("dev", "0", "got word");
    await until("the shell waits again", async () => !(await running()));
  });

  const isSignalTold = !/^tmux 3\.2/.test(Bun.spawnSync(["tmux", "-V"]).stdout.toString());

  test.each([
    ["exit 9", { exit_code: 9, last_exit_code: 9 }],
    ...(isSignalTold ? [["kill -9 $$", { signal: 9, last_exit_code: 137 }] as const] : []),
  ])("a dead pane tells how its program ended: %s", async (command, expected) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.tmux("set-option", "-t", "=dev:", "remain-on-exit", "on");
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.output("pane-exec", "dev", "0", command);
    const state = await until("the pane is dead, and tmux knows how", async () => {
      const status = (await box.bridge("pane-status", "dev", "0")).output as Record<string, unknown>;
      return status.is_dead === true && ("exit_code" in status || "signal" in status) && status;
    });
    expect(state).toMatchObject(expected);
    expect((await box.bridge("pane-list-json", "dev")).output).toMatchObject([{ is_running: false }]);
    await box.output("state-sync", "dev");
    expect(await Bun.file(`${box.state}/dev.state`).json()).toMatchObject({
      panes: { 0: { last_exit_code: expected.last_exit_code } },
    });
  });

  test("a full-screen program is told from a command, and how long nothing was written", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    const status = async () => (await box.bridge("pane-status", "dev", "0")).output as Record<string, unknown>;
    expect(await status()).toMatchObject({ full_screen: false, idle_ms: expect.any(Number) });
    await box.output("pane-exec", "dev", "0", "printf '\\033[?1049h'; cat");
    await until("it has the screen", async () => (await status()).full_screen === true);
    await until("it is idle", async () => ((await status()).idle_ms as number) >= 1000);
    await box.output("pane-create", "dev", "other");
    // of two panes in a window, tmux does not know which one has written
    expect(await status()).not.toHaveProperty("idle_ms");
    expect((await box.bridge("pane-list-json", "dev")).output).toMatchObject([
      { full_screen: true },
      { full_screen: false },
    ]);
  });

  test("a dead pane is told from one that works", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.tmux("set-option", "-t", "=dev:", "remain-on-exit", "on");
    await box.prompt("dev", "0");
    await box.output("pane-exec", "dev", "0", "exit");
    await until(
      "the pane is dead",
      async () => (await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_dead}")) === "1",
    );
    expect(await box.bridge("pane-exec", "dev", "0", "echo x")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_PANE_DEAD" },
    });
  });
});

describe("pane-exec", () => {
  test.each([
    ["a trailing semicolon", "printf %s 'x;' ;", "x;"],
    ["only a semicolon after text", "echo one; echo two;", "one\ntwo"],
    ["a leading dash", "--help", "--help: not found"],
    ["the name of a key", "Up", "Up: not found"],
    ["the name of a key with a modifier", "C-c", "C-c: not found"],
    ["a format string", "echo '#{session_name}' '#S'", "#{session_name} #S"],
    ["quotes and dollars", `echo "a'b" '$HOME' \\"`, `a'b $HOME "`],
    ["a tab", "printf 'a\tb' | od -c | head -1", "a  \\t   b"],
    ["two lines", "echo first\necho second", "second"],
    ["UTF-8", "echo 日本語 é 🎉", "日本語 é 🎉"],
  ])("%s arrives unchanged", async (_, command, expected) => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    expect(await box.bridge("pane-exec", "dev", "0", "--", command)).toMatchObject({
      status: "success",
      output: "Command sent",
    });
    // what a shell prints itself, not the echo of what was typed
    await until("the command's output shows", async () => {
      const lines = (await box.output("pane-capture", "dev", "0", "50"))
        .split("\n")
        .filter((line) => !line.startsWith("$ "));
      return lines.join("\n").includes(expected);
    });
  });

  test("control characters arrive as they are, and those that would end a paste are refused", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    const text = "a\x01b\x1b[Ac\x1fd\x7fe\tf";
    await box.output(
      "pane-exec",
      "dev",
      "0",
      `stty raw -echo; echo ready; head -c ${text.length} > ${box.folder}/received; stty sane`,
    );
    await box.shows("dev", "0", "\nready");
    expect(await box.bridge("pane-exec", "dev", "0", `${text}\x1b[201~`)).toMatchObject({
      exitCode: 2,
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
    await box.output("pane-exec", "dev", "0", text);
    const received = Bun.file(`${box.folder}/received`);
    await until("all has arrived", async () => (await received.stat()).size === text.length);
    expect(await received.text()).toBe(text);
  });

  test("30 KB arrive byte for byte", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.output("pane-exec", "dev", "0", "stty raw -echo; echo ready; head -c 30000 > received; stty sane");
    await box.shows("dev", "0", "\nready");
    const text = Array.from({ length: 30_000 }, (_, i) => String.fromCharCode(33 + ((i * 7) % 94))).join("");
    await box.output("pane-exec", "dev", "0", text);
    const cwd = await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_path}");
    const received = Bun.file(`${cwd}/received`);
    await until("all has arrived", async () => (await received.stat()).size === text.length);
    expect(await received.text()).toBe(text);
    await received.delete();
  });

  test("types into the program, not into the copy mode that a person left open", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.tmux("copy-mode", "-t", "=dev:");
    await box.output("pane-exec", "dev", "0", "echo through");
    await box.shows("dev", "0", "\nthrough");
  });

  test("goes to the first window, whichever is selected", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.tmux("new-window", "-t", "=dev:");
    expect(await box.bridge("pane-exec", "dev", "0", "true")).toMatchObject({ pane: "%0" });
    expect(await box.tmux("display-message", "-p", "-t", "=dev:", "#{window_index}")).toBe("1");
  });
});

describe("pane-capture", () => {
  test("gives the last lines, exactly as many, with wrapped ones joined", async () => {
    await using box = new Box();
    await box.output("session-create", "dev", "--size", "40x10");
    await box.prompt("dev", "0");
    await box.output("pane-exec", "dev", "0", "PS1=; seq 1 100; printf '%0150d\\n' 7; echo end");
    await box.shows("dev", "0", "\nend");
    expect(await box.output("pane-capture", "dev", "0", "3")).toBe(`100\n${"0".repeat(149)}7\nend`);
    expect((await box.output("pane-capture", "dev", "0", "50")).split("\n")).toHaveLength(50);
    const all = await box.output("pane-capture", "dev", "0", "--all");
    expect(all).toContain("\n1\n2\n3\n");
    expect((await box.output("pane-capture", "dev", "0", "10000")).split("\n").slice(-102)).toEqual(
      all.split("\n").slice(-102),
    );
  });

  test("drops colours, or keeps them with --ansi", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.output("pane-exec", "dev", "0", "printf '\\033[31mred\\033[0m\\n'; echo end");
    await box.shows("dev", "0", "\nend");
    expect(await box.output("pane-capture", "dev", "0")).toContain("\nred\nend");
    expect(await box.output("pane-capture", "dev", "0", "--ansi")).toContain("\x1b[31mred");
  });
});
