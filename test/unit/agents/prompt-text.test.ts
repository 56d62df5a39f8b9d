import { expect, test } from "bun:test";
import { promptText } from "../../../src/agents/prompt-text.ts";

test.each([
  ["Do it", "Do it"],
  ["  Do it \n\n", "Do it"],
  ["a\r\nb\rc", "a\nb\nc"],
  ["!ls", " !ls"],
  ["? and so on", " ? and so on"],
  ["/tmp/x is full", "/tmp/x is full"],
  ["see @a/b.txt", "see @a/b.txt "],
  ["@a", "@a "],
  ["see @a now", "see @a now"],
  ["go on \\", "go on \\ "],
  ["# x", "# x"],
  ["exit the loop", "exit the loop"],
  ["a\tb", "a\tb"],
  ["\u{1f468}\u200d\u{1f469}\u200d\u{1f467} e\u0301", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467} e\u0301"],
])("%j is written as %j", (given, text) => {
  expect(promptText(given)).toEqual({ text });
});

test.each([
  "",
  " \n\t",
  "exit",
  "Quit",
  "/exit",
  ":wq",
  ":q!",
  "a\u0000",
  "a\u001b[201~",
  "a\u009bm",
  "a\u007f",
  "a\u200bb",
  "\u202ea",
  "a\ufeffb",
  "a\u200db",
  "x".repeat(262_145),
])("%j is refused", (given) => {
  expect(promptText(given)).toEqual({ refused: expect.any(String) });
});
