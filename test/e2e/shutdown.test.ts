import { describe, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { Box, served, until } from "../helpers/box.ts";

// once is enough to notice a break; ROUNDS=20 shows that it holds
const ROUNDS = Number(process.env.ROUNDS ?? 1);

/** A command line, what shows that it has begun, and how it is ended. */
interface Row {
  name: string;
  line: string;
  shows?: string;
  method: string;
  /** undefined: whatever the program makes of it */
  code?: number;
  program?: string;
}

const OBEYS =
  "import time,sys\ntry:\n print('be'+'gun',flush=True); time.sleep(100)\nexcept KeyboardInterrupt: sys.exit(7)\n";
const ROWS: Row[] = [
  {
    name: "a program that obeys Ctrl-C",
    line: "python3 obeys.py",
    shows: "begun",
    method: "interrupt",
    code: 7,
    program: "python3",
  },
  {
    name: "one that ignores it",
    line: "bash -c 'trap \"\" INT; echo be''gun; sleep 100'",
    shows: "begun",
    method: "terminate",
    code: 143,
  },
  {
    name: "one that ignores SIGTERM, too",
    line: "bash -c 'trap \"\" INT TERM; echo be''gun; while :; do sleep 0.2; done'",
    shows: "begun",
    method: "kill",
    code: 137,
  },
  {
    name: "a pipeline",
    line: "(echo be''gun; yes) | tee /dev/null | grep -v y",
    shows: "begun",
    method: "interrupt",
    code: 130,
  },
  {
    name: "a job with children",
    line: "bash -c 'sleep 100 & sleep 100 & echo be''gun; wait'",
    shows: "begun",
    method: "terminate",
  },
  { name: "vim", line: "vim -u NONE -N", shows: "VIM", method: "terminate", program: "vim" },
  { name: "python", line: "python3 -q", shows: ">>>", method: "terminate", code: 143, program: "python3" },
  { name: "less", line: "less /etc/passwd", shows: "root:", method: "terminate", program: "less" },
  {
    name: "a shell in the shell, at its prompt",
    line: "PS1='inner> ' bash --norc --noprofile",
    shows: "inner>",
    method: "kill",
    code: 137,
  },
  {
    name: "a shell in the shell, with a job",
    line: "bash --norc -ic 'bash --norc -c \"echo be''gun; sleep 100\"; sleep 50'",
    shows: "begun",
    method: "interrupt",
  },
  { name: "nohup", line: "nohup sh -c 'echo begun > begun; sleep 100'", method: "interrupt", code: 130 },
  {
    name: "a server",
    line: "python3 -u -m http.server 0 --bind 127.0.0.1",
    shows: "Serving",
    method: "interrupt",
    program: "python3",
  },
  {
    name: "a loop of the shell itself",
    line: "echo be''gun; while :; do :; done",
    shows: "begun",
    method: "interrupt",
    code: 130,
  },
  {
    name: "several commands",
    line: "echo be''gun; sleep 100; sleep 100; touch went-on",
    shows: "begun",
    method: "interrupt",
    code: 130,
  },
];

describe.skipIf(!existsSync("/proc/self/stat"))("a job is ended", () => {
  for (const row of ROWS) {
    test.skipIf(row.program !== undefined && !Bun.which(row.program))(`${row.name}: by ${row.method}`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await using box = new Box({ SHELL: "/bin/bash", PS1: "$ " });
        await Bun.write(`${box.folder}/obeys.py`, OBEYS);
        await box.output("session-create", "dev", "--cwd", box.folder);
        await box.output("pane-run", "dev", "0", "--", "true");
        const before = box.processes();
        await box.output("pane-exec", "dev", "0", row.line);
        const { shows } = row;
        const shown = () => box.tmux("capture-pane", "-p", "-t", "=dev:");
        if (shows) await until(`it shows ${shows}`, async () => (await shown()).replace(row.line, "").includes(shows));
        else await until("it has begun", () => existsSync(`${box.folder}/begun`));
        const reply = await box.bridge("pane-graceful-shutdown", "dev", "0", "2");
        expect(reply).toMatchObject({ exitCode: 0, method: row.method, survivors: [] });
        if (row.code !== undefined) expect(reply).toMatchObject({ exit_code: row.code });
        expect(await box.bridge("pane-status", "dev", "0")).toMatchObject({
          output: { is_running: false, waiting_for: "prompt", command: "bash" },
        });
        await until("no process is left", () => box.processes().every((pid) => before.includes(pid)));
        expect(existsSync(`${box.folder}/went-on`)).toBe(false);
        expect(await box.bridge("pane-run", "dev", "0", "--", "echo after")).toMatchObject({ output: "after" });
      }
    });
  }

  test("and what is stopped, in the background or has left the terminal stays", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "sleep 1001 & sleep 1002 & sleep 0.3; kill -STOP $!");
    expect(await box.bridge("pane-graceful-shutdown", "dev", "0", "2")).toMatchObject({
      method: "none",
      exit_code: null,
    });
    const sleeps = () => box.processes().filter((pid) => commandOf(pid).startsWith("sleep 10"));
    await until("both run", () => sleeps().length === 2);
    await box.output("pane-exec", "dev", "0", "bash -c 'setsid sleep 1003 & sleep 1004'");
    await until("it runs", () => sleeps().length === 4);
    expect(await box.bridge("pane-graceful-shutdown", "dev", "0", "2")).toMatchObject({
      method: "interrupt",
      survivors: [{ command: "sleep 1003" }],
    });
    expect(sleeps().map(commandOf).toSorted()).toEqual(["sleep 1001", "sleep 1002", "sleep 1003"]);
    for (const pid of sleeps()) process.kill(pid, "SIGKILL");
  });

  test("and what a shell in the shell has in the background stays", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-exec", "dev", "0", "PS1='inner> ' bash --norc --noprofile");
    await box.shows("dev", "0", "\ninner>");
    await box.output("pane-send-stdin", "dev", "0", "sleep 1006 & sleep 1007", "--enter");
    const sleeps = () => sleepsIn(box);
    await until("both run", () => sleeps().length === 2);
    expect(await box.bridge("pane-graceful-shutdown", "dev", "0", "2")).toMatchObject({ exitCode: 0, method: "kill" });
    expect(sleeps()).toEqual(["sleep 1006"]);
  });

  test("and the next one, which somebody has typed ahead, is theirs", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.tmux("split-window", "-d", "-t", "=dev:", "exec env PS1='$ ' bash --norc --noprofile");
    await box.prompt("dev", "1");
    await box.tmux("send-keys", "-t", "%1", "bash -c 'trap : INT; while :; do sleep 0.2; done'", "Enter");
    await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "1")).output === "true");
    const ending = box.bridge("pane-graceful-shutdown", "dev", "1", "3");
    await box.shows("dev", "1", "^C");
    await box.tmux("send-keys", "-t", "%1", "sleep 1008", "Enter");
    expect(await ending).toMatchObject({ method: "terminate" });
    const sleeps = () =>
      box
        .processes()
        .map(commandOf)
        .filter((command) => command === "sleep 1008");
    await until("it runs", () => sleeps().length === 1);
  });

  test("and what runs in another tmux goes on, although a client of it is in front", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    const inner = `${box.folder}/inner`;
    await box.output("pane-exec", "dev", "0", `TMUX= tmux -f /dev/null -S ${inner} new-session 'exec sleep 1009'`);
    const sleeps = () =>
      box
        .processes()
        .map(commandOf)
        .filter((command) => command === "sleep 1009");
    await until("it runs", () => sleeps().length === 1);
    await until("a client is attached", () => Bun.spawnSync(["tmux", "-S", inner, "list-clients"]).stdout.length > 0);
    expect(await box.bridge("pane-graceful-shutdown", "dev", "0", "3")).toMatchObject({ method: "terminate" });
    expect(sleeps()).toHaveLength(1);
    Bun.spawnSync(["tmux", "-S", inner, "kill-server"]);
  });

  test("and with it a pane that has no shell", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.tmux("split-window", "-d", "-t", "=dev:", "exec sleep 100");
    expect(await box.bridge("pane-graceful-shutdown", "dev", "1", "2")).toMatchObject({
      exitCode: 0,
      method: "interrupt",
      pane_ended: true,
    });
    expect(await box.output("pane-count", "dev")).toBe("1");
  });
});

