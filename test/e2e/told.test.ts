import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { findShell } from "../../src/dev/fuzz/play-set-up.ts";
import { Box, until } from "../helpers/box.ts";

const FILES = { bash: ".bash_profile", zsh: ".zshrc", fish: ".config/fish/config.fish" };
type Shell = keyof typeof FILES;

/** A box whose shell has that start-up file. */
async function boxWith(shell: Shell, startUp = ""): Promise<Box> {
  const box = new Box({ SHELL: findShell(shell) ?? "" });
  const file = `${box.folder}/${FILES[shell]}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${startUp}\n`);
  await box.output("session-create", "dev", "--cwd", box.folder);
  return box;
}

const runner = (box: Box) => (command: string) => box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command);
const path = (box: Box) => box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_path}");
const isRunning = async (box: Box) => (await box.bridge("pane-is-running", "dev", "0")).output;

// as terminals have shells do it, so that they know the folder
const PROMPTS: [string, Shell, string][] = [
  ["bash, PS1", "bash", "PS1='\\[\\e]7;file://h/tmp\\a\\]b> '"],
  ["bash, a substitution in PS1", "bash", "PS1='$(printf \"\\001\\e]7;file://h/tmp\\a\\002\")b> '"],
  ["bash, PROMPT_COMMAND", "bash", "PROMPT_COMMAND='printf \"\\e]7;file://h/tmp\\a\"'; PS1='b> '"],
  ["zsh, PS1", "zsh", "PS1=$'%{\\e]7;file://h/tmp\\a%}z> '"],
  ["zsh, precmd", "zsh", "precmd() { print -n '\\e]7;file://h/tmp\\a' }; PS1='z> '"],
  ["fish, fish_prompt", "fish", "function fish_prompt; printf '\\e]7;file://h/tmp\\aa> '; end"],
];

for (const [name, shell, startUp] of PROMPTS) {
  test.skipIf(!findShell(shell))(`${name}: a prompt that tells of its folder hides no prompt of ours`, async () => {
    await using box = await boxWith(shell, startUp);
    const run = runner(box);
    const exit = (code: number) => `sh -c 'exit ${code}'`;
    for (const code of [3, 0, 4]) {
      expect(await run(exit(code))).toMatchObject({ exit_code: code, method: "shell-integration" });
      await until("the prompt is there", async () => (await isRunning(box)) === "false");
      expect(await box.bridge("pane-wait", "dev", "0", "5")).toMatchObject({ status: "success" });
    }
    await box.output("pane-exec", "dev", "0", "touch done");
    await until("it was run", () => existsSync(`${box.folder}/done`));
    expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ status: "success" });
    expect(await box.bridge("pane-exec-timeout", "dev", "0", "20", exit(5))).toMatchObject({ exit_code: 5 });
    // what somebody has half typed comes back
    await box.tmux("send-keys", "-t", "=dev:", "-l", "touch draft");
    await box.shows("dev", "0", "touch draft");
    expect(await run(exit(6))).toMatchObject({ exit_code: 6 });
    await until("the draft is back", async () => {
      const screen = await box.output("pane-capture", "dev", "0", "200");
      return screen.trimEnd().endsWith("> touch draft");
    });
    await box.tmux("send-keys", "-t", "=dev:", "Enter");
    await until("it was run", () => existsSync(`${box.folder}/draft`));
    await box.bridge("pane-wait", "dev", "0", "20");
    // a command is still one
    await box.output(
      "pane-exec",
      "dev",
      "0",
      `printf '\\033]7;file:///\\a'; sh -c 'until [ -e go ]; do sleep 0.02; done'`,
    );
    await until("it runs", async () => (await path(box)) === "file:///");
    expect(await isRunning(box)).toBe("true");
    expect(await run("true")).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
    const waiting = box.bridge("pane-wait", "dev", "0", "20");
    await Bun.write(`${box.folder}/go`, "");
    expect(await waiting).toMatchObject({ exit_code: 0 });
  });
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  test.skipIf(!findShell(shell))(`${shell}: a word of something else at the prompt is not a command's`, async () => {
    await using box = await boxWith(shell);
    const run = runner(box);
    const other = "sh -c \"until [ -e go ]; do sleep 0.02; done; rm go; printf '\\033]7;file:///tmp\\a'\" &";
    const told = async () => {
      await run(other);
      await Bun.write(`${box.folder}/go`, "");
      await until("it is told", async () => (await path(box)) === "file:///tmp");
    };
    await told();
    expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "false", method: "foreground" });
    expect(await box.bridge("pane-wait", "dev", "0", "5")).toMatchObject({ status: "success", exit_code: 0 });
    // somebody's draft is left alone
    await box.tmux("send-keys", "-t", "=dev:", "-l", "touch draft");
    expect(await run("sh -c 'exit 3'")).toMatchObject({ exit_code: 3, method: "shell-integration" });
    await until("the draft is back", async () => {
      const screen = await box.output("pane-capture", "dev", "0", "200");
      return screen.trimEnd().endsWith("touch draft");
    });
    await box.tmux("send-keys", "-t", "=dev:", "Enter");
    await until("it was run", () => existsSync(`${box.folder}/draft`));
    expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exit_code: 0 });
    await told();
    await box.output("pane-exec", "dev", "0", "touch there");
    await until("it was run", () => existsSync(`${box.folder}/there`));
    // what reads a line, or a key, is no prompt
    const reads = { bash: ["read x", "read -s -n 3 x"], zsh: ["read x", "read -s -k 3 x"], fish: [] }[shell];
    for (const read of reads) {
      await box.output("pane-exec", "dev", "0", `printf '\\033]7;file:///usr\\a'; ${read}; echo got $x`);
      await until("it runs", async () => (await path(box)) === "file:///usr");
      expect(await isRunning(box)).toBe("true");
      expect(await run("true")).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
      await box.tmux("send-keys", "-t", "=dev:", "abc", "Enter");
      expect(await box.shows("dev", "0", "got abc")).toContain("got abc");
      expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ status: "success" });
    }
  });
}

