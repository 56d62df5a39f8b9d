import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { ask, REPLS, startRepl } from "../../src/dev/fuzz/play-asks.ts";
import { randomFrom } from "../../src/dev/random.ts";
import { arm, hasRun, interpose } from "../helpers/between.ts";
import { Box, served, until } from "../helpers/box.ts";

/** A session whose pane runs a command line that shows something. */
async function running(box: Box, line: string, shows: string): Promise<Box> {
  await box.output("session-create", "dev", "--cwd", box.folder);
  await box.output("pane-run", "dev", "0", "--", "true");
  await box.output("pane-exec", "dev", "0", line);
  const screen = () => box.tmux("capture-pane", "-p", "-t", "=dev:");
  await until(`it shows ${shows}`, async () => (await screen()).replace(line, "").includes(shows));
  return box;
}

const bash = () => new Box({ SHELL: "/bin/bash", PS1: "$ " });

describe("questions to", () => {
  for (const repl of REPLS) {
    test.skipIf(!Bun.which(repl.program))(`${repl.name} get their answers, whole, and in time`, async () => {
      const seed = Date.now() % 2 ** 31;
      const random = randomFrom(seed);
      await using box = bash();
      await startRepl(box, repl);
      for (let i = 0; i < 4; i++) {
        const lines = Array.from({ length: i === 3 ? 60 : i }, (_, line) => `A${i}.${line}`);
        const ms = i === 2 ? 0 : Math.floor(random() * 300);
        const problem = await ask(box, repl, { ...repl.question(lines, ms), ms });
        expect({ seed, i, problem }).toEqual({ seed, i, problem: undefined });
      }
    });
  }

  test.skipIf(!Bun.which("python3"))(
    "a program that goes on in another way are answered by what it asks then",
    async () => {
      await using box = await running(bash(), "python3 -q", ">>>");
      const asked = (text: string) => box.bridge("pane-ask", "dev", "0", "--", text);
      expect(await asked("for i in (1, 2):")).toMatchObject({ output: "", prompt: "... ", end: "line" });
      expect(await asked("  print(i)")).toMatchObject({ output: "", prompt: "... " });
      expect(await asked("")).toMatchObject({ output: "1\n2", prompt: ">>> ", end: "line" });
      expect(await asked("input('name? ')")).toMatchObject({ output: "", prompt: "name? ", end: "line" });
      expect(await asked("bob")).toMatchObject({ output: "'bob'", prompt: ">>> ", end: "line" });
      expect(await asked("raise SystemExit(3)")).toMatchObject({ output: "", end: "end", exit_code: 3 });
    },
  );

  test("a script that reads lines", async () => {
    await using box = await running(bash(), "read -p 'name? ' x; read -p 'age? ' y; echo $x $y; (exit 4)", "name?");
    expect(await box.bridge("pane-ask", "dev", "0", "bob")).toMatchObject({ output: "", prompt: "age? ", end: "line" });
    expect(await box.bridge("pane-ask", "dev", "0", "7")).toMatchObject({ output: "bob 7", end: "end", exit_code: 4 });
  });

  test("a pane whose pipe the daemon has", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "never"]);
    await box.output("pane-exec", "dev", "0", "cat");
    await until("it reads", async () => {
      const { output } = await box.bridge("pane-status", "dev", "0");
      return (output as { waiting_for: string }).waiting_for === "line";
    });
    expect(await box.bridge("pane-ask", "dev", "0", "hello")).toMatchObject({ output: "hello", end: "line" });
    expect(await box.tmux("list-clients")).toBe("");
  });

  test("a full-screen program are answered by its screen", async () => {
    await using box = await running(
      bash(),
      "printf '\\033[?1049h\\033[Hask'\" me\"; read x; printf '\\033[2J\\033[Hgot %s' $x; sleep 0.1; printf ' again'; read y",
      "ask me",
    );
    expect(await box.bridge("pane-ask", "dev", "0", "this")).toMatchObject({ output: "got this again", end: "screen" });
  });

  test("a shell at its prompt are commands, and what somebody has begun to type stays", async () => {
    await using box = bash();
    await box.output("session-create", "dev", "--cwd", box.folder);
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.tmux("send-keys", "-t", "%0", "-l", "touch never");
    expect(await box.bridge("pane-ask", "dev", "0", "--", "echo one; (exit 3)")).toMatchObject({
      output: "one",
      end: "end",
      exit_code: 3,
    });
    await box.shows("dev", "0", "touch never");
    expect(await box.bridge("pane-run", "dev", "0", "--", "ls")).toMatchObject({
      output: expect.not.stringContaining("never"),
    });
  });
});

