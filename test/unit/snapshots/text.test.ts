import { expect, test } from "bun:test";
import { keptText } from "../../../src/snapshots/text.ts";

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

test("colours end with the text", () => {
  expect(kept("\x1b[31mred\n$ \n", "\x1b[31mred\n")).toBe("\x1b[31mred\n\x1b[0m");
});
