import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { readWatchdogStatus, type WatchdogStatus } from "../../../src/watchdog/status.ts";

const WRITTEN = {
  state: "waiting",
  daemon_pid: null,
  recent_restarts: 2,
  total_restarts: 3,
  last_exit: "died",
  next_restart_at: 5,
  restarts: [1, 2],
} satisfies WatchdogStatus as WatchdogStatus;

test.each([
  ["as it was written", WRITTEN, WRITTEN],
  ["of a later version, with a field more", { ...WRITTEN, moons: 79 }, WRITTEN],
  ["of a later version, with a state more", { ...WRITTEN, state: "paused" }, { ...WRITTEN, state: "running" }],
  ["that is something else", { state: "waiting" }, undefined],
])("a status file %s", (_, written, read) => {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-status-`);
  try {
    writeFileSync(`${folder}/status`, JSON.stringify(written));
    expect(readWatchdogStatus(`${folder}/status`)).toEqual(read as WatchdogStatus);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