describe.skipIf(!existsSync("/proc/self/stat"))("a signal", () => {
  test("goes to the job in the foreground, to the shell, or to all that it has started", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output(
      "pane-run",
      "dev",
      "0",
      "--",
      "sleep 1001 & setsid sleep 1002 & nohup sleep 1003 > /dev/null 2>&1 &",
    );
    await box.output("pane-exec", "dev", "0", "sleep 1004 | sleep 1005");
    const sleeps = () => sleepsIn(box);
    await until("all run", () => sleeps().length === 5);
    const signal = async (...words: string[]) => {
      const reply = await box.bridge("pane-signal", "dev", "0", ...words);
      const { processes } = reply as { processes?: { command: string }[] };
      return { ...reply, got: processes?.map(({ command }) => command).toSorted() };
    };
    expect(await signal("USR1")).toMatchObject({ signal: "SIGUSR1", got: ["sleep 1004", "sleep 1005"] });
    await until("they have ended", () => sleeps().length === 3);
    await box.output("pane-wait", "dev", "0", "20");
    expect(await signal("TERM")).toMatchObject({ exitCode: 1, error: { code: "ERR_COMMAND_FAILED" } });
    expect(await signal("TERM", "--to", "tree")).toMatchObject({ got: ["sleep 1001", "sleep 1002", "sleep 1003"] });
    await until("they have ended", () => sleeps().length === 0);
    expect(await box.bridge("pane-run", "dev", "0", "--", "echo after")).toMatchObject({ output: "after" });
    expect(await signal("KILL", "--to", "shell")).toMatchObject({ got: [expect.stringContaining("bash")] });
    await until("the pane is gone", async () => (await box.bridge("pane-count", "dev")).exitCode === 1);
  });

  test("is none of the shell's own when it runs something itself", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-exec", "dev", "0", "read x");
    await until("it reads", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
    expect(await box.bridge("pane-signal", "dev", "0", "KILL")).toMatchObject({ exitCode: 1 });
    expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ output: "true" });
  });

  test("that is none is refused", async () => {
    await using box = new Box();
    expect(await box.bridge("pane-signal", "dev", "0", "NONE")).toMatchObject({ exitCode: 2 });
    expect(await box.bridge("pane-signal", "dev", "0", "TERM", "--to", "all")).toMatchObject({ exitCode: 2 });
  });
});

