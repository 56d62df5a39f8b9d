import { describe, expect, test } from "bun:test";
import type { Arg, Command } from "../../../src/commands/define.ts";
import { describeCommands } from "../../../src/commands/reference/usage.ts";
import { inputSchema, readInput } from "../../../src/commands/schema.ts";

const commands = await describeCommands();

function commandNamed(words: string): Pick<Command, "args" | "variants"> {
  const found = commands.find(({ family, name }) => [family, name].filter((word) => word).join(" ") === words);
  if (!found) throw new Error(`there is no ${words}`);
  return found.command;
}

describe("what a command takes", () => {
  test("is an object of its arguments, each with what it may be", () => {
    expect(inputSchema(commandNamed("bridge pane-run"))).toEqual({
      type: "object",
      properties: {
        session: { type: "string", description: "the session, by its exact name or its id ($3)" },
        pane: { type: "string", description: expect.any(String) },
        timeout: {
          type: ["number", "string"],
          minimum: 0.001,
          maximum: 999_999_999,
          pattern: "^[0-9][0-9.hms]*$",
          description: expect.any(String),
        },
        tail: { type: "integer", minimum: 1, maximum: 999_999_999, description: "only the last lines of the output" },
        "max-bytes": {
          type: "integer",
          minimum: 1,
          maximum: 999_999_999,
          description: "only the last bytes of the output",
        },
        marker: { type: "boolean", description: expect.any(String) },
        command: {
          type: ["string", "array"],
          items: { type: "string" },
          minItems: 1,
          description: expect.any(String),
        },
      },
      required: ["session", "pane", "command"],
      additionalProperties: false,
    });
  });

  test("has the values that can be, and what is taken when nothing is given", () => {
    expect(inputSchema(commandNamed("bridge pane-create-with-layout")).properties?.layout).toEqual({
      type: "string",
      enum: ["tiled", "main-horizontal", "main-vertical", "even-horizontal", "even-vertical"],
      description: "one of tmux's layouts",
      default: "tiled",
    });
    expect(inputSchema(commandNamed("bridge pane-capture")).properties?.lines).toMatchObject({
      type: "integer",
      default: 20,
    });
    expect(inputSchema(commandNamed("bridge session-create")).properties?.env).toMatchObject({
      type: "array",
      items: { type: "string" },
    });
  });

  test("is called by the option where one stands in for a positional argument, and must be given as that", () => {
    const { properties, required } = inputSchema(commandNamed("bridge pane-watch-timeout"));
    expect(Object.keys(properties ?? {})).toEqual([
      "session",
      "pane",
      "pattern",
      "lines",
      "existing",
      "new",
      "timeout",
    ]);
    expect(required).toEqual(["session", "pane", "pattern", "timeout"]);
    expect(inputSchema(commandNamed("bridge pane-wait")).required).toEqual(["session", "pane"]);
  });

  test.each(["bridge pane-count", "daemon events", "daemon logs", "daemon run", "completions"])(
    "%s: not what is of the terminal, or internal",
    (words) => {
      const names = Object.keys(inputSchema(commandNamed(words)).properties ?? {});
      for (const name of ["compact", "follow", "supervised", "words"]) expect(names).not.toContain(name);
    },
  );

  test.each(commands.map(({ family, name, command }) => [`${family ?? ""} ${name}`.trim(), command] as const))(
    "%s: every argument is described, and every default is one that may be given",
    (_, command) => {
      const { properties = {} } = inputSchema(command);
      const defaults: Record<string, unknown> = {};
      for (const [name, { description, default: usual }] of Object.entries(properties)) {
        expect(description).toBeTruthy();
        if (usual !== undefined) defaults[name] = usual;
      }
      const optional = Object.fromEntries(
        Object.entries(command.args).map(([name, arg]) => [name, { ...arg, required: false }]),
      );
      const free = optional as Record<string, Arg>;
      expect(readInput({ args: free }, defaults)).toEqual(readInput({ args: free }, {}));
    },
  );
});

