import { expect, test } from "bun:test";
import { parseRows, rowFormat } from "../../../src/tmux/format.ts";

test("rows come back as they went in, with quotes, spaces and newlines in their fields", () => {
  const variables = ["a", "b"] as const;
  expect(rowFormat(variables)).toBe("#{s/\u241f|\u241e/?/:a}\u241f#{s/\u241f|\u241e/?/:b}\u241e");
  expect(parseRows(variables, '1\u241fx "y" z\u241e\n\u241fline\nline\u241e\n')).toEqual([
    { a: "1", b: 'x "y" z' },
    { a: "", b: "line\nline" },
  ]);
});

test("of a path that a program has set, a long one comes as its length", () => {
  const long = "#{e|>:#{n:pane_path},500}";
  expect(rowFormat(["pane_path"])).toBe(`#{?${long},#{n:pane_path},#{s/\u241f|\u241e/?/:pane_path}}\u241e`);
});

test("what tmux 3.4 prints of names and paths is read as they are", () => {
  const row = "3.4\u241fl\\$abc\u241e\n3.5a\u241fl\\$abc\u241e\n";
  expect(parseRows(["version", "@label"], row).map((found) => found["@label"])).toEqual(["l$abc", "l\\$abc"]);
});

test("a row that does not fit is an error, not a guess", () => {
  expect(() => parseRows(["a", "b"], "1\u241e\n")).toThrow("does not fit");
});
