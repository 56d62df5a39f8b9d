import { describe, expect, test } from "bun:test";
import { isFreeText } from "../../../src/commands/parse.ts";
import { readWords, wordArgs } from "../../../src/commands/subscription-words.ts";
import { TYPES } from "../../../src/subscriptions/table.ts";
import { subscriptionType } from "../../../src/subscriptions/type.ts";

test.each([
  ["pattern-match", ["web", "a|b", "true"], { pane: "web", stored: { pattern: "a|b" }, callback: "true" }],
  ["pattern-match", ["web", "a", undefined], { pane: "web", stored: { pattern: "a" }, callback: undefined }],
  ["command-finished", ["web", "true"], { pane: "web", stored: {}, callback: "true" }],
  ["silence", ["web", "1h30m", ""], { pane: "web", stored: { seconds: 5400 }, callback: undefined }],
  ["pane-exit", [], { pane: undefined, stored: {}, callback: undefined }],
  ["pane-exit", ["", "true"], { pane: undefined, stored: {}, callback: "true" }],
  ["pane-exit", ["web", "true"], { pane: "web", stored: {}, callback: "true" }],
  ["session-closed", ["true"], { pane: undefined, stored: {}, callback: "true" }],
])("%s %j", (name, words, asked) => {
  expect(readWords(name, words)).toEqual({ type: expect.objectContaining({ name }), ...asked } as never);
});

test("so many seconds become a time of the clock", () => {
  const { stored } = readWords("timeout", ["web", "5m"]);
  expect(Math.abs((stored.deadline ?? 0) - Date.now() - 300_000)).toBeLessThan(10_000);
});

test.each([
  ["moon-phase", ["web"], "ERR_INVALID_ARGUMENT", '"moon-phase" is not a type of subscription'],
  ["silence", [], "ERR_INVALID_ARGUMENT", "<pane> is missing for silence"],
  ["silence", ["web"], "ERR_INVALID_ARGUMENT", "<seconds> is missing for silence"],
  ["silence", ["web", "-5"], "ERR_INVALID_ARGUMENT", '<seconds> is "-5", which is not a number of seconds'],
  ["pattern-match", ["web", "("], "ERR_INVALID_PATTERN", "The pattern ( is not valid"],
  ["session-closed", ["true", "x"], "ERR_INVALID_ARGUMENT", 'unexpected argument "x" for session-closed'],
])("%s %j is refused", (name, words, code, message) => {
  expect(() => readWords(name, words)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) }),
  );
});

describe("the arguments", () => {
  const { pane, detail } = wordArgs();
  const named = (...before: string[]) => (typeof pane?.names === "function" ? pane.names(before) : "never asked");

  test("are as many as the type with the most details takes, each named by what it may mean", () => {
    const load = subscriptionType({
      name: "load",
      pane: "none",
      details: { percent: { kind: "count" }, seconds: { kind: "seconds", isOptional: true } },
      help: "a made-up type",
      fires: { by: "census" },
    });
    const args = wordArgs([...TYPES, load]);
    expect(Object.entries(args).map(([name, { description }]) => [name, description])).toEqual([
      ["pane", "the pane, as everywhere"],
      ["detail", "the pattern, or the seconds, or the states, or the percent"],
      ["detail2", "the seconds"],
      ["callback", "a shell command to run"],
    ]);
  });

  test("complete panes only where the type takes one", () => {
    expect(named("dev", "silence")).toBe("pane");
    expect(named("dev", "pane-exit")).toBe("pane");
    expect([named("dev", "session-closed"), named("dev", "moon-phase")]).toEqual([undefined, undefined]);
  });

  test("are free text where the type must have a detail", () => {
    if (!pane || !detail) throw new Error("they are not there");
    expect(isFreeText(detail, ["dev", "silence", "web"])).toBe(true);
    expect(isFreeText(detail, ["dev", "command-finished", "web"])).toBe(false);
    expect(isFreeText(pane, ["dev", "silence"])).toBe(false);
  });
});
