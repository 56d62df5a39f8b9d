import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { Box, until } from "../helpers/box.ts";
import { SHELLS, type Shell } from "../helpers/shells.ts";

// what somebody may have typed when a command comes: none of it may be run, alone or with the command
const DRAFTS: Record<string, { keys: string[]; shown: string; cursor?: string }> = {
  "rm ": { keys: ["-l", "rm "], shown: "rm" },
  "rm -rf ": { keys: ["-l", "rm -rf "], shown: "rm -rf" },
  "an open quote": { keys: ["-l", "touch 'open"], shown: "touch 'open" },
  "the cursor in the middle": { keys: ["-l", "touch one two"], shown: "touch one two", cursor: "touch one Xtwo" },
};

const TOLD = SHELLS.filter(({ method }) => method === "shell-integration");

describe.each(TOLD)("in $name, what somebody has half typed", (shell) => {
  let box: Box;
  beforeAll(async () => {
    box = new Box({ SHELL: shell.path });
    if (!shell.isThere) return;
    await box.output("session-create", "dev", "--cwd", box.folder);
    await box.output("pane-run", "dev", "0", "--", "true");
  });
  afterAll(() => box[Symbol.asyncDispose]());
  const type = (...keys: string[]) => box.tmux("send-keys", "-t", "=dev:", ...keys);
  const line = async () => {
    const y = await box.tmux("display-message", "-p", "-t", "=dev:", "#{cursor_y}");
    return box.tmux("capture-pane", "-p", "-t", "=dev:", "-S", y, "-E", y);
  };
  const showsLine = (text: string) =>
    until(`the line ends with ${text}`, async () => (await line()).trimEnd().endsWith(text));

  const ways: Record<string, (command: string) => Promise<unknown>> = {
    "pane-run": async (command) => {
      expect(await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", command)).toMatchObject({
        output: "hello",
        exit_code: 3,
        method: "shell-integration",
      });
    },
    "pane-exec": async (command) => {
      await box.output("pane-exec", "dev", "0", command);
      await until("it has run", () => existsSync(`${box.folder}/done`));
      // until then the draft may still be shown as it was before the command
      await until("it has ended", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "false");
    },
    "pane-exec-timeout": async (command) => {
      expect(await box.bridge("pane-exec-timeout", "dev", "0", "20", command)).toMatchObject({ exit_code: 3 });
    },
  };

  test.skipIf(!shell.isThere).each(Object.keys(ways))("is set aside by %s, and put back", async (way) => {
    for (const { keys, shown, cursor } of Object.values(DRAFTS)) {
      for (const file of ["hello", "one", "two"]) writeFileSync(`${box.folder}/${file}`, "");
      await type(...keys);
      if (cursor !== undefined) await type("Left", "Left", "Left");
      await showsLine(shown);
      await ways[way]?.("echo hello; touch done; sh -c 'exit 3'");
      expect(existsSync(`${box.folder}/done`)).toBe(true);
      await showsLine(shown);
      if (cursor !== undefined) {
        await type("-l", "X");
        await showsLine(cursor);
      }
      await type("C-e", "C-u");
      await until("the line is empty", async () => !(await line()).includes(shown));
      for (const file of ["hello", "one", "two"])
        expect([file, existsSync(`${box.folder}/${file}`)]).toEqual([file, true]);
      await Bun.file(`${box.folder}/done`).delete();
    }
    expect(existsSync(`${box.folder}/open`)).toBe(false);
  });
});

for (const shell of TOLD)
  test.skipIf(!shell.isThere)(
    `in ${shell.name}, a draft is put back also where a slow shell was asked twice`,
    async () => {
      await using box = new Box({ SHELL: shell.path });
      await box.output("session-create", "dev", "--cwd", box.folder);
      await box.output("pane-run", "dev", "0", "--", "true");
      const pid = await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_pid}");
      const [start = ""] = new Bun.Glob("shell-*/start.sh").scanSync({ cwd: box.state });
      const file = `${box.state}/${start.replace("start.sh", `take-${pid}`)}`;
      const line = async () => (await box.output("pane-capture", "dev", "0")).split("\n").at(-1) ?? "";
      for (const typed of ["", "touch typed"]) {
        await box.tmux("send-keys", "-t", "=dev:", "-l", "touch draft");
        await until("the draft stands there", async () => (await line()).endsWith("touch draft"));
        // what pane-exec does: here the shell finds both keys, and what somebody types, when it comes to read
        writeFileSync(file, "touch done", { mode: 0o600 });
        const typing = ["send-keys", "-t", "=dev:", "-l", `${typed}${typed === "" ? "" : "\r"}`];
        await box.tmux("send-keys", "-t", "=dev:", "-H", "1b", "1e", "1b", "1e", ";", ...typing);
        await until("it has run", () => existsSync(`${box.folder}/done`));
        if (typed !== "") await until("what was typed has run", () => existsSync(`${box.folder}/typed`));
        await until("the draft is back", async () => (await line()).endsWith("touch draft"));
        await box.tmux("send-keys", "-t", "=dev:", "C-e", "C-u");
        await until("the line is empty", async () => !(await line()).endsWith("touch draft"));
        await Bun.file(`${box.folder}/done`).delete();
      }
      expect(existsSync(`${box.folder}/draft`)).toBe(false);
    },
  );

