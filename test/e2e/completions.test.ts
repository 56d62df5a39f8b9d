import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { BINARY, Box, until } from "../helpers/box.ts";
import { SHELLS } from "../helpers/shells.ts";

const SETUP: Record<string, string> = {
  bash: 'eval "$(claude-tmux completions bash)"',
  zsh: 'autoload -Uz compinit; compinit -u; eval "$(claude-tmux completions zsh)"',
  fish: "claude-tmux completions fish | source",
};
const KNOWN = SHELLS.filter(({ name }) => SETUP[name]);

/** A session of labelled panes, in the first of which that shell runs with completion and waits at its prompt. */
async function ready(shell: (typeof SHELLS)[number]): Promise<Box> {
  const box = new Box({ SHELL: shell.path });
  mkdirSync(`${box.folder}/bin`);
  symlinkSync(BINARY, `${box.folder}/bin/claude-tmux`);
  box.env.PATH = `${box.folder}/bin:${box.env.PATH}`;
  await box.output("session-create", "dev", "--size", "120x30", "--cwd", box.folder);
  for (const label of ["web server", "db:12", "x$(touch evil)`touch evil`"])
    await box.output("pane-create", "dev", label);
  // /etc/profile may have set another PATH
  const path = `export PATH="${box.folder}/bin:$PATH"`;
  await box.output("pane-run", "dev", "0", "--", `${path}; ${SETUP[shell.name]}`);
  return box;
}

/** Presses keys, or types a text, as a person at the terminal would. */
const press = (box: Box, ...keys: string[]) => box.tmux("send-keys", "-t", "=dev:^.0", "--", ...keys);
const type = (box: Box, text: string) => box.tmux("send-keys", "-t", "=dev:^.0", "-l", "--", text);

const screen = (box: Box) => box.tmux("capture-pane", "-p", "-J", "-t", "=dev:^.0");

describe.each(KNOWN)("completion in $name", (shell) => {
  test.skipIf(!shell.isThere)("its script is accepted by the shell", async () => {
    await using box = new Box();
    const script = await box.must(["completions", shell.name]);
    await Bun.write(`${box.folder}/script`, `${script}\n`);
    const { exitCode, stderr } = Bun.spawnSync([shell.path, "-n", `${box.folder}/script`]);
    expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
  });

  test.skipIf(!shell.isThere)("a label, with a blank in it, and a command", async () => {
    await using box = await ready(shell);
    await press(box, "claude-tmux bridge pane-stat", "Tab");
    await box.shows("dev", "0", "pane-status");
    await press(box, "de", "Tab");
    await box.shows("dev", "0", "pane-status dev");
    await press(box, "we", "Tab");
    await until("the label stands there", async () =>
      /dev ['"]?web\\? server/.test(await box.output("pane-capture", "dev", "0", "50")),
    );
    await press(box, "--compact", "Enter");
    await box.shows("dev", "0", '"label":"web server"');
  });

  test.skipIf(!shell.isThere)("words that are quoted, or half escaped, and a colon in a label", async () => {
    await using box = await ready(shell);
    for (const [typed, label] of [
      ['"dev" web\\ s', "web server"],
      ["dev 'web s", "web server"],
      ["dev db:1", "db:12"],
    ] as const) {
      await type(box, `claude-tmux bridge pane-status ${typed}`);
      await press(box, "Tab");
      if (typed.includes("'")) await until("it is completed", async () => /web server/.test(await screen(box)));
      if (typed.includes("'") && !/web server'/.test(await screen(box))) await type(box, "'");
      await press(box, " --compact", "Enter");
      await box.shows("dev", "0", `"label":"${label}"`);
      await press(box, "C-l");
      await until("the screen is clear", async () => !(await screen(box)).includes(label));
    }
  });

  test.skipIf(!shell.isThere)("nothing in a label, or in what was typed, is evaluated", async () => {
    await using box = await ready(shell);
    await press(box, "claude-tmux bridge pane-status dev x", "Tab");
    await box.shows("dev", "0", "touch");
    await press(box, "--compact", "Enter");
    await box.shows("dev", "0", '"label":"x$(touch evil)`touch evil`"');
    await type(box, `claude-tmux bridge pane-status '$(touch evil)' "\`touch evil\`" `);
    await press(box, "Tab", "Tab", "C-u");
    await press(box, "echo still here", "Enter");
    // tmux may take the line for one that goes on, since a longer one stood there
    await until("it goes on", async () => /still here\s+still here/.test(await screen(box)));
    expect(existsSync(`${box.folder}/evil`)).toBe(false);
  });
});

test("what stands behind Tab, word by word", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "build");
  const after = async (...words: string[]) =>
    (await box.must(["completions", "words", words.join("\x1f")])).split("\n").map((line) => line.split("\t")[0]);
  expect(await after("bri")).toEqual(["bridge"]);
  expect(await after("bridge", "pane-w")).toEqual(["pane-wait", "pane-watch", "pane-watch-timeout"]);
  expect(await after("bridge", "pane-run", "")).toEqual(["dev"]);
  expect(await after("--json", "bridge", "pane-run", "dev", "")).toEqual(["main", "build", "0", "1"]);
  expect(await after("bridge", "pane-run", "dev", "build", "--ti")).toEqual(["--timeout"]);
  expect(await after("bridge", "pane-count", "dev", "-")).toContain("--compact");
  expect(await after("--")).toContain("--version");
  expect(await after("bridge", "pane-exec", "dev", "0", "--c")).toEqual(["--compact"]);
  expect(await after("bridge", "pane-exec", "dev", "0", "--", "--c")).toEqual([""]); // it would be typed
  expect(await after("pane-run", "d")).toEqual(["dev"]);
  expect(await after("bridge", "pane-run", "--json", "--timeout", "5", "d")).toEqual(["dev"]);
  expect(await after("bridge", "pane-run", "--json", "-L", "other", "d")).toEqual([""]);
  expect(await after("bridge", "pane-run", "dev", "build", "--timeout", "")).toEqual([""]);
  expect(await after("bridge", "pane-run", "--timeout", "5", "dev", "b")).toEqual(["build"]);
  expect(await after("bridge", "pane-find", "dev", "")).toEqual(["main", "build"]);
  expect(await after("daemon", "wait", "dev", "pane-")).toEqual(["pane-exit", "pane-created", "pane-signalled"]);
  expect(await after("daemon", "events", "--session", "")).toEqual(["dev"]);
  expect(await after("install", "sys")).toEqual(["systemd"]);
  expect(await after("daemon", "subscribe", "dev", "session-closed", "")).toEqual([""]);
  expect(await after("help", "ex")).toEqual(["exit-codes"]);
  expect(await after("bridge", "help", "pane-k")).toEqual(["pane-kill"]);
  expect(await after("help", "bridge", "pane-k")).toEqual(["pane-kill"]);
  expect(await after("-L", "other", "bridge", "session-kill", "")).toEqual([""]);
  expect(await after("bridge", "nonsense", "")).toEqual([""]);
});
