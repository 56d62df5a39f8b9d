import { describe, expect, test } from "bun:test";
import { Recorder, randomKeys, randomText } from "../../src/dev/fuzz/play-keys.ts";
import { randomFrom } from "../../src/dev/random.ts";
import { Box, served, until } from "../helpers/box.ts";

/** A session whose pane runs a command line, and the program in it that is waited for. */
async function running(line: string, program: string, settings: Record<string, string> = {}): Promise<Box> {
  const box = new Box(settings);
  await box.output("session-create", "dev", "--cwd", box.folder);
  await box.prompt("dev", "0");
  await box.output("pane-exec", "dev", "0", line);
  await until(`${program} runs`, () => runs(box, program));
  return box;
}

async function runs(box: Box, program: string): Promise<boolean> {
  return (await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_command}")) === program;
}

describe("keys and texts", () => {
  const WAYS = [
    { isExtended: false, asksForKeys: false },
    { isExtended: true, asksForKeys: true },
  ];
  test.each(WAYS)("arrive byte for byte, %p", async (way) => {
    const seed = Date.now() % 2 ** 31;
    const random = randomFrom(seed);
    await using box = new Box();
    const recorder = await Recorder.start(box, way);
    for (let i = 0; i < 30; i++) {
      const problems = [
        await recorder.check("pane-send-keys", randomKeys(random)),
        await recorder.check("pane-send-stdin", randomText(random)),
      ];
      expect({ seed, problems }).toEqual({ seed, problems: [undefined, undefined] });
    }
  });

  test("arrive from stdin, with the newline that stands there", async () => {
    await using box = await running("cat > got", "cat");
    expect(await box.bridgeWith("a line\nand äö\n", "pane-send-stdin", "dev", "0", "-")).toMatchObject({
      status: "success",
      bytes: 16,
    });
    await until("it has arrived", async () => (await Bun.file(`${box.folder}/got`).text()) === "a line\nand äö\n");
  });

  test("go to the program also where somebody has scrolled back", async () => {
    await using box = await running("cat", "cat");
    await box.tmux("copy-mode", "-t", "%0");
    await box.output("pane-send-keys", "dev", "0", "q", "x", "Enter");
    await box.shows("dev", "0", "qx\nqx");
  });

  test("go to their pane alone", async () => {
    await using box = await running("cat", "cat");
    await box.tmux("split-window", "-d", "-t", "=dev:", "stty raw -echo; exec cat -v");
    await box.tmux("set-option", "-w", "-t", "=dev:", "synchronize-panes", "on");
    await box.output("pane-send-keys", "dev", "0", "k", "Up", "Enter");
    await box.output("pane-send-stdin", "dev", "0", "short", "--enter");
    await box.output("pane-send-stdin", "dev", "0", "by a buffer\n");
    await box.shows("dev", "0", "by a buffer\nby a buffer");
    expect(await box.tmux("capture-pane", "-p", "-t", "%1")).toMatch(/^\s*$/);
  });

  test("are a paste where the program knows pastes, and only there", async () => {
    await using box = await running("printf '\\033[?2004h'; echo on; cat -v > got", "cat");
    await box.output("pane-send-stdin", "dev", "0", "pasted", "--paste", "--enter");
    await box.tmux("send-keys", "-t", "%0", "C-d");
    await until("it has arrived", async () =>
      (await Bun.file(`${box.folder}/got`).text()).includes("^[[200~pasted^[[201~\n"),
    );
  });

  test("of which one is no key press none", async () => {
    await using box = await running("cat", "cat");
    expect(await box.bridge("pane-send-keys", "dev", "0", "a", "Entr")).toMatchObject({
      exitCode: 2,
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
    await box.output("pane-send-keys", "dev", "0", "b", "Enter");
    expect(await box.shows("dev", "0", "b\nb")).not.toContain("a\n");
  });

  test("that can't arrive are refused", async () => {
    await using box = await running("cat", "cat");
    const line = "x".repeat(4096);
    const refused = { exitCode: 2, error: { code: "ERR_INVALID_ARGUMENT" } };
    expect(await box.bridge("pane-send-stdin", "dev", "0", line)).toMatchObject(refused);
    expect(await box.bridge("pane-send-stdin", "dev", "0", `${"y".repeat(4095)}\n`)).toMatchObject({ exitCode: 0 });
    expect(await box.bridge("pane-send-stdin", "dev", "0")).toMatchObject(refused);
    expect(await box.bridge("pane-send-stdin", "dev", "0", "--file", "/nosuch")).toMatchObject(refused);
    await box.tmux("select-pane", "-d", "-t", "%0");
    for (const [verb, word] of [
      ["pane-send-keys", "a"],
      ["pane-send-stdin", "a"],
    ])
      expect(await box.bridge(`${verb}`, "dev", "0", `${word}`)).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_COMMAND_FAILED", hint: expect.stringContaining("select-pane -e") },
      });
    await box.tmux("set-option", "-p", "-t", "%0", "remain-on-exit", "on");
    await box.tmux("respawn-pane", "-k", "-t", "%0", "true");
    await until(
      "it is dead",
      async () => (await box.tmux("display-message", "-p", "-t", "%0", "#{pane_dead}")) === "1",
    );
    expect(await box.bridge("pane-send-keys", "dev", "0", "a")).toMatchObject({ error: { code: "ERR_PANE_DEAD" } });
  });
});

