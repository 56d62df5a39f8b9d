import { expect, spyOn, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Lock } from "../../../src/process/lock.ts";
import { takeTurn } from "../../../src/process/turn.ts";

test("who waits in vain is told who has the turn, as far as that is known", async () => {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-test-`);
  const path = `${folder}/x.lock`;
  let now = 0;
  using _clock = spyOn(performance, "now").mockImplementation(() => (now += 100_000));
  try {
    using _lock = Lock.acquire(path);
    await expect(takeTurn(path, "restore")).rejects.toThrow(
      `Another restore (PID: ${process.pid}) has not ended within a minute`,
    );
    writeFileSync(path, "");
    await expect(takeTurn(path, "restore")).rejects.toThrow("Another restore has not ended within a minute");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