for (const shell of ["bash", "zsh"] as const) {
  test.skipIf(!findShell(shell))(
    `${shell}: a record of the pane itself, shown in it, is not the shell's word`,
    async () => {
      await using box = await boxWith(shell);
      const run = runner(box);
      await run("true");
      await box.tmux("pipe-pane", "-t", "=dev:", `cat >>${box.folder}/log`);
      for (const command of ["true", "sh -c 'exit 3'", "true"]) await run(command);
      await box.tmux("pipe-pane", "-t", "=dev:");
      await run("true"); // what is told now is not in it
      const isLogged = () =>
        existsSync(`${box.folder}/log`) && readFileSync(`${box.folder}/log`, "latin1").includes(";idle;");
      await until("it is written", isLogged);
      // the words of a prompt are the last that is shown
      const words = readFileSync(`${box.folder}/log`, "latin1")
        .split("\x1b]7;")
        .filter((text) => text.includes(";idle;"));
      writeFileSync(
        `${box.folder}/words`,
        words.map((text) => `\x1b]7;${text.split("\x07")[0]}\x07`).join(""),
        "latin1",
      );
      expect(words.length).toBeGreaterThan(1);
      const reads = { bash: ["read x", "read -s -n 3 x"], zsh: ["read x", "read -s -k 3 x"] }[shell];
      for (const read of reads) {
        // by hand, and by us
        for (const isTyped of [true, false]) {
          const command = `cat words; ${read}; echo got $x; sh -c 'exit 5'`;
          if (isTyped) await box.tmux("send-keys", "-t", "=dev:", "-l", `${command}\r`);
          else await box.output("pane-exec", "dev", "0", command);
          await until("it reads", async () => {
            const told = await path(box);
            return told.includes(";idle;") && words.some((text) => text.startsWith(told));
          });
          for (let look = 0; look < 3; look++) expect(await isRunning(box)).toBe("true");
          const waiting = box.bridge("pane-wait", "dev", "0", "20");
          expect(await run("echo no")).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
          await box.tmux("send-keys", "-t", "=dev:", "abc", "Enter");
          await box.shows("dev", "0", "got abc");
          expect(await waiting).toMatchObject({ status: "success", exit_code: 5 });
          await box.tmux("clear-history", "-t", "=dev:");
          expect(await run("clear")).toMatchObject({ exit_code: 0 });
        }
      }
      // what was typed by us is known to come after it, whatever reads
      const edits = { bash: "read -e x", zsh: "vared -c y; x=$y" }[shell];
      await box.output("pane-exec", "dev", "0", `cat words; ${edits}; echo got $x; sh -c 'exit 8'`);
      await until("it reads", async () => words.some(await path(box).then((told) => (text) => text.startsWith(told))));
      for (let look = 0; look < 3; look++) expect(await isRunning(box)).toBe("true");
      await box.tmux("send-keys", "-t", "=dev:", "def", "Enter");
      await box.shows("dev", "0", "got def");
      expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ status: "success", exit_code: 8 });
      // nor for who listens
      expect(await run("cat words; echo there; sleep 0.2; cat words; echo then; sh -c 'exit 6'")).toMatchObject({
        exit_code: 6,
        output: "there\nthen",
      });
      await box.tmux(
        "send-keys",
        "-t",
        "=dev:",
        "-l",
        "until [ -e go ]; do sleep 0.02; done; cat words; sleep 0.3; sh -c 'exit 7'\r",
      );
      await until("it runs", async () => (await path(box)).includes(";run;"));
      const waiting = box.bridge("pane-wait", "dev", "0", "20");
      await until(
        "it listens",
        async () => (await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_pipe}")) === "1",
      );
      await Bun.write(`${box.folder}/go`, "");
      expect(await waiting).toMatchObject({ exit_code: 7 });
    },
  );
}

