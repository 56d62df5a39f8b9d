import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { BINARY, Box, lives, until } from "../helpers/box.ts";

/** A box with a running daemon and a session `dev` whose shell waits at its prompt. */
async function ready(settings: Record<string, string> = {}): Promise<Box> {
  const box = new Box(settings);
  await box.output("session-create", "dev");
  await box.must(["daemon", "start"]);
  await box.prompt("dev", "0");
  return box;
}

const subscribe = (box: Box, ...args: string[]) => box.must(["daemon", "subscribe", "dev", ...args]);

describe("start and stop", () => {
  test("start returns when the daemon serves, stop when it is gone; each says 1 when there was nothing to do", async () => {
    await using box = new Box();
    const { stdout, exitCode } = await box.run(["daemon", "start"]);
    const pid = await box.pid("daemon");
    expect({ stdout, exitCode }).toEqual({ stdout: `Daemon started (PID: ${pid})\n`, exitCode: 0 });
    expect((await box.run(["daemon", "status"])).stdout).toStartWith(`Daemon is running (PID: ${pid})\n`);
    expect(await box.must(["daemon", "health"])).toBe("healthy");
    expect(await box.must(["daemon", "heartbeat"])).toMatch(/^Last heartbeat: .*\nAge: 0 seconds ago\nStatus: FRESH$/);

    const again = await box.run(["daemon", "start"]);
    expect(again).toMatchObject({ exitCode: 1, stdout: "" });
    expect(again.stderr).toContain(`Daemon is already running (PID: ${pid})`);

    expect(await box.must(["daemon", "stop"])).toBe(`Daemon stopped (PID: ${pid})`);
    expect(await lives(pid)).toBe(false);
    expect(readdirSync(box.state).filter((name) => /pid$|sock$|heartbeat|part$/.test(name))).toEqual([]);
    expect(await box.run(["daemon", "stop"])).toMatchObject({ exitCode: 1, stderr: "Daemon is not running\n" });
    expect(await box.run(["daemon", "status"])).toMatchObject({ exitCode: 1, stdout: "Daemon is not running\n" });
    expect(await box.run(["daemon", "health"])).toMatchObject({ exitCode: 1, stdout: "unhealthy\n" });
    expect(await box.run(["daemon", "heartbeat"])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("STALE"),
    });
  });

  test("a daemon keeps nothing of the shell that started it", async () => {
    await using box = new Box();
    const shell = Bun.spawn(
      ["sh", "-c", `x=$("${BINARY}" daemon start); echo "got $x"; "${BINARY}" daemon status | head -1`],
      {
        env: box.env,
        stdout: "pipe",
      },
    );
    expect(await shell.stdout.text()).toMatch(/^got Daemon started \(PID: (\d+)\)\nDaemon is running \(PID: \1\)\n$/);
  });

  test("of many starts at once, one makes a daemon", async () => {
    await using box = new Box();
    const starts = await Promise.all(Array.from({ length: 8 }, () => box.run(["daemon", "start"])));
    expect(starts.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
    expect(box.processes()).toEqual([await box.pid("daemon")]);
  });

  test("its files are private", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    expect(statSync(box.state).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(box.state))
      expect([name, statSync(`${box.state}/${name}`).mode & 0o077]).toEqual([name, 0]);
  });

  test("a pid file that names a stranger gets the stranger no signal", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    const daemon = await box.pid("daemon");
    process.kill(daemon, "SIGKILL");
    await until("it is dead", async () => !(await lives(daemon)));
    await using stranger = Bun.spawn(["sleep", "600"]);
    writeFileSync(`${box.state}/daemon.pid`, `${stranger.pid}\n`);
    const stat = await Bun.file(`/proc/${stranger.pid}/stat`).text();
    // with another start time than it has, and with its own: then it is not our program
    for (const startTime of [1, Number(stat.split(") ")[1]?.split(" ")[19])]) {
      const holder = JSON.stringify({ pid: stranger.pid, startTime, startedAt: 1, args: [] });
      for (const role of ["daemon", "watchdog"]) {
        writeFileSync(`${box.state}/${role}.pid`, `${stranger.pid}\n`);
        writeFileSync(`${box.state}/${role}.lock`, holder);
      }
      expect((await box.run(["daemon", "status"])).exitCode).toBe(1);
      expect((await box.run(["daemon", "stop"])).exitCode).toBe(1);
      expect((await box.run(["watchdog", "stop", "--keep-daemon"])).exitCode).toBe(1);
      for (const command of ["recover", "restart", "stop"]) await box.must(["daemon", command]);
      expect(await lives(stranger.pid)).toBe(true);
    }
    await box.must(["daemon", "ensure"]);
    expect(await lives(stranger.pid)).toBe(true);
  });

  test("stop finds a daemon whose state folder was deleted, and such a daemon ends by itself", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    const pid = await box.pid("daemon");
    rmSync(box.state, { recursive: true });
    // at once, before it notices by itself
    expect(await box.must(["daemon", "stop"])).toBe(`Daemon stopped (PID: ${pid})`);
    expect(await lives(pid)).toBe(false);
    await box.must(["daemon", "start"]);
    rmSync(box.state, { recursive: true });
    await until("no process is left", () => box.processes().length === 0);
  });

  test("a stopped (SIGSTOP) daemon shows as unhealthy without anyone waiting on it, and stop ends it", async () => {
    await using box = await ready({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "1" });
    await subscribe(box, "pattern-match", "0", "x");
    const pid = await box.pid("daemon");
    process.kill(pid, "SIGSTOP");
    await until("health says so", async () => (await box.run(["daemon", "health"])).stdout === "unhealthy\n");
    expect((await box.run(["daemon", "status"])).stdout).toContain("does not answer");
    expect((await box.run(["daemon", "stop"])).exitCode).toBe(0);
    expect(await lives(pid)).toBe(false);
  });

  test("a session to which it is limited must be there, and ends it", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    expect(await box.run(["daemon", "start", "nosuch"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("no session"),
    });
    await box.must(["daemon", "start", "dev"]);
    const pid = await box.pid("daemon");
    await box.output("session-kill", "dev");
    await until("the daemon has ended", async () => !(await lives(pid)));
  });

  test("logs has the log, and follows it", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    expect(await box.must(["daemon", "logs"])).toMatch(
      /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] INFO: daemon \d+ is ready /m,
    );
    const follow = Bun.spawn([BINARY, "daemon", "logs", "--follow"], { env: box.env, stdout: "pipe" });
    await box.must(["daemon", "stop"]);
    for await (const chunk of follow.stdout) if (new TextDecoder().decode(chunk).includes("stops")) break;
    follow.kill();
    expect(await follow.exited).toBe(0);
  });

  test("an impossible place for the socket is told by start, not left to the log", async () => {
    await using box = new Box();
    box.env.CLAUDE_TMUX_STATE_DIR = `${box.folder}/${"x".repeat(100)}`;
    expect(await box.run(["daemon", "start"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("too long"),
    });
    expect(box.processes()).toEqual([]);
  });

  test("a damaged database is put aside, and a new one begun", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    await box.must(["daemon", "stop"]);
    for (const name of readdirSync(box.state)) if (name.startsWith("state.db")) rmSync(`${box.state}/${name}`);
    writeFileSync(`${box.state}/state.db`, "this is no database, but long enough to be taken for one".repeat(100));
    chmodSync(`${box.state}/state.db`, 0o600);
    expect(await box.run(["daemon", "subscriptions"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("state.db cannot be used"),
    });
    await box.must(["daemon", "start"]);
    expect(readdirSync(box.state).filter((name) => name.startsWith("state.db.damaged-"))).toHaveLength(1);
    expect(await box.must(["daemon", "logs"])).toContain("was damaged");
    expect(await box.must(["daemon", "subscriptions"])).toBe("");
  });
});