// the draft is put back, and what ran before the part that is not complete is told
const INCOMPLETE: Record<string, [command: string, partial?: string][]> = {
  bash: [
    ["echo 'abc"],
    ["if true; then"],
    ["cat <<EOF\nx"],
    ["echo d |"],
    ["echo e \\"],
    ["echo a\nif true; then", "a"],
  ],
  zsh: [["echo 'abc"], ["if true; then"], ["cat <<EOF\nx"], ["echo d |"], ["echo e \\"], ["echo a\nif true; then"]],
  fish: [["echo 'abc"], ["if true"], ["echo d |"], ["echo e \\"], ["echo a\nif true"]],
};

for (const shell of TOLD)
  test.skipIf(!shell.isThere)(
    `in ${shell.name}, a command that is not complete is cancelled, and said to be`,
    async () => {
      await using box = new Box({ SHELL: shell.path });
      await box.output("session-create", "dev", "--cwd", box.folder);
      await box.output("pane-run", "dev", "0", "--", "true");
      await box.tmux("send-keys", "-t", "=dev:", "-l", "touch draft");
      await box.shows("dev", "0", "touch draft");
      for (const [command, partial] of INCOMPLETE[shell.name] ?? []) {
        const reply = await box.bridge("pane-run", "dev", "0", "--", command);
        expect([command, reply]).toEqual([
          command,
          expect.objectContaining({
            exitCode: 125,
            error: {
              code: "ERR_COMMAND_FAILED",
              hint: expect.stringContaining("It was cancelled, and the shell is at its prompt."),
            },
            output: expect.stringContaining(partial === undefined ? "nothing of it was run" : "before that was run"),
            ...(partial === undefined ? {} : { partial_output: partial }),
          }),
        ]);
        await until("the draft is back", async () =>
          (await box.output("pane-capture", "dev", "0")).endsWith("touch draft"),
        );
        expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "false" });
      }
      const timed = await box.bridge("pane-exec-timeout", "dev", "0", "60", "echo 'abc");
      expect(timed).toMatchObject({ exitCode: 1, error: { code: "ERR_COMMAND_FAILED" } });
      expect(existsSync(`${box.folder}/draft`)).toBe(false);
    },
  );

test("in bash, what waits for the rest of somebody's command is busy", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev", "--cwd", box.folder);
  await box.prompt("dev", "0");
  await box.tmux("send-keys", "-t", "=dev:", "-l", "touch 'begun");
  await box.tmux("send-keys", "-t", "=dev:", "Enter");
  await box.shows("dev", "0", ">");
  const refused = {
    status: "error",
    error: { code: "ERR_PANE_BUSY" },
    output: expect.stringContaining("in the middle"),
  };
  expect(await box.bridge("pane-run", "dev", "0", "--", "echo x")).toMatchObject(refused);
  expect(await box.bridge("pane-exec", "dev", "0", "echo x")).toMatchObject(refused);
  expect(await box.bridge("pane-exec-timeout", "dev", "0", "5", "echo x")).toMatchObject(refused);
  await box.tmux("send-keys", "-t", "=dev:", "-l", "'");
  await box.tmux("send-keys", "-t", "=dev:", "Enter");
  await until("it was run as it was meant", () => existsSync(`${box.folder}/begun\n`));
});

for (const shell of TOLD.filter(({ name }) => name !== "bash"))
  test.skipIf(!shell.isThere)(`in ${shell.name}, a draft of two lines is kept`, async () => {
    await using box = new Box({ SHELL: shell.path });
    await box.output("session-create", "dev", "--cwd", box.folder);
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.tmux("send-keys", "-t", "=dev:", "-l", "touch 'begun");
    await box.tmux("send-keys", "-t", "=dev:", "Enter");
    await box.tmux("send-keys", "-t", "=dev:", "-l", "and ended");
    await box.shows("dev", "0", "and ended");
    const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", "echo hello");
    expect(reply).toMatchObject({ exit_code: 0, output: "hello" });
    await until("it is back", async () => (await box.output("pane-capture", "dev", "0")).endsWith("and ended"));
    await box.tmux("send-keys", "-t", "=dev:", "'", "Enter");
    await until("it was run as it was meant", () => existsSync(`${box.folder}/begun\nand ended`));
  });

