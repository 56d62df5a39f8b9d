import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftInFiles } from "../../../src/gc/left-files.ts";
import type { StatePaths } from "../../../src/lib/paths.ts";

test("what was left for a shell, and what it told, goes when that has ended", async () => {
  const dir = mkdtempSync(join(tmpdir(), "claude-tmux-left-"));
  try {
    const folder = `${dir}/shell-0123456789a`;
    mkdirSync(folder, { mode: 0o700 });
    const ended = Bun.spawn(["true"]);
    await ended.exited;
    for (const name of ["start.sh", ".zshenv"]) writeFileSync(`${folder}/${name}`, "");
    const kinds = ["take", "key", "env", "names"];
    const filesOf = (pid: number) => kinds.map((kind) => `${kind}-${pid}`);
    for (const name of [...filesOf(ended.pid), ...filesOf(process.pid)]) writeFileSync(`${folder}/${name}`, "");
    const left = leftInFiles({ dir } as StatePaths);
    expect(left.map(({ what }) => what).toSorted()).toEqual(filesOf(ended.pid).toSorted());
    for (const { undo } of left) await undo();
    expect(filesOf(ended.pid).filter((name) => existsSync(`${folder}/${name}`))).toEqual([]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