describe("pattern-match", () => {
  test("calls back with the facts in its environment, within 50 ms of the output", async () => {
    await using box = await ready();
    await box.output("pane-create", "dev", "build");
    await box.prompt("dev", "build");
    const facts =
      'echo "$(date +%s%N) $CLAUDE_TMUX_SESSION $CLAUDE_TMUX_PANE $CLAUDE_TMUX_PANE_ID $CLAUDE_TMUX_LABEL $CLAUDE_TMUX_TYPE $CLAUDE_TMUX_ATTEMPT $CLAUDE_TMUX_MATCH"';
    const callback = `${facts} >> facts; printf "%s\\n" "$CLAUDE_TMUX_LINE" >> line; printf "%s\\n" "$CLAUDE_TMUX_EVENT" >> event; echo said`;
    const id = await subscribe(box, "pattern-match", "build", "at [0-9]+", `cd "$TMUX_TMPDIR"; ${callback}`);
    expect(id).toBe("1");
    // the job names the nanosecond before it writes, so this is more than the latency; the bar has ten times its room
    await box.output("pane-exec", "dev", "build", 'echo "it\'s \\$(touch evil) at $(date +%s%N)"');
    const [fact = ""] = await box.lines("facts", 1, 10_000);
    const [called = "", ...rest] = fact.split(" ");
    const written = rest.at(-1) ?? "";
    expect(rest.slice(0, -2)).toEqual(["dev", "%1", "1", "build", "pattern-match", "1"]);
    expect(Number(BigInt(called) - BigInt(written)) / 1e6).toBeLessThan(500);
    const [line] = await box.lines("line", 1, 1000);
    expect(line).toBe(`it's $(touch evil) at ${written}`);
    const [event = ""] = await box.lines("event", 1, 1000);
    const { seq, ...told } = JSON.parse(event);
    expect(told).toMatchObject({
      session: "dev",
      pane: "%1",
      pane_id: "1",
      label: "build",
      event_type: "pattern-match",
    });
    expect(existsSync(`${box.folder}/evil`)).toBe(false);
    await until("the callback's end is in the log", async () => (await box.events("callback")).length === 1);
    expect((await box.events("callback"))[0]?.data).toMatchObject({
      seq,
      exit_code: 0,
      output: "said\n",
      timed_out: false,
    });
    expect((await box.events("pattern-match"))[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test("fires once a line: not for the echo of the command, and not for what was there before", async () => {
    await using box = await ready();
    await box.output("pane-exec", "dev", "0", "echo early");
    await box.shows("dev", "0", "\nearly");
    await subscribe(box, "pattern-match", "0", "early|late|final");
    await box.output(
      "pane-exec",
      "dev",
      "0",
      "echo late; printf 'col\\033[31mour la'; printf 'te\\033[0m\\n'; echo late",
    );
    await box.shows("dev", "0", "colour late\nlate");
    await box.output("pane-exec", "dev", "0", "echo final");
    const messages = await until("the last has fired", async () => {
      const events = await box.events("pattern-match");
      return events.some(({ message }) => message === "final") && events.map(({ message }) => message);
    });
    expect(messages).toEqual(["late", "colour late", "late", "final"]);
  });

  test("sees every one of many lines, between floods of others", async () => {
    await using box = await ready();
    await subscribe(box, "pattern-match", "0", "^mark [0-9]+$");
    const loop = "for i in 1 2 3 4 5 6 7 8 9 10; do seq 1 2000; echo mark $i; done; echo mark 11";
    await box.output("pane-exec", "dev", "0", loop);
    const events = await until("the last mark has fired", async () => {
      const found = await box.events("pattern-match");
      return found.some(({ message }) => message === "mark 11") && found;
    });
    expect(events.map(({ message }) => message)).toEqual(Array.from({ length: 11 }, (_, i) => `mark ${i + 1}`));
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
  });

  test("with --once ends after the first", async () => {
    await using box = await ready();
    await subscribe(box, "pattern-match", "0", "tick", "--once");
    await box.output("pane-exec", "dev", "0", "PS1=; for i in 1 2 3; do echo tick; done; echo over");
    await box.shows("dev", "0", "\nover");
    await until(
      "nothing is watched any more",
      async () => JSON.parse(await box.must(["daemon", "status", "--json"])).watched_sessions === 0,
    );
    expect(await box.events("pattern-match")).toHaveLength(1);
    // and with nothing to watch, tmux shows no client of ours
    expect(await box.tmux("list-clients")).toBe("");
  });

  test("needs a session and a pane that are there", async () => {
    await using box = await ready();
    for (const args of [
      ["nope", "pattern-match", "0", "x"],
      ["dev", "pattern-match", "9", "x"],
      ["de", "pattern-match", "0", "x"],
    ]) {
      expect((await box.run(["daemon", "subscribe", ...args])).exitCode).toBe(1);
    }
    expect(JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions).toBe(0);
  });

  test("follows its pane through renumbering and renaming, and ends with it", async () => {
    await using box = await ready();
    await box.output("pane-create", "dev", "web");
    await box.prompt("dev", "web");
    await subscribe(box, "pattern-match", "1", "hello");
    await box.output("pane-kill", "dev", "0");
    await box.tmux("rename-session", "-t", "=dev:", "renamed");
    // an event is named as the daemon knew its pane last, and it learns of a new name some milliseconds later
    await until("the daemon knows the new names", async () => {
      const { session, pane_id: paneId } = JSON.parse(await box.must(["daemon", "subscriptions"]));
      return session === "renamed" && paneId === "0";
    });
    await box.output("pane-exec", "renamed", "web", "echo hello");
    const [event] = await until("it fires", async () => {
      const events = await box.events("pattern-match");
      return events.length > 0 && events;
    });
    expect(event).toMatchObject({ session: "renamed", pane: "%1", pane_id: "0", label: "web" });
    await box.output("session-create", "other"); // keeps the server
    await box.output("session-kill", "renamed");
    await until(
      "the subscription has ended",
      async () => JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions === 0,
    );
    expect((await box.events("session-closed")).map(({ session }) => session)).toEqual(["renamed"]);
    expect((await box.events("pane-exit")).map(({ pane }) => pane)).toEqual(["%0", "%1"]);
  });

  test("hears the last words of a pane, a window and a session", async () => {
    await using box = await ready();
    await box.output("pane-create", "dev", "short");
    await box.output("session-create", "other");
    await box.prompt("dev", "short");
    await box.prompt("other", "0");
    await subscribe(box, "pattern-match", "short", "^last words");
    await box.must(["daemon", "subscribe", "other", "pattern-match", "0", "^last words"]);
    await box.tmux("new-window", "-d", "-t", "=other:", "sleep 600");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^last words"]);
    // tmux drops what it has not sent yet when a pane ends (control.c, control_write_pending): give it the time
    const command = "echo last words; sleep 0.3; exit";
    await box.output("pane-exec", "dev", "short", command);
    await box.output("pane-exec", "other", "0", command);
    await until("both have ended", async () => (await box.events("pane-exit")).length === 2);
    await box.output("pane-exec", "dev", "0", command);
    await until("the session is closed", async () => (await box.events("session-closed")).length === 1);
    expect((await box.events("pattern-match")).map(({ pane }) => pane).toSorted()).toEqual(["%0", "%1", "%2"]);
    expect((await box.events("pane-exit")).map(({ pane }) => pane).toSorted()).toEqual(["%0", "%1", "%2"]);
    expect(JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions).toBe(0);
  });

  test("is not misled by a folder or a label with strange characters", async () => {
    await using box = await ready();
    const folder = `${box.folder}/a\u241eb\u241f"c\nd`;
    mkdirSync(folder);
    await box.output("session-create", "strange", "--cwd", folder);
    await box.prompt("strange", "0");
    await box.must(["daemon", "subscribe", "strange", "pattern-match", "0", "^hello$"]);
    await box.output("pane-create", "strange");
    await box.output("pane-exec", "strange", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
    const created = await until("both panes are there", async () => {
      const events = await box.events("pane-created");
      return events.length === 2 && events;
    });
    expect(created.map(({ session, pane_id }) => [session, pane_id])).toEqual([
      ["strange", "0"],
      ["strange", "1"],
    ]);
    expect((await box.bridge("pane-list-detailed", "strange")).output).toHaveLength(2);
  });

  test("nobody's window changes its size or its selection", async () => {
    await using box = await ready();
    await box.tmux("new-window", "-d", "-t", "=dev:");
    const look = () =>
      box.tmux(
        "list-windows",
        "-t",
        "=dev:",
        "-F",
        "#{window_index} #{window_active} #{window_width}x#{window_height}",
      );
    const before = await look();
    await subscribe(box, "pattern-match", "0", "hello");
    await box.output("pane-exec", "dev", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
    expect(await look()).toBe(before);
  });

  test("goes on when its control client is killed", async () => {
    await using box = await ready();
    await subscribe(box, "pattern-match", "0", "hello");
    const client = Number(await box.tmux("list-clients", "-F", "#{client_pid}"));
    process.kill(client, "SIGKILL");
    await until("another is attached", async () => {
      const now = await box.tmux("list-clients", "-F", "#{client_pid}");
      return now !== "" && now !== `${client}`;
    });
    await until(
      "the pane is watched again",
      async () => JSON.parse(await box.must(["daemon", "status", "--json"])).watched_panes === 1,
    );
    await box.output("pane-exec", "dev", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
  });

  test("a tmux server that dies ends its subscriptions; those of a later one do not mix with them", async () => {
    await using box = await ready();
    await subscribe(box, "pattern-match", "0", "hello");
    await box.tmux("kill-server");
    await until(
      "the subscription has ended",
      async () => JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions === 0,
    );
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await subscribe(box, "pattern-match", "0", "hello");
    await box.output("pane-exec", "dev", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
    expect((await box.events("pattern-match"))[0]?.data.subscription).toBe(2);
  });
});

test("subscriptions are listed, and end when they are told to", async () => {
  await using box = await ready();
  await subscribe(box, "pattern-match", "0", "^tick", "true");
  await subscribe(box, "timeout", "0", "600", "--once");
  const list = async (...args: string[]) => {
    const text = await box.must(["daemon", "subscriptions", ...args]);
    return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
  };
  expect(await list("dev")).toMatchObject([
    {
      id: 1,
      type: "pattern-match",
      session: "dev",
      pane: "%0",
      pane_id: "0",
      label: "main",
      pattern: "^tick",
      callback: "true",
      once: false,
    },
    { id: 2, type: "timeout", deadline: expect.stringMatching(/Z$/), once: true },
  ]);
  expect(await list("other")).toEqual([]);
  expect(await box.must(["daemon", "unsubscribe", "1"])).toBe("Subscription 1 ended");
  expect((await list()).map(({ id }) => id)).toEqual([2]);
  expect(await box.run(["daemon", "unsubscribe", "1"])).toMatchObject({ exitCode: 1, stdout: "" });
  await box.output("pane-exec", "dev", "0", "echo tick");
  await box.shows("dev", "0", "\ntick");
  expect(await box.events("pattern-match")).toEqual([]);
  // with the last one that watches output, our client leaves
  await box.must(["daemon", "unsubscribe", "2"]);
  expect(await box.tmux("list-clients")).toBe("");
});

describe("timeout", () => {
  test("fires once, at its deadline, also when the daemon was not there", async () => {
    await using box = await ready();
    await subscribe(box, "timeout", "0", "0.3", 'echo "$CLAUDE_TMUX_TYPE" >> "$TMUX_TMPDIR/fired"');
    expect(await box.lines("fired", 1, 10_000)).toEqual(["timeout"]);
    await until("the callback's end is known", async () => (await box.events("callback")).length === 1);
    await box.must(["daemon", "stop"]);
    const second = await box.run([
      "daemon",
      "subscribe",
      "dev",
      "timeout",
      "0",
      "0.2",
      'echo "$CLAUDE_TMUX_TYPE" >> "$TMUX_TMPDIR/fired"',
    ]);
    expect(second).toMatchObject({
      exitCode: 0,
      stdout: "2\n",
      stderr: expect.stringContaining("takes effect when it starts"),
    });
    await box.must(["daemon", "start"]);
    expect(await box.lines("fired", 2, 10_000)).toHaveLength(2);
    await box.must(["daemon", "stop"]);
    await box.must(["daemon", "start"]);
    expect(await box.events("timeout")).toHaveLength(2);
  });

  test("of two deadlines on one pane, both fire", async () => {
    await using box = await ready();
    await subscribe(box, "timeout", "0", "0.2");
    await subscribe(box, "timeout", "0", "0.4");
    await until("both have fired", async () => (await box.events("timeout")).length === 2);
  });
});

describe("callbacks", () => {
  test("are bounded in number and in time, and none is lost", async () => {
    await using box = await ready({ CLAUDE_TMUX_CALLBACK_CONCURRENCY: "3", CLAUDE_TMUX_CALLBACK_TIMEOUT_S: "20" });
    // each callback notes how many of them run together with it
    const callback = 'cd "$TMUX_TMPDIR"; mkdir -p now; touch now/$$; ls now | wc -l >> together; sleep 0.05; rm now/$$';
    await subscribe(box, "pattern-match", "0", "^go [0-9]+$", callback);
    await box.output("pane-exec", "dev", "0", "for i in $(seq 1 30); do echo go $i; done");
    const together = (await box.lines("together", 30, 20_000)).map(Number);
    expect(together).toHaveLength(30);
    expect(Math.max(...together)).toBeLessThanOrEqual(3);
    await until("all have ended", async () => (await box.events("callback")).length === 30);
  });

  test("that take too long are ended with all they started", async () => {
    await using box = await ready({ CLAUDE_TMUX_CALLBACK_TIMEOUT_S: "0.3" });
    await subscribe(box, "timeout", "0", "0.1", 'sleep 600 & echo $! > "$TMUX_TMPDIR/child"; sleep 600');
    const [child = ""] = await box.lines("child", 1, 10_000);
    const [event] = await until("it is ended", async () => {
      const events = await box.events("callback");
      return events.length > 0 && events;
    });
    expect(event?.data).toMatchObject({ timed_out: true, exit_code: null });
    await until("its child is ended", async () => !(await lives(Number(child))));
  });

  test("that a killed daemon left running are run again, and not twice at once", async () => {
    await using box = await ready();
    const callback =
      'cd "$TMUX_TMPDIR"; echo "$CLAUDE_TMUX_ATTEMPT $$" >> runs; [ "$CLAUDE_TMUX_ATTEMPT" = 2 ] || sleep 600';
    await subscribe(box, "timeout", "0", "0.1", callback);
    const [first = ""] = await box.lines("runs", 1, 10_000);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await until("it is dead", async () => (await box.run(["daemon", "status"])).exitCode === 1);
    await box.must(["daemon", "start"]);
    const runs = await box.lines("runs", 2, 10_000);
    expect(runs.map((run) => run.split(" ")[0])).toEqual(["1", "2"]);
    expect(await lives(Number(first.split(" ")[1]))).toBe(false);
    expect(await box.events("timeout")).toHaveLength(1);
  });

  test("that run when the daemon is stopped are ended with it, and run again by the next", async () => {
    await using box = await ready();
    await subscribe(
      box,
      "timeout",
      "0",
      "0.1",
      'echo $$ >> "$TMUX_TMPDIR/runs"; [ "$CLAUDE_TMUX_ATTEMPT" = 2 ] || sleep 600',
    );
    const [pid = ""] = await box.lines("runs", 1, 10_000);
    await box.must(["daemon", "stop"]);
    expect(await lives(Number(pid))).toBe(false);
    await box.must(["daemon", "start"]);
    await box.lines("runs", 2, 10_000);
  });
});

describe("events", () => {
  test("are filtered by session, type, number and count, with or without a daemon", async () => {
    await using box = await ready();
    for (let i = 0; i < 3; i++) await subscribe(box, "timeout", "0", "0.05", "true");
    await until("all are there", async () => (await box.events()).length === 6);
    await box.must(["daemon", "stop"]);
    const seqs = async (...args: string[]) => {
      const text = await box.must(["daemon", "events", ...args]);
      return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line).seq);
    };
    const all = await seqs();
    expect(all).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await seqs("--limit", "2")).toEqual([5, 6]);
    expect(await seqs("--since", "4")).toEqual([5, 6]);
    expect(await seqs("--type", "timeout")).toHaveLength(3);
    expect(await seqs("--session", "nope")).toEqual([]);
  });

  test("are followed from a number on, each once and in order, until the daemon ends", async () => {
    await using box = await ready();
    await subscribe(box, "timeout", "0", "0.05");
    await until("it is there", async () => (await box.events()).length === 1);
    const follow = Bun.spawn([BINARY, "daemon", "events", "--since", "0", "--follow"], {
      env: box.env,
      stdout: "pipe",
      stderr: "pipe",
    });
    const seqs: number[] = [];
    let rest = "";
    const reading = (async () => {
      for await (const chunk of follow.stdout) {
        const lines = (rest + new TextDecoder().decode(chunk)).split("\n");
        rest = lines.pop() ?? "";
        seqs.push(...lines.map((line) => JSON.parse(line).seq));
      }
    })();
    await until("the old one has come", () => seqs.length === 1);
    await subscribe(box, "timeout", "0", "0.05");
    await subscribe(box, "timeout", "0", "0.05");
    await until("the new ones have come", () => seqs.length === 3);
    expect(seqs).toEqual([1, 2, 3]);
    await box.must(["daemon", "stop"]);
    await reading;
    expect(await follow.exited).toBe(1);
    expect(await follow.stderr.text()).toContain("--since");
  });
});
