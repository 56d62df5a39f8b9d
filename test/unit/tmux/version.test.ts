import { expect, test } from "bun:test";
import { asMeant, isServerAtLeast, isServerBefore, isVersionEnough } from "../../../src/tmux/version.ts";

test.each([
  ["3.2", true],
  ["3.3a", true],
  ["next-3.6", true],
  ["10.0", true],
  ["master", true],
  ["openbsd-7.6", true],
  ["3.1c", false],
  ["2.9", false],
  ["", false],
])("version %p is enough: %p", (version, expected) => {
  expect(isVersionEnough(version)).toBe(expected);
});

test.each([
  ["3.2a", "3.3", false],
  ["3.3", "3.3", true],
  ["3.3a", "3.3", true],
  ["3.3-rc", "3.3", true],
  ["3.10", "3.7", true],
  ["4.0", "3.7", true],
  ["next-3.6", "3.7", false],
  ["next-3.8", "3.7", true],
  ["master", "3.7", true],
])("%p is at least %p: %p", (version, least, expected) => {
  expect(isServerAtLeast(version, least)).toBe(expected);
});

// what `display-message -p` printed for an option that held the second text, recorded from 3.4
test.each([
  ["l\\$abc", "l$abc"],
  ["\\${x} \\$_ \\$a", "${x} $_ $a"],
  ["a\\\\$x", "a\\$x"],
  ["$1 $- $$ $", "$1 $- $$ $"],
  ["\\1 \\", "\\1 \\"],
])("3.4 prints %p for %p, and no other version does", (printed, meant) => {
  expect(asMeant("3.4", printed)).toBe(meant);
  for (const version of ["3.3a", "3.5a", "3.2a", "next-3.5", ""]) expect(asMeant(version, printed)).toBe(printed);
});

test("what tmux is asked of its version agrees with what is known of it here", () => {
  for (const minor of [3, 5, 7]) {
    const [, regex = ""] = /^#\{m\/r:(.*),#\{version\}\}$/.exec(isServerBefore(minor)) ?? [];
    expect(regex).not.toBe("");
    for (const version of [
      "3.2",
      "3.2a",
      "3.3-rc",
      "3.3a",
      "next-3.5",
      "3.6b",
      "3.7",
      "next-3.8",
      "3.20",
      "3.10",
      "4.0",
      "master",
    ]) {
      expect([version, minor, new RegExp(regex).test(version)]).toEqual([
        version,
        minor,
        !isServerAtLeast(version, `3.${minor}`),
      ]);
    }
  }
});
