import { describe, expect, test } from "bun:test";
import { Box, sessionNames, until } from "../helpers/box.ts";
import { McpClient } from "../helpers/mcp.ts";
import { hostileText, RANDOM_SEED, random } from "../helpers/random.ts";

const bash = () => new Box({ SHELL: "/bin/bash", PS1: "$ " });

/** Writes something that no client would. */
function write(client: McpClient, data: string | Uint8Array): void {
  client.child.stdin.write(data);
  client.child.stdin.flush();
}

describe("a client that sends what is no request", () => {
  test(`gets no more than errors for it, and goes on (SEED=${RANDOM_SEED})`, async () => {
    await using box = bash();
    await box.output("session-create", "dev");
    await using client = await McpClient.greeted(box);
    const next = random(RANDOM_SEED);
    for (let i = 0; i < 200; i++) {
      write(
        client,
        Uint8Array.from({ length: 200 }, () => next() * 256),
      );
      write(client, `\n${hostileText(next, 50)}\n`);
    }
    const call = {
      jsonrpc: "2.0",
      method: "tools/call",
      params: { name: "end", arguments: { what: "session", session: "dev" } },
    };
    for (const message of [
      null,
      [],
      [{ ...call, id: 1000 }], // no version that is served knows batches
      {},
      { ...call, jsonrpc: "1.0", id: 1001 },
      { ...call, id: {} },
      { ...call, id: null },
      call, // asks for no answer: it is no notification that there is
      { jsonrpc: "2.0", id: 1002, result: {} },
      { jsonrpc: "2.0", id: "x", error: { code: 1, message: "" } },
      { jsonrpc: "2.0", method: "notifications/nothing", params: { a: 1 } },
      { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 12345 } },
      { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: {} } },
    ]) {
      write(client, `${JSON.stringify(message)}\n`);
    }
    expect((await client.ask("ping")).result).toEqual({});
    const others = client.heard.slice(1, -1).map(({ id, error }) => [id === null || id === 1001, error?.code]);
    expect(others.filter(([isNobodys, code]) => !isNobodys || (code !== -32700 && code !== -32600))).toEqual([]);
    expect(await sessionNames(box)).toEqual(["dev"]);
  });

  test("gets an error for a method, a tool or arguments that there are not", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    for (const method of ["", "tools", "tools/CALL", "__proto__", "constructor", "resources/read", "x".repeat(100_000)])
      expect((await client.ask(method)).error?.code).toBe(-32601);
    for (const name of ["", "__proto__", "constructor", "toString", "x".repeat(100_000)])
      expect((await client.call(name, {})).error?.code).toBe(-32602);
    for (const params of [{}, { name: 1 }, { name: "list", arguments: [] }, { name: "list", arguments: "x" }])
      expect((await client.ask("tools/call", params)).error?.code).toBe(-32602);
    for (const input of [
      { nothing: 1 },
      { session: "x".repeat(100_000) },
      { session: ["dev"] },
      { cursor: "__proto__:0" },
    ])
      expect((await client.fails("list", input)).error?.code).toBeString();
  });

  test("and nests it deeply, goes on", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    for (const depth of [1000, 100_000, 1_000_000]) {
      const deep = "[".repeat(depth) + "]".repeat(depth);
      write(client, `${"[".repeat(depth)}\n${deep}\n`);
      const input = `{"name":"list","arguments":{"session":${deep}}}`;
      write(client, `{"jsonrpc":"2.0","id":${depth},"method":"tools/call","params":${input}}\n`);
    }
    expect((await client.ask("ping")).result).toEqual({});
    expect((await client.must("list")).output).toEqual([]);
  });

  test("and never ends it, is told so, and the server ends", async () => {
    await using box = bash();
    await using client = await McpClient.greeted(box);
    const megabyte = new Uint8Array(1_000_000).fill(0x78);
    for (let i = 0; i < 50 && client.child.exitCode === null; i++) {
      try {
        client.child.stdin.write(megabyte);
        await client.child.stdin.flush();
      } catch {
        break; // nobody reads it any more
      }
    }
    expect(await client.child.exited).toBe(1);
    expect(await client.child.stderr.text()).toContain("The connection was given up");
  });
});

test("500 calls at once are all answered, each with what it asked for", async () => {
  await using box = bash();
  await using client = await McpClient.greeted(box);
  const { pane } = await client.must("create", { name: "dev" });
  await client.must("run", { pane, command: "echo there" });
  const calls = Array.from({ length: 100 }, (_, i) => [
    client.must("status", { pane }).then(({ output }) => expect(output).toMatchObject({ pane })),
    client.must("list").then(({ output }) => expect(output).toMatchObject([{ name: "dev" }])),
    client.must("read", { pane, lines: 5 }).then(({ output }) => expect(output).toContain("there")),
    client
      .fails("status", { pane: `dev:${i + 10}` })
      .then(({ error }) => expect(error?.code).toBe("ERR_PANE_NOT_FOUND")),
    client.must("wait", { pane }).then(({ exit_code: code }) => expect(code).toBe(0)),
  ]).flat();
  await Promise.all(calls);
  expect(calls.length).toBe(500);
  const runs = await Promise.all(Array.from({ length: 20 }, () => client.call("run", { pane, command: "sleep 0.5" })));
  const codes = runs.map(
    ({ result }) => result.structuredContent?.exit_code ?? JSON.parse(result.content[0].text).error.code,
  );
  // one at least has run, and others may come when nothing runs
  expect([...new Set(codes)].filter((code) => code !== "ERR_PANE_BUSY")).toEqual([0]);
  expect(await client.must("run", { pane, command: "echo still there" })).toMatchObject({ output: "still there" });
});

test("500 that wait at once do not hold up others, and leave nothing when they are cancelled", async () => {
  await using box = bash();
  await using client = await McpClient.greeted(box);
  const { pane } = await client.must("create", { name: "dev" });
  await client.must("run", { pane, command: "cat", wait: false });
  const input = { pane, pattern: "never", timeout: 300 };
  const calls = Array.from({ length: 500 }, () => client.begin("tools/call", { name: "wait", arguments: input }));
  await client.must("status", { pane });
  await until("they listen", async () => (await box.listeners()) >= 50);
  await client.must("send", { pane, text: "there", enter: true });
  await until("it was heard", async () => `${(await client.must("read", { pane })).output}`.includes("there\nthere"));
  expect(await box.listeners()).toBe(50);
  for (const { id } of calls) client.tell("notifications/cancelled", { requestId: id });
  await until("nothing listens", async () => (await box.listeners()) === 0);
  await until("nothing is left", async () => (await box.tmux("list-clients")) === "");
  await client.must("end", { pane, what: "job" });
  expect(await client.must("run", { pane, command: "echo still there" })).toMatchObject({ output: "still there" });
});