describe("the end of an answer", () => {
  test("is a line that matches, or silence, if that was asked for", async () => {
    await using box = await running(bash(), "while read x; do echo a $x; sleep 0.3; echo b $x; done", "");
    await until("it reads", async () => {
      const { output } = await box.bridge("pane-status", "dev", "0");
      return (output as { waiting_for: string }).waiting_for === "line";
    });
    expect(await box.bridge("pane-ask", "dev", "0", "--until", "^a", "--", "1")).toMatchObject({
      output: "a 1",
      end: "pattern",
    });
    await box.shows("dev", "0", "b 1");
    expect(await box.bridge("pane-ask", "dev", "0", "--quiet", "0.6", "--", "2")).toMatchObject({
      output: "a 2\nb 2",
      end: "quiet",
    });
    expect(await box.bridge("pane-ask", "dev", "0", "--until", "^never", "--timeout", "0.5", "--", "3")).toMatchObject({
      exitCode: 124,
      error: { code: "ERR_TIMEOUT" },
      partial_output: expect.stringContaining("a 3"),
    });
    // the same when a signal ends it
    const args = ["bridge", "pane-ask", "dev", "0", "--until", "^never", "--", "4"];
    const child = Bun.spawn([...box.command, ...args], { env: box.env, stdout: "pipe", stderr: "ignore" });
    await box.shows("dev", "0", "b 4");
    child.kill("SIGTERM");
    expect(await child.exited).toBe(143);
    expect(JSON.parse(await child.stdout.text())).toMatchObject({
      output: "Interrupted by SIGTERM",
      partial_output: expect.stringContaining("a 4"),
      error: { hint: expect.stringContaining("pane-screen") },
    });
    await box.output("pane-send-keys", "dev", "0", "C-c");
    await box.output("pane-wait", "dev", "0", "20");
    expect(await box.bridge("pane-ask", "dev", "0", "--until", "up$", "--", "echo it is up; sleep 100")).toMatchObject({
      output: "it is up",
      end: "pattern",
    });
    // which is still to be waited for
    expect(await box.bridge("pane-ask", "dev", "0", "x")).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
  });

  test("is that of the pane, too", async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    await box.tmux("split-window", "-d", "-t", "=dev:", "printf 'bye? '; read x; echo $x; exit 5");
    await box.shows("dev", "1", "bye?");
    expect(await box.bridge("pane-ask", "dev", "1", "bye")).toMatchObject({ end: "end", pane_ended: true });
  });
});

