import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { Box, until } from "../helpers/box.ts";

/** Notes each start of tmux by the commands of a box; returns what is noted. */
function noted(box: Box): () => string[] {
  const notes = `${box.folder}/starts`;
  writeFileSync(notes, "");
  writeFileSync(`${box.folder}/tmux`, `#!/bin/sh\necho "$$ $*" >> ${notes}\nexec ${Bun.which("tmux")} "$@"\n`, {
    mode: 0o755,
  });
  box.env.PATH = `${box.folder}:${box.env.PATH}`;
  return () => readFileSync(notes, "utf8").split("\n").slice(0, -1);
}

const isGone = (start: string) => until("it has ended", () => !isThere(Number(start.split(" ")[0])));

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("the client that is started early makes the call: there is no other", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  const starts = noted(box);
  for (const command of [
    ["session-list"],
    ["pane-capture", "dev", "0"],
    ["pane-metadata-set", "dev", "0", "k", "it's; {a}\n#{b}"],
  ]) {
    expect(await box.bridge(...command)).toMatchObject({ status: "success" });
    expect(starts()).toHaveLength(1);
    writeFileSync(`${box.folder}/starts`, "");
  }
  expect(await box.bridge("pane-metadata-get", "dev", "0", "k")).toMatchObject({ output: "it's; {a}\n#{b}" });
});

test("a call that fails is told as it is without it", async () => {
  await using box = new Box();
  expect(await box.bridge("session-list")).toMatchObject({ output: [] });
  expect(await box.bridge("pane-status", "dev", "0")).toMatchObject({ error: { code: "ERR_TMUX_NOT_RUNNING" } });
  await box.output("session-create", "dev");
  expect(await box.bridge("pane-status", "nosuch", "0")).toMatchObject({ error: { code: "ERR_SESSION_NOT_FOUND" } });
  expect(await box.bridge("pane-status", "dev", "7")).toMatchObject({ error: { code: "ERR_PANE_NOT_FOUND" } });
});

test("where no call is made, it does nothing, and ends", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  const starts = noted(box);
  expect((await box.run(["pane-status"])).exitCode).toBe(2);
  await until("it has started", () => starts().length > 0);
  const [start = "", ...more] = starts();
  expect(more).toEqual([]);
  expect(start).toEndWith("source-file -");
  await isGone(start);
});

test("another server than the one that was named first gets a client of its own", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  const starts = noted(box);
  expect((await box.run(["session-list", "-L", "none", "--json"])).stdout).toContain('"output": []');
  for (const start of starts()) expect(start).toContain("-L none");
});
