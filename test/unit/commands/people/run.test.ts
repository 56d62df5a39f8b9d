import { expect, test } from "bun:test";
import { answered, ended, ran } from "../../../../src/commands/people/run.ts";
import { VIEW } from "./example-view.ts";

const RAN = { exit_code: 0, duration_ms: 2345, method: "shell-integration", output_lines: 3 } as const;

test.each([
  [RAN, "exit code 0 after 2.3 s"],
  [{ ...RAN, exit_code: 2, pane_ended: true as const }, "exit code 2 after 2.3 s; the pane ended with it"],
  [{ ...RAN, exit_code: null, duration_ms: null }, "its exit code is not known"],
])("after the output of a command: %p", (details, line) => {
  expect(ran({ output: "", details }, VIEW)).toBe(line);
  expect(ran({ output: "one", details }, VIEW)).toBe(`one\n${line}`);
  expect(ran({ output: "one", details }, { ...VIEW, quiet: true })).toBe("one");
});

test("a failure is red, success is faint", () => {
  const isColor = { ...VIEW, isColor: true };
  expect(ran({ output: "", details: RAN }, isColor)).toStartWith("\x1b[2m");
  expect(ran({ output: "", details: { ...RAN, exit_code: 1 } }, isColor)).toStartWith("\x1b[31m");
});

test("what is missing is told", () => {
  const details = { ...RAN, output_truncated: true as const, output_lines: 500 };
  expect(ran({ output: "500", details }, VIEW)).toBe(
    "500\n(a part of its 500 lines is not shown here)\nexit code 0 after 2.3 s",
  );
});

test("a remark breaks between words", () => {
  const details = { ...RAN, pane_ended: true as const, note: "The shell ended while it ran this" };
  expect(ran({ output: "", details }, { ...VIEW, width: 26 })).toBe(
    "exit code 0 after 2.3 s;\nthe pane ended with it\n(The shell ended while it\nran this)",
  );
});

test("the end of what was waited for", () => {
  expect(ended({ output: "Command completed", details: RAN, pane: { id: "%7", paneId: "1" } }, VIEW)).toBe(
    "Command completed in pane 1 (%7)\nexit code 0 after 2.3 s",
  );
});

test("an answer, and the prompt after it", () => {
  expect(answered({ output: "42", details: { prompt: ">>> ", end: "prompt" } }, VIEW)).toBe("42\n>>> ");
});