const dash = SHELLS.find(({ name }) => name === "dash") as Shell & { isThere: boolean };
test.skipIf(!dash.isThere)("in dash, it is cleared before a command is typed", async () => {
  await using box = new Box({ SHELL: dash.path });
  await box.output("session-create", "dev", "--cwd", box.folder);
  await box.prompt("dev", "0");
  const drafts = ["rm ", "rm -rf ", "touch one two "];
  for (const draft of drafts) {
    writeFileSync(`${box.folder}/hello`, "");
    await box.tmux("send-keys", "-t", "=dev:", "-l", draft);
    const run = () => box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", "echo hello");
    expect(await run()).toMatchObject({ output: "hello", exit_code: 0, draft: "cleared" });
    expect(await run()).not.toHaveProperty("draft");
    await box.tmux("send-keys", "-t", "=dev:", "-l", draft);
    await box.output("pane-exec", "dev", "0", "touch done");
    await until("it has run", () => existsSync(`${box.folder}/done`));
    await Bun.file(`${box.folder}/done`).delete();
    await until("it waits", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "false");
    expect(existsSync(`${box.folder}/hello`)).toBe(true);
  }
  expect(existsSync(`${box.folder}/one`)).toBe(false);
});

for (const shell of TOLD)
  test.skipIf(!shell.isThere)(`in ${shell.name}, a command is not run in place of what a program reads`, async () => {
    await using box = new Box({ SHELL: shell.path });
    await box.output("session-create", "dev", "--cwd", box.folder);
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.output("pane-exec", "dev", "0", shell.name === "bash" ? "read -e word; echo got $word" : "cat");
    await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
    // the shell tells that it runs before it has the terminal
    const program = shell.name === "bash" ? "bash" : "cat";
    const current = () => box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_command}");
    await until("it has the terminal", async () => (await current()).trim() === program);
    expect(await box.bridge("pane-run", "dev", "0", "--", "echo x")).toMatchObject({
      error: { code: "ERR_PANE_BUSY" },
    });
    // typed ahead it is what the program reads, as it always was
    await box.output("pane-exec", "dev", "0", "a word");
    await box.shows("dev", "0", shell.name === "bash" ? "got a word" : "a word\na word");
  });

test("the file that a command waits in is gone with it, and nobody else can read it", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.output("pane-run", "dev", "0", "--", "true");
  const waiting = () => Array.from(new Bun.Glob("shell-*/take-*").scanSync({ cwd: box.state, dot: true }));
  expect(waiting()).toEqual([]);
  // a shell that does not hear the key: nothing is run, and said to be
  await box.tmux("send-keys", "-t", "=dev:", "-l", "bind -r '\\e\\x1e'; bind -m emacs -r '\\e\\x1e'");
  await box.tmux("send-keys", "-t", "=dev:", "Enter");
  await box.prompt("dev", "0");
  const reply = await box.bridge("pane-run", "dev", "0", "--", "touch ~/done");
  expect(reply).toMatchObject({ status: "error", output: expect.stringContaining("did not take the command") });
  expect(await box.bridge("pane-exec", "dev", "0", "touch ~/done")).toMatchObject({ status: "error" });
  expect(waiting()).toEqual([]);
  expect(existsSync(`${box.folder}/done`)).toBe(false);
  expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "false" });
});

const PLAIN = [
  { shell: "dash", command: "exec dash" },
  { shell: "bash", command: "exec bash --norc" },
  { shell: "zsh", command: "exec zsh -f" },
].filter(({ shell }) => Bun.which(shell) !== null);
test.each(PLAIN)(
  "in $command, which tells nothing, a command that somebody has begun is neither run nor ended",
  async ({ command }) => {
    await using box = new Box();
    await box.tmux("new-session", "-d", "-s", "dev", "-c", box.folder, command);
    await until(
      "it is at its prompt",
      async () => (await box.bridge("pane-run", "dev", "0", "--", "true")).exitCode === 0,
    );
    for (const begun of ["touch begun &&", 'touch begun "', "touch begun |"]) {
      await box.tmux("send-keys", "-t", "=dev:", "-l", begun);
      await box.tmux("send-keys", "-t", "=dev:", "Enter");
      await until("it waits for the rest", async () =>
        (await box.tmux("capture-pane", "-p", "-t", "=dev:")).trimEnd().endsWith(">"),
      );
      const ran = await box.bridge("pane-run", "dev", "0", "--timeout", "5", "--", "echo 'a\"b'; touch ours");
      expect(ran).toMatchObject({ exitCode: 125, error: { code: "ERR_PANE_BUSY" } });
      await box.tmux("send-keys", "-t", "=dev:", "C-c");
      await until(
        "it is at its prompt",
        async () => (await box.bridge("pane-run", "dev", "0", "--", "true")).exitCode === 0,
      );
      expect([existsSync(`${box.folder}/begun`), existsSync(`${box.folder}/ours`)]).toEqual([false, false]);
    }
  },
);

