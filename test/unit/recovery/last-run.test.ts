import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { StatePaths } from "../../../src/lib/paths.ts";
import { lastRun } from "../../../src/recovery/last-run.ts";

test.each([
  ["as it was written", {}],
  ["of a later version, with a field more", { moons: 79 }],
  ["of a later version, with a role more", { role: "moon" }],
])("a note %s is read", (_, more) => {
  const dir = mkdtempSync(`${tmpdir()}/claude-tmux-note-`);
  try {
    const note = { role: "watchdog", args: ["--idle-exit", "600"] };
    writeFileSync(`${dir}/note`, JSON.stringify({ ...note, ...more }));
    const paths = {
      recoveryNote: `${dir}/note`,
      daemonLock: `${dir}/daemon`,
      watchdogLock: `${dir}/watchdog`,
      watchdogStatus: `${dir}/status`,
    };
    const server = { flags: ["-L", "none"], socket: "/none", stateFolder: undefined } as const;
    expect(lastRun(paths as StatePaths, { ...server, flags: [...server.flags] })).toEqual(note as never);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
