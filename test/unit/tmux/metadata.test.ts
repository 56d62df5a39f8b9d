import { expect, test } from "bun:test";
import { decode, decodeAll, encode, setMetadata } from "../../../src/tmux/metadata.ts";
import { HOSTILE } from "../../helpers/random.ts";

test.each(HOSTILE)("%j comes back, and is written in letters, digits, _, - and = only", (text) => {
  expect(encode(text)).toMatch(/^[A-Za-z0-9_=-]*$/);
  expect(decode(encode(text))).toBe(text);
});

test("the value of the option is read, whatever the keys are", () => {
  const option = ` ${encode("a b")}@${encode("1 2")} __proto__@x =@@ empty@ `;
  const metadata = decodeAll(option);
  expect(Object.entries(metadata)).toEqual([
    ["a b", "1 2"],
    ["__proto__", "x"],
    ["=", ""],
    ["empty", ""],
  ]);
  expect(decodeAll("")).toEqual(Object.create(null));
});

test("a key is replaced by tmux itself, in one command", () => {
  expect(setMetadata("%3", "k.x", "v;")).toEqual([
    "set-option",
    "-p",
    "-F",
    "-t",
    "%3",
    "@claude_tmux_metadata",
    "#{?@claude_tmux_metadata,#{s/ k=2Ex@[^ ]* / /:@claude_tmux_metadata}, }k=2Ex@v=3B ",
  ]);
});
