import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { within } from "../../src/lib/wait.ts";
import { Box, type Reply, until } from "../helpers/box.ts";
import { SHELLS, type Shell } from "../helpers/shells.ts";

// once is enough to notice a break; ROUNDS=50 shows that it holds
const ROUNDS = Number(process.env.ROUNDS ?? 1);

interface Run extends Reply {
  exit_code: number | null;
  duration_ms: number | null;
  method: string;
  pane_ended?: boolean;
  output_truncated?: boolean;
  partial_output?: string;
}

async function run(box: Box, pane: string, command: string, ...options: string[]): Promise<Run> {
  return (await box.bridge("pane-run", "dev", pane, "--timeout", "20", ...options, "--", command)) as Run;
}

interface Row {
  name: string;
  command(shell: Shell): string;
  exitCode: number;
  output: string | RegExp;
  /** how long it takes at least */
  ms?: number;
  /** the pane ends with it */
  ends?: boolean;
}

const LINES_300 = Array.from({ length: 300 }, (_, i) => i + 1).join("\n");

const ROWS: Row[] = [
  { name: "true", command: () => "true", exitCode: 0, output: "" },
  { name: "false", command: () => "false", exitCode: 1, output: "" },
  { name: "exit 42", command: () => "sh -c 'exit 42'", exitCode: 42, output: "" },
  { name: "command not found", command: () => "nosuchcommand", exitCode: 127, output: /nosuchcommand/ },
  { name: "a child shell", command: () => "bash -c 'echo in a child; exit 7'", exitCode: 7, output: "in a child" },
  { name: "no trailing newline", command: () => "printf abc", exitCode: 0, output: "abc" },
  { name: "300 lines", command: () => "seq 1 300", exitCode: 0, output: LINES_300 },
  { name: "a loop of sleeps", command: ({ loop }) => loop, exitCode: 0, output: "done", ms: 300 },
  { name: "a pane that dies", command: () => "echo bye; exit 42", exitCode: 42, output: /^bye/, ends: true },
  { name: "a pane that is killed", command: ({ pid }) => `kill -9 ${pid}`, exitCode: 137, output: "", ends: true },
];

