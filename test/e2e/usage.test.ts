import { describe, expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { BINARY, Box, PROGRAM, served, until } from "../helpers/box.ts";

/** A box with a session `dev` whose bash waits at its prompt. */
async function ready(): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("pane-run", "dev", "0", "--", "true");
  return box;
}

describe("options are options", () => {
  test("before --, wherever free text may stand, and text after it", async () => {
    await using box = await ready();
    const help = await box.run(["bridge", "pane-exec", "dev", "main", "--help"]);
    expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("USAGE") });
    const compact = await box.run(["bridge", "pane-exec", "dev", "main", "--compact", "--", "echo by 'the option'"]);
    expect(compact.stdout).toMatch(/^\{"status":"success".*\}\n$/);
    await box.output("pane-metadata-set", "dev", "main", "k", "--compact", "v");
    expect(await box.output("pane-metadata-get", "dev", "main", "k")).toBe("v");
    await box.output("pane-metadata-set", "dev", "main", "k", "--", "--compact");
    expect(await box.output("pane-metadata-get", "dev", "main", "k")).toBe("--compact");
    expect(await box.bridge("session-create", "--compact")).toMatchObject({ exitCode: 2 });
    // what the command does not have is text
    expect(await box.bridge("pane-has-pattern", "dev", "main", "-not-there-")).toMatchObject({ output: "false" });
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "main", "--once", "foo"]);
    expect(await box.must(["daemon", "subscriptions"])).toMatch(/"pattern":"foo".*"once":true/);
  });

  test("several words after -- reach the program as they are", async () => {
    await using box = await ready();
    const words = ["it's", "a b", "$HOME", "\\", "", "--compact", "*"];
    const run = await box.bridge("pane-run", "dev", "0", "--", "printf", "<%s>\\n", ...words);
    expect(run).toMatchObject({ exitCode: 0, output: words.map((word) => `<${word}>`).join("\n") });
    await box.output("pane-exec", "dev", "0", "--", "printf", "[%s]", "a  b");
    await box.shows("dev", "0", "[a  b]");
    const timed = await box.bridge("pane-exec-timeout", "dev", "0", "--timeout", "20s", "--", "sh", "-c", "exit 3");
    expect(timed).toMatchObject({ exitCode: 0, exit_code: 3 });
  });

  test("--timeout stands in for the seconds, and times may have units", async () => {
    await using box = await ready();
    expect(await box.bridge("pane-wait", "dev", "0", "--timeout", "1m")).toMatchObject({ exitCode: 0 });
    expect(await box.bridge("pane-watch-timeout", "dev", "0", "nowhere", "--timeout", "200ms")).toMatchObject({
      exitCode: 124,
    });
    expect(await box.bridge("pane-watch-timeout", "dev", "0", "nowhere", "0.2s", "5")).toMatchObject({ exitCode: 124 });
    expect(await box.bridge("pane-wait", "dev", "0", "5 minutes")).toMatchObject({ exitCode: 2 });
    await box.must(["daemon", "subscribe", "dev", "silence", "0", "1h30m"]);
    expect(await box.must(["daemon", "subscriptions"])).toContain('"seconds":5400');
  });
});

