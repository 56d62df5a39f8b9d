import { expect, test } from "bun:test";
import { constants } from "node:os";
import { parseSignal, SIGNALS, signalNames } from "../../../src/lib/signals.ts";

test.each([
  ["TERM", "SIGTERM"],
  ["SIGTERM", "SIGTERM"],
  ["term", "SIGTERM"],
  ["sigkill", "SIGKILL"],
  ["15", "SIGTERM"],
  ["9", "SIGKILL"],
  ["1", "SIGHUP"],
  ["USR1", "SIGUSR1"],
])("%s is %s", (text, expected) => {
  expect(parseSignal(text)).toBe(expected as never);
});

// 10 is another signal on macOS, and 0 none
test.each(["", "SIG", "TERMINATE", "10", "0", "99", "-9", "toString"])("%p is no signal", (text) => {
  expect(() => parseSignal(text)).toThrow("is no signal");
});

test.skipIf(process.platform !== "linux")("the numbers are the system's", () => {
  expect(SIGNALS).toMatchObject(
    Object.fromEntries(signalNames().map((name) => [`SIG${name}`, constants.signals[`SIG${name}` as never]])),
  );
});