describe("a secret", () => {
  const SECRET = "Tr0ub4dor-and-3";
  const asked = (box: Box, input: string) => box.bridgeWith(input, "pane-ask", "dev", "0", "-");

  test("is neither shown nor kept", async () => {
    await using box = await running(bash(), "read -s -p 'password: ' x; echo; echo it has ${#x}", "password:");
    expect(await asked(box, `${SECRET}\n`)).toMatchObject({
      output: `it has ${SECRET.length}`,
      end: "end",
      exit_code: 0,
    });
    expect(await box.tmux("capture-pane", "-p", "-S", "-", "-t", "%0")).not.toContain(SECRET);
    expect(await box.tmux("show-options", "-p", "-A", "-t", "%0")).not.toContain(SECRET);
    expect(box.hasInFiles(SECRET)).toBe(false);
  });

  test("that nobody asks for is typed nowhere", async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    expect(await asked(box, SECRET)).toMatchObject({ exitCode: 2, error: { code: "ERR_INVALID_ARGUMENT" } });
    expect(await box.tmux("capture-pane", "-p", "-S", "-", "-t", "%0")).not.toContain(SECRET);
    // nor at the prompt of a shell that tells nothing
    await box.tmux("respawn-pane", "-k", "-t", "%0", "exec env PS1='$ ' bash --norc --noprofile");
    await box.shows("dev", "0", "$");
    expect(await asked(box, SECRET)).toMatchObject({ exitCode: 2, error: { code: "ERR_INVALID_ARGUMENT" } });
    expect(await box.tmux("capture-pane", "-p", "-S", "-", "-t", "%0")).not.toContain(SECRET);
  });
});

test("a pane whose program ends meanwhile is dead, and tmux lives, with nothing of the secret", async () => {
  await using box = bash();
  await box.output("session-create", "dev");
  await box.tmux("set-option", "-g", "remain-on-exit", "on");
  for (const ms of [500, 700, 900]) {
    await box.tmux("split-window", "-d", "-t", "=dev:", `sleep ${ms / 1000}`);
    expect(await box.bridgeWith("hunter2\n", "pane-ask", "dev", "1", "-")).toMatchObject({
      error: { code: "ERR_PANE_DEAD" },
    });
    expect(await box.tmux("list-buffers")).toBe("");
    await box.output("pane-kill", "dev", "1");
  }
});

test("a shell is given a line that is nothing but a comment", async () => {
  await using box = bash();
  await box.output("session-create", "dev");
  await box.output("pane-run", "dev", "0", "--", "true");
  for (const words of [[], ["--quiet", "5"]]) {
    expect(await box.bridge("pane-ask", "dev", "0", ...words, "--timeout", "10", "--", "# nothing")).toMatchObject({
      output: "",
      end: "end",
    });
  }
});

test("of two that ask at once, one is answered and the other is told so", async () => {
  await using box = await running(bash(), "while read x; do sleep 0.4; echo a $x; done", "");
  await until("it reads", async () => {
    const { output } = await box.bridge("pane-status", "dev", "0");
    return (output as { waiting_for: string }).waiting_for === "line";
  });
  const both = await Promise.all(["1", "2"].map((text) => box.bridge("pane-ask", "dev", "0", text)));
  const answered = both.findIndex(({ exitCode }) => exitCode === 0);
  expect(both[answered]).toMatchObject({ output: `a ${answered + 1}` });
  expect(both[1 - answered]).toMatchObject({ exitCode: 1, error: { code: "ERR_PANE_BUSY" } });
  // nor for one that was killed
  const words = ["bridge", "pane-ask", "dev", "0", "--until", "never", "--", "3"];
  const killed = Bun.spawn([...box.command, ...words], { env: box.env, stdout: "ignore" });
  await box.shows("dev", "0", "a 3");
  expect(await box.tmux("show-options", "-p", "-t", "%0")).toContain("asking");
  killed.kill("SIGKILL");
  await killed.exited;
  expect(await box.bridge("pane-ask", "dev", "0", "4")).toMatchObject({ output: "a 4" });
  expect(await box.tmux("show-options", "-p", "-t", "%0")).not.toContain("asking");
});

test.skipIf(!Bun.which("python3"))("a program that is just being started is asked when it reads", async () => {
  await using box = bash();
  await box.output("session-create", "dev");
  await box.output("pane-run", "dev", "0", "--", "true");
  for (let round = 0; round < 3; round++) {
    await box.output("pane-exec", "dev", "0", "python3");
    expect(await box.bridge("pane-ask", "dev", "0", "print(40+2)")).toMatchObject({ output: "42", end: "prompt" });
    expect(await box.bridge("pane-ask", "dev", "0", "raise SystemExit(0)")).toMatchObject({ end: "end" });
  }
});

