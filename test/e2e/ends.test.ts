import { describe, expect, test } from "bun:test";
import { Exits } from "../../src/process/exits.ts";
import { Box, until } from "../helpers/box.ts";

/** Whether this system tells how processes end that are nobody's children here. */
const isTold = await (async () => {
  using exits = new Exits();
  const child = Bun.spawn(["sh", "-c", "read x; exit 3"], { stdin: "pipe" });
  exits.attend([child.pid]);
  child.stdin.end();
  await child.exited;
  return (await exits.of(child.pid)) !== undefined;
})();

/** A box with a daemon, and panes at their prompts in a session `dev`: `main`, and those of these names. */
async function followed(...labels: string[]): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  for (const label of labels) await box.output("pane-create", "dev", label);
  for (const label of ["main", ...labels]) await box.output("pane-run", "dev", label, "--", "true");
  await box.must(["daemon", "start"]);
  return box;
}

const ends = (box: Box, count: number) =>
  until(`${count} panes have ended`, async () => {
    const events = await box.events("pane-exit");
    return events.length >= count && events;
  });

describe("the end of a pane says why", () => {
  test.skipIf(!isTold)("a pane that nobody follows: its exit code or signal", async () => {
    await using box = await followed("a", "b", "c");
    await box.output("pane-exec", "dev", "a", "exit 42");
    expect((await ends(box, 1)).at(-1)).toMatchObject({ label: "a", data: { exit_code: 42 } });
    await box.output("pane-exec", "dev", "b", "kill -9 $$");
    expect((await ends(box, 2)).at(-1)?.data).toEqual({ signal: 9 });
    await box.output("pane-exec", "dev", "c", "exit");
    expect((await ends(box, 3)).at(-1)?.data).toEqual({ exit_code: 0 });
  });

  test.skipIf(!isTold)("one that is followed: its last command, which has finished, and its last lines", async () => {
    await using box = await followed("dier");
    await box.must(["daemon", "subscribe", "dev", "command-finished", "dier"]);
    const command = "echo panic; sleep 0.2; exit 42";
    await box.output("pane-exec", "dev", "dier", command);
    const [event] = await ends(box, 1);
    expect(event).toMatchObject({ label: "dier", data: { exit_code: 42, last_command: command } });
    expect(event?.data.last_lines).toContain("panic");
    const [finished, ...more] = await box.events("command-finished");
    expect(finished?.data).toMatchObject({ exit_code: 42, command, duration_ms: null });
    expect(more).toEqual([]);
  });

  test.skipIf(!isTold)("the last pane of a session", async () => {
    await using box = await followed();
    await box.output("session-create", "other");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "main", "never"]);
    await box.output("pane-exec", "dev", "main", "echo panic; sleep 0.2; exit 5");
    const [event] = await ends(box, 1);
    expect(event?.data).toMatchObject({ exit_code: 5, last_command: "echo panic; sleep 0.2; exit 5" });
    expect(event?.data.last_lines).toContain("panic");
  });

  test("a pane that stays when it is dead", async () => {
    await using box = await followed();
    await box.tmux("set-option", "-t", "=dev:", "remain-on-exit", "on");
    await box.output("pane-exec", "dev", "main", "echo panic; exit 9");
    const [event] = await ends(box, 1);
    expect(event?.data.exit_code).toBe(9);
    expect(event?.data.last_lines).toContain("panic");
  });

  test("the only pane of a session that stays when it is dead: the session is there until it is killed", async () => {
    await using box = await followed();
    await box.output("session-create", "other");
    await box.must(["daemon", "subscribe", "dev", "session-closed"]);
    await box.tmux("set-option", "-t", "=dev:", "remain-on-exit", "on");
    await box.output("pane-exec", "dev", "main", "exit 4");
    await ends(box, 1);
    await box.tmux("respawn-pane", "-t", "=dev:");
    await box.output("session-create", "more");
    await until("tmux was looked at", async () => (await box.events("session-created")).length === 2);
    expect(await box.events("session-closed")).toEqual([]);
    await box.tmux("kill-session", "-t", "=dev:");
    const closed = await until("it is closed", async () => {
      const events = await box.events("session-closed");
      return events.length > 0 && events;
    });
    expect(closed).toMatchObject([{ session: "dev" }]);
  });

  test("one of two sessions that share their windows", async () => {
    await using box = await followed();
    await box.tmux("new-session", "-d", "-t", "=dev", "-s", "twin");
    await until("it is there", async () => (await box.events("session-created")).length === 1);
    await box.must(["daemon", "subscribe", "twin", "session-closed"]);
    await box.must(["daemon", "subscribe", "twin", "pattern-match", "0", "^hello$"]);
    await box.output("pane-run", "dev", "0", "--", "echo hello");
    await box.tmux("kill-session", "-t", "=twin:");
    await until("it is closed", async () => (await box.events("session-closed")).length === 1);
    expect((await box.events("session-closed")).map(({ session }) => session)).toEqual(["twin"]);
    expect((await box.events("pattern-match")).map(({ session }) => session)).toEqual(["twin"]);
    expect(await box.events("pane-exit")).toEqual([]);
  });

  test("a pane that is killed: never that it ended well", async () => {
    await using box = await followed("a");
    await box.output("pane-kill", "dev", "a");
    const [event] = await ends(box, 1);
    expect(event?.data).toEqual(isTold ? { signal: 1 } : {});
  });

  test("what ended while no daemon was there: nothing is known of it", async () => {
    await using box = await followed("a");
    await box.must(["daemon", "subscribe", "dev", "pane-exit", "a"]);
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.output("pane-exec", "dev", "a", "exit 3");
    await until("it is gone", async () => (await box.output("pane-count", "dev")) === "1");
    await box.must(["daemon", "start"]);
    expect((await ends(box, 1)).map(({ data }) => data)).toEqual([{}]);
  });
});