// shells that tell nothing: their line editors keep what is cleared
const EDITING = [...PLAIN.filter(({ shell }) => shell !== "dash"), { shell: "fish", command: "exec fish" }].filter(
  ({ shell }) => Bun.which(shell) !== null,
);
test.each(EDITING)(
  "in $command, which tells nothing, what somebody has half typed is put back",
  async ({ command }) => {
    await using box = new Box();
    await box.tmux("new-session", "-d", "-s", "dev", "-c", box.folder, command);
    await until(
      "it is at its prompt",
      async () => (await box.bridge("pane-run", "dev", "0", "--", "true")).exitCode === 0,
    );
    const ends = async (text: string) => (await box.output("pane-capture", "dev", "0")).endsWith(text);
    // what is typed before the shell reads is echoed by the terminal, and then shown behind the prompt
    const stands = async (text: string) =>
      new RegExp(`[#$%>] ${text}$`).test(await box.output("pane-capture", "dev", "0"));
    for (const [draft, ...keys] of [["touch half"], ["touch other", "Left", "Left"], ["9"]] as const) {
      await box.tmux("send-keys", "-t", "=dev:", "-l", draft);
      if (keys.length > 0) await box.tmux("send-keys", "-t", "=dev:", ...keys);
      await until("the draft stands there", () => stands(draft));
      const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", "echo hello");
      expect(reply).toMatchObject({ exitCode: 0, output: "hello", method: "marker" });
      expect(reply).not.toHaveProperty("draft");
      expect(await ends(draft)).toBe(true);
      await box.tmux("send-keys", "-t", "=dev:", "C-e", "C-u");
      await until("the line is empty", async () => !(await ends(draft)));
    }
    // with nothing typed, nothing that was cleared before comes back
    expect(await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", "echo hello")).toMatchObject({
      exitCode: 0,
    });
    expect(await ends("9")).toBe(false);
    // at another prompt it is not put back, and said to be gone
    await box.tmux("send-keys", "-t", "=dev:", "-l", "touch half");
    await until("the draft stands there", () => stands("touch half"));
    const other = command.includes("fish") ? "function fish_prompt; echo -n 'other '; end" : "PS1='other '";
    const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", other);
    expect(reply).toMatchObject({ exitCode: 0, draft: "cleared" });
    expect(existsSync(`${box.folder}/half`)).toBe(false);
  },
);

test("in a shell that tells nothing, a draft that fills several rows, or is longer than the prompt, is put back", async () => {
  await using box = new Box();
  writeFileSync(`${box.folder}/.bashrc`, "PS1='somebody@somewhere:~# '\n");
  await box.tmux("new-session", "-d", "-s", "dev", "-x", "80", "exec bash");
  const waits = async () => (await box.bridge("pane-run", "dev", "0", "--", "true")).exitCode === 0;
  await until("it is at its prompt", waits);
  const joined = async () => (await box.tmux("capture-pane", "-p", "-J", "-t", "=dev:")).trimEnd();
  for (const draft of ["echo my half typed line of some length", `echo ${"0123456789 ".repeat(14)}end`]) {
    await box.tmux("send-keys", "-t", "=dev:", "-l", draft);
    await until("the draft stands there", async () => (await joined()).endsWith(`# ${draft}`));
    const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", "echo hello");
    expect(reply).toMatchObject({ exitCode: 0, output: "hello", method: "marker" });
    expect(reply).not.toHaveProperty("draft");
    expect(await joined()).toEndWith(`# ${draft}`);
    await box.tmux("send-keys", "-t", "=dev:", "C-e", "C-u");
    await until("the line is empty", async () => (await joined()).endsWith("#"));
  }
  // behind the prompt for the rest of a command, what is half typed belongs to that
  await box.tmux("send-keys", "-t", "=dev:", "for i in 1 2; do", "Enter");
  await box.tmux("send-keys", "-t", "=dev:", "-l", "echo loop");
  await until("it stands there", async () => (await joined()).endsWith("\n> echo loop"));
  const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "5", "--", "echo hello");
  expect(reply).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
  expect(await joined()).toEndWith("\n> echo loop");
});

