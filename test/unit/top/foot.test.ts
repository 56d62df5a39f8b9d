import { describe, expect, test } from "bun:test";
import { foot, hints } from "../../../src/top/foot.ts";
import type { Row } from "../../../src/top/row.ts";
import { START, type View } from "../../../src/top/view.ts";

const row = { place: "a-long-session-name:editor.0", runs: "webpack-dev-server" } as Row;
const shown = (more: Partial<View>) => foot({ ...START, ...more }, (_, text) => text);
const asked = { for: "question", text: "", question: {} as never };

/** All that the foot may say can be pressed. */
const HINTS =
  /^(\? help|q quit|Enter go|\/ filter|a answer|x stop|Esc shows all|y yes|K kill the pane|any other key no|Any key goes back)$/;

describe.each([200, 80, 60, 40, 24, 17, 10, 3, 1])("in %p columns", (columns) => {
  test.each<[string, Partial<View>]>([
    ["the list", {}],
    ["a short filter", { filter: "vi" }],
    ["a long filter", { filter: "日本語".repeat(30) }],
    ["the help", { mode: { is: "help" } }],
    ["what is stopped", { mode: { is: "stop", row } }],
    ["where nothing runs", { mode: { is: "stop", row: { ...row, runs: "" } } }],
  ])("no hint is cut: %s", (_, more) => {
    const [text = "", ...others] = shown({ ...more, columns });
    expect([others, Bun.stringWidth(text) <= columns]).toEqual([[], true]);
    // what is before the hints may be cut, and ends so
    const said = text.replace(/^(\/[^ ]*|(Stop|Nothing)( .*?)?(\?|:|…)(?= |$)|Stop.*…) */, "");
    const parts = said.split(/ {3}|, /).filter((part) => part !== "");
    if (columns > 3) expect(parts.filter((part) => !HINTS.test(part))).toEqual([]);
  });
});

test("those that matter most are the last to go", () => {
  expect(shown({})).toEqual(["? help   q quit   Enter go   / filter   a answer   x stop"]);
  expect(shown({ columns: 30 })).toEqual(["? help   q quit   Enter go"]);
  expect(shown({ columns: 80, filter: "vim" })).toEqual([
    "/vim   Esc shows all   ? help   q quit   Enter go   / filter   a answer   x stop",
  ]);
  expect(shown({ columns: 40, filter: "vim" })).toEqual(["/vim   Esc shows all   ? help   q quit"]);
  expect(shown({ mode: { is: "stop", row } })).toEqual([
    "Stop webpack-dev-server in a-long-sess… y yes, K kill the pane, any other key no",
  ]);
  expect(shown({ columns: 40, mode: { is: "stop", row } })).toEqual(["Stop webpack-dev… y yes, K kill the pane"]);
  expect(hints(["日本", "x"], 5, " ")).toBe("日本");
});

test("what is typed is seen in few columns, too", () => {
  const answer = (columns: number) => shown({ columns, mode: { is: "answer", row, asked, text: "two" } });
  expect([answer(80), answer(40), answer(20)]).toEqual([
    ["Number or words, Enter, or Esc: two_"],
    ["Number or words: two_"],
    ["> two_"],
  ]);
});

test("a long message is told in several lines, if there is room", () => {
  const text = "This pane is of another tmux server · Outside tmux: tmux -L other attach -t 'work'";
  const message = { text, isError: true };
  expect(shown({ message })).toEqual([
    "This pane is of another tmux server · Outside tmux: tmux -L other attach -t",
    "'work'",
  ]);
  expect(shown({ message, height: 7 })).toEqual([`${text.slice(0, 79)}…`]);
  expect(shown({ message, columns: 20 })).toEqual([
    "This pane is of",
    "another tmux server",
    "· Outside tmux: tmux",
    "-L other attach -t",
    "'work'",
  ]);
});
