import { describe, expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { BINARY, Box, lives, until } from "../helpers/box.ts";

const status = async (box: Box) => JSON.parse(await box.must(["daemon", "status", "--json"]));
const subscribe = (box: Box, ...args: string[]) => box.must(["daemon", "subscribe", ...args]);

/** A box with a daemon and sessions whose shells wait at their prompts. */
async function ready(...sessions: string[]): Promise<Box> {
  const box = new Box();
  await box.must(["daemon", "start"]);
  for (const session of sessions) {
    await box.output("session-create", session);
    await box.prompt(session, "0");
  }
  return box;
}

/** Waits until so many matches are in the log; returns their lines. */
const matches = (box: Box, count: number) =>
  until(`${count} matches are in the log`, async () => {
    const events = await box.events("pattern-match");
    return events.length >= count && events.map(({ message }) => message);
  });

describe("tmux does as it likes", () => {
  test("what it hears a pane through is killed while output floods: nothing dies, and watching goes on", async () => {
    await using box = await ready("dev");
    const daemon = await box.pid("daemon");
    await subscribe(box, "dev", "pattern-match", "0", "^after$");
    await box.output("pane-exec", "dev", "0", "while :; do echo y; done");
    for (let i = 0; i < 5; i++) {
      const helper = await until("the pane is heard", () => box.hearing());
      process.kill(helper, "SIGKILL");
      await until("it is gone", async () => !(await lives(helper)));
    }
    await box.tmux("send-keys", "-t", "=dev:", "C-c");
    await until("the pane is watched again", async () => (await status(box)).watched_panes === 1);
    await box.output("pane-exec", "dev", "0", "echo after");
    await until("it fires", async () => (await box.events("pattern-match")).at(-1)?.message === "after");
    expect(await box.pid("daemon")).toBe(daemon);
  });

  test("a daemon killed in the middle of much output leaves no client that would keep the server alive", async () => {
    await using box = new Box();
    await box.must(["daemon", "start", "--auto-restart"]);
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await subscribe(box, "dev", "pattern-match", "0", "V[0-9]$");
    const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
    await box.output("pane-exec", "dev", "0", "seq 1 300000");
    const daemon = await box.pid("daemon");
    await until("it writes", async () => /^\d+$/m.test(await box.output("pane-capture", "dev", "0", "200")));
    process.kill(daemon, "SIGKILL");
    await until("another daemon serves", async () => (await box.pid("daemon").catch(() => daemon)) !== daemon);
    await box.must(["daemon", "stop"]);
    await box.tmux("kill-server");
    await until("the server has ended", async () => !(await lives(server)));
    await box.output("session-create", "dev");
  });

  test("with detach-on-destroy off, the end of a session is seen all the same", async () => {
    await using box = await ready("dev", "other");
    await box.tmux("set-option", "-g", "detach-on-destroy", "off");
    await subscribe(box, "dev", "pattern-match", "0", "x");
    await box.output("session-kill", "dev");
    await until("the end is in the log", async () => (await box.events("session-closed")).length === 1);
    expect(await box.events("pane-exit")).toHaveLength(1);
    expect(await status(box)).toMatchObject({ subscriptions: 0, watched_sessions: 0 });
  });

  test("a pane that moves to another session keeps its subscription", async () => {
    await using box = await ready("dev", "other");
    await box.output("pane-create", "dev", "web");
    await box.prompt("dev", "web");
    await subscribe(box, "dev", "pattern-match", "web", "^hello$");
    await box.tmux("join-pane", "-d", "-s", "%2", "-t", "=other:");
    await until("its screen is kept", async () => (await status(box)).watched_panes === 1);
    await box.output("pane-exec", "other", "web", "echo hello");
    expect(await matches(box, 1)).toEqual(["hello"]);
    expect(await box.events("pane-exit")).toEqual([]);
  });

  test("a socket that was removed under a living server ends no subscription", async () => {
    await using box = await ready("dev");
    await subscribe(box, "dev", "pattern-match", "0", "^hello$");
    const socket = await box.tmux("display-message", "-p", "#{socket_path}");
    const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
    rmSync(socket);
    const late = await box.run(["daemon", "subscribe", "dev", "timeout", "0", "5"]);
    expect(late.exitCode).toBe(1);
    await box.must(["daemon", "stop"]);
    await box.must(["daemon", "start"]);
    process.kill(server, "SIGUSR1"); // tmux(1): makes its socket again
    await until("the pane is watched", async () => (await status(box)).watched_panes === 1);
    await box.output("pane-exec", "dev", "0", "echo hello");
    expect(await matches(box, 1)).toEqual(["hello"]);
  });

  test("a pane with a pipe of its own keeps it, and is heard all the same", async () => {
    await using box = await ready("dev");
    await box.tmux("set-environment", "-t", "=dev:", "DISPLAY", "mine");
    await box.tmux("pipe-pane", "-t", "%0", `exec cat >>${box.folder}/theirs`);
    await subscribe(box, "dev", "pattern-match", "0", "^hello$");
    await box.output("pane-exec", "dev", "0", "echo hello");
    expect(await matches(box, 1)).toEqual(["hello"]);
    expect(await box.output("pane-run", "dev", "0", "--", "echo again")).toBe("again");
    await until("theirs has it", async () => (await Bun.file(`${box.folder}/theirs`).text()).includes("again"));
    // for this a client is attached: it changes neither the size of windows nor the environment of sessions
    expect(await box.tmux("list-clients", "-F", "#{client_flags}")).toContain("ignore-size");
    expect(await box.tmux("show-environment", "-t", "=dev:", "DISPLAY")).toBe("DISPLAY=mine");
    const client = Number(await box.tmux("list-clients", "-F", "#{client_pid}"));
    expect(client).toBeGreaterThan(1);
    process.kill(client, "SIGKILL");
    await box.output("pane-exec", "dev", "0", "echo hello");
    expect(await matches(box, 2)).toEqual(["hello", "hello"]);
    expect(await box.tmux("display-message", "-p", "-t", "%0", "#{pane_pipe}")).toBe("1");
  });

  test("a person who pipes a pane that is heard gets what they ask for", async () => {
    await using box = await ready("dev");
    await subscribe(box, "dev", "pattern-match", "0", "^hello");
    await box.tmux("pipe-pane", "-t", "%0", `exec cat >>${box.folder}/theirs`);
    await box.output("pane-exec", "dev", "0", "echo hello");
    expect(await matches(box, 1)).toEqual(["hello"]);
    await until("theirs has it", async () => (await Bun.file(`${box.folder}/theirs`).text()).includes("hello"));
    await box.must(["daemon", "stop"]);
    expect(await box.tmux("display-message", "-p", "-t", "%0", "#{pane_pipe}")).toBe("1");
  });
});

describe("files are not what they should be", () => {
  test("a lock file copied from another server names nobody", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    await box.must(["-L", "other", "daemon", "start"]);
    const other = JSON.parse(await box.must(["-L", "other", "daemon", "status", "--json"])).pid;
    cpSync(`${box.state}/server-other/daemon.lock`, `${box.state}/daemon.lock`);
    await box.must(["daemon", "stop"]);
    expect(await lives(other)).toBe(true);
    await box.must(["-L", "other", "daemon", "stop"]);
    expect(box.processes()).toEqual([]);
  });

  test("a state database that was deleted ends the daemon, with a word in its log", async () => {
    await using box = await ready();
    const daemon = await box.pid("daemon");
    for (const name of readdirSync(box.state)) if (name.startsWith("state.db")) rmSync(`${box.state}/${name}`);
    await until("it has ended", async () => !(await lives(daemon)));
    expect(await box.must(["daemon", "logs"])).toContain("deleted or replaced");
  });

  test.each(["daemon.log", "daemon.lock", "heartbeat"])(
    "%s as a folder, a pipe or a link is told in a sentence",
    async (name) => {
      await using box = await ready();
      await box.must(["daemon", "stop"]);
      for (const make of [
        (path: string) => mkdirSync(path),
        (path: string) => Bun.spawnSync(["mkfifo", path]),
        (path: string) => symlinkSync("/etc/passwd", path),
      ]) {
        rmSync(`${box.state}/${name}`, { recursive: true, force: true });
        make(`${box.state}/${name}`);
        const { exitCode, stderr } = await box.run(["daemon", "start"]);
        expect(exitCode).toBe(1);
        expect(stderr).not.toMatch(/bug|\n +at /);
        expect(box.processes()).toEqual([]);
      }
    },
  );

  test("output that can't be written is an error in a sentence", () => {
    const { exitCode, stderr } = Bun.spawnSync(["sh", "-c", `"${BINARY}" --help > /dev/full`]);
    expect(exitCode).toBe(1);
    expect(stderr.toString()).toMatch(/^claude-tmux: .*no space left.*\n$/i);
  });

  test.each(["a#(touch evil)#{session_name}", "a#[b", "##[c#d##", "#", "#,#}", "#[fg=red]%H"])(
    "a folder's name is data to tmux: %j",
    async (name) => {
      await using box = new Box();
      const folder = `${box.folder}/${name}`;
      mkdirSync(folder);
      await box.output("session-create", "dev", "--cwd", folder);
      const path = () => box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_path}");
      await until("the shell is there", async () => (await path()) === folder);
      expect(existsSync(`${folder}/evil`) || existsSync(`${box.folder}/evil`)).toBe(false);
    },
  );

  test("a folder has to be one", async () => {
    await using box = new Box();
    expect(await box.bridge("session-create", "two", "--cwd", "/nonexistent")).toMatchObject({
      exitCode: 2,
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
    expect(await box.bridge("session-create", "two", "-S", `${box.folder}/none/sock`)).toMatchObject({
      exitCode: 2,
      output: expect.stringContaining("a folder that does not exist"),
    });
  });

  test("a session's name may be longer than that of a file", async () => {
    await using box = new Box();
    const names = ["a".repeat(251), `${"日".repeat(100)}b`, `${"日".repeat(100)}c`];
    for (const name of names) await box.tmux("new-session", "-d", "-s", name);
    await box.output("state-sync");
    const files = readdirSync(box.state).filter((file) => file.endsWith(".state"));
    const written = files.map((file) => JSON.parse(readFileSync(`${box.state}/${file}`, "utf8")).session);
    expect(written.toSorted()).toEqual(names.toSorted());
  });
});

describe("daemons that end by themselves", () => {
  test("with --idle-exit: after the time without a subscription, and not while a callback runs", async () => {
    await using box = new Box();
    await box.output("session-create", "keep");
    await box.output("session-create", "dev");
    // it has a subscription from the beginning, however long that takes
    await box.must(["daemon", "start"]);
    await subscribe(box, "dev", "session-closed", 'sleep 2.5; echo ended > "$TMUX_TMPDIR/callback"');
    await box.must(["daemon", "stop"]);
    await box.must(["daemon", "start", "--idle-exit", "1.5"]);
    const daemon = await box.pid("daemon");
    await box.output("session-kill", "dev");
    await until("it has ended", async () => !(await lives(daemon)));
    expect(await box.lines("callback", 1, 0)).toEqual(["ended"]);
  });

  test("limited to a session: when it is gone, whatever it was called by then", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.output("session-create", "other");
    await box.must(["daemon", "start", "dev"]);
    const daemon = await box.pid("daemon");
    await box.tmux("rename-session", "-t", "=dev:", "renamed");
    await box.output("session-kill", "renamed");
    await until("it has ended", async () => !(await lives(daemon)));
  });

  test("by their own callback: three times, and then that callback is given up", async () => {
    await using box = await ready("dev");
    await subscribe(box, "dev", "timeout", "0", "0.05", `"${BINARY}" daemon stop`);
    for (let i = 0; i < 3; i++) {
      await until("the daemon has been stopped", async () => (await box.run(["daemon", "status"])).exitCode === 1);
      await box.must(["daemon", "start"]);
    }
    const [event] = await until("it is given up", async () => {
      const events = await box.events("callback");
      return events.length > 0 && events;
    });
    expect(event?.message).toContain("given up");
    expect((await box.run(["daemon", "status"])).exitCode).toBe(0);
  });
});

