import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { Client, type ClientOptions } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { ASKING_OPTION } from "../../src/tmux/options.ts";
import { Box, lives, sessionNames, until } from "../helpers/box.ts";
import { type Facts, McpClient } from "../helpers/mcp.ts";

const bash = () => new Box({ SHELL: "/bin/bash", PS1: "$ " });

const ABOUT = { name: "test", version: "1" };

/** A box with a session, whose pane it returns. */
async function session(client: McpClient, name = "dev"): Promise<string> {
  return (await client.must("create", { name })).pane as string;
}

/** What a command that listens leaves while it does: holds, pipes, named pipes, clients. */
async function traces(box: Box) {
  return {
    holds: await box.listeners(),
    pipes: (await box.tmux("list-panes", "-a", "-F", "#{pane_pipe}")).split("\n").filter((pipe) => pipe === "1").length,
    files: readdirSync(box.state).filter((name) => name.startsWith("pipe-")).length,
    clients: (await box.tmux("list-clients")).length,
  };
}

/** The official client, connected. */
async function official(box: Box, options: ClientOptions = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, options);
  const [command = "", ...args] = box.command;
  await client.connect(new StdioClientTransport({ command, args: [...args, "mcp"], env: box.env }));
  return client;
}

const NOTHING = { holds: 0, pipes: 0, files: 0, clients: 0 };

/** Begins a call that takes long, and waits until it listens. */
async function waiting(box: Box, client: McpClient, pane: string, meta: Record<string, unknown> = {}) {
  const input = { pane, command: "sleep 1000" };
  const call = client.begin("tools/call", { name: "run", arguments: input, ...meta });
  await until("it listens", async () => (await traces(box)).holds === 1);
  return call;
}