describe("what is given", () => {
  test("is read as from the command line", () => {
    expect(
      readInput(commandNamed("bridge pane-run"), {
        session: "dev",
        pane: "0",
        timeout: 1.5,
        tail: 3,
        marker: true,
        command: ["echo", "a b"],
      }),
    ).toEqual({ session: "dev", pane: "0", timeout: 1.5, tail: 3, marker: true, command: "echo 'a b'" });
    expect(
      readInput(commandNamed("bridge pane-run"), { session: "dev", pane: "0", timeout: "5m", command: "make" }),
    ).toEqual({
      session: "dev",
      pane: "0",
      timeout: 300,
      command: "make",
    });
    expect(readInput(commandNamed("bridge session-create"), { name: "dev", env: ["A=1"] })).toEqual({
      name: "dev",
      size: { width: 200, height: 50 },
      env: ["A=1"],
    });
  });

  test.each([
    [{ session: "dev" }, '"pane" is missing'],
    [{ session: "dev", pane: "0" }, '"command" is missing'],
    [{ session: "dev", pane: 0, command: "x" }, '"pane" is 0, which is no string'],
    [{ session: "dev", pane: "0", command: [1] }, '"command" is [1], which is no string or array'],
    [{ session: "dev", pane: "0", command: "x", tail: 0 }, '"tail" is "0", which is not a whole number of 1 or more'],
    [{ session: "dev", pane: "0", command: "x", tail: "3" }, '"tail" is "3", which is no integer'],
    [{ session: "dev", pane: "0", command: "x", timeout: -1 }, '"timeout" is "-1", which is not a number of seconds'],
    [{ session: "dev", pane: "0", command: "x", marker: "yes" }, '"marker" is "yes", which is no boolean'],
    [{ session: "dev", pane: "0", command: "x", compact: true }, 'there is no "compact" to give'],
  ])("%p is refused", (input, message) => {
    expect(() => readInput(commandNamed("bridge pane-run"), input)).toThrow(message);
  });
});

describe("words that are others for each type of subscription", () => {
  const subscribe = commandNamed("daemon subscribe");

  test("are given by name, and say for which types they are", () => {
    const { properties = {}, required } = inputSchema(subscribe);
    expect(Object.keys(properties)).toEqual([
      "session",
      "type",
      "pane",
      "pattern",
      "callback",
      "seconds",
      "states",
      "once",
    ]);
    expect(properties.seconds).toMatchObject({ description: "the seconds (for timeout, silence)", minimum: 0.001 });
    expect(properties.callback?.description).toBe("a shell command to run");
    expect(required).toEqual(["session", "type"]);
  });

  test.each([
    [
      { type: "pattern-match", pane: "0", pattern: "x", callback: "true" },
      { pane: "0", detail: "x", callback: "true" },
    ],
    [
      { type: "silence", seconds: 1.5, pane: "0" },
      { pane: "0", detail: "1.5" },
    ],
    [
      { type: "pane-exit", callback: "true", once: true },
      { pane: "", detail: "true", once: true },
    ],
    [{ type: "pane-exit" }, {}],
    [{ type: "session-closed", callback: "true" }, { pane: "true" }],
  ])("%p reads as on a command line", (input, expected) => {
    const { type } = input;
    expect(readInput(subscribe, { session: "dev", ...input })).toEqual({ session: "dev", type, ...expected });
  });

  test.each([
    [{ type: "silence", pane: "0" }, '"seconds" is missing'],
    [{ type: "silence", pane: "0", seconds: true }, '"seconds" is true, which is no number or string'],
    [
      { type: "silence", pane: "0", pattern: "x" },
      'there is no "pattern" to give; there are: session, type, once, pane',
    ],
    [{ type: "silence", pane: "0", seconds: 1, toString: "x" }, 'there is no "toString" to give'],
    [{ type: "constructor", name: "x" }, '"type" is "constructor", which is none of'],
    [{ pane: "0" }, '"type" is missing'],
    [{ type: "timer", pane: "0" }, '"type" is "timer", which is none of: pattern-match, timeout'],
  ])("%p is refused", (input, message) => {
    expect(() => readInput(subscribe, { session: "dev", ...input })).toThrow(message);
  });
});