describe("pane-run", () => {
  test("reads a script from stdin", async () => {
    await using box = await ready();
    const script = "x=5\nfor i in 1 2; do\n  echo $x$i\ndone\n(exit 4)\n";
    const child = Bun.spawn([...PROGRAM, "bridge", "pane-run", "dev", "main", "-"], {
      env: box.env,
      stdin: Buffer.from(script),
      stdout: "pipe",
    });
    expect(JSON.parse(await child.stdout.text())).toMatchObject({ output: expect.stringContaining("51\n52") });
    expect(await child.exited).toBe(4);
  });

  test("answers as much of the output as was asked for, and says how much there was", async () => {
    await using box = await ready();
    const run = (...args: string[]) => box.bridge("pane-run", "dev", "0", ...args);
    expect(await run("--tail", "2", "--", "seq 1 500; false")).toMatchObject({
      exitCode: 1,
      output: "499\n500",
      output_lines: 500,
      output_truncated: true,
    });
    expect(await run("--max-bytes", "9", "--", "seq 1 500")).toMatchObject({ output: "499\n500", output_lines: 500 });
    const all = await run("--tail", "3", "--", "seq 1 3");
    expect(all).toMatchObject({ output: "1\n2\n3", output_lines: 3 });
    expect(all).not.toHaveProperty("output_truncated");
    expect(await run("--tail", "1", "--timeout", "0.5", "--", "seq 1 5; sleep 30")).toMatchObject({
      exitCode: 124,
      partial_output: expect.stringMatching(/^5\n?$/),
      output_lines: 5,
    });
  });

  test("has nothing to run in an empty command", async () => {
    await using box = await ready();
    expect(await box.bridge("pane-run", "dev", "0", "--", " ")).toMatchObject({
      exitCode: 125,
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
  });
});

describe("exit codes", () => {
  test("125 is pane-run's own, every other code the command's", async () => {
    await using box = await ready();
    for (const code of [1, 2, 127]) {
      expect(await box.bridge("pane-run", "dev", "0", "--", `(exit ${code})`)).toMatchObject({ exitCode: code });
    }
    const failures: [string[], string][] = [
      [["dev", "0"], "ERR_INVALID_ARGUMENT"],
      [["dev", "0", "--frob", "--", "true"], "ERR_INVALID_ARGUMENT"],
      [["dev", "9", "--", "true"], "ERR_PANE_NOT_FOUND"],
      [["dve", "0", "--", "true"], "ERR_SESSION_NOT_FOUND"],
    ];
    for (const [args, code] of failures) {
      expect(await box.bridge("pane-run", ...args)).toMatchObject({ exitCode: 125, error: { code } });
    }
    box.env.PATH = box.folder;
    expect(await box.bridge("pane-run", "dev", "0", "--", "true")).toMatchObject({ exitCode: 125 });
    box.env.PATH = process.env.PATH ?? "";
  });

  test("a yes/no question that can't be answered exits with 2", async () => {
    await using box = await ready();
    expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ exitCode: 1, output: "false" });
    for (const args of [
      ["pane-is-running", "dev", "9"],
      ["pane-is-running", "dve", "0"],
      ["pane-has-pattern", "dev", "9", "x"],
    ]) {
      expect(await box.bridge(...args)).toMatchObject({ exitCode: 2, status: "error" });
    }
  });
});

describe("a failure is told once", () => {
  const bridge = (box: Box, ...args: string[]) => box.run(["bridge", ...args]);

  test("in JSON on stdout, on one line with --compact, also when the words can't be read", async () => {
    await using box = await ready();
    for (const args of [
      ["pane-status", "dev", "9"],
      ["pane-exec", "dev", "--frob", "--compact"],
      ["pane-run", "--frob"],
    ]) {
      const { stdout, stderr } = await bridge(box, ...args);
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toMatchObject({ status: "error", error: { code: expect.stringMatching(/^ERR_/) } });
      expect(stdout.trim().split("\n").length === 1).toBe(args.includes("--compact"));
    }
    const stream = await bridge(box, "pane-stream", "dev", "9");
    expect(stream).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('has no pane "9"') });
    const { stdout } = await bridge(box, "pane-run", "dev");
    expect(JSON.parse(stdout)).toMatchObject({ session: "dev", output: "<pane> is missing" });
  });

  test("with the pane that it is about", async () => {
    await using box = await ready();
    const failed = (...args: string[]) => box.bridge(...args);
    expect(await failed("pane-metadata-get", "dev", "main", "nokey")).toMatchObject({
      session: "dev",
      pane_id: "0",
      pane: "%0",
    });
    expect(await failed("pane-status", "dev", "nopane")).toMatchObject({ session: "dev", pane_id: "nopane", pane: "" });
    expect(await failed("pane-run", "%0", "--timeout", "0.3", "--", "sleep 30")).toMatchObject({
      exitCode: 124,
      session: "dev",
      pane_id: "0",
      pane: "%0",
    });
    expect(await failed("pane-status", "%99")).toMatchObject({ session: "", pane_id: "%99", pane: "" });
  });

  test("with the sessions that there are", async () => {
    await using box = await ready();
    await box.output("session-create", "web");
    for (const args of [
      ["pane-run", "dve", "0", "--", "true"],
      ["pane-count", "dve"],
      ["session-kill", "a b"],
    ]) {
      expect(await box.bridge(...args)).toMatchObject({
        error: { code: "ERR_SESSION_NOT_FOUND", hint: "There are: dev, web" },
      });
    }
    await box.endServer();
    for (const args of [
      ["pane-run", "dve", "0", "--", "true"],
      ["pane-is-running", "dve", "0"],
    ]) {
      expect(await box.bridge(...args)).toMatchObject({ error: { code: "ERR_TMUX_NOT_RUNNING" } });
    }
  });

  test.skipIf(!Bun.which("script"))("to a person at a terminal, in words as well, unless --quiet", async () => {
    await using box = await ready();
    const shown = (...args: string[]) => {
      const line = [...PROGRAM, "bridge", ...args].map((word) => `'${word}'`).join(" ");
      const child = Bun.spawnSync(["script", "-qec", `${line} >/dev/null`, "/dev/null"], {
        env: box.env,
        stdin: "ignore",
      });
      return child.stdout.toString();
    };
    expect(shown("pane-status", "dev", "9")).toContain('Session "dev" has no pane "9"');
    expect(shown("pane-status", "dev", "9", "--quiet")).toBe("");
  });
});

