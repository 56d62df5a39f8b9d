import { expect, test } from "bun:test";
import { noteTyped, parseLastTyped, parseTyped } from "../../../src/tmux/typed.ts";

/** What a note of this text appends to the log. */
const append = (text: string, isAtPrompt = false) =>
  noteTyped("%3", text, undefined, isAtPrompt)
    .filter((command) => command.some((word) => /^-aF?$/.test(word)))
    .map((command) => command.at(-1))
    .join("");

/** What is in the log option after these were noted, as tmux appends them. */
const log = (...texts: string[]) => texts.map((text) => append(text)).join("");

test("what is noted comes back, newest first", () => {
  const { last, typings } = parseTyped(log("old", "echo a; #{x}\n'b'"));
  expect(typings.map(({ text, isCut }) => [text, isCut])).toEqual([
    ["echo a; #{x}\n'b'", false],
    ["old", false],
  ]);
  expect(last).toBe(typings[0]?.id ?? "none");
});

test("a note of several lines is one line, so that tmux's parser leaves it alone", () => {
  const text = "echo a\n# expect: 3 failed\n  echo b";
  expect(append(text)).not.toContain("\n");
  expect(parseTyped(log(text)).typings[0]?.text).toBe(text);
});

test("the stamp that is noted beside the log is that of the last typing", () => {
  const commands = noteTyped("%3", "x");
  const stamp = commands.find((command) => command.at(-2) === "@claude_tmux_typed")?.at(-1);
  const logged = commands.filter((command) => command.includes("@claude_tmux_typed_log")).map((words) => words.at(-1));
  expect(parseTyped(logged.join("")).last).toBe(stamp?.split(" ")[0] ?? "none");
});

test("the last typing is read with the path of its moment, whatever that holds", () => {
  expect(parseLastTyped("1700000000000-12 file://host/a b")).toEqual({
    stamp: "1700000000000-12",
    at: 1_700_000_000_000,
    path: "file://host/a b",
  });
  expect(parseLastTyped("1700000000000-12 ").path).toBe("");
  expect(parseLastTyped("")).toEqual({ stamp: "", at: 0, path: "" });
});

test("what tmux 3.4 prints is read as it was typed", () => {
  const printed = log("echo $HOME").replace("$H", "\\$H");
  expect(parseTyped(`3.4\u241f${printed}`).typings[0]?.text).toBe("echo $HOME");
  expect(parseTyped(`3.4\u241frest of an old one${printed}`).typings[0]?.text).toBe("echo $HOME");
  expect(parseTyped(`3.5a\u241f${printed}`).typings[0]?.text).toBe("echo \\$HOME");
});

test("a long text is cut, and known to be", () => {
  const [typed] = parseTyped(log("x".repeat(5000))).typings;
  expect(typed?.isCut).toBe(true);
  expect(typed?.text.length).toBeLessThan(5000);
});

test("a log whose beginning was cut off still tells the rest, and an empty one nothing", () => {
  expect(parseTyped(`rest of an old one${log("new")}`).typings.map(({ text }) => text)).toEqual(["new"]);
  expect(parseTyped("")).toEqual({ last: "", typings: [] });
});

test("lines that begin with blanks or with # come back, and tmux's parser meets no newline", () => {
  const text = "echo a\n# expect: 3 failed\n\n  echo b\u2424";
  expect(log(text)).not.toContain("\n");
  expect(parseTyped(log(text)).typings[0]?.text).toBe("echo a\n# expect: 3 failed\n\n  echo b?");
});

test("where a prompt ended is noted only of what is handed to a shell there, and older notes have none", () => {
  const noted = append("make", true).replace("#{cursor_x}", "12");
  expect(parseTyped(noted).typings[0]).toMatchObject({ text: "make", isCut: false, column: 12 });
  expect(parseTyped(append("x".repeat(5000), true)).typings[0]?.isCut).toBe(true);
  expect(parseTyped(append("make")).typings[0]).not.toHaveProperty("column");
});
