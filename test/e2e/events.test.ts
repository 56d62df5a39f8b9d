import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { BINARY, Box, lives, served, until } from "../helpers/box.ts";

const subscribe = (box: Box, ...args: string[]) => box.must(["daemon", "subscribe", ...args]);

/** The first `count` events, but for callbacks, as `type session pane_id`. */
const told = (box: Box, count: number) =>
  until(`${count} events are in the log`, async () => {
    const events = (await box.events()).filter(({ event_type }) => event_type !== "callback");
    return (
      events.length >= count && events.map((event) => `${event.event_type} ${event.session} ${event.pane_id}`.trim())
    );
  });

/** The subscriptions that have not ended. */
const listed = async (box: Box) => {
  const text = await box.must(["daemon", "subscriptions"]);
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
};

const messages = async (box: Box, type: string) => (await box.events(type)).map(({ message }) => message);

describe("sessions come and go", () => {
  test("all of it is told, without a client attached and without a question asked", async () => {
    await using box = await served();
    await box.output("session-create", "other");
    await box.output("pane-create", "other", "x");
    await told(box, 3);
    await box.output("pane-kill", "other", "x");
    await told(box, 4);
    await box.tmux("send-keys", "-t", "=other:", "exit", "Enter");
    await told(box, 6);
    await box.tmux("new-window", "-d", "-t", "=dev:", "sleep 1000");
    await told(box, 7);
    await box.tmux("kill-window", "-t", "=dev:1");
    expect(await told(box, 8)).toEqual([
      "session-created other",
      "pane-created other 0",
      "pane-created other 1",
      "pane-exit other 1",
      "pane-exit other 0",
      "session-closed other",
      "pane-created dev 1.0",
      "pane-exit dev 1.0",
    ]);
    expect(await box.tmux("list-clients")).toBe("");
  });

  test("a tmux server that is not there yet, that dies and that comes back", async () => {
    await using box = new Box();
    await box.must(["daemon", "start"]);
    await box.output("session-create", "one");
    await told(box, 2);
    await box.tmux("kill-server");
    await told(box, 4);
    await box.output("session-create", "two");
    expect(await told(box, 6)).toEqual([
      "session-created one",
      "pane-created one 0",
      "pane-exit one 0",
      "session-closed one",
      "session-created two",
      "pane-created two 0",
    ]);
    const hooks = () => box.tmux("show-hooks", "-g");
    expect(await hooks()).toContain("wait-for -S claude-tmux-");
    await box.must(["daemon", "stop"]);
    expect(await hooks()).not.toContain("wait-for");
  });

  test("what happened while a daemon was dead is told by the next, once; what happened while none was wanted is not", async () => {
    await using box = await served();
    await subscribe(box, "dev", "pane-exit", "", 'echo "$CLAUDE_TMUX_PANE_ID" >>"$TMUX_TMPDIR/gone"');
    await box.output("pane-create", "dev", "x");
    await told(box, 1);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.output("pane-kill", "dev", "x");
    await box.output("session-create", "other");
    await box.must(["daemon", "start"]);
    const expected = ["pane-created dev 1", "pane-exit dev 1", "session-created other", "pane-created other 0"];
    expect(await told(box, 4)).toEqual(expected);
    expect(await box.lines("gone", 1, 10_000)).toEqual(["1"]);
    await box.must(["daemon", "stop"]);
    await box.output("session-kill", "other");
    await box.must(["daemon", "start"]);
    expect(await told(box, 4)).toEqual(expected);
  });
});

