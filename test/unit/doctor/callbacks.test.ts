import { expect, test } from "bun:test";
import { checkCallbacks } from "../../../src/doctor/callbacks.ts";
import type { FailedCallbacks } from "../../../src/store/callbacks.ts";
import { event } from "../store/stores.ts";

/** So many callbacks of a subscription that ended with that. */
const failed = (subscription: number, count: number, code: number): FailedCallbacks => {
  const data = { subscription, exit_code: code, output: "/bin/sh: 1: claude-tmux: not found\u001b[31m\n" };
  const last = event({ event_type: "callback", message: `callback of event 7 ended with ${code}`, data });
  return { subscription, count, last: { ...last, seq: 9, timestamp: "now" } };
};

test("a subscription whose last callbacks all failed is told of, with what the newest said", () => {
  expect(checkCallbacks([failed(1, 3, 127)])).toMatchObject({
    verdict: "warning",
    message:
      "the last 3 callbacks of subscription 1 failed: the newest ended with 127: /bin/sh: 1: claude-tmux: not found [31m",
  });
});

test("one that has failed once, and that there are others", () => {
  const message = checkCallbacks([failed(2, 1, 1), failed(1, 1, 1)])?.message;
  expect(message).toStartWith("the last callback of subscription 2 failed");
  expect(message).toEndWith("; so did those of 1 more");
});

test("none is nothing to tell", () => {
  expect(checkCallbacks([])).toBeUndefined();
});
