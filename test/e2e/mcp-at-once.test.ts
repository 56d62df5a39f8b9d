import { describe, expect, test } from "bun:test";
import { Box, until } from "../helpers/box.ts";
import { type Facts, McpClient } from "../helpers/mcp.ts";

const bash = () => new Box({ SHELL: "/bin/bash", PS1: "$ " });

/** What a call with a list tells of each of its items. */
async function each(client: McpClient, name: string, input: Record<string, unknown>): Promise<Facts[]> {
  return (await client.must(name, input)).output as Facts[];
}

const panesOf = (box: Box) => box.tmux("list-panes", "-a", "-F", "#{session_name} #{pane_id}");
const screenOf = (box: Box, pane: string) => box.tmux("capture-pane", "-p", "-t", pane);

describe("run with session", () => {
  test("makes the session, then panes there, runs the command in each, and tells which they are", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const ran = await client.must("run", { session: "work", command: "seq 30; (exit 3)", tail: 2 });
    expect(ran).toEqual({ pane: "%0", output: "29\n30", exit_code: 3, output_lines: 30, output_truncated: true });
    expect(await client.must("run", { session: "work", command: "cat", wait: false })).toMatchObject({ pane: "%1" });
    expect(await panesOf(box)).toBe("work %0\nwork %1");
    await until(
      "it runs",
      async () => ((await client.must("status", { pane: "%1" })).output as Facts).command === "cat",
    );
    expect(await client.fails("run", { session: "work", command: "sleep 1000", timeout: 1 })).toMatchObject({
      pane: "%2",
      error: { code: "ERR_TIMEOUT" },
    });
  });

  test("makes the session once for several calls at once, and a pane there for each", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const ran = await Promise.all(
      [1, 2, 3].map((exit) => client.must("run", { session: "ci", command: `(exit ${exit})` })),
    );
    expect(ran.map(({ exit_code: code }) => code)).toEqual([1, 2, 3]);
    expect(ran.map(({ pane }) => pane).sort()).toEqual(["%0", "%1", "%2"]);
    expect(await panesOf(box)).toBe("ci %0\nci %1\nci %2");
  });

  test("makes nothing for what is wrong by itself", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    for (const input of [
      {},
      { command: "true", pattern: "(" },
      { command: 1 },
      { command: "true", marker: 1 },
      { commands: [""] },
    ]) {
      const { error } = await client.fails("run", { session: "work", ...input });
      expect(error?.code).toMatch(/^ERR_INVALID_(ARGUMENT|PATTERN)$/);
    }
    expect((await client.must("list")).output).toEqual([]);
  });

  test("answers with pattern once a line matches, or the command has ended without", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const server = { session: "work", pattern: "^listening on \\d+" };
    expect(await client.must("run", { ...server, command: "echo begun; echo listening on 80; exec cat" })).toEqual({
      pane: "%0",
      output: "listening on 80",
    });
    expect(((await client.must("status", { pane: "%0" })).output as Facts).command).toBe("cat");
    expect(await client.fails("run", { ...server, command: "echo no such port; (exit 4)" })).toMatchObject({
      pane: "%1",
      exit_code: 4,
      last_lines: ["no such port"],
      error: { code: "ERR_COMMAND_ENDED" },
    });
  });
});

