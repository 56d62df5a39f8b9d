import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { dropEarly, startEarly, takeEarly } from "../../src/tmux/early-client.ts";
import { resolveServer } from "../../src/tmux/server.ts";
import { Box, lives, until } from "../helpers/box.ts";

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

const isGone = (start: string) => until("it has ended", async () => !(await lives(Number(start.split(" ")[0]))));

// elsewhere there are no pipes whose ends a child has
const onLinux = test.skipIf(process.platform !== "linux");

onLinux("the client that is started early makes the call: there is no other", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  const starts = noted(box);
  for (const command of [
    ["session-list"],
    ["pane-capture", "dev", "0"],
    ["pane-metadata-set", "dev", "0", "k", "it's; {a}\n#{b}"],
  ]) {
    expect(await box.bridge(...command)).toMatchObject({ status: "success" });
    expect(starts()).toEqual([expect.stringMatching(/ source-file -$/)]);
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

onLinux("what nobody calls soon is ended, also where its server hangs; the call is made by another", async () => {
  await using box = new Box();
  await box.output("session-create", "dev");
  await box.output("pane-exec", "dev", "0", "cat");
  const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
  const starts = noted(box);
  process.kill(server, "SIGSTOP");
  const command = [...box.command, "bridge", "pane-send-stdin", "dev", "0", "-"];
  const child = Bun.spawn(command, { env: box.env, stdin: "pipe", stdout: "pipe", stderr: "ignore" });
  try {
    await until("it has started", () => starts().length > 0);
    await isGone(starts()[0] ?? "");
  } finally {
    process.kill(server, "SIGCONT");
  }
  child.stdin.write("hello");
  await child.stdin.end();
  expect(JSON.parse(await child.stdout.text())).toMatchObject({ status: "success" });
  expect(starts().length).toBeGreaterThan(1);
});

test("another server than the one that was named first is called by a client of its own", () => {
  startEarly(() => resolveServer({ name: "one" }));
  try {
    expect(takeEarly(resolveServer({ name: "other" }))).toBeUndefined();
  } finally {
    dropEarly();
  }
  expect(takeEarly(resolveServer({ name: "one" }))).toBeUndefined();
});