describe("a client", () => {
  test.each(["2025-06-18", "2025-11-25"])(
    "that asks for %s gets it, what the server is for, and its tools",
    async (version) => {
      await using box = bash();
      await using client = new McpClient(box);
      const { result } = await client.greet(version);
      expect(result).toMatchObject({
        protocolVersion: version,
        serverInfo: { name: "claude-tmux" },
        capabilities: { tools: {} },
      });
      expect(result.instructions).toContain("A pane is named by its id");
      const { tools } = (await client.ask("tools/list")).result;
      const names = tools.map(({ name }: { name: string }) => name);
      const first = ["list", "create", "run", "read", "wait", "send", "ask", "status", "agent", "tell", "end"];
      expect(names).toEqual([...first, "snapshot"]);
      expect(JSON.stringify(tools).length).toBeLessThanOrEqual(6000);
    },
  );

  test("that asks what the server is before it greets, as 2026-07-28 has it, is told, and may call at once", async () => {
    await using box = bash();
    await using client = new McpClient(box);
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    };
    const { result } = await client.ask("server/discover", { _meta });
    expect(result.supportedVersions).toContain("2026-07-28");
    const called = await client.ask("tools/call", { name: "create", arguments: { name: "dev" }, _meta });
    expect(called.result.structuredContent.output).toBe("Session created: dev");
  });

  test("that wants a version of which nobody knows is told which there are", async () => {
    await using box = bash();
    await using client = new McpClient(box);
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2099-01-01",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    expect((await client.ask("server/discover", { _meta })).error).toMatchObject({
      code: -32022,
      data: { supported: ["2026-07-28"] },
    });
    // one of the old kind is answered with the newest of those
    expect((await client.greet("1999-01-01")).result.protocolVersion).toBe("2025-11-25");
  });

  test("that asks for what there is not gets an error, and goes on", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    for (const method of ["resources/list", "server/discover"])
      expect((await client.ask(method)).error?.code).toBe(-32601);
    expect((await client.call("nothing", {})).error?.code).toBe(-32602);
    for (const line of [
      "this is no JSON",
      "",
      "[]",
      '{"jsonrpc":"1.0","id":77,"method":"ping"}',
      '{"jsonrpc":"2.0","id":null,"error":{}}',
    ])
      client.child.stdin.write(`${line}\n`);
    expect((await client.ask("ping")).result).toEqual({});
    expect(client.heard.slice(-4, -1)).toMatchObject([
      { id: null, error: { code: -32700, message: expect.stringContaining("This is no JSON") } },
      { id: null, error: { code: -32600 } },
      { id: 77, error: { code: -32600 } },
    ]);
  });

  test("with --read-only is offered what changes nothing, and nothing else", async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    await using client = await McpClient.greeted(box, ["--read-only"]);
    const { tools } = (await client.ask("tools/list")).result;
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(["list", "read", "wait", "status", "agent"]);
    expect((await client.call("end", { what: "session", session: "dev" })).error?.code).toBe(-32602);
    expect(await sessionNames(box)).toEqual(["dev"]);
    expect((await client.must("list")).output).toMatchObject([{ name: "dev" }]);
  });

  test.each([
    ["2025-06-18", { supportedProtocolVersions: ["2025-06-18"] }],
    ["2025-11-25", { supportedProtocolVersions: ["2025-11-25"] }],
    ["2026-07-28", { versionNegotiation: { mode: { pin: "2026-07-28" } } }],
    ["2026-07-28", { versionNegotiation: { mode: "auto" } }],
  ] as const)(
    "that is the official one and wants %s lists the tools, calls one, and leaves",
    async (version, options) => {
      await using box = bash();
      const client = await official(box, options as ClientOptions);
      try {
        expect(client.getNegotiatedProtocolVersion()).toBe(version);
        const { tools } = await client.listTools();
        expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["create", "run", "agent"]));
        const { structuredContent } = await client.callTool({ name: "create", arguments: { name: "dev" } });
        expect(structuredContent).toMatchObject({ pane: "%0", output: "Session created: dev" });
      } finally {
        await client.close();
      }
      expect(await sessionNames(box)).toEqual(["dev"]);
    },
  );

  test("that is the official one finds every answer as the tool's schema has it", async () => {
    await using box = bash();
    const client = await official(box);
    try {
      await client.listTools(); // what it knows of outputs it checks
      const call = async (name: string, input: Record<string, unknown>) => {
        const { structuredContent, isError } = await client.callTool({ name, arguments: input });
        expect([name, isError ?? false]).toEqual([name, false]);
        return structuredContent as unknown as Facts;
      };
      const { pane } = await call("create", { name: "dev" });
      expect(await call("run", { pane, command: "echo out; exit_() { return 3; }; exit_" })).toMatchObject({
        output: "out",
        exit_code: 3,
      });
      const { cursor } = await call("run", { pane, command: "seq 10000" });
      await call("read", { cursor });
      await call("run", { pane, command: "cat", wait: false });
      await call("list", {});
      await call("list", { session: "dev" });
      await call("read", { pane });
      await call("read", { pane, screen: true });
      await call("status", { pane });
      await call("agent", { pane });
      await call("agent", {});
      await call("send", { pane, text: "a\n", key: ["C-d"], wait: true });
      await call("wait", { pane });
      await call("run", { session: "dev", command: "echo there; exec cat", pattern: "there" });
      const ran = await call("run", { session: "dev", commands: ["true", "sleep 1000"], for: "first" });
      const panes = (ran.output as Facts[]).map((one) => one.pane);
      await call("wait", { panes, for: "first" });
      for (const name of ["read", "status", "agent"]) await call(name, { panes });
      await call("end", { what: "pane", pane: panes[1] });
      await call("snapshot", { session: "dev" });
      for (const what of ["job", "pane"]) await call("end", { what, pane });
      await call("end", { what: "session", session: "dev" });
      await call("snapshot", { session: "dev", restore: true });
    } finally {
      await client.close();
    }
  });
});