describe("several commands", () => {
  test("are run at once, each in a new pane, and what came of each is told in their order", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    // each ends only when the other has begun
    const command = (own: string, other: string) =>
      `cd; touch ${own}; until [ -e ${other} ]; do sleep 0.05; done; echo ${own}`;
    const commands = [`${command("a", "b")}; (exit 2)`, command("b", "a")];
    expect(await each(client, "run", { session: "work", commands })).toEqual([
      { pane: "%0", output: "a", exit_code: 2, output_lines: 1 },
      { pane: "%1", output: "b", exit_code: 0, output_lines: 1 },
    ]);
    expect(await panesOf(box)).toBe("work %0\nwork %1");
  });

  test("answer at the first end, or at the first failure, and the others go on", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const commands = [
      "cd; touch a; sleep 1000",
      "cd; until [ -e a ] && [ -e b ]; do sleep 0.05; done",
      "cd; touch b; until [ -e fail ]; do sleep 0.05; done; (exit 5)",
    ];
    const first = await each(client, "run", { session: "work", commands, for: "first" });
    expect(first).toMatchObject([
      { pane: "%0", running: true },
      { pane: "%1", exit_code: 0 },
      { pane: "%2", running: true },
    ]);
    expect(await box.tmux("display-message", "-p", "-t", "%0", "#{pane_current_command}")).toBe("sleep");
    expect(await client.must("wait", { pane: "%0", any: ["%1"] })).toMatchObject({ pane: "%1", exit_code: 0 });
    // one that has ended well is no failure
    const failure = client.must("wait", { panes: ["%0", "%1", "%2"], for: "failure" });
    await Bun.write(`${box.folder}/fail`, "");
    expect((await failure).output).toMatchObject([
      { pane: "%0", running: true },
      { pane: "%1", exit_code: 0 },
      { pane: "%2", exit_code: 5 },
    ]);
  });

  test("of which one has not been typed yet when enough have ended is given up: it does not run", async () => {
    await using box = bash();
    await Bun.write(
      `${box.folder}/.bash_profile`,
      "if [ $TMUX_PANE = %1 ]; then touch ~/waits; until [ -e ~/go ]; do sleep 0.05; done; fi",
    );
    await using client = await McpClient.greeted(box);
    const commands = ["cd; until [ -e waits ]; do sleep 0.05; done", "touch ~/ran"];
    expect(await each(client, "run", { session: "work", commands, for: "first" })).toMatchObject([
      { pane: "%0", exit_code: 0 },
      { pane: "%1", given_up: true },
    ]);
    await Bun.write(`${box.folder}/go`, "");
    expect(await client.must("run", { pane: "%1", command: "echo next" })).toMatchObject({ output: "next" });
    expect(await Bun.file(`${box.folder}/ran`).exists()).toBe(false);
  });

  test("of which a pane is not there is told so, also when another has ended", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    await client.must("create", { name: "work" });
    expect(await each(client, "wait", { panes: ["%0", "%9"], for: "first" })).toMatchObject([
      { pane: "%0" },
      { pane: "%9", error: { code: "ERR_PANE_NOT_FOUND" } },
    ]);
  });

  test("that have no failure are all told of, and a time that passes is told of each", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const ended = await each(client, "run", { session: "work", commands: ["true", "true"], for: "failure" });
    expect(ended).toMatchObject([{ exit_code: 0 }, { exit_code: 0 }]);
    await client.must("run", { pane: "%1", command: "sleep 1000", wait: false });
    expect(await each(client, "wait", { panes: ["%0", "%1"], for: "failure", timeout: 0.5 })).toMatchObject([
      { pane: "%0", exit_code: 0 },
      { pane: "%1", error: { code: "ERR_TIMEOUT" } },
    ]);
  });

  test("share the room for output, and the rest of each is read by its cursor", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const ends = await each(client, "run", { session: "work", commands: ["seq 10000", "seq 5"] });
    expect(ends[1]).toMatchObject({ output: "1\n2\n3\n4\n5" });
    const long = ends[0] as Facts;
    expect((long.output as string).length).toBeLessThanOrEqual(10_000);
    expect(long.output).toEndWith("\n10000");
    const { output } = await client.must("read", { cursor: long.cursor });
    expect(`${output}${long.output}`).toContain("7999\n8000\n8001");
  });

  test("are all given up when the call is cancelled, and nothing listens any more", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    await client.must("create", { name: "work" });
    const call = client.begin("tools/call", {
      name: "run",
      arguments: { session: "work", commands: ["sleep 1000", "sleep 1000"] },
    });
    const running = () => box.tmux("list-panes", "-a", "-F", "#{pane_current_command}");
    await until("both run", async () => (await running()) === "bash\nsleep\nsleep");
    expect(await box.listeners()).toBe(2);
    client.tell("notifications/cancelled", { requestId: call.id });
    await until("nothing listens", async () => (await box.listeners()) === 0);
    expect(await running()).toBe("bash\nsleep\nsleep");
  });
});