const WITHIN = ["bash --norc", "zsh -f", "fish", "dash"].filter((command) => Bun.which(command.split(" ")[0] ?? ""));
test.each(WITHIN)(
  "at the prompt of %s within another shell, what somebody has half typed is not run with a command",
  async (command) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev", "--cwd", box.folder);
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.output("pane-exec", "dev", "0", command);
    const waits = async () => (await box.bridge("pane-status", "dev", "0")).output as { waiting_for?: string };
    const current = () => box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_command}");
    const prompted = async () =>
      (await current()) === command.split(" ")[0] && (await waits()).waiting_for === "prompt";
    for (const way of [["pane-exec"], ["pane-exec-timeout", "0.5"]]) {
      await until("it is at its prompt", prompted);
      await box.tmux("send-keys", "-t", "=dev:", "-l", "touch half ");
      await until("the draft stands there", async () =>
        (await box.output("pane-capture", "dev", "0")).endsWith("touch half"),
      );
      await box.bridge(way[0] ?? "", "dev", "0", ...way.slice(1), "touch done");
      await until("it has run", () => existsSync(`${box.folder}/done`));
      expect(existsSync(`${box.folder}/half`)).toBe(false);
      await Bun.file(`${box.folder}/done`).delete();
    }
  },
);

const UNTOLD: readonly [command: string, mode: string, draftStays: boolean][] = [
  ["bash --norc", "true", true],
  ["bash --norc", "set -o vi", true],
  ["zsh -f", "true", true],
  ["zsh -f", "bindkey -v", false],
  ["zsh -f", "RPROMPT=right", true],
  ["fish --no-config", "true", true],
];

for (const [command, mode, draftStays] of UNTOLD) {
  const isThere = Bun.which(command.split(" ")[0] as string) !== null;
  test.skipIf(!isThere)(`in ${command} after ${mode}, nothing is run of what stands right of the cursor`, async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.tmux("-f", "/dev/null", "new-session", "-d", "-s", "dev", "-x", "90", "-c", box.folder, command);
    const waits = async () => (await box.bridge("pane-run", "dev", "0", "--", mode)).exitCode === 0;
    await until("it is at its prompt", waits);
    const screen = async () => (await box.tmux("capture-pane", "-p", "-t", "=dev:")).trimEnd();
    const lastLine = async () => (await screen()).split("\n").at(-1) ?? "";
    const begin = async () => {
      await box.tmux("send-keys", "-t", "=dev:", "-l", "x;touch half");
      await box.tmux("send-keys", "-t", "=dev:", ...Array(";touch half".length).fill("Left"));
      const at = () => box.tmux("display-message", "-p", "-t", "=dev:", "#{cursor_x}");
      await until("it stands there", async () => {
        const line = await lastLine();
        return line.includes(" x;touch half") && Number(await at()) === line.indexOf("x;touch half") + 1;
      }).catch(async (thrown) => {
        throw new Error(`${thrown.message}: ${await screen()} ${await at()}`);
      });
    };
    await begin();
    const ran = await box.bridge("pane-run", "dev", "0", "--timeout", "20", "--", "echo hi; sh -c 'exit 7'");
    if (draftStays) {
      expect(ran).toMatchObject({ exitCode: 7, output: "hi" });
      expect(ran).not.toHaveProperty("draft");
      expect(await lastLine()).toContain(" x;touch half");
    } else expect(ran).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
    await box.tmux("send-keys", "-t", "=dev:", "C-c");
    await until("the line is empty", async () => !(await lastLine()).includes("half"));
    for (const [name, ...words] of [["pane-exec"], ["pane-ask", "--timeout", "20"]] as const) {
      await begin();
      const reply = await box.bridge(name, "dev", "0", ...words, "--", `echo by ${name}`);
      if (draftStays) {
        expect(reply).toMatchObject({ exitCode: 0 });
        await until("it has run", async () => (await screen()).includes(`\nby ${name}\n`));
      } else expect(reply).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
      await box.tmux("send-keys", "-t", "=dev:", "C-c");
      await until("the line is empty", async () => !(await lastLine()).includes("half"));
    }
    expect(existsSync(`${box.folder}/half`)).toBe(false);
  });
}