describe("a secret", () => {
  const SECRET = "Tr0ub4dor&3-correct-horse";

  test.each([
    ["given on stdin, where nothing is shown", "read -r -s x; echo got ${#x}", ["-"], `${SECRET}\n`],
    ["given on stdin, where it is shown", "read -r x; clear; tmux clear-history; echo got ${#x}", ["-"], `${SECRET}\n`],
    ["given as a word, where nothing is shown", "read -r -s x; echo got ${#x}", [SECRET, "--enter"], ""],
    ["given as keys, where nothing is shown", "read -r -s x; echo got ${#x}", undefined, ""],
  ])("%s, stands nowhere after that", async (_, program, words, input) => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^got"]);
    await box.output("pane-exec", "dev", "0", program);
    await box.shows("dev", "0", "read");
    await until("it reads", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
    await until("its terminal shows nothing, or it reads", async () => !program.includes("-s") || isSilent(box));
    const send = words ? ["pane-send-stdin", "dev", "0", ...words] : ["pane-send-keys", "dev", "0", ...SECRET, "Enter"];
    expect(await box.bridgeWith(input, ...send)).toMatchObject({ status: "success" });
    await box.shows("dev", "0", `got ${SECRET.length}`);
    await until("it is told", async () => (await box.events("pattern-match")).length === 1);
    expect(await box.tmux("show-options", "-p", "-A", "-t", "%0")).not.toContain(SECRET);
    expect(await box.tmux("list-buffers")).toBe("");
    expect(await box.must(["daemon", "logs", "1000"])).not.toContain(SECRET);
    expect(box.hasInFiles(SECRET)).toBe(false);
  });

  async function isSilent(box: Box): Promise<boolean> {
    const tty = await box.tmux("display-message", "-p", "-t", "%0", "#{pane_tty}");
    const { stdout } = Bun.spawnSync(["stty", "-F", tty, "-a"]);
    return / icanon/.test(stdout.toString()) && / -echo /.test(stdout.toString());
  }
});

test("what is typed as a command stays in the pane's options, as SECURITY.md says, and goes with it", async () => {
  await using box = await served({ SHELL: "/bin/bash" });
  await box.prompt("dev", "0");
  await box.output("pane-run", "dev", "0", "--", "true as-an-argument");
  await box.bridgeWith("true from-stdin\n", "pane-run", "dev", "0", "-");
  const kept = async () => await box.tmux("show-options", "-p", "-t", "%0");
  for (const text of ["@claude_tmux_typed_log", "as-an-argument", "from-stdin"]) expect(await kept()).toContain(text);
  for (let i = 0; i < 12; i++) await box.output("pane-run", "dev", "0", "--", `true ${i} ${"x".repeat(3000)}`);
  expect((await kept()).length).toBeLessThan(25_000);
  expect(await kept()).not.toContain("as-an-argument");
  await box.tmux("new-window", "-d", "-t", "dev");
  await box.output("pane-kill", "dev", "0");
  expect(await box.tmux("list-panes", "-a", "-F", "#{@claude_tmux_typed_log}#{@claude_tmux_typed_older}")).toBe("");
});

