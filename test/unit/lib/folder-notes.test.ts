import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { hasOwner, noteMade, noteOwner, readOwner, uppermostMade } from "../../../src/lib/folder-notes.ts";

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-notes-`);
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("it is noted whose a folder is, and what is damaged says nothing", () => {
  inFolder((folder) => {
    expect([hasOwner(folder), readOwner(folder)]).toEqual([false, undefined]);
    for (const owner of [{ durable: null }, { durable: "/home/a", socket: "/tmp/s" }]) {
      noteOwner(folder, owner);
      expect([hasOwner(folder), readOwner(folder)]).toEqual([true, owner]);
    }
    for (const text of ["", "null", "[]", "{}", '{"durable":7}']) {
      writeFileSync(`${folder}/owner.json`, text);
      expect(readOwner(folder)).toBeUndefined();
    }
  });
});

test("no folder was made that is not above the one that says so", () => {
  inFolder((folder) => {
    expect(uppermostMade(folder)).toBeUndefined();
    noteMade(folder, tmpdir());
    expect(uppermostMade(folder)).toBe(tmpdir());
    for (const other of [`${folder}x`, `${folder}/in`, "", "/home"]) {
      noteMade(folder, other);
      expect(uppermostMade(folder)).toBeUndefined();
    }
  });
});
