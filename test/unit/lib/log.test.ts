import { describe, expect, test } from "bun:test";
import { formatLine } from "../../../src/lib/log.ts";

const date = new Date(2025, 0, 2, 3, 4, 5);

test.each([
  ["plain", "plain"],
  ["two\nlines\n", "two\\nlines"],
  ["forged\r[2025-01-02 03:04:05] ERROR: x", "forged\\r[2025-01-02 03:04:05] ERROR: x"],
  ["\x1b]0;title\x07\x1b[31mred\x9b0m\x7f", "\\x1b]0;title\\x07\\x1b[31mred\\x9b0m\\x7f"],
  ["tab\tstays, as ünï does", "tab\tstays, as ünï does"],
])("a message %j is one line without control characters", (message, text) => {
  expect(formatLine({ type: "info", date, args: [message] })).toBe(`[2025-01-02 03:04:05] INFO: ${text}\n`);
});

describe("log lines", () => {
  const date = new Date(2026, 0, 2, 3, 4, 5);
  test.each([
    ["info", ["ready"], "[2026-01-02 03:04:05] INFO: ready\n"],
    ["error", ["two\nlines\n"], "[2026-01-02 03:04:05] ERROR: two\\nlines\n"],
    ["warn", ["a", 1], "[2026-01-02 03:04:05] WARN: a 1\n"],
  ] as const)("%s %p", (type, args, line) => {
    expect(formatLine({ type, args: [...args], date })).toBe(line);
  });
});
