import { describe, expect, test } from "bun:test";
import { draftIn, type ShownPrompt } from "../../../src/gc/drafts.ts";

const SHOWN = { left: "", right: "", above: [], below: [], isFollowed: true, typed: [] };

/** What is found at a prompt; its line is the row of the cursor, unless another is given. */
const drafted = (shown: Partial<ShownPrompt>) => {
  const all = { ...SHOWN, ...shown };
  return draftIn({ ...all, line: shown.line ?? `${all.left}${all.right}` }, "vm.example.org");
};

const handed = (text: string, column: number | undefined) => ({
  ...{ id: "1", text, isCut: false },
  ...(column !== undefined && { column }),
});

const LATER = ["something", "all done"];

describe("what is typed at a prompt", () => {
  test.each([
    ["me@vm:~/work$ "],
    ["root@vm:/# "],
    ["(venv) me@vm:~$ "],
    ["vm:~# "],
    ["[me@vm work]$ "],
    ["me@vm ~/work (main)> "],
    ["root@vm /tmp# "],
    ["root@vm /tmp/x ((d77d2851))# "],
    ["me@vm ~/work (main|REBASE) [1]> "],
    ["root@vm /tmp [SIGKILL]# "],
    ["vm# "],
    ["vm% "],
    ["bash-5.2$ "],
  ])("is nothing at %p, wherever it stands", (left) => {
    expect(drafted({ left, above: LATER })).toBe("none");
    // shells that fill the row above, to see whether it has been left, make one line of the two
    expect(drafted({ left, above: LATER, line: `done      ${left}` })).toBe("none");
    expect(drafted({ left: `${left}cat ` })).toBe("unknown");
    expect(drafted({ left: `${left}cat > ` })).toBe("unknown");
  });

  test.each(["$ ", "# ", "% "])("is nothing at %p where nothing else is shown", (left) => {
    expect(drafted({ left })).toBe("none");
    expect(drafted({ left, above: ["", ""] })).toBe("none");
    expect(drafted({ left, above: [left.trimEnd(), left, ""] })).toBe("none");
    expect(drafted({ left, above: [`${left}x`, left] })).toBe("unknown");
    expect(drafted({ left, above: LATER })).toBe("unknown");
  });

  test("is nothing at a prompt of whatever look at which a command was handed to its shell before", () => {
    const ours = { above: ["~/work ❯ make", "done"], typed: [handed("make", 9)] };
    expect(drafted({ ...ours, left: "~/work ❯ " })).toBe("none");
    expect(drafted({ ...ours, left: "~/work ❯ rm -rf > " })).toBe("some");
    expect(drafted({ ...ours, left: "~/tmp ❯ " })).toBe("unknown");
  });

  test("is not known at what only looks like that prompt", () => {
    const left = "$ time ";
    // somebody has typed the line, which ends as a command of ours does
    expect(drafted({ left, above: ["$ time make"], typed: [handed("make", 2)] })).toBe("unknown");
    // in parts, or to a program
    expect(drafted({ left, above: ["$ time make"], typed: [handed("make", undefined)] })).toBe("unknown");
    expect(drafted({ left, above: ["$ time make"], typed: [{ ...handed("make", 7), isCut: true }] })).toBe("unknown");
    // a shell that tells nothing may have given it to a command that asks
    const asked = { left: "Name> ", above: ["Name> make"], typed: [handed("make", 6)] };
    expect(drafted({ ...asked, isFollowed: false })).toBe("unknown");
    expect(drafted({ left: "> ", above: ["> make"], typed: [handed("make", 2)] })).toBe("unknown");
  });

  test("is known in a shell that tells nothing by what such shells show", () => {
    const typed = { isFollowed: false, above: ["$ make", "done"], typed: [handed("make", 2)] };
    expect(drafted({ ...typed, left: "$ " })).toBe("none");
    expect(drafted({ ...typed, left: "vm# " })).toBe("unknown");
    expect(drafted({ isFollowed: false, left: "$ " })).toBe("none");
  });

  test.each<[string, Partial<ShownPrompt>]>([
    ["behind the cursor", { left: "$ ", right: "echo precious" }],
    ["below it, as a menu is", { left: "$ ", below: ["", "one  two"] }],
    ["before the cursor", { left: "$ make" }],
    ["before the cursor, as a prompt ends", { left: "$ echo a > " }],
    ["before the cursor, at a prompt that has no sign", { left: "~: cat > " }],
    ["before the cursor, at a prompt that names the place and has no sign", { left: "me@vm cat > " }],
    ["in a row that goes on from the one above", { left: "$ ", line: "me@vm:~$ echo aaaaaaaaaaaa$ " }],
    ["in several lines, of which the last looks like a prompt", { left: "$ ", above: ["$ echo 'a"] }],
    ["with the name of another machine", { left: "me@other:~$ ", above: ["$ ssh me@other:~$"] }],
    ["in a search", { left: "(reverse-i-search)`': " }],
    ["in a search of vi's kind", { left: "/" }],
    ["to a command that asks", { left: "menu> ", above: ["$ ./menu", "1 stop"] }],
    ["for the rest of a command", { left: "> ", above: ["$ echo 'a"] }],
  ])("is not known where there is something %s", (_, shown) => {
    expect(drafted(shown)).toBe("unknown");
  });
});