describe("subscriptions", () => {
  test("to the end of a pane, of any pane and of the session", async () => {
    await using box = await served();
    await box.output("pane-create", "dev", "a");
    await box.output("pane-create", "dev", "b");
    const note = (word: string) => `echo "${word} $CLAUDE_TMUX_LABEL" >>"$TMUX_TMPDIR/ends"`;
    await subscribe(box, "dev", "pane-exit", "b", note("one"));
    await subscribe(box, "dev", "pane-exit", "", note("any"), "--once");
    await subscribe(box, "dev", "session-closed", note("closed"));
    await box.output("pane-kill", "dev", "b");
    expect((await box.lines("ends", 2, 10_000)).toSorted()).toEqual(["any b", "one b"]);
    await box.output("session-kill", "dev");
    expect((await box.lines("ends", 3, 10_000)).at(-1)).toBe("closed ");
    expect(await box.must(["daemon", "subscriptions"])).toBe("");
    expect(await box.events("pane-exit")).toHaveLength(3);
  });

  test("to the end of commands: exit code, duration and what was run", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-wait", "dev", "0", "10");
    await box.must(["daemon", "start"]);
    const note = 'echo "$CLAUDE_TMUX_EXIT_CODE $CLAUDE_TMUX_COMMAND" >>"$TMUX_TMPDIR/codes"';
    await subscribe(box, "dev", "command-finished", "0", note);
    await box.output("pane-exec-timeout", "dev", "0", "10", "sleep 0.2; (exit 7)");
    await box.tmux("send-keys", "-t", "=dev:", "echo by hand", "Enter");
    const events = await until("both are told", async () => {
      const found = await box.events("command-finished");
      return found.length === 2 && found;
    });
    expect(events.map(({ data }) => [data.exit_code, data.command])).toEqual([
      [7, "sleep 0.2; (exit 7)"],
      [0, "echo by hand"],
    ]);
    expect(events[0]?.data.duration_ms).toBeGreaterThan(150);
    expect((await box.lines("codes", 2, 20_000)).toSorted()).toEqual(["0 echo by hand", "7 sleep 0.2; (exit 7)"]);
    // one that ends while no daemon lives
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.output("pane-exec-timeout", "dev", "0", "10", "(exit 9)");
    await box.must(["daemon", "start"]);
    const missed = await until("it is told", async () => (await box.events("command-finished"))[2]);
    expect(missed.data.exit_code).toBe(9);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.must(["daemon", "start"]);
    await box.output("pane-exec-timeout", "dev", "0", "10", "(exit 5)");
    await until("the next is told", async () => (await box.events("command-finished")).at(-1)?.data.exit_code === 5);
    expect(await box.events("command-finished")).toHaveLength(4);
  });

  test("to silence: a daemon that hung for longer has not heard what was written meanwhile, and says nothing of it", async () => {
    await using box = await served();
    await box.output("pane-exec", "dev", "0", "while sleep 0.1; do echo beat; done");
    await box.shows("dev", "0", "beat\nbeat");
    await subscribe(box, "dev", "silence", "0", "1");
    const pid = await box.pid("daemon");
    process.kill(pid, "SIGSTOP");
    const beats = async () => (await box.output("pane-capture", "dev", "0", "1000")).split("beat").length;
    const before = await beats();
    // each tenth of a second at most: for longer than the silence
    await until("it has written for long", async () => (await beats()) > before + 12);
    process.kill(pid, "SIGCONT");
    await subscribe(box, "dev", "pattern-match", "0", "^beat$");
    await until("it hears again", async () => (await box.events("pattern-match")).length > 5);
    expect(await box.events("silence")).toEqual([]);
  });

  test("to silence: once for each, and not again after a restart", async () => {
    await using box = await served();
    await subscribe(box, "dev", "silence", "0", "0.5");
    const silences = async (count: number) =>
      until(`${count} silences`, async () => (await box.events("silence")).length === count);
    await silences(1);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.must(["daemon", "start"]);
    await box.output("pane-exec", "dev", "0", "echo noise");
    await silences(2);
    expect(await box.events("silence")).toHaveLength(2);
  });

  test.each([
    ["pattern-match", ["0"], "<pattern> is missing"],
    ["command-finished", [], "<pane> is missing"],
    ["silence", ["0", "never"], "not a number of seconds"],
    ["session-closed", ["true", "more"], 'unexpected argument "more"'],
    ["nothing", ["0"], "not a type"],
  ])("to %s with %j are refused", async (type, args, why) => {
    await using box = new Box();
    await box.output("session-create", "dev");
    expect(await box.run(["daemon", "subscribe", "dev", type, ...args])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(why),
    });
    expect(readdirSync(box.state).filter((name) => name.startsWith("state.db"))).toEqual([]);
  });

  test("a pattern that looks like an option is a pattern", async () => {
    await using box = await served();
    await subscribe(box, "dev", "pattern-match", "0", "--", "--help");
    await box.output("pane-exec", "dev", "0", "echo 'see --help'");
    await until("it fires", async () => (await messages(box, "pattern-match"))[0] === "see --help");
  });
});