test.skipIf(!Bun.which("pgrep"))(
  "what a program wrote while it was started is no answer, however late it is heard",
  async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    // whoever listens by now hears nothing of the banner until the question has been read
    const program = `${box.folder}/program`;
    writeFileSync(
      program,
      `for i in 1 2 3 4 5 6 7 8 9 10; do
      helper=$(pgrep -f "of=${box.state}/pipe")
      if [ -n "$helper" ]; then kill -STOP $helper; break; fi
      sleep 0.05
    done
    printf "banner\\n> "
    read -r line
    printf "answer to %s\\n> " "$line"
    if [ -n "$helper" ]; then kill -CONT $helper; fi
    read -r line
`,
    );
    await box.output("pane-exec", "dev", "0", `sh ${program}`);
    expect(await box.bridge("pane-ask", "dev", "0", "hello")).toMatchObject({
      output: "answer to hello",
      prompt: "> ",
    });
  },
);

for (const shell of ["zsh -f", "fish --no-config"]) {
  test.skipIf(!Bun.which(shell.split(" ")[0] ?? ""))(
    `a ${shell} in the shell is answered whole, also without a last newline`,
    async () => {
      await using box = bash();
      await box.output("session-create", "dev", "--size", "60x20");
      await box.output("pane-run", "dev", "0", "--", "true");
      await box.output("pane-exec", "dev", "0", `PS1='> ' ${shell}`);
      const asked = (text: string) => box.bridge("pane-ask", "dev", "0", "--", text);
      expect(await asked("printf abc")).toMatchObject({ output: "abc" });
      expect(await asked("printf 'a\\nb'")).toMatchObject({ output: "a\nb" });
      expect(await asked(`echo ${"a".repeat(100)} | wc -c`)).toMatchObject({
        output: expect.stringMatching(/^\s*101$/),
      });
    },
  );
}

describe("a command that is given to a shell at its prompt", () => {
  const ROWS = [
    { line: "echo begun; read -p 'Go on? ' x; echo got $x", output: "begun", prompt: "Go on? ", end: "line" },
    { line: "read -s -p 'Password: ' x", output: "", prompt: "Password: ", end: "line" },
    { line: "cat", output: "", prompt: "", end: "line" },
    { line: "echo one; echo two; cat", output: "one\ntwo", prompt: "", end: "line" },
    { line: "python3 -c 'import getpass; getpass.getpass()'", output: "", prompt: "Password: ", end: "line" },
    { line: "PS1='inner# ' bash --norc", output: "", prompt: "inner# ", end: "line" },
    { line: "python3 -q", output: "", prompt: ">>> ", end: "line" },
    { line: "less /etc/passwd", output: expect.stringContaining("root:"), end: "screen" },
  ];
  for (const { line, ...expected } of ROWS)
    test.skipIf(/^(python3|less)/.test(line) && !Bun.which(line.split(" ")[0] ?? ""))(
      `${line}: is answered by what it asks`,
      async () => {
        await using box = bash();
        await box.output("session-create", "dev");
        await box.output("pane-run", "dev", "0", "--", "true");
        expect(await box.bridge("pane-ask", "dev", "0", "--timeout", "20", "--", line)).toMatchObject(expected);
      },
    );

  test("is seen to ask also where the kernel keeps to itself by which call it waits", async () => {
    await using box = new Box({ SHELL: "/bin/bash", PS1: "$ ", CLAUDE_TMUX_PROCESS_TABLE: "hardened" });
    await box.output("session-create", "dev");
    for (const { line, answer } of [
      { line: "read -p 'Go on? ' x", answer: { prompt: "Go on? ", end: "line" } },
      { line: "read -s -p 'Password: ' x", answer: { prompt: "Password: ", end: "line" } },
    ]) {
      expect(await box.bridge("pane-ask", "dev", "0", "--timeout", "20", "--", line)).toMatchObject(answer);
      await box.tmux("send-keys", "-t", "=dev:", "Enter");
      await box.output("pane-wait", "dev", "0", "10");
    }
  });

  test("has ended, and not before, where it pauses, or looks at its terminal while it works", async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    const polls = "perl -e '$r=chr(1); select($r, undef, undef, 1.5)'";
    const asked = await box.bridge("pane-ask", "dev", "0", "--", `echo one; sleep 1; ${polls}; echo two; (exit 4)`);
    expect(asked).toMatchObject({ output: "one\ntwo", end: "end", exit_code: 4 });
    // what reads a pipe beside it reads no terminal
    expect(await box.bridge("pane-ask", "dev", "0", "--", `${polls} | cat; echo three`)).toMatchObject({
      output: "three",
      end: "end",
    });
    await box.output("pane-run", "dev", "0", "--", "printf '\\033[?1049h'");
    expect(await box.bridge("pane-ask", "dev", "0", "--", "sleep 1; (exit 5)")).toMatchObject({
      end: "end",
      exit_code: 5,
    });
  });

  test("is the only one that is asked there", async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    const first = box.bridge("pane-ask", "dev", "0", "--", "echo begun; sleep 2; echo one");
    await box.shows("dev", "0", "\nbegun");
    expect(await box.bridge("pane-ask", "dev", "0", "--", "echo two")).toMatchObject({
      error: { code: "ERR_PANE_BUSY" },
    });
    expect(await first).toMatchObject({ output: "begun\none", end: "end" });
  });
});

