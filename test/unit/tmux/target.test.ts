import { describe, expect, test } from "bun:test";
import { firstWindowTarget, indexTarget, parsePane, pickPane, sessionTarget } from "../../../src/tmux/target.ts";

describe("parsePane", () => {
  test.each([
    ["0", { index: 0 }],
    ["12", { index: 12 }],
    ["2.1", { window: 2, index: 1 }],
    ["%5", { id: "%5" }],
    ["server", { label: "server" }],
    ['ser"v;er #{x}', { label: 'ser"v;er #{x}' }],
    ["-n", { label: "-n" }],
    ["1.2.3", { label: "1.2.3" }],
  ])("reads %p", (text, expected) => {
    expect(parsePane(text)).toEqual(expected);
  });

  test.each(["", "a\nb", "a\x1b[0m", "x".repeat(101)])("refuses %p", (text) => {
    expect(() => parsePane(text)).toThrow(expect.objectContaining({ code: "ERR_INVALID_NAME" }));
  });
});

test("targets are exact", () => {
  expect(sessionTarget("dev")).toBe("=dev:");
  expect(firstWindowTarget("dev")).toBe("=dev:^");
  expect(indexTarget("dev", { index: 1 })).toBe("=dev:^.1");
  expect(indexTarget("dev", { window: 2, index: 1 })).toBe("=dev:2.1");
  expect(indexTarget("dev", { id: "%1" })).toBeUndefined();
});

describe("pickPane", () => {
  const panes = [
    { id: "%3", window: 1, index: 1, label: "main" },
    { id: "%4", window: 1, index: 2, label: "web" },
    { id: "%9", window: 2, index: 1, label: "web" },
  ];
  test.each([
    ["1", "%3"],
    ["2.1", "%9"],
    ["%4", "%4"],
    ["main", "%3"],
  ])("%p is %s", (pane, id) => {
    expect(pickPane(panes, { session: "dev", pane }).id).toBe(id);
  });

  test("an ambiguous label lists its candidates", () => {
    expect(() => pickPane(panes, { session: "dev", pane: "web" })).toThrow(
      expect.objectContaining({ code: "ERR_AMBIGUOUS_LABEL", hint: "Name one by its id: %4 (1.2 web), %9 (2.1 web)" }),
    );
  });

  test.each(["0", "3", "2.2", "%5", "we"])("%p is no pane", (pane) => {
    expect(() => pickPane(panes, { session: "dev", pane })).toThrow(
      expect.objectContaining({ code: "ERR_PANE_NOT_FOUND" }),
    );
  });
});