describe("nothing is missed while nobody listens", () => {
  const count = 60;
  const numbered = Array.from({ length: count }, (_, i) => `EVENT ${i + 1}`);
  const printAll = (box: Box, pause: string) =>
    box.output(
      "pane-exec",
      "dev",
      "0",
      `i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo EVENT $i; ${pause}; done; echo OVER`,
    );

  /** Waits until the pane has written everything and all of it is in the log; what comes after is not waited for. */
  async function allTold(box: Box): Promise<string[]> {
    await box.shows("dev", "0", "\nOVER");
    await until("the last is told", async () => (await messages(box, "pattern-match")).includes(`EVENT ${count}`));
    return await messages(box, "pattern-match");
  }

  test("because the daemon is killed, again and again: each once in the log, each callback at least once", async () => {
    await using box = await served(
      { CLAUDE_TMUX_BACKOFF_BASE_MS: "10", CLAUDE_TMUX_RESTART_LIMIT: "100" },
      "--auto-restart",
    );
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT", 'echo "$CLAUDE_TMUX_LINE" >>"$TMUX_TMPDIR/calls"');
    await printAll(box, "sleep 0.03");
    for (let kills = 0; kills < 4; kills++) {
      const before = (await messages(box, "pattern-match")).length;
      const isMore = (seen: number) => seen > before || seen === count; // a slow machine has them all before the last kill
      await until("more has happened", async () => isMore((await messages(box, "pattern-match")).length));
      const pid = await box.pid("daemon");
      process.kill(pid, "SIGKILL");
      await until("it is dead", async () => !(await lives(pid)));
    }
    expect(await allTold(box)).toEqual(numbered);
    await until("all callbacks have run", async () => {
      const calls = await Bun.file(`${box.folder}/calls`).text();
      return new Set(calls.trim().split("\n")).size === count;
    });
  });

  test("because what it hears a pane through is killed, again and again", async () => {
    await using box = await served();
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
    await printAll(box, "sleep 0.03");
    for (let kills = 0; kills < 4; kills++) {
      const pid = await until("the pane is heard", () => box.hearing());
      process.kill(pid, "SIGKILL");
      await until("it is gone", async () => !(await lives(pid)));
    }
    expect(await allTold(box)).toEqual(numbered);
  });

  test("although the history has lost lines since", async () => {
    await using box = new Box();
    await box.output("session-create", "first");
    await box.tmux("set-option", "-g", "history-limit", "200");
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.must(["daemon", "start"]);
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
    // 230 rows scroll through a history of 200: what was seen is still there, but in another place
    await box.output(
      "pane-exec",
      "dev",
      "0",
      "i=0; while [ $i -lt 230 ]; do i=$((i+1)); echo $i; done; echo EVENT 0; echo OVER",
    );
    await until("the first is told", async () => (await messages(box, "pattern-match")).length === 1);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await printAll(box, ":");
    await box.shows("dev", "0", `EVENT ${count}\nOVER`);
    await box.must(["daemon", "start"]);
    expect(await allTold(box)).toEqual(["EVENT 0", ...numbered]);
  });

  test("because there was no daemon when it was subscribed to", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.output("pane-exec", "dev", "0", "echo EVENT before");
    await box.shows("dev", "0", "\nEVENT before");
    await box.run(["daemon", "subscribe", "dev", "pattern-match", "0", "^EVENT"]);
    await printAll(box, ":");
    await box.shows("dev", "0", "\nOVER");
    await box.must(["daemon", "start"]);
    expect(await allTold(box)).toEqual(numbered);
  });

  test("because there was no daemon, and the long lines by which others are known were cleared meanwhile", async () => {
    await using box = new Box();
    await box.output("session-create", "dev", "--size", "40x13");
    await box.prompt("dev", "0");
    await box.output(
      "pane-run",
      "dev",
      "0",
      "--",
      "echo EVENT before; for i in 1 2 3 4 5 6 7 8; do printf '%0500d\\n' $i; done",
    );
    await box.run(["daemon", "subscribe", "dev", "pattern-match", "0", "^EVENT"]);
    // a wider and higher screen takes all that back from the history, and tmux clears it for another program
    await box.tmux("resize-window", "-t", "=dev:", "-x", "160", "-y", "33");
    await box.tmux("respawn-pane", "-k", "-t", "=dev:");
    // typed any sooner, the first line would stand behind a prompt
    await box.shows("dev", "0", "EVENT before\n$");
    await printAll(box, ":");
    await box.shows("dev", "0", "\nOVER");
    await box.must(["daemon", "start"]);
    expect(await allTold(box)).toEqual(numbered);
  });
});

