import { expect, test } from "bun:test";
import { answersOf, endsIn, markIn, waitingIn } from "../../../../../../src/dev/bench/agents/ways/typed.ts";

test("answers stand below their questions", () => {
  expect(answersOf(">>> 6 * 7\n42\n>>> 1\n1\n>>> 'x'\n'x'\n>>>")).toEqual({ a: "42", b: "1", c: "'x'" });
  expect(answersOf(">>> 6 * 7\n42\n>>>")).toEqual({ a: "42", b: "unknown", c: "unknown" });
});

test("what echo wrote stands below it", () => {
  expect(markIn('dev@host:~$ echo "$mark"\nabc\ndev@host:~$ half')).toBe("abc");
  expect(markIn("dev@host:~$ half")).toBe("unknown");
});

test("what is no program that waits for keys works", () => {
  expect(waitingIn("w1 bash vim\nw2 bash vim sleep\nw3 bash less\nw4 bash sleep")).toEqual({
    w1: "keys",
    w2: "works",
    w3: "keys",
    w4: "works",
  });
});

test("panes ended by their status or their signal", () => {
  expect(endsIn("=/9\nlast\nPane is dead (signal 9)\n=3/\nbye\nPane is dead (status 3)")).toEqual({
    old: "signal 9",
    old_last: "last",
    new: "exit 3",
    new_last: "bye",
  });
  expect(endsIn("=/9\nlast")).toEqual({ old: "signal 9", old_last: "last", new: "unknown", new_last: "unknown" });
});
