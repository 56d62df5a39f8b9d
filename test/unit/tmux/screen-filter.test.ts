import { expect, test } from "bun:test";
import { ScreenFilter } from "../../../src/tmux/screen-filter.ts";

const LINK = "\x1b]8;;https://example.org/\x1b\\";

/** What passes of some output that comes in these pieces. */
function filtered(pieces: Uint8Array[], filter = new ScreenFilter()): string {
  return Buffer.concat(pieces.map((piece) => filter.push(piece, 0))).toString("latin1");
}

// what tmux 3.3a shows of each was looked at, but for the last
test.each<[string, string, string]>([
  ["plain text", "plain\r\n\ttext", "plain\r\n\ttext"],
  ["other letters", "é 日本 🎉 \u00a0", "é 日本 🎉 \u00a0"],
  ["colours and movements", "\x1b[31mred\x1b[0m\x1b[2J\x1b7\x1b(B\x1bM", "\x1b[31mred\x1b[0m\x1b[2J\x1b7\x1b(B\x1bM"],
  ["a title of screen's kind", "a\x1bktitle\x1b\\b", "ab"],
  ["which BEL does not end", "a\x1bkti\x07tle\x1b\\b", "ab"],
  ["titles by OSC", "a\x1b]0;one\x07b\x1b]2;two\x1b\\c", "abc"],
  ["a link", `${LINK}here\x1b]8;;\x07.`, "here."],
  ["DCS, APC, PM and SOS", "a\x1bP1$qm\x1b\\b\x1b_apc\x1b\\c\x1b^pm\x1b\\d\x1bXsos\x1b\\e", "abcde"],
  ["an OSC without its end", "a\x1b]0;text\x1b[31mred", "a\x1b[31mred"],
  ["strings ended by CAN and SUB", "a\x1b_x\x18b\x1bXy\x1ac\x1b]z\x18d\x1bkw\x1ae", "abcde"],
  ["a DCS, which they don't end, nor do other sequences", "a\x1bPx\x18\x1a\x1b[31m\x07y\x1b\\b", "ab"],
  ["a DCS that is none", "a\x1bP:x\x18b\x1bP1\x18c", "abc"],
  ["C1 characters", "a\x9bb\x90c\x9d0;d\x98e\x9ff\x85g\x84h\x80i", "abc0;defghi"],
  ["C1 characters within a sequence", "\x1b[3\x9b1mred", "\x1b[31mred"],
  ["controls within an escape sequence", "\x1b\r[31mred", "\r\x1b[31mred"],
  ["an escape sequence that another one ends", "a\x1b\x1b[31mb\x1b\x18c", "a\x1b[31mbc"],
  ["a C2 that is followed by no more of its letter", "a\xc2", "a\xc2"],
])("%s, in any split", (_, text, expected) => {
  const bytes = Buffer.from(text);
  const shown = Buffer.from(expected).toString("latin1");
  expect(filtered([bytes])).toBe(shown);
  for (let at = 1; at < bytes.length; at++) {
    expect(filtered([bytes.subarray(0, at), bytes.subarray(at)])).toBe(shown);
  }
  expect(filtered([...bytes].map((byte) => Buffer.of(byte)))).toBe(shown);
});

test("invalid UTF-8 passes as it is", () => {
  const bytes = Buffer.from([0x61, 0xc2, 0x62, 0x9b, 0xff, 0xc2, 0xc2, 0x9b, 0x63]);
  expect(filtered([bytes])).toBe("a\xc2b\x9b\xff\xc2c");
  expect(filtered([...bytes].map((byte) => Buffer.of(byte)))).toBe("a\xc2b\x9b\xff\xc2c");
});

test("a string without an end ends after five seconds", () => {
  const filter = new ScreenFilter();
  const at = (text: string, ms: number) => Buffer.from(filter.push(Buffer.from(text), ms)).toString();
  expect(at("a\x1b]0;title", 1000)).toBe("a");
  expect(at("more", 5900)).toBe("");
  expect(at("text\x1bPdcs", 6100)).toBe("text");
  expect(at("text", 11_100)).toBe("text");
});

test("a mark that was taken out ends a string as any other sequence does, but no DCS", () => {
  const shown = (text: string) => {
    const filter = new ScreenFilter();
    const before = filter.push(Buffer.from(text), 0);
    filter.interrupt();
    return Buffer.concat([before, filter.push(Buffer.from("$ "), 0)]).toString();
  };
  expect(["\x1b]0;x", "\x1bkx", "\x1b", "\x1bP", "\x1bPx", "\x1bPx\x1b"].map(shown)).toEqual([
    "$ ",
    "$ ",
    "$ ",
    "$ ",
    "",
    "",
  ]);
});

test("links are kept where they are asked for, whole and by themselves", () => {
  const keep = (text: string) =>
    filtered(
      [...Buffer.from(text)].map((byte) => Buffer.of(byte)),
      new ScreenFilter({ links: true }),
    );
  expect(keep(`a${LINK}b\x1b]8;;\x07c`)).toBe(`a${LINK}b\x1b]8;;\x1b\\c`);
  expect(keep("a\x1b]52;c;QQ==\x07b\x1b]8;;x\x9by\x07c\x1b]88;x\x07d")).toBe("abcd");
  expect(keep(`a\x1b]8;;${"x".repeat(5000)}\x07b`)).toBe("ab");
});

test("plain output is handed on as it is", () => {
  const chunk = Buffer.from("plain text\r\n".repeat(1000));
  expect(new ScreenFilter().push(chunk, 0)).toBe(chunk);
});
