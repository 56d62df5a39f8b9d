import { expect, test } from "bun:test";
import { LineReader } from "../../../src/panes/lines.ts";

/** The lines that a stream gives for some output, and what its last line is without its end. */
async function read(output: string, ansi: boolean): Promise<string[]> {
  using reader = new LineReader({ start: "", ansi });
  const lines = await reader.read({ type: "data", data: Buffer.from(output) });
  return [...lines, await reader.unfinished()];
}

const LINK = "\x1b]8;;https://example.org/\x1b\\here\x1b]8;;\x1b\\";

test.each([
  ["colours and links", `\x1b[1;31mred\x1b[0m ${LINK}\t.\r\n`, `\x1b[1;31mred\x1b[0m ${LINK}\t.`],
  ["colours by colons", "\x1b[38:2::1:2:3mred\x1b[m\n", "\x1b[38:2::1:2:3mred\x1b[m"],
  ["the clipboard, titles and other strings", "a\x1b]52;c;QQ==\x07b\x1b]0;t\x1b\\c\n", "a52;c;QQ==b0;tc"],
  ["questions, modes and answers", "a\x05b\x1b[6nc\x1b[?1000hd\x1b[>ce\x1b=f\x1b(0g\n", "abcdefg"],
  ["a sequence that has not ended", "a\x1b[31", "a"],
  ["C1 characters", "a\x9b31mb\x9dc\n", "a31mbc"],
  ["a line drawn over, in colour", "\x1b[32m10%\r\x1b[1m99%\x1b[0m done\r\n", "\x1b[0;1;38;5;2m99%\x1b[0m done"],
  ["a movement within the line", "ab\x1b[2Dc\x1b[48;2;1;2;3m \x1b[0m\n", "c\x1b[0;48;2;1;2;3m \x1b[0m"],
])("with their colours, lines hold colours and links, and nothing else: %s", async (_, output, line) => {
  expect((await read(output, true))[0]).toBe(line);
});

test("without them, no control character but a tab is left", async () => {
  const lines = await read("\x1b[1;31mred\x1b[0m\x1b[6n\tx\x05\x85\r\nrest\x07\x9b", false);
  expect(lines).toEqual(["red\tx", "rest"]);
});

test.each([
  ["what a command wrote last, without its end", "one\r\ntwo", ["one"], ["two"]],
  ["no line of colours and blanks alone", "one\r\n\x1b[0m  ", ["one"], []],
  ["nothing after a whole line", "one\r\n", ["one"], []],
])("the end of a command is one of a line: %s", async (_, output, before, at) => {
  using reader = new LineReader({ start: "", ansi: true });
  const state = { word: "end" } as never;
  expect(await reader.read({ type: "data", data: Buffer.from(output) })).toEqual(before);
  expect(await reader.read({ type: "shell", at: 0, state })).toEqual(at);
  expect(await reader.read({ type: "data", data: Buffer.from("$ \r\n") })).toEqual(["$ "]);
});
