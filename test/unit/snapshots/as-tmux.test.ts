import { expect, test } from "bun:test";
import { asFormat, asName } from "../../../src/snapshots/as-tmux.ts";

// as tmux 3.2a, 3.3a and 3.7c expand them
test.each([
  ["plain", "plain"],
  ["a#b", "a##b"],
  ["a#", "a##"],
  ["##", "####"],
  ["#{pid}#(date)", "##{pid}##(date)"],
  ["#[fg=red]#b", "#[fg=red]##b"],
  ["a##[x]#{y}", "a##[x]##{y}"],
])("%s is written as %s, so that tmux expands it to itself", (text, format) => {
  expect(asFormat(text)).toBe(format);
});

test("a name that tmux has encoded is written so that it encodes it to the same", () => {
  expect(["a\\\\b", "a\\$HOME", "a\\b", "#["].map(asName)).toEqual(["a\\b", "a$HOME", "a\\b", "#["]);
});
