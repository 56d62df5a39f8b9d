import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { emptied, outermost, removeEmpty, upTo } from "../../../src/uninstall/folders.ts";

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-notes-`);
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a folder is emptied by what goes, and by the folders in it that are emptied", () => {
  inFolder((folder) => {
    mkdirSync(`${folder}/a/b/c`, { recursive: true });
    mkdirSync(`${folder}/a/d`);
    for (const file of ["a/b/c/one", "a/d/two"]) writeFileSync(`${folder}/${file}`, "");
    const all = [...upTo(`${folder}/a/b/c`, `${folder}/a`), `${folder}/a/d`, `${folder}/none`];
    const empty = (...going: string[]) => emptied(all, (path) => going.includes(path.slice(folder.length + 1)));
    expect(empty()).toEqual([]);
    expect(empty("a/b/c/one")).toEqual([`${folder}/a/b/c`, `${folder}/a/b`]);
    expect(outermost(empty("a/b/c/one"))).toEqual([`${folder}/a/b`]);
    expect(outermost(empty("a/b/c/one", "a/d/two"))).toEqual([`${folder}/a`]);
  });
});

test("a folder is removed with what is noted of it, and with nothing else", () => {
  inFolder((folder) => {
    const empty = `${folder}/empty`;
    const notes = new Set([`${empty}/made`]);
    mkdirSync(empty);
    writeFileSync(`${empty}/made`, "");
    writeFileSync(`${empty}/mine`, "");
    expect(() => removeEmpty(empty, notes)).toThrow("it holds mine");
    expect(readdirSync(empty)).toHaveLength(2);
    rmSync(`${empty}/mine`);
    for (let again = 0; again < 2; again++) removeEmpty(empty, notes);
    expect(readdirSync(folder)).toEqual([]);
  });
});
