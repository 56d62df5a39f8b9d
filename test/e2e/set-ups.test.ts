import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { findShell, playSetUp } from "../../src/dev/fuzz/play-set-up.ts";
import { makeSetUp } from "../../src/dev/fuzz/set-ups.ts";
import { randomFrom } from "../../src/dev/random.ts";
import { Box, PROGRAM, type Reply, until } from "../helpers/box.ts";

interface Row {
  shell: "bash" | "zsh" | "fish";
  /** the start-up file */
  startUp?: string;
  /** run at the prompt before */
  before?: string[];
  /** how ends are found out */
  method?: "shell-integration" | "marker";
  /** the code of the last command can't be known */
  isUnknown?: boolean;
}

const ROWS: Record<string, Row> = {
  "bash reads its start-up file again": {
    shell: "bash",
    startUp: "PROMPT_COMMAND='history -a'",
    before: [". ~/.bash_profile"],
  },
  "bash, unset PROMPT_COMMAND": { shell: "bash", before: ["unset PROMPT_COMMAND"] },
  "bash, PROMPT_COMMAND empty": { shell: "bash", before: ["PROMPT_COMMAND="] },
  "bash, a prompt command before ours": { shell: "bash", before: ['PROMPT_COMMAND="true;$PROMPT_COMMAND"'] },
  "bash, readonly PROMPT_COMMAND": {
    shell: "bash",
    startUp: "readonly PROMPT_COMMAND='history -a'",
    method: "marker",
  },
  "bash, readonly PROMPT_COMMAND that is not set": {
    shell: "bash",
    startUp: "readonly PROMPT_COMMAND",
    method: "marker",
  },
  "bash, readonly PROMPT_COMMAND later": { shell: "bash", before: ["readonly PROMPT_COMMAND"] },
  "bash, promptvars off": { shell: "bash", before: ["shopt -u promptvars"], method: "marker" },
  "bash, promptvars off from the start": { shell: "bash", startUp: "shopt -u promptvars", method: "marker" },
  "bash, promptvars off and on": { shell: "bash", before: ["shopt -u promptvars", "shopt -s promptvars"] },
  "bash, a prompt command that sets PS1": {
    shell: "bash",
    before: [`PROMPT_COMMAND+=('PS1="later> "')`, "true"],
  },
  "bash, unset EPOCHREALTIME": { shell: "bash", before: ["set -u", "unset EPOCHREALTIME"] },
  "bash, readonly PS1": { shell: "bash", startUp: "readonly PS1='$ '", method: "marker" },
  "bash, no line editing": { shell: "bash", before: ["set +o emacs"], method: "marker" },
  "zsh, precmd_functions=()": { shell: "zsh", before: ["precmd_functions=()"] },
  "zsh, preexec_functions=()": { shell: "zsh", before: ["preexec_functions=()"] },
  "zsh, neither": { shell: "zsh", before: ["unset precmd_functions preexec_functions"] },
  "zsh, readonly precmd_functions": { shell: "zsh", startUp: "readonly -a precmd_functions" },
  "zsh, another line-init": {
    shell: "zsh",
    before: ["zle-line-init() { true }; zle -N zle-line-init", "precmd_functions=()"],
  },
  "zsh, a line-init that fails, and neither of the others": {
    shell: "zsh",
    startUp: "zle-line-init() { false }; zle -N zle-line-init; readonly -a precmd_functions preexec_functions",
  },
  "fish in vi mode": { shell: "fish", startUp: "fish_vi_key_bindings" },
  "fish without its event": { shell: "fish", before: ["functions -e __claude_tmux_end"], isUnknown: true },
};

const FILES = { bash: ".bash_profile", zsh: ".zshrc", fish: ".config/fish/config.fish" };

const has = (shell: string) => findShell(shell) !== undefined;
const boxWith = (shell: string) => new Box({ SHELL: findShell(shell) ?? "" });

for (const [name, { shell, startUp = "", before = [], method = "shell-integration", isUnknown }] of Object.entries(
  ROWS,
)) {
  test.skipIf(!has(shell))(`${name}: no exit code is wrong`, async () => {
    await using box = boxWith(shell);
    const file = `${box.folder}/${FILES[shell]}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${startUp}\n`);
    await box.output("session-create", "dev");
    const run = (command: string) => box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
    for (const command of before) expect(await run(command)).toMatchObject({ status: "success" });
    const exit42 = shell === "fish" ? "sh -c 'exit 42'" : "(exit 42)";
    const codes: Record<string, number> = { true: 0, false: 1, [exit42]: 42, nosuchcommand: 127, "sleep 0.1; true": 0 };
    for (const [command, code] of Object.entries(codes)) {
      expect([command, await run(command)]).toMatchObject([command, { exit_code: isUnknown ? null : code, method }]);
    }
    const timed = await box.bridge("pane-exec-timeout", "dev", "0", "20", exit42);
    expect(timed).toMatchObject({ exit_code: isUnknown ? null : 42 });
    const isIdle = async () => (await box.bridge("pane-is-running", "dev", "0")).output === "false";
    // a shell that does not tell comes to its prompt a moment after the marker
    if (method === "marker") await until("it is at its prompt", isIdle);
    expect(await isIdle()).toBe(true);
  });
}

