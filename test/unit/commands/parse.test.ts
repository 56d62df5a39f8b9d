import { describe, expect, test } from "bun:test";
import type { Arg } from "../../../src/commands/define.ts";
import { defaultOptions } from "../../../src/commands/options.ts";
import { parseCommand } from "../../../src/commands/parse.ts";

const exec: Record<string, Arg> = {
  session: { type: "positional", required: true },
  pane: { type: "positional", required: true },
  command: { type: "positional", required: true, raw: true },
  timeout: { type: "string", alias: "t" },
  env: { type: "string", multiple: true },
  once: { type: "boolean" },
};
const capture: Record<string, Arg> = {
  pane: { type: "positional", required: true },
  lines: { type: "positional", default: "20" },
  callback: { type: "positional", required: false, raw: true },
};

const words: Record<string, Arg> = {
  ...exec,
  command: { type: "positional", required: true, raw: true, multiple: true },
};
const limited: Record<string, Arg> = {
  session: { type: "positional", required: true },
  pane: { type: "positional", required: true },
  seconds: { type: "positional", required: true, unless: "limit" },
  command: { type: "positional", required: true, raw: true },
  limit: { type: "string" },
};

const standing: Record<string, Arg> = {
  session: { type: "positional", required: true, unless: "all" },
  seconds: { type: "positional", default: "300", kind: "seconds" },
  all: { type: "boolean" },
  keep: { type: "string", kind: "count" },
};

function parse(args: Record<string, Arg>, tokens: string[]) {
  const options = defaultOptions();
  return { values: parseCommand(tokens, args, options), options };
}

