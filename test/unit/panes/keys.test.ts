import { describe, expect, test } from "bun:test";
import { KEY_NAMES, lineOf, parseKeys, pressing, stopsAlone } from "../../../src/panes/keys.ts";

const bytesOf = (name: string) => {
  const [press] = parseKeys([name]);
  return press && "bytes" in press ? press.bytes : undefined;
};

describe("keys that every program understands are bytes", () => {
  test.each([
    ["a", [0x61]],
    ["-", [0x2d]],
    ["^", [0x5e]],
    ["ä", [0xc3, 0xa4]],
    ["😀", [0xf0, 0x9f, 0x98, 0x80]],
    ["Enter", [0x0d]],
    ["enter", [0x0d]],
    ["Return", [0x0d]],
    ["Escape", [0x1b]],
    ["Esc", [0x1b]],
    ["Tab", [0x09]],
    ["Space", [0x20]],
    ["BSpace", [0x7f]],
    ["BTab", [0x1b, 0x5b, 0x5a]],
    ["S-Tab", [0x1b, 0x5b, 0x5a]],
    ["C-c", [0x03]],
    ["c-C", [0x03]],
    ["^c", [0x03]],
    ["C-m", [0x0d]],
    ["C-Space", [0x00]],
    ["C-[", [0x1b]],
    ["C-\\", [0x1c]],
    ["C-?", [0x7f]],
    ["M-x", [0x1b, 0x78]],
    ["M-Enter", [0x1b, 0x0d]],
    ["M-C-a", [0x1b, 0x01]],
    ["C-M-a", [0x1b, 0x01]],
    ["M-^", [0x1b, 0x5e]],
  ])("%s", (name, expected) => {
    expect(bytesOf(name)).toEqual(expected);
  });
});

test.each([
  ["Up", "Up"],
  ["up", "Up"],
  ["PageUp", "PPage"],
  ["Delete", "DC"],
  ["S-C-Left", "C-S-Left"],
  ["M-F12", "M-F12"],
  ["KPEnter", "KPEnter"],
])("%s, whose bytes depend on the program, is pressed by tmux as %s", (name, expected) => {
  expect(parseKeys([name])).toEqual([{ name: expected }]);
});

test.each([
  [["Entr"], '"Entr" is no key'],
  [["ab"], '"ab" is no key'],
  [[""], '"" is no key'],
  [["F13"], '"F13" is no key'],
  [["C-"], '"C-" is no key'],
  [["\x03"], "is no key"],
  [["e\u0301"], "is no key"],
  [["a", "S-Enter"], '"S-Enter" is no key that every program understands'],
  [["C-Enter"], '"C-Enter" is no key that every program understands'],
  [["C-1"], '"C-1" is no key that every program understands'],
  [["S-a"], '"S-a" is no key that every program understands'],
])("%p is refused", (names, message) => {
  expect(() => parseKeys(names)).toThrow(message);
});

test("every name that is offered is a key", () => {
  expect(parseKeys(KEY_NAMES)).toHaveLength(KEY_NAMES.length);
});

test("keys of one kind are pressed by one command, in order", () => {
  expect(pressing("%1", parseKeys(["a", "C-c", "Up", "Down", "Enter"]))).toEqual([
    ["send-keys", "-t", "%1", "-H", "61", "03"],
    ["send-keys", "-t", "%1", "--", "Up", "Down"],
    ["send-keys", "-t", "%1", "-H", "0d"],
  ]);
});

test.each([
  [["l", "s", "Enter"], { text: "ls", isEnded: true }],
  [["ä", "Space", "b"], { text: "ä b", isEnded: false }],
  [["Up", "C-c", "M-x", "BSpace"], { text: "", isEnded: false }],
  [["C-j"], { text: "", isEnded: true }],
  [["KPEnter"], { text: "", isEnded: true }],
  [["M-Enter"], { text: "", isEnded: false }],
])("%p writes %p", (names, expected) => {
  expect(lineOf(parseKeys(names))).toEqual(expected);
});

test.each([
  [["C-c"], true],
  [["Escape", "C-["], true],
  [["Escape", "Enter"], false],
  [["M-c"], false],
  [["Up"], false],
  [["1"], false],
])("%p stop what runs, and no more: %p", (names, expected) => {
  expect(stopsAlone(parseKeys(names))).toBe(expected);
});
