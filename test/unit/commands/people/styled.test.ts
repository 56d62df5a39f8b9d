import { expect, test } from "bun:test";
import { styled } from "../../../../src/commands/people/styled.ts";

const LINK = "\x1b]8;;https://example.org\x1b\\here\x1b]8;;\x1b\\";

test("colours and links of a pane stay, and end with the line", () => {
  expect(styled("\x1b[1;31mred", true)).toBe("\x1b[1;31mred\x1b[0m");
  expect(styled(LINK, true)).toBe(`${LINK}\x1b[0m`);
  expect(styled("plain", true)).toBe("plain");
});

test("without colours there are none", () => {
  expect(styled("\x1b[1;31mred\x1b[0m", false)).toBe("red");
  expect(styled(LINK, false)).toBe("here");
});

test("nothing else is acted upon", () => {
  const hostile = "\x1b]0;title\x07\x1b[2J\x1b[31m\x1bcred\x9b5n\u202e\r";
  expect(styled(hostile, true)).toBe("\\x1b]0;title\\x07\\x1b[2J\x1b[31m\\x1bcred\\x9b5n\\u202e\\r\x1b[0m");
});