test("where not all panes can be made, nothing is run, and those that were made are told", async () => {
  await using box = bash();
  await using client = await McpClient.greeted(box);
  // no room for three beside each other
  await box.tmux("new-session", "-d", "-s", "work", "-x", "20", "-y", "5");
  const commands = ["touch ~/ran", "touch ~/ran", "touch ~/ran", "touch ~/ran"];
  const { panes = [], error } = await client.fails("run", { session: "work", commands });
  expect(error).toMatchObject({ code: "ERR_COMMAND_FAILED" });
  const there = (await box.tmux("list-panes", "-s", "-t", "=work:", "-F", "#{pane_id}")).split("\n");
  expect(there).toEqual(["%0", ...(panes as string[])]);
  expect(there.length).toBeGreaterThan(1);
  expect(await Bun.file(`${box.folder}/ran`).exists()).toBe(false);
});

test("for more than there may be, none is made", async () => {
  await using box = new Box({ SHELL: "/bin/bash", PS1: "$ ", CLAUDE_TMUX_MAX_PANES: "2" });
  await using client = await McpClient.greeted(box);
  const commands = ["touch ~/ran", "touch ~/ran", "touch ~/ran"];
  const tooMany = { error: { code: "ERR_MAX_PANES" } };
  expect(await client.fails("run", { session: "work", commands })).toMatchObject(tooMany);
  expect((await client.must("list", {})).output).toEqual([]);
  await client.must("create", { name: "work" });
  expect(await client.fails("run", { session: "work", commands: commands.slice(1) })).toMatchObject({
    ...tooMany,
    output: '2 panes are more than the first window of "work" has room for: it has 1 of 2',
  });
  expect(await box.output("pane-count", "work")).toBe("1");
  expect(await Bun.file(`${box.folder}/ran`).exists()).toBe(false);
});

describe("several panes", () => {
  test("are waited for: how each ended, and its last lines, be it dead or gone by then", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const script = (name: string, end: string) =>
      `for i in 1 2 3 4 5 6; do echo $i; done; read x; echo last of ${name}; ${end}`;
    await box.tmux("new-session", "-d", "-s", "dev", "-n", "main");
    await box.tmux("set-option", "-g", "remain-on-exit", "on");
    // tmux may drop what it has not read of a program that has ended
    await box.tmux("new-window", "-d", "-n", "old", "-t", "dev:", "echo last of old; read x; kill -9 $$");
    const shown = () => box.tmux("capture-pane", "-p", "-t", "dev:old");
    await until("it has written", async () => (await shown()).includes("last of old"));
    await box.tmux("send-keys", "-t", "dev:old", "Enter");
    await until(
      "it is dead",
      async () => (await box.tmux("display-message", "-p", "-t", "dev:old", "#{pane_dead}")) === "1",
    );
    await box.tmux("set-option", "-w", "-t", "dev:old", "remain-on-exit", "on");
    await box.tmux("set-option", "-g", "remain-on-exit", "off");
    await box.tmux("new-window", "-d", "-n", "new", "-t", "dev:", script("new", "exit 4"));
    const told = client.must("wait", { panes: ["dev:old", "dev:new"] });
    await until("it listens", async () => (await box.listeners()) === 1);
    const isHeld = async () => (await box.tmux("show-options", "-p", "-v", "-t", "dev:new", "remain-on-exit")) === "on";
    await until("it holds the pane, so that its exit code is known", isHeld);
    await box.tmux("send-keys", "-t", "dev:new", "Enter");
    expect((await told).output).toMatchObject([
      { pane: "dev:old", exit_code: 137, last_lines: ["last of old"], error: { code: "ERR_PANE_DEAD" } },
      { exit_code: 4, pane_ended: true, last_lines: ["", "last of new"] },
    ]);
    expect(await box.tmux("list-windows", "-t", "dev", "-F", "#{window_name}")).toBe("main\nold");
  });

  test("are looked at and read, those that are not there told of as such", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    await client.must("run", { session: "work", command: "echo one; cd /usr" });
    await client.must("run", { session: "work", command: "echo two" });
    expect(await each(client, "status", { panes: ["%1", "%9", "work:0.0"] })).toMatchObject([
      { pane: "%1", waiting_for: "prompt" },
      { pane: "%9", error: { code: "ERR_PANE_NOT_FOUND" } },
      { pane: "%0", cwd: "/usr" },
    ]);
    const shown = await each(client, "read", { panes: ["%0", "%1"], lines: 2 });
    expect(shown.map(({ output }) => output)).toEqual(["one\n$", "two\n$"]);
  });
});

