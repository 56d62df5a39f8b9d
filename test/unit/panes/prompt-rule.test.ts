import { describe, expect, test } from "bun:test";
import type { AgentState } from "../../../src/agents/told.ts";
import { mayPrompt, type PromptLook, takenBy } from "../../../src/panes/prompt-rule.ts";

const EMPTY = { text: "", isEmpty: true };
const DRAFT = { text: "a draft", isEmpty: false };
type Look = PromptLook & { hasSpoken: boolean };
const look = (state: AgentState, rest: Partial<Look> = {}): Look => ({
  hasSpoken: false,
  state,
  for: null,
  since: null,
  composer: EMPTY,
  ...rest,
});

describe("a prompt may be given", () => {
  test.each<[AgentState, boolean, boolean, { isBusy: boolean } | "refused"]>([
    ["idle", true, false, { isBusy: false }],
    ["done", true, false, { isBusy: false }],
    ["failed", false, false, { isBusy: false }],
    ["working", true, true, { isBusy: true }],
    ["working", true, false, "refused"],
    ["working", false, true, "refused"],
    ["waiting", true, true, "refused"],
    ["starting", true, true, "refused"],
    ["unknown", true, true, "refused"],
    ["dead", true, true, "refused"],
  ])("%s, queues %p, to be queued %p", (state, isQueued, wantsQueue, expected) => {
    const leave = mayPrompt(look(state), { isQueued }, wantsQueue);
    if (expected === "refused") expect(leave).toEqual({ refused: expect.any(String), hint: expect.any(String) });
    else expect(leave).toEqual(expected);
  });

  test.each([DRAFT, undefined])("not where the composer is %j", (composer) => {
    expect(mayPrompt(look("idle", { composer }), { isQueued: true }, true)).toHaveProperty("refused");
  });
});

describe("after Enter", () => {
  const AT = 1000;
  test.each<[string, Look, boolean, string]>([
    ["it works", look("working"), false, "submitted"],
    ["it waits for somebody", look("waiting", { composer: undefined }), false, "submitted"],
    ["it is done since", look("idle", { since: AT }), false, "submitted"],
    ["it is idle as before", look("idle", { since: AT - 1 }), false, "unseen"],
    ["nothing tells since when it is idle", look("idle"), false, "unseen"],
    ["the text stands there", look("working", { composer: DRAFT }), false, "standing"],
    ["it worked before, and goes on", look("working", { since: AT - 1 }), true, "queued"],
    ["it worked before, and works anew", look("working", { since: AT + 1 }), true, "submitted"],
    ["it worked before, and is done", look("done"), true, "submitted"],
    ["it worked before, and the text stands there", look("working", { composer: DRAFT }), true, "standing"],
    ["it has said something since", look("idle", { hasSpoken: true }), false, "submitted"],
    [
      "it has said something since, and the text stands there",
      look("idle", { composer: DRAFT, hasSpoken: true }),
      false,
      "standing",
    ],
    ["it worked before, goes on, and has said something", look("working", { hasSpoken: true }), true, "queued"],
    ["it has ended", look("dead", { composer: undefined }), false, "unseen"],
  ])("%s", (_, now, isBusy, expected) => {
    expect(takenBy(now, { typed: "a draft", isBusy, at: AT })).toBe(expected as never);
  });
});
