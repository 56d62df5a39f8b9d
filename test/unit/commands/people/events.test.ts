import { expect, test } from "bun:test";
import { eventLine, eventList, subscriptionList } from "../../../../src/commands/people/events.ts";
import { before, VIEW } from "./example-view.ts";

const EVENT = {
  seq: 3,
  timestamp: before(60),
  event_type: "command-finished",
  session: "dev",
  pane_id: "1",
  pane: "%7",
  label: "build",
  message: "exit code 2",
  data: { exit_code: 2 },
};
const isoTime = new Date(EVENT.timestamp).toTimeString().slice(0, 8);

test("an event is a line: when, what, where, and what happened", () => {
  expect(eventLine(EVENT, VIEW)).toBe(`${isoTime}  command-finished  dev:build     exit code 2`);
  expect(eventLine({ ...EVENT, label: "" }, VIEW)).toContain("  dev:1  ");
  expect(eventLine({ ...EVENT, pane_id: "", label: "", event_type: "session-closed" }, VIEW)).toBe(
    `${isoTime}  session-closed    dev           exit code 2`,
  );
});

test("what a pane has written is shown, and acts upon nothing", () => {
  const line = eventLine({ ...EVENT, message: "\x1b[2Jred\nand more" }, VIEW);
  expect(line).toEndWith("\\x1b[2Jred\\nand more");
});

test.each([
  ["command-finished", { exit_code: 2 }, "\x1b[31m"],
  ["command-finished", { exit_code: 0 }, "\x1b[32m"],
  ["agent-state", { state: "waiting" }, "\x1b[33m"],
  ["gap", { bytes: 3 }, "\x1b[33m"],
])("%s with %p begins with %p", (event_type, data, code) => {
  expect(eventLine({ ...EVENT, event_type, data }, { ...VIEW, isColor: true })).toContain(`${code}${event_type}`);
});

test("a log, and one without events", () => {
  expect(eventList([EVENT, EVENT], VIEW)?.split("\n")).toHaveLength(2);
  expect(eventList([], VIEW)).toBe("(no such events)");
});

test("subscriptions, a line each", () => {
  const one = {
    id: 7,
    created_at: before(300),
    type: "pattern-match",
    session: "dev",
    pane_id: "1",
    pane: "%7",
    label: "build",
    pattern: "err.r",
    deadline: null,
    seconds: null,
    callback: "notify-send x",
    cwd: "/",
    once: true,
    fired: 2,
  };
  const later = { ...one, id: 12, type: "timeout", pattern: null, seconds: 600, deadline: before(-90), callback: null };
  expect(subscriptionList([one, { ...later, waiting_pid: 99 }], { ...VIEW, width: 90 })).toBe(
    [
      "ID  TYPE           WHERE      FOR             FIRED  CALLBACK              MADE",
      " 7  pattern-match  dev:build  err.r, once         2  notify-send x         5 min ago",
      "12  timeout        dev:build  in 1 min, once      2  for daemon wait (99)  5 min ago",
    ].join("\n"),
  );
});