describe("each line fires once", () => {
  test("of a program that is started again in its pane, and prints what it has printed", async () => {
    await using box = await served();
    await box.tmux("resize-window", "-t", "=dev:", "-x", "80", "-y", "24");
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
    // less than a screen, more than one, and as much as before and more
    for (const to of [40, 40, 10, 10, 60]) {
      const before = (await messages(box, "pattern-match")).length;
      const all = Array.from({ length: to }, (_, i) => `EVENT ${i + 1}`);
      const script = `for i in $(seq ${to}); do echo EVENT $i; done; exec sleep 60`;
      await box.tmux("respawn-pane", "-k", "-t", "=dev:", `sleep 0.2; ${script}`);
      await until("all is told", async () => (await messages(box, "pattern-match")).length >= before + to);
      expect((await messages(box, "pattern-match")).slice(before)).toEqual(all);
    }
  });

  const say = (box: Box, command: string) => box.tmux("send-keys", "-t", "=dev:", command, "Enter");
  const screenIs = (box: Box, alternate: string) =>
    until(`alternate_on is ${alternate}`, async () => {
      return (await box.tmux("display-message", "-p", "-t", "=dev:", "#{alternate_on}")) === alternate;
    });
  const heard = (box: Box, ...lines: string[]) =>
    until(`${lines} have fired`, async () => {
      const found = await messages(box, "pattern-match");
      if (found.length < lines.length) return false;
      expect(found).toEqual(lines);
      return true;
    });
  const crash = async (box: Box) => {
    const pid = await box.pid("daemon");
    process.kill(pid, "SIGKILL");
    await until("it is dead", async () => !(await lives(pid)));
  };

  test("also when a full-screen program has the pane as it is subscribed to, and as the daemon comes back", async () => {
    await using box = await served();
    await say(box, "printf '\\033[?1049h'");
    await screenIs(box, "1");
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
    await say(box, "printf '\\033[?1049l'; echo EVE''NT 1");
    await heard(box, "EVENT 1");
    await crash(box);
    await say(box, "echo EVE''NT 2; printf '\\033[?1049h'");
    await screenIs(box, "1");
    await box.must(["daemon", "start"]);
    await heard(box, "EVENT 1", "EVENT 2");
    await crash(box);
    await box.must(["daemon", "start"]);
    await say(box, "printf '\\033[?1049l'; echo EVE''NT 3");
    await heard(box, "EVENT 1", "EVENT 2", "EVENT 3");
  });

  test("also after another size, and a crash", async () => {
    await using box = await served();
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
    const long = `printf "%0150d\\n" 1 2 3`;
    await say(box, `clear; for i in 1 2 3 4 5 6; do echo EVENT $i; ${long}; done`);
    const six = Array.from({ length: 6 }, (_, i) => `EVENT ${i + 1}`);
    await heard(box, ...six);
    await crash(box);
    await box.tmux("resize-window", "-t", "=dev:", "-x", "80", "-y", "24");
    await box.must(["daemon", "start"]);
    await say(box, "echo EVE''NT 7");
    await heard(box, ...six, "EVENT 7");
    await crash(box);
    await box.tmux("resize-window", "-t", "=dev:", "-x", "170", "-y", "40");
    await box.must(["daemon", "start"]);
    await say(box, "echo EVE''NT 8");
    await heard(box, ...six, "EVENT 7", "EVENT 8");
  });

  test("also of a program that takes the place of another, on a cleared screen", async () => {
    await using box = await served();
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
    await say(box, "echo EVE''NT 1");
    await heard(box, "EVENT 1");
    await box.tmux("respawn-pane", "-k", "-t", "=dev:", "echo EVENT 1; sleep 0.3; echo EVENT 2; sleep infinity");
    await heard(box, "EVENT 1", "EVENT 1", "EVENT 2");
  });

  test("also of one that takes the place of a full-screen program which lives on for a moment", async () => {
    await using box = await served();
    await subscribe(box, "dev", "pattern-match", "0", "^EVENT");
    const deaf = `trap "" HUP; printf "\\033[?1049h\\033[HEVENT full\\n"; sleep 1 </dev/null >/dev/null 2>&1`;
    await box.tmux("respawn-pane", "-k", "-t", "=dev:", `exec sh -c '${deaf}'`);
    await heard(box, "EVENT full");
    await box.tmux("respawn-pane", "-k", "-t", "=dev:", "echo EVENT 1; sleep 1.5; echo EVENT 2; sleep infinity");
    await heard(box, "EVENT full", "EVENT 1", "EVENT 2");
  });

  test("also for who subscribes to a pane that is followed already, from that very moment on", async () => {
    await using box = await served();
    await subscribe(box, "dev", "pattern-match", "0", "^NEVER");
    const pid = await box.pid("daemon");
    process.kill(pid, "SIGSTOP");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^EVENT"]);
    await say(box, "echo EVE''NT 1");
    await box.shows("dev", "0", "\nEVENT 1");
    process.kill(pid, "SIGCONT");
    await heard(box, "EVENT 1");
    await say(box, "echo EVE''NT 2");
    await heard(box, "EVENT 1", "EVENT 2");
  });
});

