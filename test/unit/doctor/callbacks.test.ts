import { expect, test } from "bun:test";
import { checkCallbacks } from "../../../src/doctor/callbacks.ts";
import { failedCallbacks } from "../../../src/store/callbacks.ts";
import { addEvent } from "../../../src/store/events.ts";
import { event, memoryStore } from "../store/stores.ts";

/** What is found after callbacks that ended so, as `subscription exit_code`, oldest first. */
function after(ends: [number, number][], now = Date.now()) {
  using store = memoryStore();
  for (const [subscription, exit_code] of ends) {
    const data = { subscription, exit_code, output: "/bin/sh: 1: claude-tmux: not found\u001b[31m\n" };
    addEvent(store, event({ event_type: "callback", message: `callback of event 7 ended with ${exit_code}`, data }));
  }
  return failedCallbacks(store, now);
}

test("a subscription whose last callbacks all failed is told of, with what the newest said", () => {
  const failed = after([
    [1, 0],
    [1, 127],
    [2, 1],
    [1, 127],
    [2, 0],
    [1, 127],
  ]);
  expect(failed.map(({ subscription, count }) => [subscription, count])).toEqual([[1, 3]]);
  expect(checkCallbacks(failed)).toMatchObject({
    verdict: "warning",
    message:
      "the last 3 callbacks of subscription 1 failed: the newest ended with 127: /bin/sh: 1: claude-tmux: not found [31m",
  });
});

test("one that has failed once and never worked, and that there are others", () => {
  expect(
    checkCallbacks(
      after([
        [1, 1],
        [2, 1],
      ]),
    )?.message,
  ).toStartWith("the last callback of subscription 2 failed");
  expect(
    checkCallbacks(
      after([
        [1, 1],
        [2, 1],
      ]),
    )?.message,
  ).toEndWith("; so did those of 1 more");
});

test("one that works again, and what is long ago, is nothing to tell", () => {
  expect(
    checkCallbacks(
      after([
        [1, 1],
        [1, 0],
      ]),
    ),
  ).toBeUndefined();
  expect(checkCallbacks(after([[1, 1]], Date.now() + 2 * 86_400_000))).toBeUndefined();
  expect(checkCallbacks([])).toBeUndefined();
});
