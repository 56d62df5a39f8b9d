import { expect, test } from "bun:test";
import { RECORD, UNIT } from "../../../src/tmux/format.ts";
import { PANE_VARIABLES } from "../../../src/tmux/pane-variables.ts";
import { panesCommand, parsePanes } from "../../../src/tmux/panes.ts";

const KEY = "0123456789abcdef";

type Row = Partial<Record<(typeof PANE_VARIABLES)[number], string>>;

/** What tmux lists of panes: each as it is by default, but for what is given. */
function listed(...rows: Row[]): string {
  const usual: Row = {
    ...{ session_name: "dev", session_id: "$0", window_index: "0", pane_index: "0", pane_id: "%0" },
    ...{ "@claude_tmux_label": "main", pane_pid: "77", pane_current_command: "bash", pane_width: "80" },
    ...{ pane_height: "24", pane_dead: "0", pane_path: told("idle;3"), "@claude_tmux_key": KEY },
    ...{ pid: "5", start_time: "6", version: "3.4" },
  };
  const fields = (row: Row) => PANE_VARIABLES.map((name) => ({ ...usual, ...row })[name] ?? "");
  return rows.map((row) => `${fields(row).join(UNIT)}${RECORD}\n`).join("");
}

/** What a shell tells. */
const told = (what: string, { pid = 77, key = KEY } = {}) => `claude-tmux:${key};${pid};${what};0;`;
const only = (row: Row) => parsePanes(listed(row))[0];

test("a pane is read as tmux tells it", () => {
  expect(only({})).toMatchObject({
    ...{ id: "%0", session: "dev", sessionId: "$0", window: 0, index: 0, paneId: "0", label: "main", pid: 77 },
    ...{ command: "bash", width: 80, height: 24, isDead: false, key: KEY, server: "5:6" },
    ...{ shell: { word: "idle", prompt: 3 }, isStarting: false, isTypedPending: false },
  });
});

test("outside the first window of its session, a pane's index has that of its window before it", () => {
  const rows = [
    { window_index: "3", pane_index: "1" },
    { window_index: "1", pane_index: "2" },
    { session_id: "$1", window_index: "3", pane_index: "1" },
  ];
  expect(parsePanes(listed(...rows)).map(({ paneId }) => paneId)).toEqual(["3.1", "2", "1"]);
});

test.each<[string, Row, boolean]>([
  ["one that has told nothing", { pane_path: "" }, true],
  ["a respawned one, in which its former shell's word still stands", { pane_path: told("idle;3", { pid: 76 }) }, true],
  ["one that has told something", {}, false],
  ["one in which something else has", { pane_path: "file:///tmp" }, false],
  ["another program's word with another secret", { pane_path: told("idle;3", { key: "f".repeat(16) }) }, false],
])("whether a pane is starting: %s", (_, row, expected) => {
  expect(only(row)?.isStarting).toBe(expected);
  expect(only(row)?.shell !== undefined).toBe(row.pane_path === undefined);
});

test.each<[string, string, string, boolean]>([
  ["nothing was typed", told("idle;3"), "", false],
  ["typed at this very prompt", told("idle;3"), told("idle;3"), true],
  ["the shell has gone on since", told("run;3"), told("idle;3"), false],
  ["typed before the first word of the shell", "", "", false],
  // an earlier word can't come after the typing: it is in what the pane shows
  ["a record of the pane itself is shown in it", told("idle;2"), told("idle;3"), true],
  ["typed in a former shell", told("idle;1"), told("idle;9", { pid: 76 }), false],
])("whether what was typed waits: %s", (_, path, typedAt, expected) => {
  const typed = typedAt === "" ? "" : `1700000000000-1 ${typedAt}`;
  expect(only({ pane_path: path, "@claude_tmux_typed": typed })?.isTypedPending).toBe(expected);
});

test("a server that is too old is refused", () => {
  expect(() => only({ version: "3.1c" })).toThrow(expect.objectContaining({ code: "ERR_TMUX_TOO_OLD" }));
});

test("the rows of a session or of the whole server are asked for, with more fields behind those of a pane", () => {
  const [list, which, target, , , format] = panesCommand("dev");
  expect([list, which, target]).toEqual(["list-panes", "-s", "-t"]);
  expect(panesCommand(undefined)).toEqual(["list-panes", "-a", "-F", format ?? ""]);
  const more = panesCommand(undefined, ["pane_dead_status"]).at(-1) ?? "";
  expect(more).toBe(`${format?.slice(0, -RECORD.length)}${UNIT}#{pane_dead_status}${RECORD}`);
});