test("each line fires once and in order for all subscriptions, though the pane changes its size all the time", async () => {
  await using box = await served();
  await subscribe(box, "dev", "pattern-match", "0", "^even");
  await subscribe(box, "dev", "pattern-match", "0", "^odd");
  const script =
    "i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo odd $i; i=$((i+1)); echo even $i; sleep 0.01; done; echo OVER";
  await box.output("pane-exec", "dev", "0", script);
  for (let i = 0; i < 3; i++) {
    await box.output("pane-create", "dev", "x");
    await box.output("pane-kill", "dev", "x");
  }
  await box.shows("dev", "0", "\nOVER");
  const expected = Array.from({ length: 100 }, (_, i) => `${i % 2 ? "even" : "odd"} ${i + 1}`);
  await until("the last is told", async () => (await messages(box, "pattern-match")).includes("even 100"));
  expect(await messages(box, "pattern-match")).toEqual(expected);
});

/** Whether a process is a `daemon wait` that is connected to the daemon. */
function isWaiting(pid: number): boolean {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[2] !== "wait") return false;
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith("socket:"));
  } catch {
    return false; // it has just ended
  }
}

describe("wait", () => {
  test("for an event that is still to come, of a pane and with a time-out", async () => {
    await using box = await served();
    await box.output("pane-create", "dev", "build");
    await told(box, 1);
    const waiting = box.run(["daemon", "wait", "dev", "pane-exit", "build", "--timeout", "20"]);
    await until("it listens to the daemon", () => box.processes().some((pid) => isWaiting(pid)));
    await box.output("pane-create", "dev", "decoy");
    await box.output("pane-kill", "dev", "decoy");
    await box.output("pane-kill", "dev", "build");
    const { exitCode, stdout } = await waiting;
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { event_type: "pane-exit", label: "build" }]);
    const { seq } = JSON.parse(stdout);
    const again = await box.must(["daemon", "wait", "dev", "pane-exit", "build", "--since", `${seq - 1}`]);
    expect(JSON.parse(again).seq).toBe(seq);
    expect(await box.run(["daemon", "wait", "dev", "pane-exit", "--timeout", "0.2"])).toMatchObject({
      exitCode: 124,
      stdout: "",
    });
  });

  test("for a line that matches: it is subscribed to for as long as that takes", async () => {
    await using box = await served();
    const waiting = box.run(["daemon", "wait", "dev", "pattern-match", "0", "[0-9]+ passed", "--timeout", "20"]);
    await until("it is subscribed to", async () => (await listed(box)).length === 1);
    expect(await listed(box)).toMatchObject([
      { pattern: "[0-9]+ passed", once: true, waiting_pid: expect.any(Number) },
    ]);
    await box.output("pane-exec", "dev", "0", "echo 12 passed");
    const { exitCode, stdout } = await waiting;
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { event_type: "pattern-match", message: "12 passed" }]);
    expect(await listed(box)).toEqual([]);
    // what stood there before does not count, unless it is asked for
    expect(await box.run(["daemon", "wait", "dev", "pattern-match", "0", "passed", "--timeout", "0.3"])).toMatchObject({
      exitCode: 124,
    });
    const again = await box.must(["daemon", "wait", "dev", "pattern-match", "0", "passed", "--since", "1h"]);
    expect(JSON.parse(again)).toEqual(JSON.parse(stdout));
    expect(await listed(box)).toEqual([]);
  });

  test.each(["SIGTERM", "SIGKILL"] as const)("that is ended by %s leaves no subscription", async (signal) => {
    await using box = await served();
    const words = [BINARY, "daemon", "wait", "dev", "pattern-match", "0", "never"];
    const waiting = Bun.spawn(words, { env: box.env, stdout: "ignore", stderr: "ignore" });
    await until("the daemon watches", async () => {
      const status = JSON.parse(await box.must(["daemon", "status", "--json"]));
      return status.subscriptions === 1;
    });
    waiting.kill(signal);
    await waiting.exited;
    // the daemon finds out, without anybody who lists them
    await until("nothing is watched", async () => {
      const status = JSON.parse(await box.must(["daemon", "status", "--json"]));
      return status.subscriptions === 0;
    });
    expect(await listed(box)).toEqual([]);
  });

  test("that was killed while no daemon ran leaves no subscription to the next", async () => {
    await using box = await served();
    const words = [BINARY, "daemon", "wait", "dev", "pattern-match", "0", "never"];
    const waiting = Bun.spawn(words, { env: box.env, stdout: "ignore", stderr: "ignore" });
    await until("it is subscribed to", async () => (await listed(box)).length === 1);
    process.kill(await box.pid("daemon"), "SIGKILL");
    waiting.kill("SIGKILL");
    await waiting.exited;
    await box.must(["daemon", "start"]);
    expect(JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions).toBe(0);
  });

  test.each(["pattern-match", "command-finished", "silence", "timeout"])(
    "for %s that nobody has subscribed to is refused, with what to do",
    async (type) => {
      await using box = await served();
      const { exitCode, stderr } = await box.run(["daemon", "wait", "dev", type, "0", "--timeout", "20"]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`No ${type} can come`);
      expect(stderr).toContain(`claude-tmux daemon subscribe dev ${type} 0`);
      await subscribe(box, "dev", "timeout", "0", "0.3");
      // of another type, or of another pane, is none of it
      await box.output("pane-create", "dev", "other");
      expect((await box.run(["daemon", "wait", "dev", type, "other", "--timeout", "20"])).exitCode).toBe(1);
    },
  );

  test("ends when what it waits for can't come any more", async () => {
    await using box = await served();
    await box.output("pane-create", "dev", "build");
    const lines = box.run(["daemon", "wait", "dev", "pattern-match", "build", "never"]);
    await until("it is subscribed to", async () => (await listed(box)).length === 1);
    const id = await subscribe(box, "dev", "command-finished", "0");
    const commands = box.run(["daemon", "wait", "dev", "command-finished", "0"]);
    await box.output("pane-kill", "dev", "build");
    expect(await lines).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining("any more") });
    await box.must(["daemon", "unsubscribe", id]);
    expect(await commands).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("nobody has subscribed") });
  });

  test("in a session of any name, or by its id", async () => {
    await using box = await served();
    await box.tmux("new-session", "-d", "-s", "my app");
    const id = await box.tmux("display-message", "-p", "-t", "=my app:", "#{session_id}");
    for (const word of ["my app", id]) {
      const waiting = box.run(["daemon", "wait", word, "pattern-match", "0", "^now$", "--timeout", "20"]);
      await until("it is subscribed to", async () => (await listed(box)).length === 1);
      expect(await box.must(["daemon", "subscriptions", "my app"])).toContain("now");
      await box.tmux("send-keys", "-t", "=my app:", "echo now", "Enter");
      expect(JSON.parse((await waiting).stdout)).toMatchObject({ session: "my app", message: "now" });
    }
  });

  test("for the first of several", async () => {
    await using box = await served();
    await box.output("pane-create", "dev", "build");
    const words = ["daemon", "wait", "dev", "pattern-match", "build", "ready", "--any", "pane-exit:build"];
    const waiting = box.run([...words, "--any", "pattern-match:0:a:b", "--timeout", "20"]);
    await until("they are subscribed to", async () => (await listed(box)).length === 2);
    await box.output("pane-exec", "dev", "0", "echo a:b:c");
    const { exitCode, stdout } = await waiting;
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { event_type: "pattern-match", message: "a:b:c" }]);
    expect(await listed(box)).toEqual([]);
    const next = box.run([...words, "--timeout", "20"]);
    await until("it is subscribed to", async () => (await listed(box)).length === 1);
    await box.output("pane-kill", "dev", "build");
    expect(JSON.parse((await next).stdout)).toMatchObject({ event_type: "pane-exit", label: "build" });
  });

  test("with --since, takes what has just been, and needs no daemon for that", async () => {
    await using box = await served();
    await subscribe(box, "dev", "timeout", "0", "0.01");
    await until("it has fired", async () => (await box.events("timeout")).length === 1);
    await box.must(["daemon", "stop"]);
    const event = await box.must(["daemon", "wait", "dev", "timeout", "0", "--since", "5m"]);
    expect(JSON.parse(event)).toMatchObject({ event_type: "timeout", seq: 1 });
    const none = await box.run(["daemon", "wait", "dev", "pane-exit", "--since", "5m"]);
    expect(none.exitCode).toBe(1);
    expect(none.stderr).toContain("daemon start");
    expect(none.stderr).not.toContain("--since");
    expect((await box.run(["daemon", "wait", "dev", "pane-exit", "--since", "soon"])).exitCode).toBe(2);
  });

  test("outlives the daemon, and needs one", async () => {
    await using box = await served({ CLAUDE_TMUX_BACKOFF_BASE_MS: "10" }, "--auto-restart");
    const waiting = box.run(["daemon", "wait", "dev", "pane-created", "--timeout", "20"]);
    const pid = await box.pid("daemon");
    process.kill(pid, "SIGKILL");
    await until("another daemon serves", async () => {
      const status = JSON.parse((await box.run(["daemon", "status", "--json"])).stdout);
      return status.responding && status.pid !== pid;
    });
    await box.output("pane-create", "dev", "new");
    const { exitCode, stdout } = await waiting;
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { event_type: "pane-created", label: "new" }]);
    await box.must(["daemon", "stop"]);
    expect(await box.run(["daemon", "wait", "dev", "pane-exit"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("daemon start"),
    });
  });
});