describe("tools", () => {
  test("make sessions and panes, list them, and end them", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    expect((await client.must("list")).output).toEqual([]);
    expect(await client.must("create", { name: "dev", cwd: "/usr", env: ["A=b c"] })).toMatchObject({ pane: "%0" });
    expect(await client.must("create", { session: "dev", label: "two" })).toMatchObject({ pane: "%1" });
    expect(await client.must("run", { pane: "%0", command: 'echo "$PWD $A"' })).toMatchObject({ output: "/usr b c" });
    expect((await client.must("list")).output).toMatchObject([{ name: "dev", windows: 1 }]);
    expect((await client.must("list", { session: "dev" })).output).toMatchObject([
      { pane: "%0", label: "main", cwd: "/usr", last_exit_code: 0, waiting_for: "prompt" },
      { pane: "%1", label: "two" },
    ]);
    await client.must("end", { what: "pane", pane: "dev:two" });
    expect(await box.tmux("list-panes", "-a", "-F", "#{pane_id}")).toBe("%0");
    await client.must("create", { name: "other" });
    await client.must("end", { what: "session", session: "dev" });
    expect(await sessionNames(box)).toEqual(["other"]);
  });

  test("run a command: its exit code and what it wrote, or start what does not end, and wait for a line of it", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    expect(await client.must("run", { pane, command: "seq 3; (exit 7)" })).toEqual({
      pane,
      output: "1\n2\n3",
      exit_code: 7,
      output_lines: 3,
    });
    expect(await client.must("run", { pane, command: "-" })).toMatchObject({ exit_code: 127 });
    const server = "sleep 0.2; echo listening on 80; cat";
    expect(await client.must("run", { pane, command: server, wait: false })).toMatchObject({ output: "Command sent" });
    expect(await client.must("wait", { pane, pattern: "listening on .*" })).toMatchObject({
      output: "listening on 80",
    });
    await until(
      "it reads",
      async () => ((await client.must("status", { pane })).output as Facts).waiting_for === "line",
    );
    const busy = { error: { code: "ERR_PANE_BUSY" } };
    expect(await client.fails("run", { pane, command: "true" })).toMatchObject(busy);
    // nor is a command typed into what reads there
    expect(await client.fails("run", { pane, command: "touch typed", wait: false })).toMatchObject(busy);
    expect(await client.fails("run", { pane, command: "touch typed", pattern: "." })).toMatchObject(busy);
    expect(JSON.stringify(await client.must("read", { pane, screen: true }))).not.toContain("typed");
    expect(await client.must("end", { what: "job", pane })).toMatchObject({ output: "Job ended", exit_code: 130 });
    const late = await client.fails("run", { pane, command: "echo begun; sleep 1000", timeout: 1 });
    expect(late).toMatchObject({ partial_output: "begun", error: { code: "ERR_TIMEOUT" } });
    await client.must("send", { pane, key: ["C-c"] });
    expect(await client.must("wait", { pane })).toMatchObject({ exit_code: 130 });
  });

  test.skipIf(!Bun.which("python3"))("ask a program, type and press keys, read what it shows", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    await client.must("run", { pane, command: "python3 -q", wait: false });
    expect(await client.must("ask", { pane, text: "6 * 7" })).toMatchObject({
      output: "42",
      prompt: ">>> ",
      end: "prompt",
    });
    await client.must("send", { pane, text: "print('a' + 'b')", enter: true });
    expect(await client.must("wait", { pane, pattern: "^ab$", existing: true })).toMatchObject({ output: "ab" });
    expect((await client.must("read", { pane, lines: 2 })).output).toBe("ab\n>>>");
    const screen = (await client.must("read", { pane, screen: true })).output as { lines: string[]; cursor: object };
    expect(screen).toMatchObject({ cursor: { column: 4, visible: true }, waiting_for: "keys" });
    expect(screen.lines.at(-1)).toBe(">>>");
    await client.must("send", { pane, text: "-", enter: false });
    await box.shows("dev", "0", ">>> -");
  });

  test("say what is wrong as commands do, in words that name tools", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    const codes = async (name: string, input: Record<string, unknown>) => (await client.fails(name, input)).error?.code;
    expect(await codes("run", { pane: "%9", command: "true" })).toBe("ERR_PANE_NOT_FOUND");
    expect(await codes("read", { pane: "nobody:0" })).toBe("ERR_SESSION_NOT_FOUND");
    expect(await codes("wait", { pane, pattern: "(" })).toBe("ERR_INVALID_PATTERN");
    expect(await codes("run", { session: "a b", command: "true" })).toBe("ERR_INVALID_NAME");
    for (const [name, input, words] of [
      ["run", { pane }, '"command" is missing'],
      ["run", { pane: "0", command: "true" }, "does not say of which session"],
      ["run", { pane, command: "true", wait: "no" }, "no boolean"],
      ["run", { pane, command: 1 }, "string"],
      ["end", { pane }, '"what" is missing: job, pane, session'],
      ["end", { pane, what: "all" }, "none of: job, pane, session"],
      ["send", { pane, key: ["C-c"], lines: 1 }, 'no "lines" to give here'],
      [
        "run",
        { pane, command: "true", pattern: "x", tail: 1 },
        '"tail" is not taken with "pane" and "command" and "pattern"',
      ],
      ["send", { pane, key: ["Nonsense"] }, "Nonsense"],
      ["read", { cursor: "9:9" }, "no text to read on"],
      ["read", {}, '"pane" is missing'],
      ["run", { pane, session: "dev", command: "true" }, '"pane" and "session" are both there'],
      ["run", { pane, commands: ["true"] }, '"session" is missing'],
      ["run", { session: "dev", command: "true", commands: ["true"] }, '"commands" and "command" are both there'],
      ["run", { session: "dev", commands: "true" }, "no array"],
      ["run", { pane, command: "echo a\0b" }, '"command" holds a NUL character'],
      ["send", { pane, text: "a\0b" }, '"text" holds a NUL character'],
      ["create", { name: "work", env: ["A=x\0y"] }, '"env" holds a NUL character'],
      ["run", { session: "dev", commands: ["true"], for: "some" }, "none of: all, first, failure"],
      ["status", { panes: [] }, "give 1 to 20"],
      ["status", { panes: Array.from({ length: 21 }, () => pane) }, "give 1 to 20"],
      ["status", { panes: [pane, 1] }, "does not say of which session"],
    ] as const) {
      const { output, error } = await client.fails(name, input);
      expect(error?.code).toBe("ERR_INVALID_ARGUMENT");
      expect(output).toContain(words);
    }
    for (const input of [{ pane }, { sesion: "dev", command: "true" }])
      expect((await client.fails("run", input)).error?.hint).toBe(
        "In all there are: pane, command, pattern, timeout, tail, marker, session, commands, for, wait",
      );
    await client.must("run", { pane, command: "cat", wait: false });
    await until("it runs", async () => ((await client.must("status", { pane })).output as Facts).command === "cat");
    expect((await client.fails("run", { pane, command: "true" })).error?.hint).toStartWith("Wait for it with wait.");
  });

  test("cut a long list to its beginning, and go on from there", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const folder = `${box.folder}/${"f".repeat(200)}/${"g".repeat(200)}`;
    await box.tmux("new-session", "-d", "-s", "dev", `mkdir -p ${folder} && cd ${folder} && exec sleep 1000`);
    await until(
      "it is there",
      async () => (await box.tmux("display-message", "-p", "#{pane_current_path}")) === folder,
    );
    for (let i = 0; i < 50; i++) await box.tmux("new-window", "-d", "-t", "=dev:", "-c", folder, "exec sleep 1000");
    const first = await client.must("list", { session: "dev" });
    expect(first.output_truncated).toBe(true);
    const rest = await client.must("list", { cursor: first.cursor });
    const ids = [first, rest].flatMap(({ output }) => (output as { pane: string }[]).map(({ pane }) => pane));
    expect(ids).toEqual(Array.from({ length: 51 }, (_, i) => `%${i}`));
  });

  test("cut a long answer to its end, and give the rest to who reads on", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    const parts: string[] = [];
    let answer = await client.must("run", { pane, command: "seq 20000" });
    // it stands nowhere else by now
    await client.must("run", { pane, command: "clear" });
    await box.tmux("clear-history", "-t", pane);
    expect(answer).toMatchObject({ exit_code: 0, output_truncated: true });
    for (; ; answer = await client.must("read", { cursor: answer.cursor })) {
      parts.unshift(answer.output as string);
      expect((answer.output as string).length).toBeLessThanOrEqual(20_000);
      if (answer.cursor === undefined) break;
    }
    const numbers = Array.from({ length: 20_000 }, (_, i) => `${i + 1}`);
    expect(
      parts
        .join("")
        .split("\n")
        .filter((line) => line !== ""),
    ).toEqual(numbers);
  });
});

