import { describe, expect, test } from "bun:test";
import { canCome, isWanted, makeWish, mayBeAway, readWish, type Wanted } from "../../../src/commands/wanted.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";
import type { EventRecord } from "../../../src/store/events.ts";
import type { Subscription } from "../../../src/store/subscriptions.ts";

test.each([
  ["pane-exit", { type: "pane-exit", pane: undefined, pattern: undefined }],
  ["pane-exit:build", { type: "pane-exit", pane: "build", pattern: undefined }],
  ["pattern-match:%3:a:b", { type: "pattern-match", pane: "%3", pattern: "a:b" }],
])("--any %s", (text, wish) => {
  expect(readWish(text)).toEqual(wish as never);
});

test.each([["nothing"], ["session-closed:0"], ["pane-exit:build:x"], ["pattern-match::x"], [""]])(
  "--any %p is refused",
  (text) => {
    expect(() => readWish(text)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARGUMENT" }));
  },
);

const wanted = (text: string, more: Partial<Wanted> = {}): Wanted => {
  const wish = readWish(text);
  const match = wish.pattern === undefined ? undefined : compilePattern(wish.pattern);
  return { ...wish, match, paneId: undefined, subscription: undefined, ...more };
};
const event = (more: Partial<EventRecord>): EventRecord => ({
  seq: 1,
  timestamp: "",
  session: "dev",
  event_type: "pane-exit",
  pane_id: "1",
  pane: "%5",
  label: "build",
  message: "",
  data: {},
  ...more,
});

describe("an event is the one that is waited for", () => {
  const line = (text: string) => event({ event_type: "pattern-match", data: { line: text } });
  test.each<[Wanted, EventRecord, boolean]>([
    [wanted("pane-exit"), event({}), true],
    [wanted("pane-created"), event({}), false],
    [wanted("session-closed"), event({ event_type: "session-closed", pane: "", pane_id: "", label: "" }), true],
    [wanted("pane-exit:x", { paneId: "%5" }), event({}), true],
    [wanted("pane-exit:build", { paneId: "%6" }), event({}), false],
    [wanted("pane-exit:build"), event({}), true],
    [wanted("pane-exit:1"), event({}), true],
    [wanted("pane-exit:2"), event({}), false],
    [wanted("pattern-match:0:ok$", { paneId: "%5" }), line("all ok"), true],
    [wanted("pattern-match:0:ok$", { paneId: "%5" }), line("ok?"), false],
    [wanted("pattern-match:0", { paneId: "%5" }), line("ok?"), true],
  ])("case %#", (each, happened, expected) => {
    expect(isWanted(each, happened)).toBe(expected);
  });
});

describe("an event can come", () => {
  const subscription = { id: 7, type: "silence", session: "dev", pane: "%5" } as Subscription;
  test.each<[string, Wanted, readonly Subscription[], boolean]>([
    ["by itself", wanted("pane-exit"), [], true],
    ["of what nobody has subscribed to", wanted("silence"), [], false],
    ["of any pane", wanted("silence"), [subscription], true],
    ["of this pane", wanted("silence:x", { paneId: "%5" }), [subscription], true],
    ["of another pane", wanted("silence:x", { paneId: "%6" }), [subscription], false],
    ["of a pane that is gone", wanted("silence:x"), [subscription], false],
    ["of another session", wanted("silence"), [{ ...subscription, session: "other" }], false],
    ["of another type", wanted("timeout"), [subscription], false],
    ["of its own subscription", wanted("pattern-match:0:x", { subscription: 7 }), [subscription], true],
    ["of its own that has ended", wanted("pattern-match:0:x", { subscription: 8 }), [subscription], false],
  ])("%s", (_, each, subscriptions, expected) => {
    expect(canCome(each, "dev", subscriptions)).toBe(expected);
  });
});

test("a pane may be away that is still to come, or that may have been there", () => {
  expect(mayBeAway(makeWish("pane-created", "x", undefined), false)).toBe(true);
  expect(mayBeAway(makeWish("pane-exit", "x", undefined), false)).toBe(false);
  expect(mayBeAway(makeWish("pane-exit", "x", undefined), true)).toBe(true);
});