test("what is asked is not given to the shell when the program ends in the midst", async () => {
  await using box = bash();
  await box.output("session-create", "dev");
  await box.output("pane-run", "dev", "0", "--", "true");
  interpose(
    box,
    `kill "$(cat ${box.folder}/pid)"; while kill -0 "$(cat ${box.folder}/pid)"; do sleep 0.01; done; sleep 0.2`,
  );
  const screen = () => box.tmux("capture-pane", "-p", "-S", "-", "-t", "=dev:");
  let calls = 0;
  do {
    calls++;
    const begun = `begun ${calls}`;
    await box.output("pane-exec", "dev", "0", `sh -c 'echo $$ > ${box.folder}/pid; echo "begun ${calls}"; exec cat'`);
    await until("it reads", async () => {
      const { output } = await box.bridge("pane-status", "dev", "0");
      return (await screen()).includes(`\n${begun}`) && (output as { waiting_for: string }).waiting_for === "line";
    });
    arm(box, calls);
    const asked = await box.bridgeWith("SECRET", "pane-ask", "dev", "0", "--timeout", "3", "-");
    if (hasRun(box)) expect({ calls, asked }).toMatchObject({ asked: { exitCode: expect.any(Number) } });
    expect(await screen()).not.toContain("SECRET: command not found");
    if (!hasRun(box)) break;
    await box.output("pane-wait", "dev", "0", "10");
  } while (calls < 20);
  expect(calls).toBeGreaterThan(5);
});

test("a question that nobody reads is not typed", async () => {
  await using box = await running(bash(), "sleep 100", "");
  await until(
    "it runs",
    async () => (await box.tmux("display-message", "-p", "-t", "%0", "#{pane_current_command}")) === "sleep",
  );
  expect(await box.bridge("pane-ask", "dev", "0", "hello")).toMatchObject({
    exitCode: 1,
    error: { code: "ERR_PANE_BUSY" },
  });
  expect(await box.tmux("capture-pane", "-p", "-t", "%0")).not.toContain("hello");
});

test("a line that a terminal would cut is refused", async () => {
  await using box = await running(bash(), "cat", "");
  await until(
    "it runs",
    async () => (await box.tmux("display-message", "-p", "-t", "%0", "#{pane_current_command}")) === "cat",
  );
  expect(await box.bridge("pane-ask", "dev", "0", "x".repeat(5000))).toMatchObject({ exitCode: 2 });
});
