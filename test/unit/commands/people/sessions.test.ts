import { expect, test } from "bun:test";
import { sessionList, snapshotList } from "../../../../src/commands/people/sessions.ts";
import { before, VIEW } from "./example-view.ts";

test("sessions, a line each", () => {
  const output = [
    { name: "dev", id: "$0", windows: 1, attached: true, created_at: before(7200) },
    { name: "web-of-many", id: "$12", windows: 12, attached: false, created_at: before(5) },
  ];
  expect(sessionList({ output }, VIEW)).toBe(
    [
      "SESSION      WINDOWS  CREATED  ATTACHED  ID",
      "dev                1  2 h ago  attached  $0",
      "web-of-many       12  5 s ago            $12",
    ].join("\n"),
  );
});

test("where there is none, it is said how to make one, but to those who want few words", () => {
  expect(sessionList({ output: [] }, VIEW)).toContain("session-create NAME");
  expect(sessionList({ output: [] }, { ...VIEW, quiet: true })).toBeUndefined();
  expect(snapshotList({ output: [] }, VIEW)).toContain("session-save SESSION");
});

test("snapshots, with what is wrong with them", () => {
  const one = {
    snapshot: "dev-20261129T115500Z",
    name: "dev",
    taken_at: before(300),
    note: null,
    automatic: true,
    windows: 1,
    panes: 3,
    lines: 120,
    bytes: 3849,
    whole: true,
    problem: null,
  };
  const damaged = { ...one, snapshot: "x", taken_at: null, whole: false, problem: "a part is missing", note: "mine" };
  expect(snapshotList({ output: [one, damaged] }, { ...VIEW, width: 200 })).toBe(
    [
      "SNAPSHOT              TAKEN      WINDOWS  PANES  LINES    SIZE  PROBLEM            NOTE",
      "dev-20261129T115500Z  5 min ago        1      3    120  3.8 KB                     automatic",
      "x                                      1      3    120  3.8 KB  a part is missing  mine",
    ].join("\n"),
  );
});
