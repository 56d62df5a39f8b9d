import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { storeSize, timeInId } from "../../../src/snapshots/figures.ts";
import { snapshotsDir } from "../../../src/snapshots/places.ts";

test.each([
  ["dev-20261129T184501Z", "2026-11-29T18:45:01.000Z"],
  ["a-20260101T000000Z-20261129T184501Z-2", "2026-11-29T18:45:01.000Z"],
])("%s was taken at %s", (id, time) => {
  expect(new Date(timeInId(id) ?? 0).toISOString()).toBe(time);
});

test.each(["", "dev", "dev-20261399T184501Z", "dev-20261129T184501Z-x"])("%p is no id", (id) => {
  expect(timeInId(id)).toBeUndefined();
});

test("the size of the store is counted anew only when something has come or gone", () => {
  const before = process.env.XDG_STATE_HOME;
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-test-`);
  process.env.XDG_STATE_HOME = folder;
  try {
    expect(storeSize()).toEqual({ snapshots: 0, bytes: 0 });
    const dir = snapshotsDir();
    mkdirSync(`${dir}/parts/aa`, { recursive: true, mode: 0o700 });
    for (const own of [`${folder}/claude-tmux`, dir]) chmodSync(own, 0o700);
    const long = new Date(Date.now() - 60_000);
    const add = (file: string, text: string) => {
      writeFileSync(`${dir}/${file}`, text);
      for (const own of [dir, `${dir}/parts`, `${dir}/parts/aa`]) utimesSync(own, long, long);
    };
    add("dev-20261129T184501Z.json", "12345");
    expect(storeSize()).toEqual({ snapshots: 1, bytes: 5 });
    add("not-seen", "in a folder that is as it was");
    expect(storeSize()).toEqual({ snapshots: 1, bytes: 5 });
    writeFileSync(`${dir}/parts/aa/x.zst`, "123");
    rmSync(`${dir}/not-seen`);
    expect(storeSize()).toEqual({ snapshots: 1, bytes: 8 });
    writeFileSync(`${dir}/parts/aa/y.zst`, "1");
    expect(storeSize()).toEqual({ snapshots: 1, bytes: 9 });
  } finally {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(folder, { recursive: true, force: true });
  }
});
