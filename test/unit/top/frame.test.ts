import { describe, expect, test } from "bun:test";
import { frame, stateText } from "../../../src/top/frame.ts";
import { HELP } from "../../../src/top/help.ts";
import type { Row } from "../../../src/top/row.ts";
import { inSight, START, type View } from "../../../src/top/view.ts";

const NOW = 1_000_000_000;
const row = (id: string, more: Partial<Row> = {}): Row => ({
  id,
  sessionId: "$0",
  place: `dev:${id.slice(1)}`,
  label: "",
  what: "make",
  cwd: "/src",
  state: "working",
  for: "",
  since: NOW - 5000,
  isAtLeast: false,
  cpu: 12.4,
  bytes: 34e6,
  line: "CC main.o",
  runs: "make",
  job: id,
  isOwn: false,
  ...more,
});
const ROWS = [
  row("%1", {
    label: "bot",
    what: "claude",
    state: "waiting",
    for: "permission",
    isAtLeast: true,
    since: NOW - 300_000,
    line: "❯ 1. Yes",
  }),
  row("%2", {
    place: "web:日本",
    state: "dead",
    runs: "",
    cpu: undefined,
    bytes: undefined,
    line: "日本語のテキストが続く",
  }),
  row("%3"),
];
const view = (more: Partial<View> = {}): View => inSight({ ...START, rows: ROWS, ...more });
const plain = (of: View) => frame(of, NOW, false).map((line) => Bun.stripANSI(line));

test("80 columns, row by row", () => {
  expect(plain(view({ height: 14, screen: ["one", "two", "日本語"] }))).toEqual([
    "claude-tmux  3 panes in 1 session  1 blocked  1 dead  1 working",
    "  PANE      WHAT   STATE       SINCE   CPU   MEM LAST LINE",
    "> dev:1 bot claude permission?   >5m   12%   34M ❯ 1. Yes                       ",
    "  web:日本  make   dead           5s             日本語のテキストが続く",
    "  dev:3     make   working        5s   12%   34M CC main.o",
    "── dev:1 bot  /src ─────────────────────────────────────────────────────────────",
    "one",
    "two",
    "日本語",
    ...["", "", "", ""],
    "? help   q quit   Enter go   / filter   a answer   x stop",
  ]);
});

test("24 columns and 8 rows", () => {
  expect(plain(view({ columns: 24, height: 8 }))).toEqual([
    "1 blocked  1 dead",
    "  PANE     STATE",
    "> dev:1 b… permission?  ",
    "  web:日本 dead",
    "  dev:3    working",
    ...["", ""],
    "? help   q quit",
  ]);
});

describe.each([
  [200, 50],
  [80, 24],
  [72, 19],
  [40, 12],
  [24, 8],
  [10, 3],
  [2, 2],
  [1, 1],
])("%p columns and %p rows", (columns, height) => {
  const wide = row("%9", {
    place: "日本語日本語日本語".repeat(5),
    what: "👍".repeat(20),
    line: "語".repeat(300),
    label: "x",
  });
  const screen = Array.from({ length: 100 }, () => "語".repeat(300));
  const modes: View["mode"][] = [
    { is: "list" },
    { is: "filter" },
    { is: "help" },
    { is: "stop", row: wide },
    {
      is: "answer",
      row: wide,
      asked: { for: "question", text: "語".repeat(300), question: {} as never },
      text: "語".repeat(300),
    },
  ];

  test.each(modes.map((mode) => [mode.is, mode] as const))(
    "%s: as many lines as there are rows, none wider",
    (_, mode) => {
      for (const rows of [[], [wide], Array(60).fill(wide)]) {
        const lines = frame(
          inSight({
            ...START,
            rows,
            screen,
            mode,
            columns,
            height,
            filter: mode.is === "filter" ? "語".repeat(99) : "",
          }),
          NOW,
          true,
        );
        expect(lines).toHaveLength(height);
        expect(lines.filter((line) => Bun.stringWidth(Bun.stripANSI(line)) > columns)).toEqual([]);
      }
    },
  );
});

test("colours say what needs somebody; without them only bold and the like are left", () => {
  const colored = frame(view(), NOW, true).join("\n");
  expect(colored).toContain("\x1b[33m1 blocked\x1b[m");
  expect(colored).toContain("\x1b[31mdead ");
  const none = frame(view(), NOW, false).join("\n");
  expect([...none.matchAll(/\x1b\[(\d+)m/g)].map(([, code]) => code).sort()).not.toContain("33");
  expect(none).toContain("\x1b[7m> dev:1 bot");
});

test.each([
  ["waiting", "permission", "permission?"],
  ["waiting", "", "waiting?"],
  ["waiting", "keys", "keys"],
  ["done", "", "done"],
  ["", "", ""],
] as const)("%p for %p is told as %p", (state, wait, text) => {
  expect(stateText({ state, for: wait })).toBe(text);
});

test("what is asked stands at the foot", () => {
  const foot = (more: Partial<View>) => plain(view(more)).at(-1);
  const [first, dead, third] = ROWS as [Row, Row, Row];
  expect(foot({ mode: { is: "stop", row: third } })).toBe(
    "Stop make in dev:3? y yes, K kill the pane, any other key no",
  );
  expect(foot({ mode: { is: "stop", row: dead } })).toBe("Nothing runs in web:日本: K kill the pane, any other key no");
  const idle = row("%4", { what: "claude", state: "idle", runs: "claude" });
  expect(foot({ mode: { is: "stop", row: idle } })).toStartWith("Stop claude in dev:4? y yes, ");
  // an agent was ended, and something else runs by now
  const other = row("%4", { what: "claude", state: "dead", runs: "vim" });
  expect(foot({ mode: { is: "stop", row: other } })).toStartWith("Stop vim in dev:4? y yes, ");
  expect(foot({ mode: { is: "filter" }, filter: "ma" })).toBe("/ma_");
  expect(foot({ filter: "ma" })).toStartWith("/ma   Esc shows all");
  expect(foot({ message: { text: "bad\x1b[31m\nthing", isError: true } })).toBe("bad thing");
  const asked = { for: "permission", text: "May I?\n1. Yes\n2. No", question: {} as never };
  const asking = view({ mode: { is: "answer", row: first, asked, text: "1" } });
  expect(plain(asking).slice(1, 6)).toEqual(["claude in dev:1 asks (permission):", "", "May I?", "1. Yes", "2. No"]);
  expect(plain(asking).at(-1)).toBe("Number or words, Enter, or Esc: 1_");
});

test("a long message has the place of what is above it", () => {
  const lines = plain(view({ height: 14, message: { text: "word ".repeat(20), isError: false } }));
  expect(lines.slice(-3)).toEqual(["", "word ".repeat(16).trim(), "word ".repeat(4).trim()]);
  expect(lines).toHaveLength(14);
});

test("the help fits into 80 columns and 24 rows", () => {
  expect(HELP.length).toBeLessThanOrEqual(22);
  expect(HELP.filter((line) => line.length > 80)).toEqual([]);
  expect(plain(view({ mode: { is: "help" } })).slice(1, HELP.length + 1)).toEqual([...HELP]);
});

test("it is said why nothing is shown", () => {
  expect(plain(view({ rows: [] })).join("\n")).toContain("There is no session: claude-tmux session-create dev");
  const create = "claude-tmux -L work session-create dev";
  expect(plain(view({ rows: [], create })).join("\n")).toContain(`There is no session: ${create}`);
  expect(plain(view({ filter: "nowhere" })).join("\n")).toContain('No pane has "nowhere" in it: Esc shows all again');
});