for (const shell of ["bash", "zsh", "fish"]) {
  test.skipIf(!has(shell))(`${shell}: a string for the terminal that never ended swallows nothing`, async () => {
    await using box = boxWith(shell);
    await box.output("session-create", "dev");
    const run = (command: string) => box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
    // an image of which only the beginning was written, and a title
    for (const beginning of ["\\033Pq#0", "\\033]0;t", "\\033_a"]) {
      const command = `printf 'a${beginning}'; sh -c 'exit 3'`;
      expect([command, await run(command)]).toMatchObject([command, { exit_code: 3, output: "a" }]);
      expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "false" });
    }
    expect(await run("echo after")).toMatchObject({ output: "after" });
  });
}

test("what fails is no failure of the shell's own: set -e and traps find what they would find without us", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  writeFileSync(`${box.folder}/.bash_profile`, "trap 'echo failed >>~/traps' ERR\n");
  await box.output("session-create", "dev");
  const run = (command: string) => box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
  await run("false");
  expect(await Bun.file(`${box.folder}/traps`).text()).toBe("failed\n");
  await run("trap - ERR; set -e");
  expect(await run("! true")).toMatchObject({ exit_code: 1 });
  expect(await run("echo there")).toMatchObject({ output: "there" });
});

test("a file of the integration that is gone is written again", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  const found = Array.from(new Bun.Glob("shell-*/*").scanSync({ cwd: box.state, dot: true, absolute: true }));
  const files = found.filter((file) => !/\/(env|names)-\d+$/.test(file)); // what a shell tells there is its own
  expect(files.length).toBe(5);
  for (const [i, file] of files.entries()) {
    await Bun.file(file).delete();
    await box.output("pane-create", "dev", `p${i}`);
    expect(await Bun.file(file).exists()).toBe(true);
    const reply = await box.bridge("pane-run", "dev", `p${i}`, "--timeout", "20", "--", "(exit 3)");
    expect(reply).toMatchObject({ exit_code: 3, method: "shell-integration" });
  }
});

// each seed is a set-up; more of them: npm run fuzz:shells -- --setups 500
test.each([1, 9, 21, 28, 40, 51])("random start-up files %p: no exit code is wrong", async (seed) => {
  const shells = (["bash", "zsh", "fish"] as const).filter((name) => findShell(name) !== undefined);
  const { wrong, stuck } = await playSetUp(makeSetUp(randomFrom(seed), shells), [...PROGRAM]);
  expect({ wrong, stuck }).toEqual({ wrong: [], stuck: [] });
});

describe("what a program prints is not taken for the shell's word", () => {
  let box: Box;
  beforeAll(async () => {
    box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
  });
  afterAll(() => box[Symbol.asyncDispose]());
  const mark = (key: string, pid: string) => `\x1b]7;claude-tmux:${key};${pid};idle;99;0;1000\x07`;

  test.each(["by the pid of the shell", "by all pids, without knowing it"])("%s", async (how) => {
    const pid = await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_pid}");
    const pids = how.startsWith("by all") ? Array.from({ length: 8000 }, (_, i) => `${i + 1}`) : [];
    const keys = ["0".repeat(16), "0123456789abcdef"];
    // as they were without a key, too
    const marks = [...pids, pid].flatMap((one) => [...keys.map((key) => mark(key, one)), mark(one, "").slice(0, -1)]);
    writeFileSync(`${box.folder}/marks`, `${marks.join("")}\n`);
    const command = `cat ~/marks; touch ~/shown; until [ -e ~/go ]; do sleep 0.02; done; (exit 5)`;
    const running = box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
    const waiting = shown().then(() => box.bridge("pane-wait", "dev", "0", "20"));
    await shown();
    expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "true" });
    const next: Reply = await box.bridge("pane-run", "dev", "0", "--", "echo secret");
    expect(next).toMatchObject({ status: "error", error: { code: "ERR_PANE_BUSY" } });
    await Bun.write(`${box.folder}/go`, "");
    expect(await running).toMatchObject({ exit_code: 5, exitCode: 5 });
    expect(await waiting).toMatchObject({ exit_code: 5 });
    for (const name of ["go", "shown"]) await Bun.file(`${box.folder}/${name}`).delete();
  });

  test("nor does the daemon take it for the end of a command", async () => {
    const pid = await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_pid}");
    writeFileSync(`${box.folder}/marks`, `${mark("0".repeat(16), pid)}${mark("", pid)}\n`);
    await box.must(["daemon", "start"]);
    await box.must(["daemon", "subscribe", "dev", "command-finished", "main"]);
    const run = (command: string) => box.bridge("pane-run", "dev", "main", "--timeout", "20", "--", command);
    await run("cat ~/marks; sleep 0.1; (exit 5)");
    const events = await until("the end is told", async () => {
      const found = await box.events("command-finished");
      return found.length > 0 && found;
    });
    expect(events.map(({ data }) => data.exit_code)).toEqual([5]);
    await box.must(["daemon", "stop"]);
  });

  test("and nothing that runs in the shell is given the secret", async () => {
    const [key] = (await box.tmux("show-options", "-pqv", "-t", "=dev:", "@claude_tmux_key")).split("\n");
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    const run = (command: string) => box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
    expect(await run(`env; cat /proc/self/environ /proc/self/cmdline 2>/dev/null | tr '\\0' '\\n'`)).toMatchObject({
      output: expect.not.stringContaining(key as string),
    });
    // nor are windows and panes that are made later, by hand
    for (const where of [["-t", "=dev:"], ["-g"]])
      expect(await box.tmux("show-environment", ...where)).not.toContain(key as string);
    await box.tmux("new-window", "-d", "-t", "=dev:", "env > later; mv later ~/seen");
    expect(
      await until("it has told", () => existsSync(`${box.folder}/seen`) && readFileSync(`${box.folder}/seen`, "utf8")),
    ).not.toContain(key as string);
    await box.tmux("respawn-pane", "-k", "-t", "=dev:");
    expect(await run("(exit 3)")).toMatchObject({ exit_code: 3, method: "shell-integration" });
  });

  async function shown(): Promise<void> {
    await until("the marks are shown", () => Bun.file(`${box.folder}/shown`).exists());
  }
});