test("send types a text, presses keys after it, and waits until what runs has ended; a wrong key types nothing", async () => {
  await using box = bash();
  await using client = await McpClient.greeted(box);
  const { pane } = await client.must("run", { session: "work", command: "cd; cat > note; wc -l note", wait: false });
  await until("it reads", async () => ((await client.must("status", { pane })).output as Facts).waiting_for === "line");
  expect((await client.fails("send", { pane, text: "never", key: ["Nonsense"] })).error?.code).toBe(
    "ERR_INVALID_ARGUMENT",
  );
  expect(await client.must("send", { pane, text: "a\n\n  b\n", key: ["C-d"], wait: true })).toMatchObject({
    exit_code: 0,
    last_lines: expect.arrayContaining(["3 note"]),
  });
  expect(await Bun.file(`${box.folder}/note`).text()).toBe("a\n\n  b\n");
  await client.must("run", { pane, command: "sleep 1000", wait: false });
  await until("it runs", async () => ((await client.must("status", { pane })).output as Facts).command === "sleep");
  expect(await client.must("send", { pane, key: ["C-c"], wait: true })).toMatchObject({ exit_code: 130 });
});

test("snapshot saves a session, and brings it back, once it has ended", async () => {
  await using box = bash();
  await using client = await McpClient.greeted(box);
  await client.must("run", { session: "work", command: "cd /usr; echo shown" });
  expect((await client.must("snapshot", { session: "work" })).output).toStartWith("Saved 1 window and 1 pane");
  expect((await client.fails("snapshot", { session: "work", restore: true })).error?.code).toBe("ERR_SESSION_EXISTS");
  await client.must("end", { what: "session", session: "work" });
  expect((await client.must("snapshot", { session: "work", restore: true })).output).toContain('came back as "work"');
  expect(await client.must("list", { session: "work" })).toMatchObject({ output: [{ cwd: "/usr" }] });
  expect(await screenOf(box, "work:0.0")).toContain("shown");
});

test("the pane that the server was started in is refused in a list, and the others are not", async () => {
  await using box = bash();
  const own = await box.bridge("session-create", "own");
  const [socket, pid] = (await box.tmux("display-message", "-p", "-t", "=own:", "#{socket_path} #{pid}")).split(" ");
  await using client = await McpClient.greeted(box, [], { TMUX: `${socket},${pid},0`, TMUX_PANE: own.pane as string });
  expect(await client.must("run", { session: "own", command: "echo yes" })).toMatchObject({
    pane: "%1",
    output: "yes",
  });
  const refused = await client.fails("send", { pane: own.pane, text: "a", key: ["Enter"], wait: true });
  expect(refused).toMatchObject({ error: { code: "ERR_PANE_BUSY" } });
  expect(await each(client, "status", { panes: [own.pane, "%1"] })).toMatchObject([{ pane: own.pane }, { pane: "%1" }]);
});