describe("what is typed so", () => {
  test("is never taken for output", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "MARK"]);
    await box.output("pane-exec", "dev", "0", "cat > /dev/null");
    await until("it runs", () => runs(box, "cat"));
    await box.output("pane-send-stdin", "dev", "0", "a MARK", "--enter");
    await box.output("pane-send-keys", "dev", "0", ..."MARK", "Enter");
    await box.output("pane-send-keys", "dev", "0", "C-d");
    await box.output("pane-wait", "dev", "0", "20");
    expect(await box.bridge("pane-has-pattern", "dev", "0", "MARK")).toMatchObject({ output: "false" });
    await box.output("pane-exec", "dev", "0", "echo the MA''RK");
    await until("it is told", async () => (await box.events("pattern-match")).length > 0);
    expect(await box.events("pattern-match")).toMatchObject([{ message: "the MARK" }]);
  });

  test.each(["bash", "zsh", "fish"].filter((shell) => Bun.which(shell)))(
    "at a prompt of %s makes the pane busy when it runs something, and only then",
    async (shell) => {
      await using box = new Box({ SHELL: Bun.which(shell) ?? "" });
      await box.output("session-create", "dev");
      await box.output("pane-run", "dev", "0", "--", "true");
      const isRunning = async () => (await box.bridge("pane-is-running", "dev", "0")).output;
      for (const keys of [["a", "b"], ["C-u"], ["Up", "Down"], ["C-c"]]) {
        await box.output("pane-send-keys", "dev", "0", ...keys);
        expect(await isRunning()).toBe("false");
      }
      await box.output("pane-send-stdin", "dev", "0", "sleep 1; ");
      expect(await isRunning()).toBe("false");
      await box.output("pane-send-stdin", "dev", "0", "true", "--enter");
      expect(await isRunning()).toBe("true");
      expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exit_code: 0 });
    },
  );

  test("ends what runs, when it is Ctrl-C", async () => {
    await using box = await running("sleep 100", "sleep", { SHELL: "/bin/bash" });
    await box.output("pane-send-keys", "dev", "0", "C-c");
    expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exit_code: 130 });
  });
});

describe("what a pane shows now", () => {
  test("is its screen, with the cursor, the size and the title", async () => {
    await using box = await running(
      "clear; printf '\\033]2;a title\\007one\\n\\033[1mtwo\\033[0m\\n\\nname? '; exec cat",
      "cat",
    );
    await box.shows("dev", "0", "name?");
    const { output } = (await box.bridge("pane-screen", "dev", "0")) as { output: unknown };
    expect(output).toMatchObject({
      lines: ["one", "two", "", "name?"],
      cursor: { row: 3, column: 6, visible: true },
      width: 200,
      height: 50,
      title: "a title",
      command: "cat",
      full_screen: false,
      is_running: true,
      waiting_for: "line",
    });
    expect(output).not.toHaveProperty("mode");
    await box.tmux("copy-mode", "-t", "%0");
    expect(await box.bridge("pane-screen", "dev", "0", "--ansi")).toMatchObject({
      output: {
        mode: "copy-mode",
        lines: ["one", expect.stringContaining("\x1b[1mtwo"), "", expect.stringContaining("name?")],
      },
    });
  });

  test("of a full-screen program, and of a pane that is dead", async () => {
    await using box = await running("printf '\\033[?1049h\\033[2;3Hhere\\033[?25l'; exec cat", "cat");
    await box.shows("dev", "0", "here");
    expect(await box.bridge("pane-screen", "dev", "0")).toMatchObject({
      output: { lines: ["", "  here"], full_screen: true, cursor: { row: 1, column: 6, visible: false } },
    });
    await box.tmux("set-option", "-p", "-t", "%0", "remain-on-exit", "on");
    await box.tmux("respawn-pane", "-k", "-t", "%0", "echo over");
    await until(
      "it is dead",
      async () => (await box.tmux("display-message", "-p", "-t", "%0", "#{pane_dead}")) === "1",
    );
    expect(await box.bridge("pane-screen", "dev", "0")).toMatchObject({
      output: { is_running: false, waiting_for: "nothing" },
    });
  });
});