test("a bash from which a command has taken all that tells is asked, and tells again", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev", "--cwd", box.folder);
  const run = (command: string, timeout = "20") =>
    box.bridge("pane-run", "dev", "0", "--timeout", timeout, "--", command);
  expect(await run("unset PROMPT_COMMAND; PS1='> '")).toMatchObject({ exit_code: null, status: "success" });
  expect(await run("echo one; (exit 3)")).toMatchObject({ exit_code: 3, output: "one" });
  // also when nobody waited for that command
  await box.output("pane-exec", "dev", "0", "unset PROMPT_COMMAND PS0; PS1='% '");
  await box.shows("dev", "0", "% ");
  expect(await run("echo two; (exit 4)")).toMatchObject({ exit_code: 4, output: "two" });
  await box.output("pane-exec", "dev", "0", "unset PROMPT_COMMAND PS0; PS1='% '");
  expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exitCode: 0 });
  expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "false" });
  // the rest of somebody's command is no prompt
  await box.output("pane-exec", "dev", "0", "unset PROMPT_COMMAND; PS1='! '; PS2='more '");
  await box.shows("dev", "0", "! ");
  await box.tmux("send-keys", "-t", "=dev:", "-l", "touch 'begun\r");
  await box.shows("dev", "0", "more");
  expect(await run("true")).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
  await box.tmux("send-keys", "-t", "=dev:", "-l", "'; . /dev/null; PS2=$__claude_tmux_ps2\r");
  await until("it was run as it was meant", () => existsSync(`${box.folder}/begun\n`));
  expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exitCode: 0 });
  // nor is what reads a line, or a key
  for (const command of ["read -e word; echo got $word", "read -s -n 5 word; echo got $word"]) {
    expect(await run(`unset PROMPT_COMMAND; PS1='> '; ${command}`, "3")).toMatchObject({
      error: { code: "ERR_TIMEOUT" },
    });
    expect(await run("true")).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
    await box.output("pane-exec", "dev", "0", "hello");
    await box.shows("dev", "0", "got hello");
    expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exitCode: 0 });
    expect(await run("(exit 5)")).toMatchObject({ exit_code: 5 });
  }
});

test("no process is given a shell's secret as an argument, where everybody may read it", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  const calls = `${box.folder}/calls`;
  mkdirSync(`${box.folder}/bin`);
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" >>${calls}\nexec ${Bun.which("tmux")} "$@"\n`;
  writeFileSync(`${box.folder}/bin/tmux`, script, { mode: 0o755 });
  box.env.PATH = `${box.folder}/bin:${box.env.PATH}`;
  const seen = new Set<string>();
  let isDone = false;
  const looking = (async () => {
    while (!isDone) {
      for (const words of commandLines()) seen.add(words);
      await new Promise((next) => setImmediate(next));
    }
  })();
  try {
    await box.output("session-create", "dev"); // this starts the server
    await Promise.all([box.output("pane-create", "dev", "two"), box.output("pane-create", "dev")]);
    for (const pane of ["0", "1", "2"])
      expect(await box.bridge("pane-run", "dev", pane, "--timeout", "20", "--", "(exit 3)")).toMatchObject({
        exit_code: 3,
        method: "shell-integration",
      });
  } finally {
    isDone = true;
    await looking;
  }
  const keys = (await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{@claude_tmux_key}")).split("\n");
  expect(new Set(keys).size).toBe(3);
  const all = [readFileSync(calls, "utf8"), ...seen, ...commandLines()].join("\n");
  expect(all).toContain("source-file");
  for (const key of keys) {
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(all).not.toContain(key);
  }
});

/** The arguments of all processes. */
function commandLines(): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc").flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, "utf8")] : [];
    } catch {
      return []; // it has ended
    }
  });
}
