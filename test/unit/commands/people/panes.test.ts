import { describe, expect, test } from "bun:test";
import { captured, paneList, paneStatus, screen, summaryList } from "../../../../src/commands/people/panes.ts";
import { VIEW } from "./example-view.ts";

const PANE = {
  pane_id: 0,
  index: 0,
  window: 0,
  pane: "%0",
  pid: 17,
  command: "bash",
  is_running: false,
  width: 200,
  height: 50,
  method: "shell-integration",
  waiting_for: "prompt",
  waiting_method: "shell-integration",
  full_screen: false,
  label: "main",
  metadata: {},
  cwd: "/home/ann/web",
  last_exit_code: 0,
  is_dead: false,
} as const;
const PANES = [
  PANE,
  {
    ...PANE,
    pane_id: 1,
    index: 1,
    pane: "%7",
    label: "ビルド",
    is_running: true,
    waiting_for: "nothing",
    command: "make",
    idle_ms: 63_000,
    metadata: { commit: "3f2a" },
  },
  { ...PANE, pane_id: 2, index: 2, pane: "%8", label: "", is_running: true, waiting_for: "password", command: "ssh" },
  { ...PANE, pane_id: 3, index: 3, pane: "%9", label: "x\x1b[2J", is_dead: true, signal: 9, last_exit_code: 137 },
] as const;
const list = (width: number, isColor = false) =>
  paneList({ session: "dev", output: [...PANES] }, { ...VIEW, width, isColor }) ?? "";

describe("a session's panes", () => {
  test("in 80 columns", () => {
    expect(list(80)).toBe(
      [
        "PANE  ID  LABEL     STATE            EXIT  COMMAND  QUIET      FOLDER  SIZE",
        "0.0   %0  main      idle                0  bash                ~/web   200x50",
        "0.1   %7  ビルド    running                make     1 min 3 s  ~/web   200x50",
        "0.2   %8            asks a password        ssh                 ~/web   200x50",
        "0.3   %9  x\\x1b[2J  dead (signal 9)   137  bash                ~/web   200x50",
      ].join("\n"),
    );
  });

  test("without what only their metadata tells", () => {
    const { is_dead: _, ...dead } = PANES[3];
    expect(summaryList({ session: "dev", output: [...PANES.slice(0, 3), dead] }, VIEW)).toBe(
      [
        "PANE  ID  STATE            COMMAND  QUIET      SIZE",
        "0.0   %0  idle             bash                200x50",
        "0.1   %7  running          make     1 min 3 s  200x50",
        "0.2   %8  asks a password  ssh                 200x50",
        "0.3   %9  dead (signal 9)  bash                200x50",
      ].join("\n"),
    );
  });

  test("in 200 they have their metadata, in 40 what matters most", () => {
    expect(list(200).split("\n")[2]).toEndWith("200x50  commit=3f2a");
    expect(list(40).split("\n")[0]).not.toContain("FOLDER");
    for (const line of list(40).split("\n")) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(40);
  });

  test("red is dead, yellow waits, green is idle", () => {
    const lines = list(80, true).split("\n");
    expect(lines[1]).toContain("\x1b[32midle\x1b[0m");
    expect(lines[3]).toContain("\x1b[33masks a password\x1b[0m");
    expect(lines[4]).toContain("\x1b[31mdead (signal 9)\x1b[0m");
    expect(Bun.stripANSI(list(80, true))).toBe(list(80));
  });
});

test("one pane, by its facts", () => {
  expect(paneStatus({ session: "dev", output: PANES[1] }, VIEW)).toBe(
    [
      'Pane 0.1 "ビルド" of dev',
      "  State:           running",
      "  Last exit code:  0",
      "  Command:         make",
      "  Folder:          ~/web",
      "  Quiet for:       1 min 3 s",
      "  Size:            200x50",
      "  Metadata:        commit=3f2a",
      "  tmux id:         %7",
      "  Process:         17",
      "  Known by:        shell-integration",
    ].join("\n"),
  );
});

test("what a pane shows, with its colours, and what it waits for", () => {
  const output = {
    lines: ["\x1b[32m$\x1b[0m ls", "x\x1b]0;evil\x07", ""],
    cursor: { row: 1, column: 1, visible: true },
    width: 80,
    height: 3,
    title: "vm",
    command: "bash",
    full_screen: false,
    is_running: false,
    waiting_for: "prompt",
    waiting_method: "shell-integration",
  } as const;
  const result = { output: { ...output, lines: [...output.lines] } };
  expect(screen(result, VIEW)).toBe('$ ls\nx\\x1b]0;evil\\x07\n80x3 · bash · idle · cursor at 1:1 · "vm"');
  expect(screen(result, { ...VIEW, isColor: true })).toContain("\x1b[32m$\x1b[0m ls");
});

test("lines of a pane are shown alone", () => {
  expect(captured({ output: "one\ntwo\x07" }, VIEW)).toBe("one\ntwo\\x07");
});