test("a subscription made while the daemon starts is acted upon", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  const starting = box.must(["daemon", "start"]);
  const ids = await Promise.all(
    Array.from({ length: 6 }, () => subscribe(box, "dev", "pattern-match", "0", "^hello$")),
  );
  await starting;
  await until("all are known", async () => (await status(box)).subscriptions === ids.length);
  await box.output("pane-exec", "dev", "0", "echo hello");
  expect(await matches(box, ids.length)).toHaveLength(ids.length);
});

test("a line of 200 KB reaches its callback, shortened", async () => {
  await using box = await ready("dev");
  await subscribe(box, "dev", "pattern-match", "0", "^x+ end", 'echo "${#CLAUDE_TMUX_LINE}" >> "$TMUX_TMPDIR/length"');
  await box.output("pane-exec", "dev", "0", "head -c 200000 /dev/zero | tr '\\0' x; echo ' end'");
  const [length] = await box.lines("length", 1, 20_000);
  expect(Number(length)).toBeGreaterThan(10_000);
});

test("a command reaches its shell also where it can't be left in a file for it", async () => {
  await using box = new Box({ SHELL: "/bin/bash", PS1: "$ " });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  rmSync(box.state, { recursive: true });
  await box.output("pane-exec", "dev", "0", "echo by pane-exec");
  expect(await box.bridge("pane-wait", "dev", "0", "--timeout", "20")).toMatchObject({ exitCode: 0 });
  expect(await box.bridge("pane-run", "dev", "0", "--", "echo by pane-run")).toMatchObject({ output: "by pane-run" });
  expect((await box.output("pane-capture", "dev", "0")).split("\n")).toContain("by pane-exec");
});
