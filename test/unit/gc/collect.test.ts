import { expect, test } from "bun:test";
import { gcEvents } from "../../../src/gc/collect.ts";

test("each session that was ended is an event, and all else is one", () => {
  const collected = [
    { kind: "session" as const, what: "dev", why: "its owner, process 12, has ended" },
    { kind: "pipe" as const, what: "the pipe of pane %1", why: "its process is no more" },
    { kind: "hold" as const, what: "the hold of pane %1", why: "its process is no more" },
  ];
  expect(gcEvents(collected)).toMatchObject([
    { event_type: "gc", session: "dev", message: "session collected: its owner, process 12, has ended" },
    { event_type: "gc", session: "", message: "collected: 1 pipe, 1 hold", data: { collected: collected.slice(1) } },
  ]);
  expect(gcEvents([])).toEqual([]);
});