describe("what is kept is bounded", () => {
  test("events beyond the number and the age, with what belongs to them, are removed; numbers go on", async () => {
    await using box = new Box({ CLAUDE_TMUX_EVENTS_MAX: "5" });
    await box.output("session-create", "dev");
    await box.must(["daemon", "start"]);
    for (let i = 0; i < 8; i++) await subscribe(box, "dev", "timeout", "0", "0.01");
    await until("all have fired", async () => (await box.events("timeout")).at(-1)?.seq === 8);
    await box.must(["daemon", "stop"]);
    await box.must(["daemon", "start"]);
    await until("old ones are removed", async () => (await box.events())[0]?.seq === 4);
    expect((await box.events()).map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8]);
    await box.must(["daemon", "stop"]);
    using store = new Database(`${box.state}/state.db`);
    // so are subscriptions that have ended, and what they had seen
    expect(store.query("SELECT id, progress FROM subscriptions ORDER BY id").values()).toEqual(
      [4, 5, 6, 7, 8].map((id) => [id, null]),
    );
    store.run("UPDATE events SET at = 0");
    await box.must(["daemon", "start"]);
    await until("all are removed", async () => (await box.events()).length === 0);
    await subscribe(box, "dev", "timeout", "0", "0.01");
    await until("the next has the next number", async () => (await box.events())[0]?.seq === 9);
  });

  test("a log that has grown large makes room for a new one", async () => {
    await using box = await served({ CLAUDE_TMUX_LOG_MAX_MB: "0.001" });
    for (let i = 0; i < 12; i++) await subscribe(box, "dev", "timeout", "0", "0.01", "true");
    await until("it was rotated", () => readdirSync(box.state).includes("daemon.log.1"));
    expect(readdirSync(box.state).filter((name) => name.startsWith("daemon.log")).length).toBeLessThanOrEqual(2);
  });
});