describe("the pane that the server was started in", () => {
  test("and its session are refused, by the environment", async () => {
    await using box = bash();
    const own = await box.bridge("session-create", "own");
    await box.output("pane-create", "own", "other");
    const [socket, pid] = (await box.tmux("display-message", "-p", "-t", "=own:", "#{socket_path} #{pid}")).split(" ");
    const env = { TMUX: `${socket},${pid},0`, TMUX_PANE: own.pane };
    await using client = await McpClient.greeted(box, [], env);
    for (const [name, input] of [
      ["run", { pane: own.pane, command: "true" }],
      ["run", { pane: "own:main", command: "true", wait: false }],
      ["send", { pane: "own:0.0", text: "a" }],
      ["send", { pane: own.pane, key: ["C-c"] }],
      ["ask", { pane: own.pane, text: "a" }],
      ["end", { pane: own.pane, what: "job" }],
      ["end", { pane: own.pane, what: "pane" }],
      ["end", { session: "own", what: "session" }],
    ] as const) {
      const { output, error } = await client.fails(name, input);
      expect([name, error?.code]).toEqual([name, "ERR_PANE_BUSY"]);
      expect(output).toContain("that you run in");
      expect(error?.hint).toBeTruthy();
    }
    expect((await client.must("status", { pane: own.pane })).pane).toBe(own.pane);
    expect(await client.must("run", { pane: "own:other", command: "echo yes" })).toMatchObject({ output: "yes" });
    await client.must("end", { pane: "own:other", what: "pane" });
    expect(await sessionNames(box)).toEqual(["own"]);
  });

  test("are refused also where a client does not pass that environment on", async () => {
    await using box = bash();
    await box.output("session-create", "own", "--cwd", box.folder);
    const call = { name: "run", arguments: { pane: "%0", command: "touch typed" } };
    const requests = [
      {
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
      },
      { id: 2, method: "tools/call", params: call },
    ];
    const lines = requests.map((request) => `${JSON.stringify({ jsonrpc: "2.0", ...request })}\n`);
    await Bun.write(`${box.folder}/requests`, lines.join(""));
    const program = box.command.join(" ");
    await box.output("pane-exec", "own", "0", `(cat requests; cat) | env -u TMUX -u TMUX_PANE ${program} mcp >answers`);
    const [, answer = ""] = await box.lines("answers", 2, 20_000);
    expect(JSON.parse(answer).result.content[0].text).toContain("that you run in");
  });
});

