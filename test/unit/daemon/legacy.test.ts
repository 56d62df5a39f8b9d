import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { importLegacyEvents, parseLegacyLines } from "../../../src/daemon/legacy.ts";
import type { Log } from "../../../src/lib/log.ts";
import type { Store } from "../../../src/store/database.ts";
import { activeSubscriptions } from "../../../src/store/subscriptions.ts";
import type { Pane } from "../../../src/tmux/panes.ts";
import { memoryStore } from "../store/stores.ts";

let root = "";
let store: Store;
const before = process.env.CLAUDE_TMUX_LEGACY_EVENTS_DIR;
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/claude-tmux-legacy-`);
  process.env.CLAUDE_TMUX_LEGACY_EVENTS_DIR = root;
  store = memoryStore();
});
afterEach(() => {
  if (before === undefined) delete process.env.CLAUDE_TMUX_LEGACY_EVENTS_DIR;
  else process.env.CLAUDE_TMUX_LEGACY_EVENTS_DIR = before;
  store.close();
  rmSync(root, { recursive: true });
});

const LOG = { info() {} } as unknown as Log;

/** A pane of session "dev": in its first window, which is window 1, or in another one. */
const pane = (index: number, window = 1) =>
  ({
    ...{ id: `%${10 * window + index}`, session: "dev", sessionId: "$0", window, index, paneId: `${index}` },
    ...{ label: "", server: "1:1" },
  }) as Pane;
const PANES = [pane(0, 2), pane(0), pane(1)];

/** What 3.0 left for a session. */
function left(files: Record<string, string>, session = "dev"): string {
  const folder = `${root}/${session}`;
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text);
  return folder;
}

const taken = (panes = PANES) => {
  importLegacyEvents(store, panes, LOG);
  return activeSubscriptions(store).map(({ type, pane: id, pattern, callback }) => [type, id, pattern, callback]);
};

test("a line is read with all of its callback, and what is none is left out", () => {
  expect(parseLegacyLines("0|FAIL|echo a | cat\nx|FAIL|y\n1||y\n2|ok\n\n")).toEqual([
    { pane: 0, detail: "FAIL", callback: "echo a | cat" },
    { pane: 2, detail: "ok", callback: "" },
  ]);
});

test("the subscriptions of sessions that live are taken over, each for the pane in the first window", () => {
  left({ patterns: "0|FAIL|echo a | cat\n1|done|\n7|no such pane|x\n1|(|x\n", timeouts: "1|1700000000|echo late\n" });
  left({ patterns: "0|FAIL|x\n" }, "gone");
  expect(taken()).toEqual([
    ["pattern-match", "%10", "FAIL", "echo a | cat"],
    ["pattern-match", "%11", "done", null],
    ["timeout", "%11", null, "echo late"],
  ]);
  expect(activeSubscriptions(store).map(({ deadline, once }) => [deadline, once])).toEqual([
    [null, 0],
    [null, 0],
    [1_700_000_000_000, 1],
  ]);
});

test("and only once", () => {
  left({ patterns: "0|FAIL|x\n" });
  expect(taken()).toHaveLength(1);
  expect(taken()).toHaveLength(1);
});

test("while there is nothing, it is looked again the next time", () => {
  expect(taken()).toEqual([]);
  left({ patterns: "0|FAIL|x\n" });
  expect(taken()).toHaveLength(1);
});

test.each<[string, (folder: string) => void]>([
  ["in a folder that others may write to", (folder) => chmodSync(folder, 0o777)],
  ["below such a folder", () => chmodSync(root, 0o777)],
  [
    "behind a link",
    (folder) => {
      rmSync(`${folder}/patterns`);
      writeFileSync(`${root}/elsewhere`, "0|FAIL|x\n");
      symlinkSync(`${root}/elsewhere`, `${folder}/patterns`);
    },
  ],
  [
    "in a folder behind a link",
    (folder) => {
      rmSync(folder, { recursive: true });
      symlinkSync(left({ patterns: "0|FAIL|x\n" }, "elsewhere"), folder);
    },
  ],
])("callbacks are commands, so nothing is taken that is %s", (_, spoil) => {
  spoil(left({ patterns: "0|FAIL|x\n" }));
  expect(taken()).toEqual([]);
});
