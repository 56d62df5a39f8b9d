import { expect, test } from "bun:test";
import { countsOf, isBlocked, matches, ordered, type Row } from "../../../src/top/row.ts";

const ROW: Row = {
  id: "%1",
  sessionId: "$0",
  place: "dev:1",
  label: "Build",
  what: "make",
  cwd: "/src",
  state: "working",
  for: "",
  since: 0,
  isAtLeast: false,
  cpu: undefined,
  bytes: undefined,
  line: "CC main.o",
  runs: "make",
  job: "1",
  isOwn: false,
};

test("those that need somebody are first, those at rest last, and the others as they come", () => {
  const states = [
    ["idle", ""],
    ["working", ""],
    ["waiting", "keys"],
    ["done", ""],
    ["dead", ""],
    ["waiting", "password"],
    ["failed", ""],
    ["waiting", "permission"],
    ["unknown", ""],
    ["working", "2"],
  ] as const;
  const rows = ordered(states.map(([state, wait]) => ({ state, for: wait })));
  expect(rows.map(({ state, for: wait }) => `${state} ${wait}`.trim())).toEqual([
    ...["waiting password", "waiting permission", "failed", "dead", "done", "working", "working 2", "unknown", "idle"],
    "waiting keys",
  ]);
});

test.each([
  ["waiting", "permission", true],
  ["waiting", "", true],
  ["waiting", "line", true],
  // an editor, a pager: nobody is missing there
  ["waiting", "keys", false],
  ["idle", "", false],
] as const)("%s for %p: blocked %p", (state, wait, expected) => {
  expect(isBlocked({ state, for: wait })).toBe(expected);
});

test("what is counted", () => {
  const rows = (["waiting", "waiting", "dead", "working", "idle", "done", "failed"] as const).map((state, i) => ({
    state,
    for: i === 1 ? "keys" : "",
  }));
  expect(countsOf(rows)).toEqual({ blocked: 1, failed: 1, dead: 1, done: 1, working: 1 });
});

test.each([
  ["DEV:1", true],
  ["build", true],
  ["MAKE", true],
  ["/src", true],
  ["main.o", true],
  ["working", true],
  ["other", false],
])("a filter %p: %p", (filter, expected) => {
  expect(matches(ROW, filter)).toBe(expected);
});
