import { expect, test } from "bun:test";
import { keptText, textAbove } from "../../../src/snapshots/text.ts";

const kept = (text: string, above: string | undefined, width = 20) => keptText(text, above, width);

test("where no shell waits, all of it stays but blank lines at the end", () => {
  expect(kept("a\nb\n\n\n", undefined)).toBe("a\nb\n");
  expect(kept("\n\n", undefined)).toBe("");
});

test("of a shell that waits, the line of its prompt goes", () => {
  expect(kept("a\n\n$ \n\n", "a\n\n")).toBe("a\n\n");
  expect(kept("$ \n\n", "")).toBe("");
});

test("so does a prompt that is longer than a row", () => {
  const prompt = "user@host:/a/very/long/folder$ ";
  expect(kept(`a\n${prompt}\n`, `a\n${prompt.slice(0, 20)}\n`)).toBe("a\n");
});

test("what zsh fills up, since it had no end, stays", () => {
  const filled = `abc%${" ".repeat(16)}`;
  expect(kept(`a\n${filled}$ \n`, `a\n${filled}\n`)).toBe("a\nabc%\n");
});

test.each([
  ["a\nb\n$ \n\n", "a\nb\n", "$ \n\n", "a\nb\n"],
  ["a\nlong line that goes on\n\n", "a\nlong line t\n", "hat goes on\n\n", "a\nlong line t\n"],
  [
    "a\n\x1b[31mlong line that\x1b[0m goes on\n",
    "\x1b[31mlong line t\n",
    "\x1b[31mhat\x1b[0m goes on\n",
    "a\n\x1b[31mlong line t\n",
  ],
  ["a\n\n\n", "a\n", "\n\n", "a\n"],
  ["\n\n$ \n", "\n\n", "$ \n", "\n\n"],
  // lines and corners: the prompt is told with what ends them only when they are told before it
  ["\x0elqqk\n\x0f$ \n", "\x0elqqk\n", "$ \n", "\x0elqqk\n"],
])("above the cursor of %j, with %j before and %j from there on, is %j", (text, before, from, above) => {
  expect(textAbove(text, { before, from })).toBe(above);
});

test("colours end with the text", () => {
  expect(kept("\x1b[31mred\n$ \n", "\x1b[31mred\n")).toBe("\x1b[31mred\n\x1b[0m");
  expect(kept("\x0elqqk\n\x0f$ \n", "\x0elqqk\n")).toBe("\x0elqqk\n\x0f");
});

test("what is older stands before what is kept, and colours end with all of it", () => {
  expect(keptText("\nb\n$ \n", "\nb\n", 20, "\x1b[31ma")).toBe("\x1b[31ma\nb\n\x1b[0m");
  expect(keptText("\n\n\n", undefined, 20, "a\n\nb\n\n")).toBe("a\n\nb\n");
});
