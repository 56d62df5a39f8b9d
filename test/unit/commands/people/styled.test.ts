import { expect, test } from "bun:test";
import { styled } from "../../../../src/commands/people/styled.ts";

const LINK = "\x1b]8;;https://example.org\x1b\\here\x1b]8;;\x1b\\";

test("colours and links of a pane stay, and end with the line", () => {
  expect(styled("\x1b[1;31mred", true)).toBe("\x1b[1;31mred\x1b[0m");
  expect(styled(LINK, true)).toBe(`${LINK}\x1b[0m`);
  expect(styled("plain", true)).toBe("plain");
});

test("a link that is left open is ended, one that is ended is not again", () => {
  const open = "\x1b]8;id=1;https://example.org\x1b\\here";
  expect(styled(`${LINK}${open}`, true)).toBe(`${LINK}${open}\x1b]8;;\x1b\\\x1b[0m`);
  expect(styled(`${open}\x1b]8;id=1;\x1b\\`, true)).toBe(`${open}\x1b]8;id=1;\x1b\\\x1b[0m`);
  expect(styled(open, false)).toBe("here");
});

test("without colours there are none", () => {
  expect(styled("\x1b[1;31mred\x1b[0m", false)).toBe("red");
  expect(styled(LINK, false)).toBe("here");
});

test("nothing else is acted upon", () => {
  const hostile = "\x1b]0;title\x07\x1b[2J\x1b[31m\x1bcred\x9b5n\u202e\r";
  expect(styled(hostile, true)).toBe("\\x1b]0;title\\x07\\x1b[2J\x1b[31m\\x1bcred\\x9b5n\\u202e\\r\x1b[0m");
});
