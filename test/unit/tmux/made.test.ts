import { describe, expect, test } from "bun:test";
import { type MadeSession, madePaneText, madeSessionText, readMade, readMadeSession } from "../../../src/tmux/made.ts";

const MADE = { by: { name: "claude", pid: 4711 }, at: 1_795_964_162_176, name: "dev" };

describe("who made a session is read as it was written", () => {
  test.each<[string, Partial<MadeSession>]>([
    ["nothing else", {}],
    ["a note of any text", { note: "nightly, #{pane_id} 'build' @ 50 % = ü\n" }],
    ["a time to live", { ttlS: 7200 }],
    ["a fraction of a second", { ttlS: 0.5 }],
    ["an owner", { owner: { pid: 12, startTime: 7_590_044, table: "proc4026531836" } }],
    ["never", { isKept: true }],
    ["the clock", { uptime: 76_523.1, boot: "a2d4cf37-4b63-4ddb-bc07-eb101933e9f1" }],
    ["a maker with an odd name", { by: { name: "my tool@1 x", pid: 5 } }],
  ])("%s", (_, more) => {
    const made = { ...MADE, ...more };
    expect(readMadeSession(madeSessionText(made))).toEqual(made);
  });
});

test("who made a pane is read as it was written", () => {
  expect(readMade(madePaneText(MADE))).toEqual({ by: MADE.by, at: MADE.at });
});

test("programs are told which sessions end by themselves", () => {
  const ends = (more: Partial<MadeSession>) => madeSessionText({ ...MADE, ...more }).includes(" ends@1 ");
  expect([ends({}), ends({ isKept: true }), ends({ note: " ends@1 " })]).toEqual([false, false, false]);
  expect([ends({ ttlS: 1 }), ends({ owner: { pid: 1, startTime: 2, table: "ps" } })]).toEqual([true, true]);
});

describe("what is not one, or damaged, says nothing: the session is not ours to end", () => {
  test.each([
    "",
    "anything",
    " by@claude pid@x at@1 name@dev ",
    " by@claude pid@1 at@1 ",
    " pid@1 at@1 name@dev ",
    " by@claude pid@1 at@1 name@dev ttl@soon ",
    " by@claude pid@1 at@1 name@dev owner@12 ",
    " by@claude pid@1 at@1 name@dev owner@x_2 ",
    " by@claude pid@1 at@1 name@dev uptime@x boot@1 ",
  ])("%p", (text) => {
    expect(readMadeSession(text)).toBeUndefined();
  });
});
