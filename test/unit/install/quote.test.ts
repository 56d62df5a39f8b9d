import { expect, test } from "bun:test";
import {
  cronWord,
  readableShellWord,
  systemdAssignment,
  systemdCommand,
  systemdWord,
  xmlText,
} from "../../../src/install/quote.ts";

test.each([
  ["/usr/bin/x", "/usr/bin/x"],
  ["a b", '"a b"'],
  ["100%", "100%%"],
  ["$HOME", '"$$HOME"'],
  ['say "x"\\', '"say \\"x\\"\\\\"'],
])("systemd word %p", (text, word) => {
  expect(systemdWord(text)).toBe(word);
});

test.each<[[string, ...string[]], string]>([
  [["/a b/x", "$H"], '"/a b/x" "$$H"'],
  [["/a$b/x", "-L", "y"], String.raw`/bin/sh -c "exec \"$$0\" \"$$@\"" "/a$$b/x" -L y`],
  [["/it's/x"], String.raw`/bin/sh -c "exec \"$$0\" \"$$@\"" "/it's/x"`],
])("systemd command %p", (words, line) => {
  expect(systemdCommand(words)).toBe(line);
});

test("other quotings", () => {
  expect(systemdAssignment("A", '%h "x"')).toBe('"A=%%h \\"x\\""');
  expect(readableShellWord("it's")).toBe("'it'\\''s'");
  expect(cronWord("a%b c")).toBe("'a\\%b c'");
  expect(xmlText("<a&b>")).toBe("&lt;a&amp;b&gt;");
});