describe("a call that takes long", () => {
  test("tells a client that asks for it that it goes on, is given up when it is cancelled, and disturbs no other", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    const other = (await client.must("create", { session: "dev" })).pane;
    await client.must("run", { pane: other, command: "true" });
    const call = await waiting(box, client, pane, { _meta: { progressToken: "mine" } });
    const progress = () => client.heard.filter(({ method }) => method === "notifications/progress");
    const run = client.must("run", { pane: other, command: "sleep 3; echo there" });
    await until("two are told of", () => progress().length >= 2 && progress());
    expect(progress()[0]?.params).toMatchObject({ progressToken: "mine", progress: 2 });
    expect(progress()[1]?.params).toMatchObject({ progressToken: "mine", progress: 4 });
    client.tell("notifications/cancelled", { requestId: call.id, reason: "enough" });
    expect(await run).toMatchObject({ output: "there", exit_code: 0 });
    await until("nothing listens", async () => Bun.deepEquals(await traces(box), NOTHING));
    const told = progress().length;
    expect((await client.must("status", { pane })).output).toMatchObject({ command: "sleep" });
    await client.must("run", { pane: other, command: "sleep 2.5" });
    expect(progress().length).toBe(told);
    expect(client.heard.some(({ id }) => id === call.id)).toBe(false);
  });

  test("does not hold up another in the same pane, nor what is typed there", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    const run = client.must("run", { pane, command: "read x; echo got $x" });
    await until(
      "it reads",
      async () => ((await client.must("status", { pane })).output as Facts).waiting_for === "line",
    );
    const wait = client.must("wait", { pane, pattern: "^got" });
    await until("both listen", async () => (await box.listeners()) === 2);
    await client.must("send", { pane, text: "it", enter: true });
    expect(await run).toMatchObject({ output: "it\ngot it", exit_code: 0 });
    expect(await wait).toMatchObject({ output: "got it" });
    await until("nothing listens", async () => Bun.deepEquals(await traces(box), NOTHING));
  });

  test("is given up when the client goes away: the server ends, and leaves nothing", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    await waiting(box, client, pane);
    expect(await client.leave()).toBe(0);
    expect(await traces(box)).toEqual(NOTHING);
    expect(await box.tmux("display-message", "-p", "-t", pane, "#{pane_current_command}")).toBe("sleep");
    expect(await client.child.stderr.text()).toBe("");
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("is given up at %s", async (signal, exitCode) => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    await waiting(box, client, await session(client));
    client.child.kill(signal);
    expect(await client.child.exited).toBe(exitCode);
    expect(await traces(box)).toEqual(NOTHING);
  });

  test("is given up when the client is killed: the server ends, and leaves nothing", async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    const pane = "%0";
    const lines = [
      { id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: ABOUT } },
      { id: 2, method: "tools/call", params: { name: "run", arguments: { pane, command: "cat" } } },
      { id: 3, method: "tools/call", params: { name: "ask", arguments: { pane, text: "sleep 1000", quiet: 900 } } },
    ].map((request) => `${JSON.stringify({ jsonrpc: "2.0", ...request })}\n`);
    // a process of its own, which holds the one end of the pipes
    const script = `const server = Bun.spawn(${JSON.stringify([...box.command, "mcp"])}, { stdin: "pipe", stdout: "pipe" });
      server.stdin.write(${JSON.stringify(lines.slice(0, 2).join(""))});
      for await (const line of console) { server.stdin.write(${JSON.stringify(lines[2])}); console.log(server.pid); }`;
    await using client = Bun.spawn([process.execPath, "-e", script], {
      env: box.env,
      stdin: "pipe",
      stdout: "pipe",
    });
    const waitsFor = async () => ((await box.bridge("pane-status", "dev", "0")).output as Facts).waiting_for;
    await until("it reads", async () => (await waitsFor()) === "line");
    client.stdin.write("\n");
    client.stdin.flush();
    const { value } = await client.stdout.getReader().read();
    const server = Number(new TextDecoder().decode(value));
    const asks = () => box.tmux("show-options", "-pqv", "-t", pane, ASKING_OPTION);
    await until("it asks", async () => (await asks()) !== "");
    client.kill("SIGKILL");
    await until("the server has ended", async () => !(await lives(server)));
    expect(await traces(box)).toEqual(NOTHING);
    expect(await asks()).toBe("");
  });

  test("leaves nothing after SIGKILL that the next command does not undo", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const pane = await session(client);
    await waiting(box, client, pane);
    client.child.kill("SIGKILL");
    await client.child.exited;
    await using next = await McpClient.greeted(box);
    expect(await next.fails("wait", { pane, timeout: 0.5 })).toMatchObject({ error: { code: "ERR_TIMEOUT" } });
    await until("nothing is left", async () => Bun.deepEquals(await traces(box), NOTHING));
  });
});

test("what was asked for before stdin ended is answered: what goes on then, as given up", async () => {
  await using box = bash();
  await using client = new McpClient(box);
  const greeted = client.greet("2025-11-25");
  const [soon, late] = ["echo soon", "sleep 1000"].map((command) => client.call("run", { session: "dev", command }));
  expect(await client.leave()).toBe(0);
  expect((await greeted).result.protocolVersion).toBe("2025-11-25");
  expect((await soon)?.result.structuredContent).toMatchObject({ output: "soon", exit_code: 0 });
  const { isError, content } = (await late)?.result ?? {};
  expect([isError, JSON.parse(content[0].text)]).toMatchObject([
    true,
    {
      pane: expect.stringMatching(/^%/),
      output: expect.stringContaining("given up"),
      error: { code: "ERR_COMMAND_FAILED" },
    },
  ]);
});

test("a client that leaves before it has said anything ends the server", async () => {
  await using box = bash();
  const client = new McpClient(box);
  expect(await client.leave()).toBe(0);
  expect(await lives(client.child.pid)).toBe(false);
});
