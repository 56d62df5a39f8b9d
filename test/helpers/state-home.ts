import { afterEach, beforeEach } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

/** What outlives tmux servers is kept in a folder, until this is disposed of. */
export function stateHome(folder: string): Disposable {
  const before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = folder;
  return {
    [Symbol.dispose]() {
      if (before === undefined) delete process.env.XDG_STATE_HOME;
      else process.env.XDG_STATE_HOME = before;
    },
  };
}

/** Gives each test of a file a new folder for that; returns what tells its path while a test runs. */
export function ownStateHome(): () => string {
  let folder = "";
  let home: Disposable | undefined;
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/claude-tmux-test-`);
    home = stateHome(folder);
  });
  afterEach(() => {
    home?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => folder;
}
