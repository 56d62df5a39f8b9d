import { describe, expect, test } from "bun:test";
import { definitions, told } from "../../../../src/commands/mcp/definition.ts";
import { INSTRUCTIONS } from "../../../../src/commands/mcp/instructions.ts";
import { TOOLS } from "../../../../src/commands/mcp/tools.ts";
import { inputSchema } from "../../../../src/commands/schema.ts";
import { TABLE } from "../../../../src/commands/table.ts";

const all = await definitions(TABLE, false);
const named = (name: string) => all.find((each) => each.name === name);

test("all that clients are told of the tools is small", () => {
  expect(JSON.stringify(all).length).toBeLessThanOrEqual(6000);
  expect(Buffer.byteLength(INSTRUCTIONS)).toBeLessThanOrEqual(2048);
});

test("the instructions say of every tool when to use it", () => {
  for (const name of Object.keys(TOOLS)) expect(INSTRUCTIONS).toMatch(new RegExp(`\\b${name}\\b`));
});

test("a tool takes what its commands declare, by their names, each of one type", async () => {
  for (const [name, { uses, own = {} }] of Object.entries(TOOLS)) {
    const { properties = {} } = named(name)?.inputSchema ?? {};
    for (const [input, { type, enum: values }] of Object.entries(properties)) {
      expect([name, input, typeof (type ?? typeof values)]).toEqual([name, input, "string"]);
    }
    for (const { command, takes, by = {} } of uses.flatMap((use) => [use, ...(use.next ?? [])])) {
      const { default: declared } = (await TABLE.families.bridge[command]?.load()) ?? {};
      const known = Object.keys(inputSchema(declared as never).properties ?? {});
      expect(known).toEqual(expect.arrayContaining(Object.keys(takes)));
      for (const [input, words] of Object.entries(takes)) {
        if (words !== null) expect(properties).toHaveProperty([by[input] ?? input]);
      }
    }
    for (const input of Object.keys(own)) expect(properties).toHaveProperty([input]);
  }
});

describe("a tool", () => {
  test("requires what all of its commands do, but for what is usual", () => {
    expect(named("run")?.inputSchema).toEqual({
      type: "object",
      properties: {
        pane: { type: "string", description: "%5, dev:label" },
        session: { type: "string" },
        command: { type: "string" },
        commands: { type: "array", items: { type: "string" } },
        for: { type: "string", enum: ["all", "first", "failure"] },
        pattern: { type: "string", description: "RE2: until a line matches" },
        timeout: { type: "number" },
        tail: { type: "integer" },
        marker: { type: "boolean", description: "in ssh, su" },
        wait: { type: "boolean", description: "false: it does not end" },
      },
    });
    expect(named("ask")?.inputSchema.required).toEqual(["pane", "text"]);
    expect(named("snapshot")?.inputSchema.required).toEqual(["session"]);
    expect(named("end")?.inputSchema.required).toEqual(["what"]);
    expect(named("read")?.inputSchema.required).toBeUndefined();
  });

  test("answers as its commands do, with what is always there required, and what it was asked of left out", () => {
    expect(named("run")?.outputSchema).toEqual({
      type: "object",
      properties: {
        output: { type: ["string", "array"] },
        exit_code: { type: ["integer", "null"] },
      },
      required: ["output"],
    });
    expect(named("create")?.outputSchema).toEqual({
      type: "object",
      properties: { pane: { type: "string" }, output: { type: "string" } },
      required: ["pane", "output"],
    });
    expect(named("ask")?.outputSchema.required).toEqual(["output", "prompt", "end"]);
    expect(named("agent")?.outputSchema.properties).toEqual({ output: { type: ["object", "array"] } });
    for (const { name, outputSchema } of all) {
      expect([name, outputSchema.required]).toEqual([name, expect.arrayContaining(["output"])]);
    }
  });

  test.each([
    ["list", { readOnlyHint: true }],
    ["read", { readOnlyHint: true }],
    ["wait", { readOnlyHint: true }],
    ["status", { readOnlyHint: true }],
    ["agent", { readOnlyHint: true }],
    ["create", { destructiveHint: false }],
    ["run", { destructiveHint: true }],
    ["send", { destructiveHint: true }],
    ["ask", { destructiveHint: true }],
    ["tell", { destructiveHint: true }],
    ["end", { destructiveHint: true }],
    ["snapshot", { destructiveHint: false }],
  ] as const)("%s says what it does to what is the user's", (name, annotations) => {
    expect(named(name)?.annotations).toEqual(annotations);
  });
});

test("--read-only offers those that only read, and no others", async () => {
  expect((await definitions(TABLE, true)).map(({ name }) => name)).toEqual(["list", "read", "wait", "status", "agent"]);
});

test("an answer is told without what an agent knows or does not need", () => {
  const pane = { pane_id: 0, pane: "%1", command: "bash", method: "foreground" };
  const answer = { status: "success", command: "pane-list-detailed", session: "dev", pane: "", output: [pane] };
  expect(told({ ...answer, timestamp: "" })).toEqual({ pane: "", output: [{ pane: "%1", command: "bash" }] });
});
