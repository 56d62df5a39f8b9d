import { describe, expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { within } from "../../src/lib/wait.ts";
import { BINARY, Box, lives, served, until } from "../helpers/box.ts";

const subscribe = (box: Box, ...args: string[]) => box.must(["daemon", "subscribe", "dev", ...args]);

/** Every command that has to do with the state folder. */
const REFUSING = [
  ["daemon", "start"],
  ["daemon", "ensure"],
  ["daemon", "stop"],
  ["daemon", "restart"],
  ["daemon", "restore"],
  ["daemon", "recover"],
  ["daemon", "status"],
  ["daemon", "health"],
  ["daemon", "heartbeat"],
  ["daemon", "logs"],
  ["daemon", "logs", "--follow"],
  ["daemon", "metrics"],
  ["daemon", "events"],
  ["daemon", "events", "--follow"],
  ["daemon", "events", "--since", "0", "--follow"],
  ["daemon", "events", "--since", "5s"],
  ["daemon", "wait", "dev", "pane-exit", "--since", "0"],
  ["daemon", "wait", "dev", "pattern-match", "0", "x"],
  ["daemon", "subscribe", "dev", "pane-exit"],
  ["daemon", "subscriptions"],
  ["daemon", "unsubscribe", "1"],
  ["watchdog", "start"],
  ["watchdog", "status"],
  ["watchdog", "stop"],
  ["watchdog", "stop", "--keep-daemon"],
  ["watchdog", "logs"],
];

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

  test.skipIf(!existsSync("/proc/self/status"))(
    "waits for one that has been told to end, and takes its place",
    async () => {
      await using box = await served();
      const pid = await box.pid("daemon");
      process.kill(pid, "SIGSTOP");
      await until("it is stopped", () => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") T "));
      process.kill(pid, "SIGTERM"); // it takes notice of that when it goes on
      const again = box.run(["daemon", "start"]);
      // short, since it shows that nothing happens: it neither refuses nor starts another
      expect(await within(300, again)).toBeUndefined();
      process.kill(pid, "SIGCONT");
      expect(await again).toMatchObject({ exitCode: 0 });
      expect(await box.pid("daemon")).not.toBe(pid);
    },
  );

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

  test.skipIf(Bun.which("flock") === null)(
    "daemon and watchdog each hold a lock on the state folder, which keeps systemd-tmpfiles from it",
    async () => {
      await using box = new Box();
      const isLocked = () => Bun.spawnSync(["flock", "--exclusive", "--nonblock", box.state, "true"]).exitCode === 1;
      await box.must(["daemon", "start"]);
      expect(isLocked()).toBe(true);
      await box.must(["daemon", "ensure", "--auto-restart"]);
      process.kill(await box.pid("daemon"), "SIGKILL");
      expect(isLocked()).toBe(true);
      await box.must(["daemon", "stop"]);
      expect(isLocked()).toBe(false);
    },
  );

  test("nothing in a state folder that is open to others is read, written or connected to", async () => {
    await using box = new Box();
    await box.tmux("new-session", "-d", "-s", "dev");
    mkdirSync(box.state);
    chmodSync(box.state, 0o755);
    const asked: string[] = [];
    const trap = Bun.serve({
      unix: `${box.state}/daemon.sock`,
      fetch: (request) => {
        asked.push(request.url);
        return new Response('{"seq":1,"event_type":"pane-exit","message":"lured"}\n');
      },
    });
    try {
      const runs = await Promise.all(REFUSING.map(async (words) => [words, await box.run(words)] as const));
      const said = runs.map(([words, { exitCode, stdout, stderr }]) => [words, exitCode, stdout + stderr] as const);
      const others = said.filter(([, exitCode, text]) => exitCode !== 1 || !/has mode 755 instead of 700/.test(text));
      expect(others).toEqual([]);
      expect(asked).toEqual([]);
      expect(readdirSync(box.state)).toEqual(["daemon.sock"]);
    } finally {
      await trap.stop(true);
    }
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
    await using box = await served({ CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "1" });
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
    const reader = follow.stdout.getReader(); // not a loop, whose end would close the pipe
    while (!new TextDecoder().decode((await reader.read()).value).includes("stops"));
    follow.kill();
    expect(await follow.exited).toBe(143);
  });

  test("what callbacks say forges no line of the log, and moves no terminal", async () => {
    await using box = await served();
    const said = "title\\033]0;x\\007 \\302\\233red\\rforged";
    await box.must(["daemon", "subscribe", "dev", "timeout", "0", "0.01", `printf '${said}' >&2; exit 3`]);
    const log = await until("it has run", async () => {
      const text = await box.must(["daemon", "logs"]);
      return text.includes("forged") && text;
    });
    expect(log).toContain("title\\x1b]0;x\\x07 \\x9bred\\rforged");
    for (const text of [log, readFileSync(`${box.state}/daemon.log`, "utf8")])
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    // what an earlier version wrote is shown so, too
    appendFileSync(`${box.state}/daemon.log`, "[2025-01-01 00:00:00] INFO: old \x1b[31m\x9b\rx\n");
    expect(await box.must(["daemon", "logs", "1"])).toEndWith("INFO: old \\x1b[31m\\x9b\\rx");
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

  test("a daemon that can't serve leaves nothing in tmux: no hook, no pipe", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    box.env.CLAUDE_TMUX_STATE_DIR = `${box.folder}/${"x".repeat(100)}`;
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "never"]);
    expect((await box.run(["daemon", "start"])).exitCode).toBe(2);
    expect(await box.tmux("show-hooks", "-g")).not.toContain("claude-tmux");
    expect(await box.tmux("display-message", "-p", "-t", "%0", "#{pane_pipe}")).toBe("0");
  });

  test("a mistake in a setting is told by start, and not by the first event", async () => {
    await using box = new Box({ CLAUDE_TMUX_EVENTS_PER_S: "many" });
    expect(await box.run(["daemon", "start"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('CLAUDE_TMUX_EVENTS_PER_S is "many"'),
    });
  });

  test("a damaged database is renamed, and a new one begun", async () => {
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

test("subscriptions are listed, and end when they are told to", async () => {
  await using box = await served();
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
    await using box = await served();
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
    await using box = await served();
    await subscribe(box, "timeout", "0", "0.2");
    await subscribe(box, "timeout", "0", "0.4");
    await until("both have fired", async () => (await box.events("timeout")).length === 2);
  });
});

describe("callbacks", () => {
  test("are bounded in number and in time, and none is lost", async () => {
    await using box = await served({ CLAUDE_TMUX_CALLBACK_CONCURRENCY: "3", CLAUDE_TMUX_CALLBACK_TIMEOUT_S: "20" });
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
    await using box = await served({ CLAUDE_TMUX_CALLBACK_TIMEOUT_S: "0.3" });
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
    await using box = await served();
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
    await using box = await served();
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
    await using box = await served();
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
    await using box = await served();
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
