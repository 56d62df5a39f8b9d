import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { Box, until } from "../helpers/box.ts";

// once is enough to notice a break; ROUNDS=20 shows that it holds
const ROUNDS = Number(process.env.ROUNDS ?? 1);

/** A program, by the command line that starts it, what it waits for, and that where the kernel hides what it could. */
interface Row {
  line: string;
  /** the program whose name is waited for; the shell's own unless told */
  program?: string;
  /** what the pane shows when it has begun */
  shows?: string;
  expected: string;
  hidden: string;
}

const LISTEN = "import socket; s=socket.socket(); s.bind(('',0)); s.listen(); print('begun'); s.accept()";
const ROWS: Row[] = [
  { line: "true", expected: "prompt", hidden: "prompt" },
  { line: "echo 'abc", shows: "> ", expected: "prompt", hidden: "prompt" },
  { line: "cat", program: "cat", expected: "line", hidden: "line" },
  { line: "read -p 'name? ' x", shows: "name? ", expected: "line", hidden: "line" },
  { line: "read -s x", expected: "password", hidden: "password" },
  { line: "read -n 1 x", expected: "keys", hidden: "keys" },
  // it waits by a call that waits for files of any kind, and only the kernel could tell which
  { line: "read -t 100 x", expected: "line", hidden: "unknown" },
  { line: `python3 -c "input('name? ')"`, program: "python3", shows: "name? ", expected: "line", hidden: "line" },
  {
    line: `python3 -c "import getpass; getpass.getpass()"`,
    program: "python3",
    shows: "Password:",
    expected: "password",
    hidden: "password",
  },
  { line: "python3 -q", program: "python3", shows: ">>>", expected: "keys", hidden: "keys" },
  { line: `python3 -uc "${LISTEN}"`, program: "python3", shows: "begun", expected: "nothing", hidden: "nothing" },
  { line: "less /etc/passwd", program: "less", shows: "root:", expected: "keys", hidden: "keys" },
  { line: "seq 1000 | less", shows: "\n10\n", expected: "keys", hidden: "keys" },
  { line: "vim -u NONE -N", program: "vim", shows: "VIM", expected: "keys", hidden: "keys" },
  { line: "top -d 1", program: "top", shows: "PID", expected: "keys", hidden: "keys" },
  // as read -t
  { line: "tail -f /etc/passwd", program: "tail", shows: "nobody", expected: "nothing", hidden: "unknown" },
  { line: "rm -i kept", program: "rm", shows: "remove", expected: "line", hidden: "line" },
  { line: "sleep 100", program: "sleep", expected: "nothing", hidden: "nothing" },
  { line: "sleep 100 | cat", program: "sleep", expected: "nothing", hidden: "nothing" },
  { line: "while :; do :; done", expected: "nothing", hidden: "nothing" },
  { line: "stty -echo; sleep 100", program: "sleep", expected: "nothing", hidden: "nothing" },
  { line: "PS1='inner> ' bash --norc --noprofile", shows: "inner> ", expected: "prompt", hidden: "prompt" },
  // its prompt and its read differ only by how much they read
  { line: "PS1='inner> ' dash", program: "dash", shows: "inner> ", expected: "prompt", hidden: "unknown" },
  { line: "PS1='inner> ' zsh -f", program: "zsh", shows: "inner> ", expected: "prompt", hidden: "prompt" },
  { line: "sqlite3", program: "sqlite3", shows: "sqlite>", expected: "keys", hidden: "keys" },
  { line: "gdb -q", program: "gdb", shows: "(gdb)", expected: "keys", hidden: "keys" },
  { line: "node -i", program: "node", shows: "> ", expected: "keys", hidden: "keys" },
  {
    line: "ssh-keygen -q -f key$RANDOM$RANDOM",
    program: "ssh-keygen",
    shows: "passphrase",
    expected: "password",
    hidden: "password",
  },
];

