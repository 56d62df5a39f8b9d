import { describe, expect, test } from "bun:test";
import type { Arg } from "../../../src/commands/define.ts";
import { defaultOptions, parseCommand, takeGlobals } from "../../../src/commands/parse.ts";

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

function parse(args: Record<string, Arg>, tokens: string[]) {
  const options = defaultOptions();
  return { values: parseCommand(tokens, args, options), options };
}

describe("parseCommand", () => {
  test.each<[string, string[], Record<string, unknown>]>([
    ["positionals in order", ["dev", "0", "make"], { session: "dev", pane: "0", command: "make" }],
    ["a raw argument that looks like an option", ["dev", "0", "--help"], { command: "--help" }],
    ["a raw argument that looks like a global option", ["dev", "0", "-L"], { command: "-L" }],
    ["a raw argument after --", ["dev", "0", "--", "--"], { command: "--" }],
    ["an empty raw argument", ["dev", "0", ""], { command: "" }],
    [
      "options before, between and after",
      ["--once", "dev", "--timeout", "5", "0", "x"],
      { once: true, timeout: "5", command: "x" },
    ],
    ["a value after =", ["dev", "0", "x", "--timeout=5"], { timeout: "5" }],
    ["a value that holds =", ["dev", "0", "x", "--env", "A=b=c"], { env: ["A=b=c"] }],
    ["a value that begins with -", ["dev", "0", "x", "--timeout", "-5"], { timeout: "-5" }],
    ["an alias", ["-t", "5", "dev", "0", "x"], { timeout: "5" }],
    ["a repeated option", ["--env", "A=1", "--env=B=2", "dev", "0", "x"], { env: ["A=1", "B=2"] }],
  ])("reads %s", (_, tokens, expected) => {
    expect(parse(exec, tokens).values).toMatchObject(expected);
  });

  test("takes global options anywhere but in a raw argument", () => {
    const { options } = parse(exec, ["--json", "dev", "-L", "work", "0", "x", "--quiet", "-S/tmp/s"]);
    expect(options).toMatchObject({ json: true, quiet: true, socketName: "work", socketPath: "/tmp/s" });
  });

  test("gives defaults to what is not given", () => {
    expect(parse(capture, ["0"]).values).toEqual({ pane: "0", lines: "20", callback: undefined });
  });

  test("--help alone asks for help, even where a raw argument would come", () => {
    expect(parse({ command: { type: "positional", raw: true } }, ["--help"]).options.help).toBe(true);
  });

  test.each<[string, Record<string, Arg>, string[], string]>([
    ["an unknown option", exec, ["dev", "--frob", "0", "x"], "unknown option --frob"],
    ["an unknown short option", exec, ["-x"], "unknown option -x"],
    ["a missing argument", exec, ["dev"], "<pane> is missing"],
    ["one argument too many", exec, ["dev", "0", "make", "test"], '"test" is one argument too many'],
    ["a value for a flag", exec, ["--once=yes", "dev", "0", "x"], "--once takes no value"],
    ["an option without its value", exec, ["dev", "0", "x", "--timeout"], "--timeout needs a value"],
    ["an optional raw argument that looks like an option", capture, ["0", "5", "--frob"], "unknown option --frob"],
  ])("refuses %s", (_, args, tokens, message) => {
    expect(() => parse(args, tokens)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARGUMENT", message }));
  });
});

describe("takeGlobals", () => {
  test("stops at the first word", () => {
    const options = defaultOptions();
    expect(takeGlobals(["-L", "work", "--json", "daemon", "--frob"], options)).toEqual(["daemon", "--frob"]);
    expect(options).toMatchObject({ socketName: "work", json: true });
  });

  test("refuses what is no global option", () => {
    expect(() => takeGlobals(["--frob"], defaultOptions())).toThrow("unknown option --frob");
  });
});
