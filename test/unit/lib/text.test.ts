import { describe, expect, test } from "bun:test";
import { humanDuration, isoSeconds } from "../../../src/lib/clock.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { formatLine } from "../../../src/lib/log.ts";
import { paneLabel, sessionName } from "../../../src/lib/names.ts";

test.each(["dev", "a-b_C9", "-x", "a".repeat(50), "tmp2"])("the session name %p is fine", (name) => {
  expect(sessionName(name)).toBe(name);
});

test.each([
  "",
  "my.app",
  "a b",
  "a*",
  "../x",
  "a:b",
  "dév",
  "a\n",
  "$0",
  "a".repeat(51),
  "daemon",
  "tmp",
  "root",
  "admin",
  "system",
])("the session name %p is refused", (name) => {
  expect(() => sessionName(name)).toThrow(expect.objectContaining({ code: "ERR_INVALID_NAME", exitCode: 2 }));
});

test.each(["server", 'ser"ver', "a b", "-n", "null", "日本", "1.2.3", "%x"])("the label %p is fine", (label) => {
  expect(paneLabel(label)).toBe(label);
});

test.each(["", "0", "12", "2.1", "%3", "a\nb", "\x1b", "x\u241ey"])("the label %p is refused", (label) => {
  expect(() => paneLabel(label)).toThrow(expect.objectContaining({ code: "ERR_INVALID_NAME" }));
});

test.each([
  [0, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [125, "2 min 5 s"],
  [3661, "1 h 1 min"],
  [90_000, "1 d 1 h"],
  [-5, "0 s"],
])("%p seconds are %p", (seconds, text) => {
  expect(humanDuration(seconds)).toBe(text);
});

test("times of the bridge have no milliseconds", () => {
  expect(isoSeconds(Date.UTC(2025, 9, 21, 10, 30, 0, 999))).toBe("2025-10-21T10:30:00Z");
});

test.each([
  ["ERR_PANE_NOT_FOUND", 1],
  ["ERR_DAEMON_RUNNING", 1],
  ["ERR_INVALID_PATTERN", 2],
  ["ERR_TIMEOUT", 124],
  ["ERR_TMUX_MISSING", 127],
  ["ERR_TMUX_TOO_OLD", 127],
] as const)("%s exits with %p", (code, exitCode) => {
  expect(new AppError(code, "x").exitCode).toBe(exitCode);
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
