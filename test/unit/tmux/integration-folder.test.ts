import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportedBy } from "../../../src/snapshots/environment.ts";
import { namedFolder, trustedFolder } from "../../../src/tmux/integration-folder.ts";
import type { Pane } from "../../../src/tmux/panes.ts";

const root = mkdtempSync(join(tmpdir(), "claude-tmux-folders-"));
afterAll(() => rmSync(root, { recursive: true }));
for (const name of ["ours", "open"]) mkdirSync(`${root}/${name}`, { mode: 0o700 });
chmodSync(`${root}/open`, 0o777);
symlinkSync(`${root}/ours`, `${root}/link`);

/** Starts a shell that only waits, and waits until it does: while a program is being started, its environment is empty. */
async function waiter(options: { cwd?: string; env: Record<string, string> }) {
  const child = Bun.spawn(["/bin/sh", "-c", "echo; read line"], { ...options, stdin: "pipe", stdout: "pipe" });
  await child.stdout.getReader().read();
  return child;
}

test.each([
  ["ours", true],
  ["open", false],
  ["link", false],
  ["gone", false],
])("the folder %p that a process was started with is believed: %p", async (name, isTrusted) => {
  const folder = `${root}/${name}`;
  await using shell = await waiter({ env: { CLAUDE_TMUX_INTEGRATION: folder } });
  if (name !== "gone") writeFileSync(`${folder}/env-${shell.pid}`, "+A=1\0.\0");
  expect([namedFolder(shell.pid), trustedFolder(shell.pid)]).toEqual([folder, isTrusted ? folder : undefined]);
  expect(exportedBy({ pid: shell.pid } as Pane) !== undefined).toBe(isTrusted);
});

test("one that is no whole path is not, and whoever has none has none", async () => {
  await using near = await waiter({ cwd: root, env: { CLAUDE_TMUX_INTEGRATION: "ours" } });
  await using none = await waiter({ env: { A: "1" } });
  expect([near, none].map(({ pid }) => [namedFolder(pid), trustedFolder(pid)])).toEqual([
    ["ours", undefined],
    [undefined, undefined],
  ]);
});
