import { expect, test } from "bun:test";
import { splitPlain } from "../../../src/matching/plain.ts";

const lines = (count: number, text = "line") => Array.from({ length: count }, (_, i) => `${text} ${i}`);
const written = (all: string[]) => all.map((line) => `${line}\r\n`).join("");
const joined = (data: string) =>
  [...splitPlain(data, 10)].map((part) => (part.type === "text" ? part.text : written(part.lines))).join("");
const plain = (data: string) => [...splitPlain(data, 10)].flatMap((part) => (part.type === "plain" ? part.lines : []));

test("all but the first and the last lines of a long plain run are plain", () => {
  const all = lines(2000);
  expect(plain(written(all))).toEqual(all.slice(1, -10));
});

test.each([
  ["few lines", written(lines(90))],
  ["lines without a carriage return", lines(2000).join("\n")],
  ["coloured lines", written(lines(2000, "\x1b[31mred"))],
  ["lines beyond ASCII", written(lines(2000, "grün"))],
  ["tabs and backspaces", written(lines(2000, "a\tb\b"))],
])("%s are none", (_, data) => {
  expect(plain(data)).toEqual([]);
});

test.each([
  ["nothing", ""],
  ["no newline", "abc"],
  [
    "runs with other lines between",
    written([...lines(900), "\x1b[1mbold\x1b[0m", "", ...lines(900), "ü", ...lines(5)]),
  ],
  ["a run that ends in the middle of a line", `${written(lines(900))}half`],
  ["a carriage return at the end", `${written(lines(900))}half\r`],
])("%s: nothing is lost or changed", (_, data) => {
  expect(joined(data)).toBe(data);
});