describe("parseCommand", () => {
  test.each<[string, string[], Record<string, unknown>]>([
    ["positionals in order", ["dev", "0", "make"], { session: "dev", pane: "0", command: "make" }],
    ["free text that looks like an option the command does not have", ["dev", "0", "-la"], { command: "-la" }],
    ["an option where free text is due", ["dev", "0", "--once", "x"], { once: true, command: "x" }],
    ["a value where free text is due", ["dev", "0", "--timeout", "5", "x"], { timeout: "5", command: "x" }],
    ["an option after --, as text", ["dev", "0", "--", "--once"], { once: undefined, command: "--once" }],
    ["free text after --", ["dev", "0", "--", "--"], { command: "--" }],
    ["a last -- as text", ["dev", "0", "--"], { command: "--" }],
    ["an empty raw argument", ["dev", "0", ""], { command: "" }],
    [
      "options before, between and after",
      ["--once", "dev", "--timeout", "5", "0", "x"],
      { once: true, timeout: "5", command: "x" },
    ],
    ["a value after =", ["dev", "0", "x", "--timeout=5"], { timeout: "5" }],
    ["a value that holds =", ["dev", "0", "x", "--env", "A=b=c"], { env: ["A=b=c"] }],
    ["a value that begins with -", ["dev", "0", "x", "--timeout", "-5"], { timeout: "-5" }],
    ["a number below 0, which is no option", ["dev", "-5", "x"], { pane: "-5" }],
    ["an alias", ["-t", "5", "dev", "0", "x"], { timeout: "5" }],
    ["a repeated option", ["--env", "A=1", "--env=B=2", "dev", "0", "x"], { env: ["A=1", "B=2"] }],
  ])("reads %s", (_, tokens, expected) => {
    expect(parse(exec, tokens).values).toMatchObject(expected);
  });

  test("takes global options anywhere before --", () => {
    const { options } = parse(exec, ["--json", "dev", "-L", "work", "0", "x", "--quiet", "-S/tmp/s"]);
    expect(options).toMatchObject({ json: true, quiet: true, socketName: "work", socketPath: "/tmp/s" });
  });

  test("gives defaults to what is not given", () => {
    expect(parse(capture, ["0"]).values).toEqual({ pane: "0", lines: "20", callback: undefined });
  });

  test.each([
    [["dev", "0", "--help"]],
    [["--help"]],
    [["dev", "-h", "0", "x"]],
    [["--frob=--", "dev", "0", "--help"]],
    [["--nope", "--help"]],
    [["--timeout", "--help"]],
  ])("%p asks for help", (tokens) => {
    expect(parse({ ...exec, frob: { type: "string" } }, tokens).options.help).toBe(true);
  });

  test.each<[string, string[], Record<string, unknown>]>([
    ["words after --", ["dev", "0", "--", "ls", "-la", "--once"], { command: ["ls", "-la", "--once"] }],
    ["one word without it", ["dev", "0", "ls -la"], { command: ["ls -la"] }],
    ["options between them and the rest", ["dev", "0", "--once", "--", "ls"], { once: true, command: ["ls"] }],
  ])("reads %s, where several may come", (_, tokens, expected) => {
    expect(parse(words, tokens).values).toMatchObject(expected);
  });

  test.each<[string, string[], Record<string, unknown>]>([
    ["in its place", ["dev", "0", "5", "x"], { seconds: "5", command: "x" }],
    ["by the option, before", ["--limit", "7", "dev", "0", "x"], { seconds: undefined, limit: "7", command: "x" }],
    ["by the option, behind", ["dev", "0", "x", "--limit=7"], { seconds: undefined, limit: "7", command: "x" }],
    ["in its place when the option is text", ["dev", "0", "5", "--", "--limit"], { seconds: "5", command: "--limit" }],
  ])("an argument that an option stands in for is given %s", (_, tokens, expected) => {
    expect(parse(limited, tokens).values).toMatchObject(expected);
  });

  test.each([
    ["%5", ["%5", "x"], { session: "%5", pane: "%5", command: "x" }],
    ["a target", ["dev:1.2", "x"], { session: "dev:1.2", pane: "dev:1.2", command: "x" }],
    ["%5 behind its session", ["dev", "%5", "x"], { session: "dev", pane: "%5", command: "x" }],
    ["an exact name", ["=a:b", "0", "x"], { session: "=a:b", pane: "0", command: "x" }],
  ])("%s says which pane, and of which session", (_, tokens, expected) => {
    expect(parse(exec, tokens).values).toMatchObject(expected);
  });

  test.each([
    ["with words behind", ["%5", "silence", "x"], { session: "%5", type: "silence", pane: "%5", command: "x" }],
    ["without", ["dev:1.2", "silence"], { session: "dev:1.2", type: "silence", pane: "dev:1.2" }],
    ["a session", ["dev", "silence", "0", "x"], { session: "dev", type: "silence", pane: "0", command: "x" }],
  ])("also where another word stands between them: %s", (_, tokens, expected) => {
    const { session, pane, command } = exec;
    const type = { type: "positional", required: true } as const;
    const args = { session, type, pane: { ...pane, required: false }, command: { ...command, required: false } };
    expect(parse(args as Record<string, Arg>, tokens).values).toMatchObject(expected);
  });

  describe("under the names of the old scripts", () => {
    const byPlace = (args: Record<string, Arg>, tokens: string[]) => {
      const options = defaultOptions();
      return { values: parseCommand(tokens, args, options, { values: {}, isByPlace: true }), options };
    };
    test.each(["--help", "--once", "--timeout", "-L", "-h", "--quiet"])("%p is free text in its place", (text) => {
      expect(byPlace(exec, ["dev", "0", text])).toMatchObject({ values: { command: text }, options: { help: false } });
    });

    test("--help alone asks for help, even where free text would come", () => {
      expect(byPlace({ command: { type: "positional", raw: true } }, ["--help"]).options.help).toBe(true);
    });

    test("nothing stands in for an argument", () => {
      expect(byPlace(limited, ["dev", "0", "5", "--limit"]).values).toMatchObject({ seconds: "5", command: "--limit" });
    });
  });

  test("what was read before the fault is known", () => {
    const reading = { values: {} as Record<string, unknown>, isByPlace: false };
    expect(() => parseCommand(["dev", "--once", "0", "x", "--frob"], exec, defaultOptions(), reading)).toThrow();
    expect(reading.values).toMatchObject({ session: "dev", pane: "0", once: true });
  });

  test.each<[string, Record<string, Arg>, string[], string]>([
    ["an unknown option", exec, ["dev", "--frob", "0", "x"], "unknown option --frob"],
    ["an unknown short option", exec, ["-x"], "unknown option -x"],
    ["a missing argument", exec, ["dev"], "<pane> is missing"],
    ["one argument too many", exec, ["dev", "0", "make", "test"], 'unexpected argument "test"'],
    ["words without --", words, ["dev", "0", "make", "test"], 'unexpected argument "test"'],
    ["words on both sides of --", words, ["dev", "0", "make", "--", "test"], 'unexpected argument "test"'],
    ["an option that gets --", exec, ["dev", "0", "--timeout", "--", "x"], "--timeout needs a value"],
    ["an option behind free text", exec, ["dev", "0", "ls", "-la"], "unknown option -la"],
    ["a value for a flag", exec, ["--once=yes", "dev", "0", "x"], "--once takes no value"],
    ["an option without its value", exec, ["dev", "0", "x", "--timeout"], "--timeout needs a value"],
    ["an optional raw argument that looks like an option", capture, ["0", "5", "--frob"], "unknown option --frob"],
  ])("refuses %s", (_, args, tokens, message) => {
    expect(() => parse(args, tokens)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARGUMENT", message }));
  });
});

test.each([
  [["dev", "0", "make", "test"], "Quote the command, so that it is one argument, or put -- before it."],
  [["dev", "0", "ls", "-la"], "If it is part of the command, put -- before that."],
  [["dev", "0", "x", "--onec"], "Did you mean: --once"],
])("%p is refused with advice", (tokens, hint) => {
  expect(() => parse(words, tokens)).toThrow(expect.objectContaining({ hint }));
});

test.each<[string[], string | undefined]>([
  [["--all", "rr", "10"], "--all stands for <session>: leave that out."],
  [["10", "rr", "--all"], "--all stands for <session>: leave that out."],
  [["dev", "--all"], "--all stands for <session>: leave that out."],
  [["--all", "--keep", "x"], undefined],
  [["10", "rr"], undefined],
])("where an option stands for an argument, %p is refused with %p", (tokens, hint) => {
  expect(() => parse(standing, tokens)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARGUMENT", hint }));
});
