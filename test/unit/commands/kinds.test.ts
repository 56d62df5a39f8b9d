import { describe, expect, test } from "bun:test";
import { KINDS, seconds } from "../../../src/commands/kinds.ts";

describe("seconds", () => {
  test.each([
    ["30", 30],
    ["0.5", 0.5],
    ["30s", 30],
    ["1.5s", 1.5],
    ["5m", 300],
    ["2h", 7200],
    ["1h30m", 5400],
    ["1h30m5s", 5405],
    ["500ms", 0.5],
    ["999999999", 999_999_999],
  ])("reads %p", (text, expected) => {
    expect(seconds("--timeout", text)).toBe(expected);
  });

  test.each([
    ...["", "-5", "5x", "m", "30m1h", "1h 30m", "1.5m", "1e3", "Infinity", " 5", "5 s"].map((text) => [
      text,
      "not a number of seconds or a time",
    ]),
    ["0", "no time at all"],
    ["0s", "no time at all"],
    ["999999999h", "longer than 1,000,000,000 seconds"],
    ["10000000000", "longer than 1,000,000,000 seconds"],
  ])("refuses %p: %s", (text, why) => {
    expect(() => seconds("--timeout", text)).toThrow(`--timeout is "${text}", which is ${why}`);
  });
});

test("a label may be none where it says so", () => {
  expect(KINDS.labelOrNone("<label>", "")).toBeUndefined();
  expect(KINDS.labelOrNone("<label>", "build")).toBe("build");
  expect(() => KINDS.labelOrNone("<label>", "%1")).toThrow("looks like a pane's index or id");
});

test("a size is columns and rows, and variables are pairs", () => {
  expect(KINDS.size("--size", "80x24")).toEqual({ width: 80, height: 24 });
  for (const text of ["80", "200", "0x5", "1x5", "x", "200x50x1", "-1x5", "99999x5", "20 x5"])
    expect(() => KINDS.size("--size", text)).toThrow(`--size "${text}" is not a size`);
  expect(KINDS.variables("--env", ["A=1", "_x=", "P=a=b"])).toEqual(["A=1", "_x=", "P=a=b"]);
  for (const text of ["A", "=b", "1A=b", "A B=c"])
    expect(() => KINDS.variables("--env", [text])).toThrow(`--env "${text}" is not NAME=VALUE`);
});

test("a pid is digits", () => {
  expect(KINDS.pid("--owner-pid", "4711")).toBe(4711);
  for (const text of ["", "0x1", "-1", "1.5", "4711 ", "9999999999"])
    expect(() => KINDS.pid("--owner-pid", text)).toThrow(`--owner-pid is "${text}", which is no pid`);
});
