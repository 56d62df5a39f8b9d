import { describe, expect, test } from "bun:test";
import { type ControlEvent, ControlParser, unescapeOutput } from "../../../src/tmux/control.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (...chunks: string[]) => {
  const parser = new ControlParser();
  return chunks.flatMap((chunk) => parser.push(bytes(chunk))).map(readable);
};
const readable = (event: ControlEvent) =>
  event.type === "output" ? { ...event, data: new TextDecoder().decode(event.data) } : event;

describe("ControlParser", () => {
  test("reads output, replies and notifications, cut anywhere", () => {
    const stream =
      "%begin 1 2 1\nline one\n%output is text here\n%end 1 2 1\n%output %3 hi\\015\\012\n%window-add @1\n%exit\n";
    const expected = [
      { type: "reply", lines: ["line one", "%output is text here"], isOurs: true, isError: false },
      { type: "output", pane: "%3", data: "hi\r\n" },
      { type: "notification", name: "window-add", rest: "@1" },
      { type: "notification", name: "exit", rest: "" },
    ];
    expect(read(stream)).toEqual(expected as never);
    for (let cut = 1; cut < stream.length; cut++)
      expect(read(stream.slice(0, cut), stream.slice(cut))).toEqual(expected as never);
  });

  test("tells errors, and the block that no line of ours asked for", () => {
    expect(read("%begin 1 1 0\n%end 1 1 0\n%begin 1 2 1\nno such pane\n%error 1 2 1\n")).toEqual([
      { type: "reply", lines: [], isOurs: false, isError: false },
      { type: "reply", lines: ["no such pane"], isOurs: true, isError: true },
    ]);
  });

  test("what a command prints can't end its block", () => {
    expect(read("%begin 1 7 1\n%end 1 6 1\n%error 9 9 1\n%end 1 7 1\n")).toEqual([
      { type: "reply", lines: ["%end 1 6 1", "%error 9 9 1"], isOurs: true, isError: false },
    ]);
  });

  test("a character cut in two by tmux is whole after decoding both parts", () => {
    const parser = new ControlParser();
    const euro = [0xe2, 0x82, 0xac];
    const line = (part: number[]) => new Uint8Array([...bytes("%output %1 "), ...part, 10]);
    const events = [...parser.push(line(euro.slice(0, 1))), ...parser.push(line(euro.slice(1)))];
    const data = events.flatMap((event) => (event.type === "output" ? [...event.data] : []));
    expect(new TextDecoder().decode(new Uint8Array(data))).toBe("€");
  });
});

test.each([
  ["plain", "plain"],
  ["\\033[1mbold\\033[0m", "\x1b[1mbold\x1b[0m"],
  ["a\\134b", "a\\b"],
  ["ende\\", "ende\\"],
])("output %p is %p", (escaped, expected) => {
  expect(new TextDecoder().decode(unescapeOutput(bytes(escaped)))).toBe(expected);
});