describe("commands", () => {
  test("of the bridge are found without their family", async () => {
    await using box = await ready();
    expect(JSON.parse(await box.must(["pane-run", "dev", "0", "--", "echo hi"]))).toMatchObject({ output: "hi" });
    expect(await box.must(["help", "pane-run"])).toContain("claude-tmux pane-run");
  });

  test.each([
    ["pane-run", "claude\\-tmux\\-pane\\-run \\- run a command in a pane"],
    ["exit-codes", "claude\\-tmux\\-exit\\-codes \\- Exit codes"],
  ])("and pages have a man page: %s", (name, title) => {
    const { stdout, exitCode } = Bun.spawnSync([...PROGRAM, "help", "man", name], { env: { PATH: "/usr/bin:/bin" } });
    expect({ exitCode, stdout: stdout.toString() }).toEqual({ exitCode: 0, stdout: expect.stringContaining(title) });
  });

  test.each([
    [["daemon", "pane-run"], "claude-tmux pane-run"],
    [["bridge", "subscribe"], "claude-tmux daemon subscribe"],
    [["pane-rnu"], "claude-tmux pane-run"],
    [["ls"], "claude-tmux session-list"],
    [["pane-list"], "claude-tmux pane-list-detailed"],
    [["bridge", "pane-list"], "claude-tmux pane-list-detailed"],
    [["list-panes"], "claude-tmux pane-list-detailed"],
    [["send-keys"], "claude-tmux pane-exec"],
    [["bridg"], "claude-tmux bridge"],
    [["help", "exit-code"], "claude-tmux help exit-codes"],
    [["help", "pane-rnu"], "claude-tmux help pane-run"],
    [["--hlep"], "--help"],
    [["daemon", "health", "--jsno"], "--json"],
  ])("%p: did you mean", (args, meant) => {
    const { stderr, exitCode } = Bun.spawnSync([...PROGRAM, ...args], { env: { PATH: "/usr/bin:/bin" } });
    expect({ exitCode, stderr: stderr.toString() }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining(`Did you mean: ${meant}\n`),
    });
  });
});