describe.each(SHELLS)("pane-run in $name", (shell) => {
  // one for all rows, each of which has panes of its own: a server and a session for each would take most of the time
  let box: Box;
  beforeAll(async () => {
    box = new Box({ SHELL: shell.path });
    if (shell.isThere) await box.output("session-create", "dev");
  });
  afterAll(() => box[Symbol.asyncDispose]());

  test.skipIf(!shell.isThere).each(ROWS)("$name: output, exit code and time are right", async (row) => {
    const label = (round: number) => `${row.name} ${row.ends ? round : ""}`;
    for (let round = 1; round <= ROUNDS; round++) {
      // the pane is used at once: the command waits for its first prompt itself
      if (row.ends || round === 1) await box.output("pane-create", "dev", label(round));
      const reply = await run(box, label(round), row.command(shell));
      expect(reply).toMatchObject({ status: "success", exit_code: row.exitCode, exitCode: row.exitCode });
      expect(reply.method).toBe(shell.method);
      if (typeof row.output === "string") expect(reply.output).toBe(row.output);
      else expect(reply.output as string).toMatch(row.output);
      expect(reply.duration_ms).toBeGreaterThanOrEqual(row.ms ?? 0);
      expect(reply.duration_ms).toBeLessThan((row.ms ?? 0) + 3000);
      expect(reply.pane_ended ?? false).toBe(row.ends ?? false);
    }
    if (!row.ends) await box.output("pane-kill", "dev", label(1));
    // nothing of the holding is left behind
    const left = await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{remain-on-exit}#{@claude_tmux_holds}");
    expect(new Set(left.split("\n"))).toEqual(new Set(["off"]));
  });

  test.skipIf(!shell.isThere)("several lines, long ones, and what a terminal would act on", async () => {
    await using box = new Box({ SHELL: shell.path });
    await box.output("session-create", "dev");
    expect(await run(box, "0", "echo one\necho two\nfalse")).toMatchObject({ exit_code: 1, output: "one\ntwo" });
    const long = "x".repeat(100_000);
    expect(await run(box, "0", `printf %s ${long} | wc -c`)).toMatchObject({ exit_code: 0, output: "100000" });
    const tab = shell.name === "fish" ? "" : "a\tb"; // fish drops a tab from what is pasted
    expect(await run(box, "0", `printf '%s\\n' '${tab}' '#{x}' "it's;" '日本' '🎉'`)).toMatchObject({
      output: `${tab}\n#{x}\nit's;\n日本\n🎉`,
    });
    // to an interactive zsh it is no comment
    if (shell.name !== "zsh") expect(await run(box, "0", "echo end # a comment")).toMatchObject({ output: "end" });
    expect((await run(box, "0", "echo )")).exit_code).not.toBe(0);
    expect(await run(box, "0", "echo again")).toMatchObject({ output: "again", exit_code: 0 });
  });

  test.skipIf(!shell.isThere)("of many at once, each is run or refused, and the pane is free afterwards", async () => {
    await using box = new Box({ SHELL: shell.path });
    await box.output("session-create", "dev");
    const codes = Array.from({ length: 12 }, (_, i) => i + 1);
    const replies = await Promise.all(codes.map((code) => run(box, "0", `echo n${code}; sh -c 'exit ${code}'`)));
    const told = replies.map(({ status, exit_code: code, output, error }) => ({ status, code, output, error }));
    for (const [i, reply] of told.entries()) {
      if (reply.status === "error") expect(reply).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
      else expect(reply).toEqual({ status: "success", code: codes[i] ?? 0, output: `n${codes[i]}`, error: undefined });
    }
    expect(told.some(({ status }) => status === "success")).toBe(true);
    expect((await box.bridge("pane-is-running", "dev", "0")).output).toBe("false");
  });

  test.skipIf(!shell.isThere || shell.method !== "shell-integration")(
    "what another caller leaves for the shell meanwhile stays there",
    async () => {
      await using box = new Box({ SHELL: shell.path });
      await box.output("session-create", "dev");
      const start = Array.from(new Bun.Glob("shell-*/start.sh").scanSync({ cwd: box.state, dot: true }))[0] ?? "";
      const pid = await box.tmux("display-message", "-p", "-t", "=dev:0", "#{pane_pid}");
      const waiting = `${box.state}/${start.replace("start.sh", `take-${pid}`)}`;
      expect(await run(box, "0", `echo 'echo other' > ${waiting}; echo one`)).toMatchObject({ output: "one" });
      expect(existsSync(waiting)).toBe(true);
      rmSync(waiting);
      // in the moment in which the shell has taken it, too
      mkdirSync(`${box.folder}/bin`);
      const rm = `#!/bin/sh\n/bin/rm "$@" && echo 'echo other' > ${waiting}\n`;
      writeFileSync(`${box.folder}/bin/rm`, rm, { mode: 0o755 });
      await run(box, "0", shell.name === "fish" ? "set -x PATH ~/bin $PATH" : "PATH=~/bin:$PATH");
      expect(await run(box, "0", "echo two")).toMatchObject({ output: "two" });
    },
  );

  test.skipIf(!shell.isThere || shell.method !== "shell-integration")(
    "a typing that was given up long ago keeps nobody from the prompt",
    async () => {
      await using box = new Box({ SHELL: shell.path });
      await box.output("session-create", "dev");
      expect(await run(box, "0", "echo one")).toMatchObject({ output: "one" });
      const note = (at: number) =>
        box.tmux("set-option", "-p", "-F", "-t", "=dev:0", "@claude_tmux_typed", `${at}-1 #{pane_path}`);
      await note(Date.now());
      expect((await box.bridge("pane-is-running", "dev", "0")).output).toBe("true");
      await note(Date.now() - 20_000);
      await until("it is free", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "false");
      expect(await run(box, "0", "echo two")).toMatchObject({ output: "two" });
      await note(Date.now() - 20_000);
      expect(await box.output("pane-exec", "dev", "0", "echo three")).toBe("Command sent");
      await until("it runs", async () =>
        (await box.tmux("capture-pane", "-p", "-t", "=dev:0")).split("\n").includes("three"),
      );
    },
  );

  test.skipIf(!shell.isThere)("only what the command wrote, as a person sees it", async () => {
    await using box = new Box({ SHELL: shell.path });
    await box.output("session-create", "dev", "--size", "30x8");
    const command = `printf '\\033[31mred\\033[0m %0100d\\n' 7; printf '10%%\\r99%%\\n'; printf 'ab\\bc\\n'`;
    expect(await run(box, "0", command)).toMatchObject({ output: `red ${"0".repeat(99)}7\n99%\nac` });
    expect(await run(box, "0", "printf 'one\\n\\033[1Atwo\\n'")).toMatchObject({ output: "two" });
    expect(await run(box, "0", "seq 1 5000")).toMatchObject({
      output: Array.from({ length: 5000 }, (_, i) => i + 1).join("\n"),
    });
  });
});

