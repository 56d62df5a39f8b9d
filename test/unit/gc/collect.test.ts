import { expect, test } from "bun:test";
import { gcEvents, unsavedEvents } from "../../../src/gc/collect.ts";

test("each session that was ended is an event, and all else is one", () => {
  const collected = [
    { kind: "session" as const, what: "dev", why: "its owner, process 12, has ended", snapshot: "dev-1" },
    { kind: "pipe" as const, what: "the pipe of pane %1", why: "its process is no more" },
    { kind: "hold" as const, what: "the hold of pane %1", why: "its process is no more" },
  ];
  expect(gcEvents(collected)).toMatchObject([
    {
      event_type: "gc",
      session: "dev",
      message: "session collected, saved as dev-1: its owner, process 12, has ended",
      data: { kind: "session", snapshot: "dev-1" },
    },
    { event_type: "gc", session: "", message: "collected: 1 pipe, 1 hold", data: { collected: collected.slice(1) } },
  ]);
  expect(gcEvents([])).toEqual([]);
});

test("each session that could not be saved is one", () => {
  const why = "it could not be saved: There is no space left in /store";
  expect(unsavedEvents([{ session: "dev", why }])).toMatchObject([
    { event_type: "snapshot-failed", session: "dev", message: `not collected: ${why}`, data: { why } },
  ]);
  expect(unsavedEvents([])).toEqual([]);
});
