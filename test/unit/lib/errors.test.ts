import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { AppError, asError, changed, expectedError } from "../../../src/lib/errors.ts";

const thrown = (run: () => unknown) => {
  try {
    run();
  } catch (cause) {
    return asError(cause);
  }
  throw new Error("nothing was thrown");
};

test("what the system refuses is an error to tell, and a bug is none", () => {
  const missing = thrown(() => readFileSync("/nowhere/at/all"));
  expect(expectedError(missing)).toMatchObject({
    code: "ERR_COMMAND_FAILED",
    message: missing.message,
    hint: undefined,
  });
  expect(expectedError(thrown(() => (undefined as unknown as string).length))).toBeUndefined();
  const known = new AppError("ERR_TIMEOUT", "late");
  expect(expectedError(known)).toBe(known);
});

test.each(["EROFS", "EACCES", "EPERM"])("%s comes with who finds out more", (code) => {
  const error = Object.assign(new Error(`${code}: open '/state/daemon.lock'`), { code });
  expect(expectedError(error)?.hint).toContain("claude-tmux doctor");
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

test("an error that is changed keeps all else", () => {
  const error = new AppError("ERR_TIMEOUT", "late", { hint: "wait", cause: 1, details: { a: 1 }, exitCode: 130 });
  const after = changed(error, { details: { b: 2 } });
  expect({ ...after, message: after.message, cause: after.cause }).toEqual({
    ...error,
    message: "late",
    cause: 1,
    details: { b: 2 },
  });
});
