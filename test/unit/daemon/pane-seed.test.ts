import { expect, test } from "bun:test";
import { parseSeed, seedCommands } from "../../../src/daemon/pane-seed.ts";

const KEY = "0123456789abcdef";

interface Answer {
  size?: string;
  cursor?: string;
  /** where the cursor was when a full-screen program began, and whether one has the screen */
  saved?: string;
  history?: number;
  path?: string;
  rows?: string[];
  lines?: string[];
  savedRows?: string[];
}

/** What tmux answers of a pane of 10 columns and 3 rows. */
function answers({ size = "10 3", cursor = "2 1", saved = "0 0 0", history = 0, path, ...text }: Answer): string[][] {
  const { rows = [], lines = rows, savedRows = [] } = text;
  const state = `${size} ${cursor} ${saved} 0 2 ${history} 2000 77 1000`;
  return [[state], [path ?? `${KEY} claude-tmux:${KEY};77;idle;3;0;`], [""], rows, lines, savedRows, savedRows];
}

const linesOf = (seed: ReturnType<typeof parseSeed>) => seed?.screen.lines.map(({ row, line }) => [row, line]);

test("the screen, the history above it and the shell's last word are read as of one moment", () => {
  const seed = parseSeed(answers({ history: 1, rows: ["old", "$ make", "done", ""] }), "all");
  expect(linesOf(seed)?.filter(([, line]) => line !== "")).toEqual([
    [0, "old"],
    [1, "$ make"],
    [2, "done"],
  ]);
  expect(seed).toMatchObject({
    screen: { cols: 10, rows: 3, firstRow: 1, cursor: { x: 2, y: 1 }, alternate: undefined, historyLimit: 2000 },
    ...{ hasHistory: true, shellPid: 77, shellKey: KEY, shell: { word: "idle", prompt: 3 }, activityAt: 1_000_000 },
  });
});

test("of a history of which a part was asked for, rows are counted from its real beginning", () => {
  const seed = parseSeed(answers({ history: 500, rows: ["last of it", "$"] }), 1);
  expect(seed).toMatchObject({ hasHistory: false, screen: { firstRow: 500 } });
  expect(linesOf(seed)?.[0]).toEqual([499, "last of it"]);
});

test("behind a full-screen program, the cursor is where that has found it", () => {
  const seed = parseSeed(answers({ saved: "5 2 1", rows: ["menu"], savedRows: ["$ vim"] }), "all");
  expect(linesOf(seed)?.[0]).toEqual([0, "$ vim"]);
  expect(seed?.screen).toMatchObject({
    cursor: { x: 5, y: 2 },
    alternate: { cursor: { x: 2, y: 1 }, lines: ["menu"] },
  });
});

test("one that did not have the cursor saved has found it nowhere", () => {
  const seed = parseSeed(answers({ saved: "4294967295 4294967295 1", rows: ["menu"], savedRows: ["$"] }), "all");
  expect(seed?.screen.cursor).toEqual({ x: 0, y: 0 });
});

test.each([
  ["that of another program, without the secret", `${KEY} claude-tmux:fedcba9876543210;77;idle;9;0;`],
  ["that of a shell inside it", `${KEY} claude-tmux:${KEY};78;idle;9;0;`],
  ["a folder", `${KEY} file:///tmp`],
  ["a word in a pane without the shell integration", ` claude-tmux:${KEY};77;idle;9;0;`],
])("%s is no word of the pane's shell", (_, path) => {
  expect(parseSeed(answers({ path }), "all")).toMatchObject({ shell: undefined, shellPid: 77 });
});

test("no pane is no seed", () => {
  expect(parseSeed([], "all")).toBeUndefined();
  expect(parseSeed([[""], [""], [""]], "all")).toBeUndefined();
});

test("as many answers are asked for as are read, of that very pane", () => {
  const commands = seedCommands("%3", 100);
  expect(commands).toHaveLength(answers({}).length);
  for (const command of commands) expect(command).toContain("%3");
  expect(commands.filter((command) => command.includes("-100"))).toHaveLength(2);
  expect(seedCommands("%3", "all").filter((command) => command.includes("-S"))).toEqual([
    ["capture-pane", "-p", "-t", "%3", "-S", "-"],
    ["capture-pane", "-p", "-t", "%3", "-S", "-", "-J"],
  ]);
});
