import { describe, expect, test } from "bun:test";
import { isFree, isShownAs, mayPrompt, type PromptLook, takenBy } from "../../../src/panes/prompt-rule.ts";

const EMPTY = { text: "", isEmpty: true };
const DRAFT = { text: "a draft", isEmpty: false };
type Look = PromptLook & { hasSpoken: boolean };
const look = (state: PromptLook["state"], rest: Partial<Look> = {}): Look => ({
  hasSpoken: false,
  mode: "",
  state,
  for: null,
  since: null,
  composer: EMPTY,
  ...rest,
});

describe("a prompt may be given", () => {
  test.each<[PromptLook["state"], boolean]>([
    ["idle", true],
    ["done", true],
    ["failed", true],
    ["working", false],
    ["waiting", false],
    ["starting", false],
    ["unknown", false],
    ["dead", false],
    ["away", false],
  ])("to one that is %s: %p", (state, may) => {
    expect([mayPrompt(look(state)) === undefined, isFree(state)]).toEqual([may, may]);
  });

  test.each([DRAFT, undefined])("not where the composer is %j", (composer) => {
    expect(mayPrompt(look("idle", { composer }))).toEqual({ why: expect.any(String), hint: expect.any(String) });
  });

  test("not while somebody scrolls there", () => {
    expect(mayPrompt(look("idle", { mode: "copy-mode" }))).toMatchObject({
      why: "is looked at by somebody (copy-mode)",
    });
  });

  test("never to one that has ended, or is in the background, which is no end", () => {
    expect(mayPrompt(look("dead"))).toMatchObject({ why: "has ended", isForGood: true });
    expect(mayPrompt(look("away"))).toMatchObject({ why: expect.stringContaining("foreground"), isForGood: true });
  });
});

describe("after Enter", () => {
  const AT = 1000;
  test.each<[string, Look, string]>([
    ["it works", look("working"), "submitted"],
    ["it waits for somebody", look("waiting", { composer: undefined }), "submitted"],
    ["it is done since", look("idle", { since: AT }), "submitted"],
    ["it is idle as before", look("idle", { since: AT - 1 }), "unseen"],
    ["nothing tells since when it is idle", look("idle"), "unseen"],
    ["the text stands there", look("working", { composer: DRAFT }), "standing"],
    ["it has said something since", look("idle", { hasSpoken: true }), "submitted"],
    [
      "it has said something since, and the text stands there",
      look("idle", { composer: DRAFT, hasSpoken: true }),
      "standing",
    ],
    ["it has ended", look("dead", { composer: DRAFT }), "ended"],
    ["it is in the background", look("away", { composer: DRAFT }), "away"],
  ])("%s", (_, now, expected) => {
    expect(takenBy(now, { typed: "a draft", at: AT })).toBe(expected as never);
  });
});

describe("a composer shows a text that was pasted", () => {
  const LONG = Array.from({ length: 60 }, (_, i) => `word${i}`).join(" ");
  test.each<[string, string, boolean]>([
    ["Do it", "Do it", true],
    ["Do it\n\tnow", "Do it\n    now", true],
    ["Do it", "Do it, please", false],
    // what terminals drop, or compose
    ["caf\u00e9 \u{1f44d}\u{1f3fd}", "cafe\u0301 \u{1f44d}", true],
    ["\u{1f468}\u200d\u{1f469}", "\u{1f468}\u{1f469}", true],
    ["Do it", "Do", false],
    ["Do it", "", false],
    ["Do it", "1. Yes", false],
    [LONG, LONG.slice(30, 200).replaceAll(" ", "\n"), true],
    [LONG, "[Pasted text #1 +30 lines]", true],
    [LONG, "[Pasted Content 4000 chars]", true],
    [LONG, `${LONG} and a person's`, false],
  ])("%j: %j: %p", (text, shown, expected) => {
    expect(isShownAs(text, shown)).toBe(expected);
  });
});