const TRACES = { bash: "set -x", zsh: "setopt xtrace", fish: "set fish_trace 1" };

for (const shell of ["bash", "zsh", "fish"] as const) {
  for (const where of ["at the prompt", "in a start-up file"]) {
    test.skipIf(!findShell(shell))(
      `${shell} that traces what it does, told so ${where}, traces nothing of ours`,
      async () => {
        await using box = await boxWith(shell, where === "at the prompt" ? "" : TRACES[shell]);
        const run = runner(box);
        if (where === "at the prompt") expect(await run(TRACES[shell])).toMatchObject({ exit_code: 0, output: "" });
        const told = { exit_code: 3, method: "shell-integration" };
        const reply = await run("sh -c 'exit 3'");
        expect(reply).toMatchObject(told);
        expect(reply.output).toMatch(/^.*sh -c 'exit 3'$/);
        // also when a line that somebody has typed makes room, and in a mode that writes the trace elsewhere
        await box.tmux("send-keys", "-t", "=dev:", "-l", "true draft");
        expect(await run("sh -c 'exit 3'")).toMatchObject(told);
        await until("the draft is back", async () => {
          const screen = await box.output("pane-capture", "dev", "0", "200");
          return screen.trimEnd().endsWith("true draft");
        });
        if (shell === "bash") {
          await run("exec 7>trace; BASH_XTRACEFD=7");
          await run("sh -c 'exit 3'");
        }
        const [key] = (await box.tmux("show-options", "-pqv", "-t", "=dev:", "@claude_tmux_key")).split("\n");
        const screen = await box.output("pane-capture", "dev", "0", "500");
        expect(screen).not.toContain("__claude_tmux");
        const trace = existsSync(`${box.folder}/trace`) ? readFileSync(`${box.folder}/trace`, "utf8") : "";
        expect(`${screen}${trace}`).not.toContain(key as string);
      },
    );
  }
}

test("a bash whose standard error leads elsewhere shows no prompt, and is not busy", async () => {
  await using box = await boxWith("bash");
  const run = runner(box);
  expect(await run("exec 2>/dev/null")).toMatchObject({ exit_code: 0 });
  for (const code of [3, 0]) {
    expect(await run(`(exit ${code})`)).toMatchObject({ exit_code: code, method: "marker" });
    await until("it is idle", async () => (await isRunning(box)) === "false");
    expect(await box.bridge("pane-wait", "dev", "0", "5")).toMatchObject({ status: "success" });
  }
  expect(await run("exec 2>/dev/tty")).toMatchObject({ exit_code: 0 });
  await until("it tells again", async () => (await path(box)).includes(";idle;"));
  expect(await run("(exit 4)")).toMatchObject({ exit_code: 4, method: "shell-integration" });
});