describe.skipIf(!existsSync("/proc/self/syscall"))("what a program waits for", () => {
  for (const row of ROWS) {
    const isHere = row.program === undefined || Bun.which(row.program) !== null;
    test.skipIf(!isHere)(`${row.line}: ${row.expected}`, async () => {
      await using box = new Box({ SHELL: "/bin/bash", PS1: "$ " });
      await box.output("session-create", "dev", "--cwd", box.folder);
      await Bun.write(`${box.folder}/kept`, "");
      await box.output("pane-run", "dev", "0", "--", "true");
      const waiting = async (settings: Record<string, string> = {}) => {
        const env = { ...box.env, ...settings };
        const child = Bun.spawn([...box.command, "bridge", "pane-status", "dev", "0"], { env, stdout: "pipe" });
        return (await child.stdout.json()).output.waiting_for;
      };
      for (let round = 0; round < ROUNDS; round++) {
        if (round > 0) await box.output("session-kill", "dev");
        if (round > 0) await box.output("session-create", "dev", "--cwd", box.folder);
        if (round > 0) await box.output("pane-run", "dev", "0", "--", "true");
        await box.output("pane-exec", "dev", "0", row.line);
        if (row.program) {
          const command = () => box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_command}");
          await until(`${row.program} runs`, async () => (await command()) === row.program);
        }
        if (row.shows) {
          const shown = () => box.tmux("capture-pane", "-p", "-t", "=dev:");
          const { shows } = row;
          await until(`it shows ${shows}`, async () => (await shown()).replace(row.line, "").includes(shows.trim()));
        }
        // a program that starts does not wait for anything yet
        await until(`it waits for ${row.expected}`, async () => (await waiting()) === row.expected);
        const answers = [await waiting(), await waiting({ CLAUDE_TMUX_PROCESS_TABLE: "hardened" }), await waiting()];
        expect(answers).toEqual([row.expected, row.hidden, row.expected]);
      }
    });
  }

  test.skipIf(!Bun.which("python3"))("is not nothing after it was stopped, and went on", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    const poll = "import select; p=select.poll(); p.register(0, 1); print('begun', flush=True); p.poll()";
    await box.tmux("respawn-pane", "-k", "-t", "=dev:", `exec python3 -c "${poll}"`);
    await box.shows("dev", "0", "begun");
    for (const signal of ["STOP", "CONT"]) await box.output("pane-signal", "dev", "0", signal, "--to", "shell");
    const waiting = async () => (await box.bridge("pane-status", "dev", "0")).output as { waiting_for: string };
    expect(["line", "unknown"]).toContain((await waiting()).waiting_for);
  });
});

describe("a shell without the integration that reads an answer", () => {
  const ROWS = [
    { shell: "bash --norc", line: 'read -p "Drop it? " a; echo "got <$a>"', shows: "Drop it?", waits: "line" },
    { shell: "bash --norc", line: 'read -s -p "Password: " a; echo "got <$a>"', shows: "Password:", waits: "password" },
    { shell: "zsh -f", line: 'echo asked; read a; echo "got <$a>"', shows: "\nasked", waits: "line" },
    { shell: "dash", line: 'echo asked; read a; echo "got <$a>"', shows: "\nasked", waits: "line" },
  ];
  for (const { shell, line, shows, waits } of ROWS)
    test.skipIf(!Bun.which(shell.split(" ")[0] ?? ""))(`${shell}, ${line}: is not at its prompt`, async () => {
      await using box = new Box();
      await box.tmux("new-session", "-d", "-s", "dev", "-x", "80", "-y", "24", `PS1='own$ ' exec ${shell}`);
      const screen = () => box.tmux("capture-pane", "-p", "-t", "=dev:");
      const status = async () => (await box.bridge("pane-status", "dev", "0")).output;
      await until("its shell waits", async () => (await screen()).includes("own$"));
      await until("that is seen", async () => !((await status()) as { is_running: boolean }).is_running);
      await box.tmux("send-keys", "-t", "=dev:", line, "Enter");
      await until("it asks", async () => (await screen()).replace(line, "").includes(shows));
      expect(await status()).toMatchObject({ is_running: true, waiting_for: waits });
      expect(await box.bridge("pane-wait", "dev", "0", "1")).toMatchObject({ error: { code: "ERR_TIMEOUT" } });
      // it may be about to start, while it is so new
      const refused = await box.bridge("pane-run", "dev", "0", "--timeout", "0.3", "--", "echo run");
      expect(["ERR_TIMEOUT", "ERR_PANE_BUSY"]).toContain((refused.error as { code: string }).code);
      expect(await screen()).not.toContain("echo run");
      await box.tmux("send-keys", "-t", "=dev:", "yes", "Enter");
      await until("it was answered", async () => (await screen()).includes("got <yes>"));
      expect(await box.bridge("pane-run", "dev", "0", "--", "echo run")).toMatchObject({ output: "run", exit_code: 0 });
    });
});