describe("under the names of the old scripts, all is as it was", () => {
  test("free text in its place, exit codes, and words on stderr", async () => {
    await using box = await ready();
    const link = `${box.folder}/claude-tmux-bridge.sh`;
    symlinkSync(BINARY, link);
    const old = (...args: string[]) => {
      const { exitCode, stdout, stderr } = Bun.spawnSync([link, ...args], { env: box.env, stdin: "ignore" });
      return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
    };
    expect(old("pane-metadata-set", "dev", "main", "k", "--compact")).toMatchObject({ exitCode: 0 });
    expect(await box.output("pane-metadata-get", "dev", "main", "k")).toBe("--compact");
    expect(old("pane-exec", "dev", "main", "--help").stdout).toContain("Command sent");
    await box.shows("dev", "main", "--help: command not found");
    expect(old("pane-is-running", "dev", "9")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("no pane"),
    });
    await box.tmux("set-option", "-p", "-t", "%0", "@claude_tmux_label", "\x1b]0;mine\x07");
    const { stderr } = old("pane-status", "dev", "9");
    expect(stderr).toContain("]0;mine");
    expect(stderr).not.toMatch(/[\x07\x1b]/);
    expect(old("pane-run", "dev", "9", "true")).toMatchObject({ exitCode: 1 });
  });

  test("a link of any other name is no family", async () => {
    await using box = new Box();
    for (const name of ["toString", "constructor", "claude-tmux-x"]) {
      symlinkSync(BINARY, `${box.folder}/${name}`);
      const { exitCode } = Bun.spawnSync([`${box.folder}/${name}`, "version"], { env: box.env });
      expect(exitCode).toBe(0);
    }
  });
});

test("with --json, what can't be understood is told in JSON, wherever --json stands", async () => {
  await using box = new Box();
  for (const args of [["bogus"], ["daemon", "bogus"], ["daemon", "status", "--bogus"]]) {
    const { exitCode, stdout } = await box.run([...args, "--json"]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ status: "error", error: { code: "ERR_INVALID_ARGUMENT" } });
  }
});

test("the daemon's commands, too, take %id or a target for a session and a pane", async () => {
  await using box = await served({ SHELL: "/bin/bash" });
  for (const args of [
    ["%0", "silence", "10m"],
    ["dev:0.0", "pane-exit", "true"],
    ["%0", "session-closed", "true"],
  ])
    await box.must(["daemon", "subscribe", ...args]);
  const listed = (await box.must(["daemon", "subscriptions"])).trim().split("\n");
  expect(listed.map((line) => JSON.parse(line))).toMatchObject([
    { session: "dev", pane: "%0", seconds: 600 },
    { session: "dev", pane: "%0", callback: "true" },
    { session: "dev", pane: "", type: "session-closed", callback: "true" },
  ]);
  const waiting = box.must(["daemon", "wait", "%0", "pattern-match", "^over$", "--timeout", "20"]);
  await until("it is subscribed", async () => (await box.must(["daemon", "subscriptions"])).includes("^over$"));
  await box.output("pane-exec", "%0", "echo ov''er");
  expect(JSON.parse(await waiting)).toMatchObject({ session: "dev", pane: "%0", message: "over" });
});

test("one word for both also names a pane that has ended, where its session is in the word", async () => {
  await using box = await served({ SHELL: "/bin/bash" });
  await box.output("pane-create", "dev", "build");
  await until("it is seen", async () => (await box.events("pane-created")).length > 0);
  await box.output("pane-kill", "dev", "build");
  await until("it is told", async () => (await box.events("pane-exit")).length === 1);
  const wait = (...words: string[]) => box.run(["daemon", "wait", ...words, "--since", "1h", "--timeout", "20"]);
  for (const words of [
    ["dev:build", "pane-exit"],
    ["dev", "pane-exit", "build"],
  ]) {
    expect(JSON.parse((await wait(...words)).stdout)).toMatchObject({ event_type: "pane-exit", label: "build" });
  }
  const { exitCode, stderr } = await wait("%1", "pane-exit");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("name that as well")]);
});

test("a callback where a pane may be named is taken for one, and it is said how to give it", async () => {
  await using box = await served();
  const { exitCode, stderr } = await box.run(["daemon", "subscribe", "dev", "pane-exit", "echo gone"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('If "echo gone" is the callback, put "" before it');
  expect((await box.run(["daemon", "subscribe", "dev", "pane-exit", "", "echo gone"])).exitCode).toBe(0);
});
