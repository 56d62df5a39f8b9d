import { describe, expect, test } from "bun:test";
import { commandText } from "../../../src/lib/shell.ts";

describe("commandText", () => {
  test("leaves one word as it is: a command line", () => {
    expect(commandText(["make test; echo $?"])).toBe("make test; echo $?");
  });

  const WORDS = [
    "",
    " ",
    "a b",
    "$HOME",
    "`id`",
    "'",
    "''",
    "it's",
    "\\",
    "a\\",
    "\\'",
    "a\\b'c",
    '"',
    "*",
    "~",
    "!!",
    "a\nb",
    "é",
    "-x",
    "A=b",
    "#",
  ];
  test.each([["sh"], ["bash"], ["zsh"], ["dash"], ["fish"]].filter(([shell = ""]) => Bun.which(shell)))(
    "%s reads the very words",
    (shell) => {
      const line = commandText(["printf", "<%s>\\n", ...WORDS]);
      const { stdout } = Bun.spawnSync([shell, "-c", line]);
      expect(stdout.toString()).toBe(WORDS.map((word) => `<${word}>\n`).join(""));
    },
  );
});
