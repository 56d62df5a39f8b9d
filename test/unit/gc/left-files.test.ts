import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftInFiles } from "../../../src/gc/left-files.ts";
import { DAY_MS } from "../../../src/lib/clock.ts";
import type { StatePaths } from "../../../src/lib/paths.ts";

test("what was left for a shell goes when that has ended, and what it told when no other has come for a day", async () => {
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
    const look = () => leftInFiles({ dir } as StatePaths);
    expect(
      look()
        .map(({ what }) => what)
        .toSorted(),
    ).toEqual([`key-${ended.pid}`, `take-${ended.pid}`]);
    const before = new Date(Date.now() - 1.1 * DAY_MS);
    for (const name of readdirSync(folder)) utimesSync(`${folder}/${name}`, before, before);
    const left = look();
    expect(left.map(({ what }) => what).toSorted()).toEqual(filesOf(ended.pid).toSorted());
    for (const { undo } of left) await undo();
    expect(filesOf(ended.pid).filter((name) => existsSync(`${folder}/${name}`))).toEqual([]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