describe("pane-run", () => {
  test("after a time-out the command goes on, and what it wrote so far is told", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    const options = ["pane-run", "dev", "0", "--timeout", "0.5", "--", "echo begun; sleep 2; echo ended"];
    const reply = (await box.bridge(...options)) as Run;
    expect(reply).toMatchObject({ exitCode: 124, error: { code: "ERR_TIMEOUT" }, partial_output: "begun" });
    expect(await box.bridge("pane-run", "dev", "0", "--", "echo other")).toMatchObject({
      exitCode: 125,
      error: { code: "ERR_PANE_BUSY" },
    });
    expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exitCode: 0, exit_code: 0 });
    expect(await run(box, "0", "echo other")).toMatchObject({ output: "other" });
  });

  for (const shell of SHELLS)
    test.skipIf(!shell.isThere)(
      `in ${shell.name}: of several at once in one pane each gets its own answer, or is refused`,
      async () => {
        await using box = new Box({ SHELL: shell.path });
        await box.output("session-create", "dev");
        await run(box, "0", "true");
        for (let round = 0; round < 2 * ROUNDS; round++) {
          const replies = await Promise.all(
            [1, 2, 3].map((n) => run(box, "0", `sleep 0.2; echo n${n}; sh -c 'exit ${n}'`)),
          );
          const answers = replies.map((reply) =>
            reply.status === "success" ? `${reply.output} ${reply.exit_code}` : "busy",
          );
          for (const [i, answer] of answers.entries()) expect([`n${i + 1} ${i + 1}`, "busy"]).toContain(answer);
          expect(answers.filter((answer) => answer !== "busy").length).toBeGreaterThan(0);
        }
        const timed = await Promise.all(
          [3, 4].map((n) => box.bridge("pane-exec-timeout", "dev", "0", "20", `sh -c 'sleep 0.2; exit ${n}'`)),
        );
        expect(timed.map((reply) => reply.exitCode)).toEqual([0, 0]);
      },
    );

  test("in bash, what is refused before it is a command ends, too", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await run(box, "0", "true");
    await box.output("pane-send-stdin", "dev", "0", "--enter", 'echo "a!b"');
    await box.shows("dev", "0", "event not found");
    await until("its end is known", async () => {
      const { output } = await box.bridge("pane-status", "dev", "0");
      return (output as { last_exit_code?: number }).last_exit_code === 1;
    });
    expect(await run(box, "0", 'echo "a!b"')).toMatchObject({ exit_code: 0, output: "a!b" });
    expect(await run(box, "0", "echo fine")).toMatchObject({ exit_code: 0, output: "fine" });
  });

  test("runs in a shell within the pane's, by a marker", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await run(box, "0", "PS1='outer> '");
    await box.output("pane-exec", "dev", "0", "PS1='inner> ' sh");
    await box.shows("dev", "0", "inner>");
    expect(await run(box, "0", "echo within; exit_code=3; (exit 3)", "--marker")).toMatchObject({
      output: "within",
      exit_code: 3,
      method: "marker",
    });
    expect(await run(box, "0", "echo )", "--marker")).toMatchObject({ method: "marker" });
  });

  for (const shell of SHELLS.filter(({ method }) => method === "marker"))
    test.skipIf(!shell.isThere)(
      `in ${shell.name}, what could not be fetched was not run, and that is no success`,
      async () => {
        await using box = new Box({ SHELL: shell.path });
        await box.output("session-create", "dev");
        await run(box, "0", "tmux() { echo no tmux here; }");
        for (const command of ["printf 'a\tb'; touch ~/done", `: ${"x".repeat(3000)}; touch ~/done`]) {
          expect(await run(box, "0", command)).toMatchObject({
            status: "error",
            exitCode: 125,
            error: { code: "ERR_COMMAND_FAILED" },
            output: expect.stringContaining("it was not run"),
          });
        }
        expect(await box.tmux("list-buffers")).toBe("");
        expect(await Bun.file(`${box.folder}/done`).exists()).toBe(false);
        await run(box, "0", "unset -f tmux; set -u");
        expect(await run(box, "0", "printf 'a\tb'; (exit 3)")).toMatchObject({ output: "a\tb", exit_code: 3 });
      },
    );

  describe.each([
    { name: "dash", path: SHELLS.find(({ name }) => name === "dash")?.path ?? "" },
    { name: "mksh", path: "/bin/mksh" },
  ])("in $name, that drops the rest of a line as it is interrupted, and its mark with it:", ({ path }) => {
    const cases = [
      { name: "the end is told", command: "echo begun; sleep 60", output: /^begun\n\^C$/ },
      { name: "also where the command interrupts itself", command: "echo begun; sleep 0.5; sh -c 'kill -INT $$'" },
      { name: "also where it reads", command: "echo begun; read x", output: /^begun\n\^C$/ },
      {
        name: "also behind more output than tmux keeps",
        command: "seq 5000; echo begun; sleep 60",
        output: /\n5000\nbegun\n\^C$/,
      },
    ];
    test.skipIf(!existsSync(path)).each(cases)("$name", async ({ command, output = /^begun\s*$/ }) => {
      await using box = new Box({ SHELL: path });
      await box.output("session-create", "dev");
      await box.prompt("dev", "0");
      const running = box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
      await box.shows("dev", "0", "\nbegun");
      if (!command.includes("kill")) await box.tmux("send-keys", "-t", "=dev:0", "C-c");
      expect(await running).toMatchObject({
        status: "success",
        method: "marker",
        exit_code: null,
        output: expect.stringMatching(output),
      });
      expect(await run(box, "0", "echo again")).toMatchObject({ output: "again", exit_code: 0 });
    });

    test.skipIf(!existsSync(path))(
      "a command that reads what is typed is left alone, whatever it asks with",
      async () => {
        await using box = new Box({ SHELL: path });
        await box.output("session-create", "dev");
        await box.prompt("dev", "0");
        const running = run(box, "0", "echo begun; printf '$ '; read x; echo got $x");
        await box.shows("dev", "0", "\nbegun");
        // short, since it shows that nothing happens; longer than it takes to be sure that a shell is idle
        expect(await within(800, running)).toBeUndefined();
        await box.tmux("send-keys", "-t", "=dev:0", "hello", "Enter");
        expect(await running).toMatchObject({ exit_code: 0, output: "begun\n$ hello\ngot hello" });
      },
    );

    test.skipIf(!existsSync(path))("the time-out of one that reads does not say that it goes on", async () => {
      await using box = new Box({ SHELL: path });
      await box.output("session-create", "dev");
      await box.prompt("dev", "0");
      const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "1", "--", "read x");
      expect(reply).toMatchObject({ exitCode: 124, error: { hint: expect.stringContaining("waits for input") } });
    });
  });

  const dash = SHELLS.find(({ name }) => name === "dash");
  test.skipIf(!dash?.isThere)(
    "where the rest of a command is waited for unseen, no more is told than is known",
    async () => {
      await using box = new Box({ SHELL: dash?.path ?? "" });
      await box.output("session-create", "dev", "--cwd", box.folder);
      await box.prompt("dev", "0");
      const send = (...keys: string[]) => box.tmux("send-keys", "-t", "=dev:", ...keys);
      await box.output("pane-run", "dev", "0", "--", "PS2='more: '"); // by which it is not known
      const isRest = async () => (await box.output("pane-capture", "dev", "0")).trimEnd().endsWith("\nmore:");
      await send("-l", "true \\");
      await send("Enter");
      await until("the rest is waited for", isRest);
      expect(await run(box, "0", "touch done")).toMatchObject({
        exitCode: 125,
        error: { code: "ERR_COMMAND_FAILED" },
        output: expect.stringContaining("is not known"),
      });
      expect(existsSync(`${box.folder}/done`)).toBe(true);
      await send("-l", "touch 'ab");
      await send("Enter");
      await until("the rest is waited for", isRest);
      expect(await box.bridge("pane-run", "dev", "0", "--timeout", "0.5", "--", "touch again")).toMatchObject({
        exitCode: 124,
        error: { code: "ERR_TIMEOUT", hint: expect.stringContaining("is not known") },
        output: expect.stringContaining("not seen to start"),
      });
    },
  );

  test("a shell that is slow to start is waited for no longer than was asked, and nothing is typed then", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    writeFileSync(`${box.folder}/.bash_profile`, "until [ -e ~/go ]; do sleep 0.02; done\n");
    await box.output("session-create", "dev");
    const begun = performance.now();
    expect(await box.bridge("pane-run", "dev", "0", "--timeout", "0.3", "--", "touch ~/done")).toMatchObject({
      exitCode: 124,
      error: { code: "ERR_TIMEOUT" },
    });
    expect(await box.bridge("pane-exec-timeout", "dev", "0", "0.3", "touch ~/done")).toMatchObject({ exitCode: 124 });
    const child = Bun.spawn([...box.command, "bridge", "pane-run", "dev", "0", "--", "touch ~/done"], {
      env: box.env,
      stdout: "ignore",
      stderr: "ignore",
    });
    await until("it waits", () => box.processes().some((pid) => pid === child.pid));
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    // less than a shell is given to start
    expect(performance.now() - begun).toBeLessThan(5000);
    await Bun.write(`${box.folder}/go`, "");
    expect(await run(box, "0", "ls ~/done 2>&1; echo ready")).toMatchObject({
      output: expect.stringMatching(/No such file(.|\n)*ready$/),
    });
  });

  test("nor is a young pane, whose program may become a shell yet, and nothing is typed there", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.tmux("split-window", "-d", "-t", "=dev:", "cat");
    const begun = performance.now();
    for (const args of [
      ["pane-run", "dev", "1", "--timeout", "0.3", "--", "typed"],
      ["pane-exec-timeout", "dev", "1", "0.3", "typed"],
    ]) {
      expect(await box.bridge(...args)).toMatchObject({ exitCode: 124, error: { code: "ERR_TIMEOUT" } });
    }
    // less than a shell is given to start
    expect(performance.now() - begun).toBeLessThan(4500);
    expect(await box.output("pane-capture", "dev", "1")).toBe("");
  });

  test("the pane that one is in is refused, and said to be", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await run(box, "0", "true");
    for (const [command, code] of [
      ["pane-run dev 0 -- true", 125],
      ["pane-exec-timeout dev 0 10 true", 1],
    ] as const) {
      const program = box.command.map((word) => `'${word}'`).join(" ");
      const { output, exit_code } = await run(box, "0", `${program} --json bridge ${command} 2>/dev/null`);
      expect(exit_code).toBe(code);
      expect(JSON.parse(output as string)).toMatchObject({
        error: { code: "ERR_PANE_BUSY" },
        output: expect.stringContaining("that is the pane you are in"),
      });
    }
  });

  test.skipIf(!existsSync("/usr/bin/tcsh"))(
    "tcsh, which blanks its arguments, is idle and running like any shell",
    async () => {
      await using box = new Box({ SHELL: "/usr/bin/tcsh" });
      await box.output("session-create", "dev");
      const running = async () => (await box.bridge("pane-is-running", "dev", "0")).output;
      await until("it waits", async () => (await running()) === "false");
      const timed = box.bridge(
        "pane-exec-timeout",
        "dev",
        "0",
        "20",
        `sh -c 'until [ -e ${box.folder}/go ]; do sleep 0.02; done'`,
      );
      await until("it runs", async () => (await running()) === "true");
      await Bun.write(`${box.folder}/go`, "");
      expect(await timed).toMatchObject({ exitCode: 0, exit_code: null, method: "foreground" });
      expect(await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", "true")).toMatchObject({
        error: { code: "ERR_COMMAND_FAILED" },
        output: expect.stringContaining("can't tell how a command ends"),
      });
    },
  );

  test("a user's own start-up files are read, and prompts of any kind are no output", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    writeFileSync(
      `${box.folder}/.bashrc`,
      `export FROM_RC=yes\nalias hi='echo hello'\nPROMPT_COMMAND='PS1="\\[\\e[32m\\]two\\nlines \\w\\[\\e[0m\\]> "'\necho welcome\n`,
    );
    writeFileSync(`${box.folder}/.bash_profile`, "FROM_PROFILE=yes\n. ~/.bashrc\n");
    await box.output("session-create", "dev");
    expect(await run(box, "0", "hi; echo $FROM_RC $FROM_PROFILE; shopt -q login_shell; echo $?")).toMatchObject({
      output: "hello\nyes yes\n0",
    });
    for (const option of ["set -u", "set -o vi", "set +o history", "PS1='new> '"]) await run(box, "0", option);
    expect(await run(box, "0", "echo still")).toMatchObject({ output: "still", method: "shell-integration" });
    expect(await run(box, "0", "env | grep -c -E 'CLAUDE_TMUX_(INTEGRATION|ENV)|^ENV='")).toMatchObject({
      output: "0",
    });
  });

  test("works in a pane that a person made, and in one whose shell was replaced", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.tmux("new-session", "-d", "-s", "dev", "-x", "100", "-y", "20");
    expect(await run(box, "0", "echo there; (exit 4)")).toMatchObject({
      output: "there",
      exit_code: 4,
      method: "marker",
    });
    await box.output("pane-create", "dev", "own");
    expect(await run(box, "own", "echo one")).toMatchObject({ method: "shell-integration" });
    await box.output("pane-exec", "dev", "own", "exec bash --norc");
    await until("the new shell waits", async () => (await box.bridge("pane-is-running", "dev", "own")).exitCode === 1);
    expect(await run(box, "own", "echo two")).toMatchObject({ output: "two", method: "marker" });
  });

  test("respects tmux's default-command", async () => {
    await using box = new Box({ SHELL: "/bin/sh" });
    await box.output("session-create", "first");
    await box.tmux("set-option", "-g", "default-command", "exec bash");
    await box.output("session-create", "dev");
    expect(await run(box, "0", "shopt -q login_shell; echo $? $BASH_VERSION")).toMatchObject({
      method: "shell-integration",
      output: expect.stringMatching(/^1 \d/),
    });
    await box.tmux("set-option", "-g", "default-command", "echo odd; exec sh");
    await box.output("pane-create", "dev", "odd");
    await box.shows("dev", "odd", "odd");
    await box.tmux("set-option", "-g", "default-command", `echo "in $HOME 50%H #S"; exec $SHELL`);
    await box.output("pane-create", "dev", "home");
    await box.shows("dev", "home", `in ${box.folder} 50%H #S`);
    expect(await run(box, "home", "echo $0")).toMatchObject({ output: expect.stringContaining("sh") });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "that %s ends tells what the command wrote, and that it goes on",
    async (signal) => {
      await using box = new Box({ SHELL: "/bin/bash" });
      await box.output("session-create", "dev");
      for (const options of [[], ["--tail", "1"]]) {
        const args = ["bridge", "pane-run", "dev", "0", ...options, "--", "seq 3; sleep 30"];
        const child = Bun.spawn([...box.command, ...args], { env: box.env, stdout: "pipe", stderr: "ignore" });
        await until("it wrote", async () => (await box.output("pane-capture", "dev", "0")).includes("\n2\n3"));
        await until("it sleeps", async () => {
          const [current] = (await box.tmux("list-panes", "-t", "=dev:", "-F", "#{pane_current_command}")).split("\n");
          return current === "sleep";
        });
        child.kill(signal);
        expect(await child.exited).toBe(signal === "SIGINT" ? 130 : 143);
        expect(JSON.parse(await child.stdout.text())).toMatchObject({
          output: `Interrupted by ${signal}`,
          partial_output: options.length === 0 ? "1\n2\n3" : "3",
          error: {
            code: "ERR_COMMAND_FAILED",
            hint: expect.stringContaining("It goes on running: wait for it with pane-wait"),
          },
        });
        await box.output("pane-create", "dev");
        await box.output("pane-kill", "dev", "0");
      }
    },
  );

  test.each([
    ["a NUL character", Buffer.from("echo a\0b\n")],
    ["is not UTF-8", Buffer.from([0x65, 0x63, 0x68, 0x6f, 0x20, 0xff, 0x0a])],
  ])("refuses a script that would not be run as it is: %s", async (what, script) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    const reply = await box.bridgeWith(script, "pane-run", "dev", "0", "-");
    expect(reply).toMatchObject({ exitCode: 125, error: { code: "ERR_INVALID_ARGUMENT" } });
    expect(reply.output).toContain(what);
  });

  test("gives what was written before its pane, or its tmux server, was killed", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "web");
    const run = async (pane: string) => {
      const reply = box.bridge("pane-run", "dev", pane, "--", "echo before; sleep 60");
      await until("it sleeps", async () => {
        const current = await box.tmux("display-message", "-p", "-t", `=dev:.${pane}`, "#{pane_current_command}");
        return current === "sleep";
      });
      return { reply };
    };
    const first = await run("1");
    await box.tmux("kill-pane", "-t", "=dev:.1");
    expect(await first.reply).toMatchObject({
      exitCode: 125,
      exit_code: null,
      pane_ended: true,
      partial_output: "before",
      error: { code: "ERR_COMMAND_ENDED" },
    });
    const last = await run("0");
    await box.tmux("kill-server");
    expect(await last.reply).toMatchObject({ exitCode: 125, partial_output: "before" });
  });

  test("says of a script that ends the pane's own shell that it has, and how", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    for (const [script, exitCode] of [
      ["set -e\nfalse\necho never", 1],
      ["exit 7", 7],
    ] as const) {
      await box.output("pane-create", "dev", "worker");
      const reply = await box.bridgeWith(script, "pane-run", "dev", "worker", "-");
      expect(reply).toMatchObject({
        exitCode,
        exit_code: exitCode,
        pane_ended: true,
        note: expect.stringContaining(`The pane's own shell ended (exit code ${exitCode}) while it ran this`),
      });
    }
    const kept = await box.bridgeWith("exit 7", "pane-run", "dev", "0", "--", "bash -c 'exit 7'");
    expect(kept).toMatchObject({ exitCode: 7 });
    expect(kept).not.toHaveProperty("note");
  });

  test("leaves no process behind, also when it is interrupted", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await run(box, "0", "true");
    const before = box.processes().length;
    const child = Bun.spawn([...box.command, "bridge", "pane-run", "dev", "0", "--", "sleep 30"], {
      env: box.env,
      stdout: "pipe",
      stderr: "ignore",
    });
    await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "0")).exitCode === 0);
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(JSON.parse(await child.stdout.text())).toMatchObject({ status: "error" });
    await box.tmux("send-keys", "-t", "=dev:", "C-c");
    await until("only what was there is left", () => box.processes().length === before);
    expect(await box.tmux("list-panes", "-a", "-F", "#{remain-on-exit}#{@claude_tmux_holds}")).toBe("off");
  });
});