test.skipIf(!isTold)("pane-wait in a shell that tells nothing: the exit code with which the pane ends", async () => {
  await using box = new Box({ SHELL: "/bin/sh" });
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "a");
  await box.prompt("dev", "a");
  await box.output("pane-exec", "dev", "a", "sleep 0.5; exit 7");
  await box.shows("dev", "a", "exit 7");
  expect(await box.bridge("pane-wait", "dev", "a", "20")).toMatchObject({
    ...{ exitCode: 0, exit_code: 7, pane_ended: true, method: "foreground" },
  });
});

describe("pane-wait --last-lines tells what was written last", () => {
  const waited = (box: Box, pane = "0") => box.bridge("pane-wait", "dev", pane, "20", "--last-lines");

  test("by a command that has ended: its own lines, five at most", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "echo before");
    await box.output("pane-exec", "dev", "0", "seq 7; (exit 3)");
    expect(await waited(box)).toMatchObject({ exit_code: 3, last_lines: ["3", "4", "5", "6", "7"] });
    expect(await box.bridge("pane-wait", "dev", "0", "20")).not.toHaveProperty("last_lines");
    await box.output("pane-exec", "dev", "0", "read x; seq 9");
    const ended = waited(box);
    await until("it listens", async () => (await box.listeners()) === 1);
    await box.tmux("send-keys", "-t", "=dev:0.0", "Enter");
    expect(await ended).toMatchObject({ exit_code: 0, last_lines: ["5", "6", "7", "8", "9"] });
  });

  test.skipIf(!isTold)("in a pane that goes away with it, whether its shell tells or not", async () => {
    for (const shell of ["/bin/bash", "/bin/sh"]) {
      await using box = new Box({ SHELL: shell });
      await box.output("session-create", "dev");
      await box.output("pane-create", "dev", "a");
      await box.prompt("dev", "a");
      await box.output("pane-exec", "dev", "a", "exec sh -c 'read x; seq 9; echo last; exit 6'");
      const ended = waited(box, "a");
      await until("it listens", async () => (await box.listeners()) === 1);
      await box.tmux("send-keys", "-t", "%1", "Enter");
      const lines = ["6", "7", "8", "9", "last"];
      expect(await ended).toMatchObject({ exit_code: 6, pane_ended: true, last_lines: lines });
      expect(await box.tmux("list-panes", "-a", "-F", "#{pane_id}")).toBe("%0");
    }
  });

  test.skipIf(!isTold)("and nothing where not all of it could be heard", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "a");
    await box.prompt("dev", "a");
    // a pipe of the person's, who keeps it
    await box.tmux("pipe-pane", "-t", "%1", "cat >/dev/null");
    await box.output("pane-exec", "dev", "a", "read x; seq 9; exit 6");
    const ended = waited(box, "a");
    await until("it listens", async () => (await box.listeners()) === 1);
    await box.tmux("send-keys", "-t", "%1", "Enter");
    const answer = await ended;
    expect(answer).toMatchObject({ exit_code: 6, pane_ended: true });
    expect(answer).not.toHaveProperty("last_lines");
  });

  test("and of a pane that was dead before, how it ended", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.tmux("new-session", "-d", "-s", "dev", "exec sleep 1000");
    await box.tmux("set-option", "-w", "-t", "dev", "remain-on-exit", "on");
    // tmux may drop what it has not read of a program that has ended
    await box.tmux("respawn-pane", "-k", "-t", "dev", "stty -echo; seq 3; read x; exit 8");
    await until("it has written", async () => (await box.tmux("capture-pane", "-p", "-t", "dev")).includes("3"));
    await box.tmux("send-keys", "-t", "dev", "Enter");
    await until(
      "it is dead",
      async () => (await box.tmux("display-message", "-p", "-t", "dev", "#{pane_dead}")) === "1",
    );
    expect(await waited(box)).toMatchObject({
      exitCode: 1,
      exit_code: 8,
      last_lines: ["1", "2", "3"],
      error: { code: "ERR_PANE_DEAD" },
    });
  });
});

describe("the first of several panes to be done", () => {
  const panes = async (box: Box, first: string, second: string) => {
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "build");
    await box.output("session-create", "other");
    for (const [session, pane] of [
      ["dev", "0"],
      ["dev", "build"],
      ["other", "0"],
    ] as const)
      await box.output("pane-run", session, pane, "--", "true");
    await box.output("pane-exec", "dev", "0", "sleep 100");
    await box.output("pane-exec", "dev", "build", first);
    await box.output("pane-exec", "other", "0", second);
  };

  test("is told, with how it ended, and the others are let go", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await panes(box, "sleep 0.5; (exit 3)", "sleep 100");
    const waited = await box.bridge("pane-wait", "dev", "0", "--timeout", "20", "--any", "build", "--any", "other:0.0");
    expect(waited).toMatchObject({ exitCode: 0, session: "dev", pane: "%1", exit_code: 3 });
    expect(await box.listeners()).toBe(0);
  });

  test("may be one of another session", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await panes(box, "sleep 100", "sleep 0.5; (exit 4)");
    expect(await box.bridge("pane-wait", "dev", "0", "20", "--any", "build", "--any", "%2")).toMatchObject({
      session: "other",
      pane: "%2",
      exit_code: 4,
    });
    expect(await box.bridge("pane-wait", "dev", "0", "0.3", "--any", "build")).toMatchObject({ exitCode: 124 });
    expect(await box.bridge("pane-wait", "dev", "0", "20", "--any", "nosuch")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_PANE_NOT_FOUND" },
    });
  });
});