describe("metrics", () => {
  test("are in Prometheus' format", async () => {
    await using box = await served();
    await subscribe(box, "dev", "timeout", "0", "0.01", "false");
    await until("the callback has ended", async () => (await box.events("callback")).length === 1);
    const text = await box.must(["daemon", "metrics"]);
    for (const line of text.split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) claude_tmux_\w+ .+|claude_tmux_\w+(\{\w+="[^"]*"\})? [\d.e+]+)$/);
    }
    expect(text).toContain("claude_tmux_up 1\n");
    expect(text).toContain('claude_tmux_callbacks_total{outcome="failed"} 1');
    expect(text).toContain('claude_tmux_events_logged{type="timeout"} 1');
    await box.must(["daemon", "stop"]);
    expect(await box.run(["daemon", "metrics"])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("claude_tmux_up 0"),
    });
  });
});

test("what version 3.0 had subscribed to is taken over, once, and nothing that others could have written", async () => {
  await using box = new Box();
  const root = box.env.CLAUDE_TMUX_LEGACY_EVENTS_DIR ?? "";
  const write = (session: string, file: string, text: string) => {
    mkdirSync(`${root}/${session}`, { recursive: true, mode: 0o755 });
    writeFileSync(`${root}/${session}/${file}`, text);
  };
  await box.output("session-create", "dev");
  await box.output("session-create", "shared");
  const soon = Math.floor(Date.now() / 1000) + 3600;
  write("dev", "patterns", "0|^done|echo 'called | piped' >>\"$TMUX_TMPDIR/called\"\n7|x|y\nno line\n0|((|z\n");
  write("dev", "timeouts", `0|${soon}|true\n0|PATH[$(touch f)0]|true\n`);
  write("shared", "patterns", "0|^done|touch evil\n");
  chmodSync(`${root}/shared`, 0o777);
  await box.prompt("dev", "0");
  await box.must(["daemon", "start"]);
  const subscriptions = async () => {
    const text = await box.must(["daemon", "subscriptions"]);
    return text.split("\n").map((line) => JSON.parse(line));
  };
  expect((await subscriptions()).map(({ type, session, pattern }) => [type, session, pattern])).toEqual([
    ["pattern-match", "dev", "^done"],
    ["timeout", "dev", null],
  ]);
  await box.output("pane-exec", "dev", "0", "echo done");
  expect(await box.lines("called", 1, 10_000)).toEqual(["called | piped"]);
  await box.must(["daemon", "stop"]);
  await box.must(["daemon", "start"]);
  expect(await subscriptions()).toHaveLength(2);
});