test("what was typed while the shell started, and became a command, makes the pane busy for pane-run", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  const go = `${box.folder}/go`;
  writeFileSync(`${box.folder}/.bash_profile`, `until [[ -e ${go} ]]; do :; done\n`);
  await box.output("session-create", "dev");
  await box.output("pane-exec", "dev", "0", "sleep 30");
  const running = box.bridge("pane-run", "dev", "0", "--timeout", "15", "--", "true");
  await until("pane-run listens", async () => {
    return (await box.tmux("list-panes", "-a", "-F", "#{pane_pipe}")) === "1";
  });
  await Bun.write(go, "");
  expect(await running).toMatchObject({ exitCode: 125, error: { code: "ERR_PANE_BUSY" } });
});

describe("pane-wait and pane-exec-timeout", () => {
  for (const shell of SHELLS)
    test.skipIf(!shell.isThere)(`in ${shell.name}: they end with the command, however soon it is asked`, async () => {
      await using box = new Box({ SHELL: shell.path });
      await box.output("session-create", "dev");
      // straight after the session was made, with a shell that is still starting
      await box.output("pane-exec", "dev", "0", "sleep 0.3");
      const first = await box.bridge("pane-wait", "dev", "0", "20");
      expect(first).toMatchObject({ exitCode: 0, output: "Command completed" });
      for (let round = 0; round < 3 * ROUNDS; round++) {
        const go = `${box.folder}/go${round}`;
        const command = `sh -c 'until [ -e ${go} ]; do sleep 0.02; done; exit ${round % 7}'`;
        await box.output("pane-exec", "dev", "0", command);
        expect((await box.bridge("pane-is-running", "dev", "0")).output).toBe("true");
        const waiting = box.bridge("pane-wait", "dev", "0", "20");
        await Bun.write(go, "");
        const reply = (await waiting) as Run;
        expect(reply).toMatchObject({ exitCode: 0 });
        const isTold = shell.method === "shell-integration";
        expect(reply.exit_code).toBe(isTold ? round % 7 : null);
        expect(reply.method).toBe(isTold ? "shell-integration" : "foreground");
        expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "false", exitCode: 1 });
      }
      expect(await box.bridge("pane-exec-timeout", "dev", "0", "20", `sh -c "exit 3"`)).toMatchObject({
        exitCode: 0,
        exit_code: 3,
      });
      const late = await box.bridge("pane-exec-timeout", "dev", "0", "0.3", "sleep 5");
      expect(late).toMatchObject({ exitCode: 124, error: { code: "ERR_TIMEOUT" } });
      expect(await box.bridge("pane-wait", "dev", "0", "0.1")).toMatchObject({ exitCode: 124 });
    });

  test("typed ahead: the wait ends with the last command", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-exec", "dev", "0", "sleep 0.3");
    await box.output("pane-exec", "dev", "0", "sleep 0.3; (exit 9)");
    expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exit_code: 9 });
  });

  for (const shell of SHELLS.filter(({ method }) => method === "shell-integration"))
    test.skipIf(!shell.isThere)(
      `in ${shell.name}: what somebody begins to type while a command runs does not make the shell busy`,
      async () => {
        await using box = new Box({ SHELL: shell.path });
        await box.output("session-create", "dev");
        await run(box, "0", "true");
        const running = run(box, "0", "sleep 0.4");
        await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
        await box.tmux("send-keys", "-t", "=dev:", "-l", "half");
        expect(await running).toMatchObject({ exit_code: 0 });
        expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exitCode: 0, exit_code: 0 });
        expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "false" });
        expect(await run(box, "0", "echo whole")).toMatchObject({ output: "whole", exit_code: 0 });
        await box.shows("dev", "0", "half");
      },
    );

  for (const shell of SHELLS.filter(({ method }) => method === "shell-integration"))
    test.skipIf(!shell.isThere)(
      `in ${shell.name}: nor does it keep those waiting who wait for several lines, or for a line of output`,
      async () => {
        await using box = new Box({ SHELL: shell.path });
        await box.output("session-create", "dev", "--cwd", box.folder);
        await run(box, "0", "true");
        const wait = "sh -c 'touch begun; until [ -e go ]; do sleep 0.02; done; rm begun go; exit 4'";
        const begin = async () => {
          await until("it runs", () => existsSync(`${box.folder}/begun`));
          await box.tmux("send-keys", "-t", "=dev:", "-l", "half");
          await Bun.write(`${box.folder}/go`, "");
        };
        const end = () => box.tmux("send-keys", "-t", "=dev:", "C-e", "C-u");
        const running = run(box, "0", `echo one\n${wait}`);
        await begin();
        expect(await running).toMatchObject({ exit_code: 4, output: expect.stringContaining("one") });
        await end();
        await box.output("pane-exec", "dev", "0", wait);
        await until("it runs", () => existsSync(`${box.folder}/begun`));
        const watching = box.bridge("pane-watch-timeout", "dev", "0", "never", "20");
        await until("it is waited for", async () => (await box.listeners()) > 0);
        await begin();
        expect(await watching).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" }, exit_code: 4 });
      },
    );

  test("a pane that is killed, or never was, is an error", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "web");
    await box.output("pane-exec", "dev", "web", "sleep 30");
    const waiting = box.bridge("pane-wait", "dev", "web");
    await until("the wait has begun", async () => (await box.listeners()) > 0);
    await box.output("pane-kill", "dev", "web");
    const reply = await waiting;
    expect(reply).toMatchObject({ exitCode: 1, error: { code: "ERR_COMMAND_ENDED" }, exit_code: null });
    // that somebody killed it is not what was seen
    expect(JSON.stringify(reply)).not.toContain("killed");
    for (const command of ["pane-wait", "pane-status", "pane-is-running"]) {
      expect(await box.bridge(command, "dev", "7")).toMatchObject({
        exitCode: command === "pane-is-running" ? 2 : 1,
        error: { code: "ERR_PANE_NOT_FOUND" },
      });
    }
    expect(await box.bridge("pane-wait", "dev", "0", "abc")).toMatchObject({
      exitCode: 2,
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
  });

  test("a script, a loop and a nested shell run throughout", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    writeFileSync(`${box.folder}/build.sh`, "#!/bin/bash\nfor i in $(seq 40); do sleep 0.05; done\n");
    for (const command of [
      "bash ~/build.sh",
      "for i in $(seq 40); do sleep 0.05; done",
      "while [ ! -e stop ]; do :; done",
    ]) {
      await box.output("pane-exec", "dev", "0", `cd; ${command}`);
      const verdicts = [];
      for (let i = 0; i < 5; i++) verdicts.push((await box.bridge("pane-is-running", "dev", "0")).output);
      expect(verdicts).toEqual(["true", "true", "true", "true", "true"]);
      if (command.startsWith("while")) writeFileSync(`${box.folder}/stop`, "");
      expect((await box.bridge("pane-wait", "dev", "0", "20")).exitCode).toBe(0);
    }
  });
});

