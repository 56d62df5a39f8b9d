import { describe, expect, test } from "bun:test";
import { type Rules, resumeBy } from "../../../src/agents/options.ts";

const RULES: Rules = {
  id: /^\w+$/,
  goOn: (conversation) => ["--again", conversation],
  kept: { flags: "-a --aa", one: "-o --one", optional: "--perhaps", many: "--many" },
  granting: { flags: "-y --yes", many: "--allow" },
  dropped: { flags: "-d --drop", one: "--drop-one", optional: "--drop-perhaps", many: "--drop-many" },
  refused: "-p --print",
  subcommands: "serve login",
  operands: "dropped",
  harmless: { "--one": /^[ab]$/, "-o": /^[ab]$/ },
};

const resume = (line: string, rules = RULES) => resumeBy(rules, ["agent", ...line.split(" ").filter(Boolean)], "x1");

describe("what is given again", () => {
  test.each<[string, string]>([
    ["", ""],
    ["-a --aa", "-a --aa"],
    ["--one a --one=b -oa -o=b -o a", "--one a --one=b -o a -o b -o a"],
    ["--perhaps --aa --perhaps x --perhaps", "--perhaps --aa --perhaps x --perhaps"],
    ["--perhaps x prompt", "--perhaps x"],
    ["--many a b c --aa", "--many a b c --aa"],
    ["--many=a prompt", "--many=a"],
    ["do this", ""],
    ["this --aa serve", "--aa"],
    ["--aa -- --yes --one", "--aa"],
    ["-d --drop --drop-one --yes --drop-perhaps x --drop-perhaps --aa --drop-many a b", "--aa"],
    ["--drop-one=x --drop-perhaps=x", ""],
    ["-da -ado a", "-a -a -o a"],
    ["-", ""],
  ])("of %p: %p", (line, words) => {
    expect(resume(line)).toEqual({
      argv: ["agent", "--again", "x1", ...words.split(" ").filter(Boolean)],
      isPlain: true,
    });
  });

  test("an empty value is a value, and empty words at the end are nothing", () => {
    expect(resumeBy(RULES, ["agent", "--many", "", "--aa", "", ""], "x1")?.argv).toEqual(
      ["agent", "--again", "x1", "--many", "", "--aa"], // a title written over a command line leaves such
    );
  });

  test("a folder is, where words that are no options are such", () => {
    expect(resume("/x --aa", { ...RULES, operands: "kept" })?.argv.slice(3)).toEqual(["/x", "--aa"]);
  });

  test("the interpreter stays, and its options", () => {
    const argv = ["node", "--no-warnings", "/x/agent.js", "-p", "x"];
    expect(resumeBy({ ...RULES, refused: "" }, argv.with(3, "--aa"), "x1")?.argv).toEqual(
      "node --no-warnings /x/agent.js --again x1 --aa".split(" "),
    );
  });
});

describe("what is more than going on", () => {
  test.each<[string, string]>([
    ["-y", "-y"],
    ["-ay", "-a -y"],
    ["--allow x y --aa", "--allow x y --aa"],
    ["--one c", "--one c"],
    ["--one=c", "--one=c"],
    ["-oc", "-o c"],
    ["--new --aa", "--new --aa"],
    ["--new=x prompt", "--new=x"],
    ["-z", "-z"],
    ["-zx", "-zx"],
  ])("%p", (line, words) => {
    expect(resume(line)).toEqual({ argv: ["agent", "--again", "x1", ...words.split(" ")], isPlain: false });
  });
});

describe("what is not gone on with", () => {
  test.each(["-p x", "--print", "-ap x", "serve --aa", "--aa login", "--new prompt"])("%p", (line) => {
    expect(resume(line)).toBeUndefined();
  });

  test.each([[["sh", "-c", "agent"]], [["agent helper", "--aa"]], [[]]])("%j", (argv) => {
    expect(resumeBy(RULES, argv, "x1")).toBeUndefined();
  });

  test.each(["--yes", "", "a b", "../x"])("the conversation %p", (conversation) => {
    expect(resumeBy(RULES, ["agent"], conversation)).toBeUndefined();
  });
});