test("what version 3.0 left is looked for once by a daemon, and not each time that something changes", async () => {
  await using box = await served();
  const folder = `${box.env.CLAUDE_TMUX_LEGACY_EVENTS_DIR}/dev`;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(`${folder}/patterns`, "0|^done|true\n");
  await box.output("pane-create", "dev", "x");
  await told(box, 1);
  await subscribe(box, "dev", "timeout", "0", "1000");
  const types = async () =>
    (await box.must(["daemon", "subscriptions"])).split("\n").map((line) => JSON.parse(line).type);
  expect(await types()).toEqual(["timeout"]);
  await box.must(["daemon", "restart"]);
  expect(await types()).toEqual(["timeout", "pattern-match"]);
});

test("events --follow goes on across a restart of the daemon, and misses none", async () => {
  await using box = await served({ CLAUDE_TMUX_BACKOFF_BASE_MS: "10" }, "--auto-restart");
  const follow = Bun.spawn([BINARY, "daemon", "events", "--type", "timeout", "--since", "0", "--follow"], {
    env: box.env,
    stdout: "pipe",
    stderr: "pipe",
  });
  const lines: string[] = [];
  const reading = (async () => {
    for await (const chunk of follow.stdout) lines.push(...new TextDecoder().decode(chunk).trim().split("\n"));
  })();
  await subscribe(box, "dev", "timeout", "0", "0.01");
  await until("the first has come", () => lines.length === 1);
  process.kill(await box.pid("daemon"), "SIGKILL");
  await subscribe(box, "dev", "timeout", "0", "0.01");
  await until("the second has come", () => lines.length === 2);
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual([1, 2]);
  follow.kill("SIGTERM");
  await reading;
  expect(await follow.exited).toBe(143);
});

test.each([
  ["restart", [["daemon", "restart"]]],
  ["recovery", [["daemon", "recover", "--force"]]],
  [
    "stop and start",
    [
      ["daemon", "stop"],
      ["daemon", "start"],
    ],
  ],
])("a %s that was asked for ends neither events --follow nor wait", async (_, commands) => {
  await using box = await served();
  const follow = Bun.spawn([BINARY, "daemon", "events", "--type", "pane-created", "--since", "0", "--follow"], {
    env: box.env,
    stdout: "pipe",
    stderr: "pipe",
  });
  const words = ["daemon", "wait", "dev", "pane-exit", "--any", "pattern-match:0:never", "--timeout", "60"];
  const waiting = box.run(words);
  await until("it waits", async () => (await listed(box)).length === 1);
  const reader = follow.stdout.getReader();
  const next = async () => {
    const { value } = await reader.read();
    if (!value) throw new Error(`it has ended with exit code ${await follow.exited}: ${await follow.stderr.text()}`);
    return JSON.parse(new TextDecoder().decode(value)).label;
  };
  for (let i = 0; i < 3; i++) {
    await box.output("pane-create", "dev", `before-${i}`);
    expect(await next()).toBe(`before-${i}`);
    for (const command of commands) await box.must(command);
    await box.output("pane-create", "dev", `after-${i}`);
    expect(await next()).toBe(`after-${i}`);
  }
  await box.output("pane-kill", "dev", "after-2");
  expect(await waiting).toMatchObject({ exitCode: 0, stderr: "" });
  follow.kill("SIGINT");
  expect(await follow.exited).toBe(130);
});

test("a pattern that would take exponential time elsewhere leaves the heartbeat fresh", async () => {
  await using box = await served();
  await subscribe(box, "dev", "pattern-match", "0", "(a+)+$");
  await box.output("pane-exec", "dev", "0", "printf '%20000s' '' | tr ' ' a; echo b; echo OVER");
  await box.shows("dev", "0", "\nOVER");
  const { stdout } = await box.run(["daemon", "health", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ status: "healthy" });
  await subscribe(box, "dev", "pattern-match", "0", "^after$");
  await box.output("pane-exec", "dev", "0", "echo after");
  await until("it goes on", async () => (await messages(box, "pattern-match")).includes("after"));
});