test.each(["bash", "zsh"].filter((shell) => Bun.which(shell)))(
  "%s: a ! of a command is no event of the history, and # begins a comment; what is typed is as it was",
  async (shell) => {
    await using box = new Box({ SHELL: Bun.which(shell) ?? "" });
    writeFileSync(`${box.folder}/.zshrc`, "");
    await box.output("session-create", "dev");
    const run = async (command: string) => {
      const { output, exit_code } = await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
      return [output, exit_code];
    };
    const OPTIONS = "set -o | tr -s ' \\t' ' ' | grep -E '^(histexpand|nobanghist|interactivecomments)'";
    expect(await run("echo first")).toEqual(["first", 0]);
    expect(await run('echo "done!!"')).toEqual(["done!!", 0]);
    expect(await run("#!/bin/bash\necho hi!x # not this\n# nor that\necho a!first")).toEqual(["hi!x\na!first", 0]);
    await box.output("pane-send-stdin", "dev", "0", "--enter", `echo typed; ${OPTIONS}; echo over`);
    const shown = await box.shows(
      "dev",
      "0",
      shell === "bash" ? "histexpand on\nover" : "interactivecomments off\nover",
    );
    expect(shown).toContain(shell === "bash" ? "typed\nhistexpand on" : "typed\nnobanghist off");
  },
);

