import { describe, expect, test } from "bun:test";
import { type Key, KeyReader, keyHearer } from "../../../src/top/keys.ts";
import { until } from "../../helpers/box.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const keys = (...names: string[]): Key[] => names.map((key) => ({ key }));

const READ: [text: string, expected: Key[]][] = [
  ["ab?", keys("a", "b", "?")],
  ["é日👍", keys("é", "日", "👍")],
  ["\r\n\x7f\b", keys("enter", "enter", "backspace", "backspace")],
  ["\x03\x1a\x0c\x15", keys("C-c", "C-z", "C-l", "C-u")],
  ["\x1b[A\x1b[B\x1bOA\x1bOB", keys("up", "down", "up", "down")],
  [
    "\x1b[1;5A\x1b[H\x1b[F\x1b[5~\x1b[6~\x1b[1~\x1b[4~",
    keys("up", "home", "end", "page-up", "page-down", "home", "end"),
  ],
  ["\x1b[<0;5;3M\x1b[<0;5;3m", [{ click: { column: 4, row: 2 } }]],
  ["\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<2;1;1M", keys("up", "down")],
  ["\x1b[200~x\ny\x1b[31mq\x1b[201~z", [{ paste: "x\ny\x1b[31mq" }, { key: "z" }]],
  // Alt with a key, an answer of the terminal, a key that means nothing here
  ["\x1bx\x1b[?62;4c\x1b[15~\x1b[Ia", keys("a")],
  ["\x1b\x1b[A", keys("escape", "up")],
];

describe.each(READ)("%j", (text, expected) => {
  test("is read", () => {
    expect(new KeyReader().push(bytes(text))).toEqual(expected);
  });

  test("byte by byte", () => {
    const reader = new KeyReader();
    expect([...bytes(text)].flatMap((byte) => reader.push(Uint8Array.of(byte)))).toEqual(expected);
  });
});

test("Escape alone is one when nothing has followed", () => {
  const reader = new KeyReader();
  expect(reader.push(bytes("\x1b"))).toEqual([]);
  expect(reader.patienceMs).toBe(50);
  expect(reader.end()).toEqual(keys("escape"));
  expect(reader.patienceMs).toBeUndefined();
  expect(reader.push(bytes("a"))).toEqual(keys("a"));
});

test("of a paste that has not ended nothing is taken for keys, and after a silence it is given up", () => {
  const reader = new KeyReader();
  expect(reader.push(bytes("\x1b[200~xy"))).toEqual([]);
  expect(reader.patienceMs).toBe(3000);
  expect(reader.push(bytes("y\x1b[201~"))).toEqual([{ paste: "xyy" }]);
  reader.push(bytes("\x1b[200~xy"));
  expect(reader.end()).toEqual([]);
  expect(reader.push(bytes("q"))).toEqual(keys("q"));
});

test("a paste that is too long is dropped, and keys are heard after it", () => {
  const reader = new KeyReader();
  expect(reader.push(bytes("\x1b[200~"))).toEqual([]);
  for (let i = 0; i < 40; i++) expect(reader.push(bytes("xy".repeat(8192)))).toEqual([]);
  expect(reader.push(bytes("q\x1b[20"))).toEqual([]);
  expect(reader.push(bytes("1~a\x1b[200~b\x1b[201~"))).toEqual([...keys("a"), { paste: "b" }]);
});

test("what is no sequence ends, and keys are heard after it", () => {
  const reader = new KeyReader();
  const read = reader.push(bytes(`\x1b[${"1;".repeat(200)}\x01qa`));
  expect(read.at(-1)).toEqual({ key: "a" });
});

test("who hears bytes is told keys, and an Escape when nothing has followed it", async () => {
  const told: Key[][] = [];
  const hear = keyHearer((keys) => told.push([...keys]));
  hear(bytes("a\x1b"));
  hear(bytes("[A\x1b"));
  expect(told).toEqual([keys("a"), keys("up")]);
  await until("the Escape is told", () => told.length > 2);
  expect(told.slice(2)).toEqual([keys("escape")]);
});
