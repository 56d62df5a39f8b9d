import { describe, expect, test } from "bun:test";
import { draftIn, isBarePrompt, type ShownPrompt } from "../../../src/gc/drafts.ts";

test.each([
  ["$ ", true],
  ["# ", true],
  ["user@host:~/work$ ", true],
  ["[user@host work]% ", true],
  ["user@host> ", true],
  // the rest of a command is waited for
  ["> ", false],
  ["$ make", false],
  ["$ make ", false],
  ["$ echo a > ", false],
  ["$ # ", false],
  ["❯ ls > ", false],
  ["❯ ", false],
  ["", false],
  ["make", false],
  ["Password: ", false],
])("%p is a prompt with nothing behind it: %p", (left, expected) => {
  expect(isBarePrompt(left)).toBe(expected);
});

describe("what is typed at a prompt", () => {
  const SHOWN: ShownPrompt = { left: "$ ", right: "", above: [], below: [], isFirst: true, typed: [] };
  const drafted = (shown: Partial<ShownPrompt>) => draftIn({ ...SHOWN, ...shown });
  const later = { isFirst: false, above: ["$ make", "all done"] };

  test("is nothing at a first prompt that is bare, and at one as it stood before, or that says where it is", () => {
    expect(drafted({})).toBe("none");
    expect(drafted({ ...later })).toBe("none");
    expect(drafted({ left: "vm% ", isFirst: false, above: ["vm% make", "done"] })).toBe("none");
    expect(drafted({ left: "[me@host tmp]$ ", isFirst: false, above: ["[me@host ~]$ cd tmp"] })).toBe("none");
  });

  test("is nothing at a prompt of whatever look behind which we have typed before", () => {
    const ours = { isFirst: false, above: ["~/work ❯ make all", "done"], typed: ["make all"] };
    expect(drafted({ ...ours, left: "~/work ❯ " })).toBe("none");
    expect(drafted({ ...ours, left: "~/work ❯ rm -rf > " })).toBe("some");
    expect(drafted({ ...ours, left: "~/tmp ❯ " })).toBe("unknown");
    // it was typed elsewhere, or so short that anything may end with it
    expect(drafted({ ...ours, typed: ["make"], left: "~/work ❯ " })).toBe("unknown");
    expect(drafted({ isFirst: false, above: ["❯ ls"], typed: ["ls"], left: "❯ " })).toBe("unknown");
  });

  test.each<[string, Partial<ShownPrompt>]>([
    ["behind the cursor", { right: "echo precious" }],
    ["below it, as a menu is", { below: ["", "one  two"] }],
    ["before the cursor", { left: "$ make" }],
    ["before the cursor, as a prompt ends", { left: "$ echo a > " }],
    [
      "in several lines, of which the last looks like a prompt",
      { isFirst: false, above: ["$ echo a", "b"], left: "c# " },
    ],
    ["in a search", { left: "(reverse-i-search)`': " }],
    ["to a command that asks", { isFirst: false, above: ["$ ./menu", "1 stop"], left: "menu> " }],
    ["for the rest of a command", { isFirst: false, above: ["$ echo 'a"], left: "> " }],
  ])("is not known where there is something %s", (_, shown) => {
    expect(drafted(shown)).toBe("unknown");
  });
});