/** The `sleep 10…` that run there, by how they were called. */
function sleepsIn(box: Box): string[] {
  const commands = box.processes().map(commandOf);
  return commands.filter((command) => command.startsWith("sleep 10")).toSorted();
}

function commandOf(pid: number): string {
  const { stdout } = Bun.spawnSync(["ps", "-o", "args=", "-p", `${pid}`]);
  return stdout.toString().trim();
}

test("signals that were sent are in the log of events, whether a daemon runs or not", async () => {
  await using box = await served({ SHELL: "/bin/bash" });
  const runs = async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true";
  const start = async () => {
    await box.output("pane-exec", "dev", "0", "sleep 1000");
    await until("it runs", runs);
  };
  await start();
  const waiting = box.run(["daemon", "wait", "dev", "pane-signalled", "--timeout", "20"]);
  await until("it waits", async () => (await box.must(["daemon", "status"])) !== "");
  await until("it is told", async () => {
    await box.bridge("pane-signal", "dev", "0", "CONT");
    return (await Promise.race([waiting, Bun.sleep(200)])) !== undefined;
  });
  const event = JSON.parse((await waiting).stdout);
  expect(event).toMatchObject({ session: "dev", pane_id: "0", message: "SIGCONT was sent to 1 process" });
  expect(event.data).toEqual({
    signal: "SIGCONT",
    processes: [{ pid: expect.any(Number), command: "sleep 1000" }],
    command: "pane-signal",
  });
  await box.must(["daemon", "stop"]);
  await box.bridge("pane-signal", "dev", "0", "KILL");
  await box.output("pane-exec", "dev", "0", "sh -c 'trap \"\" INT; sleep 1001; :'");
  await until("it runs", runs);
  expect(await box.bridge("pane-graceful-shutdown", "dev", "0", "2")).toMatchObject({ method: "terminate" });
  const told = (await box.events("pane-signalled")).map(({ data }) => `${data.command} ${data.signal}`);
  expect(told.slice(-2)).toEqual(["pane-signal SIGKILL", "pane-graceful-shutdown SIGTERM"]);
});

test("a daemon that hangs keeps nobody from a signal, and writes once that it was sent", async () => {
  await using box = await served({ SHELL: "/bin/bash" });
  await box.output("pane-exec", "dev", "0", "sleep 1000");
  await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
  const daemon = await box.pid("daemon");
  process.kill(daemon, "SIGSTOP");
  expect(await box.bridge("pane-signal", "dev", "0", "CONT")).toMatchObject({ status: "success" });
  process.kill(daemon, "SIGCONT");
  await until("it is written", async () => (await box.events("pane-signalled")).length > 0);
  await box.bridge("pane-signal", "dev", "0", "CONT");
  expect(await box.events("pane-signalled")).toHaveLength(2);
});

test("a shell that is being started is no job that is ended", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "other");
  writeFileSync(`${box.folder}/.bash_profile`, "sleep 0.4\n");
  for (let round = 0; round < 3; round++) {
    await box.output("session-create", "dev");
    const ended = await box.bridge("pane-graceful-shutdown", "dev", "main");
    expect(ended).toMatchObject({ method: "none" });
    expect(await box.bridge("pane-run", "dev", "main", "--", "echo hi")).toMatchObject({ output: "hi" });
    await box.output("session-kill", "dev");
  }
});