test("a pane of one row, with no room for its prompt, tells of the end of a command", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  writeFileSync(`${box.folder}/.bash_profile`, "PS1='a prompt as long as this one is $ '\n");
  await box.output("session-create", "dev");
  await run(box, "0", "true");
  await box.tmux("resize-window", "-t", "=dev:", "-x", "10", "-y", "1");
  // bash may have overwritten its own memory by the first, and abort at a later one
  for (const text of ["one", "two", "three"])
    expect(await run(box, "0", `echo ${text}; (exit 3)`)).toMatchObject({ output: text, exit_code: 3 });
  await box.output("pane-exec", "dev", "0", `touch ${box.folder}/typed`);
  await until("it has run", () => existsSync(`${box.folder}/typed`));
});

test.each(["bash", "zsh", "fish"].filter((shell) => Bun.which(shell)))(
  "%s runs nothing of what is nothing but remarks: that has no exit code of the command before",
  async (shell) => {
    await using box = new Box({ SHELL: Bun.which(shell) ?? "" });
    await box.output("session-create", "dev");
    expect(await run(box, "0", "sh -c 'exit 42'")).toMatchObject({ exit_code: 42 });
    expect(await run(box, "0", "# nothing to do")).toMatchObject({ exit_code: 0, output: "" });
    expect(await run(box, "0", "sh -c 'exit 42'")).toMatchObject({ exit_code: 42 });
    expect(await box.bridgeWith("# a script\n\n  # of remarks\n", "pane-run", "dev", "0", "-")).toMatchObject({
      exit_code: 0,
    });
  },
);

test.each(["bash --norc", "zsh -f", "dash"].filter((command) => Bun.which(command.split(" ")[0] ?? "")))(
  "in %s, which tells nothing, somebody's own functions in the place of builtins do not hide what was run",
  async (command) => {
    await using box = new Box();
    await box.tmux("new-session", "-d", "-s", "dev", "-c", box.folder, `exec ${command}`);
    const ready = async () => (await run(box, "0", "true")).exit_code === 0;
    await until("it is at its prompt", ready);
    for (const name of ["command", "eval"]) {
      await run(box, "0", `${name}() { :; }`);
      expect(await run(box, "0", `echo done > ${name}; (exit 3)`)).toMatchObject({ exit_code: 3 });
      expect(existsSync(`${box.folder}/${name}`)).toBe(true);
      await run(box, "0", `unset -f ${name}`);
    }
  },
);

test("a dead pane is told to be dead, whatever its shell told last", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.tmux("set-option", "-g", "remain-on-exit", "on");
  expect(await run(box, "0", "exit 7")).toMatchObject({ exit_code: 7, pane_ended: true });
  expect(await run(box, "0", "echo")).toMatchObject({ error: { code: "ERR_PANE_DEAD" } });
});
