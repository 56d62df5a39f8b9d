import { expect, test } from "bun:test";
import { Box, served, until } from "../helpers/box.ts";

// what is told of one whose callback holds a secret
const SUBSCRIPTION = `the subscription to pattern-match "x", which runs curl -H 'Authorization: ***'`;

test("subscriptions come back, and nothing that was there fires once more", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "keep");
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "build");
  await box.must(["daemon", "start"]);
  const callback = `echo "$CLAUDE_TMUX_LINE" >>${box.folder}/lines`;
  await box.must(["daemon", "subscribe", "dev", "pattern-match", "build", "hit \\d", callback]);
  await box.must(["daemon", "subscribe", "dev", "command-finished", "build", `echo ended >>${box.folder}/ends`]);
  await box.must(["daemon", "subscribe", "dev", "session-closed", `echo closed >>${box.folder}/closed`]);
  await box.must([
    "daemon",
    "subscribe",
    "dev",
    "pattern-match",
    "build",
    "x",
    "curl -H 'Authorization: Bearer planted-9'",
  ]);
  const textOf = async (name: string) =>
    await Bun.file(`${box.folder}/${name}`)
      .text()
      .catch(() => "");
  const lines = () => textOf("lines");
  await box.bridge("pane-run", "dev", "build", "--", "echo hit 1");
  await until("the first line fires", async () => (await lines()) === "hit 1\n");
  await box.must(["daemon", "stop"]);
  // nobody listens
  await box.bridge("pane-run", "dev", "build", "--", "echo hit 2");
  const saved = await box.bridge("session-save", "dev");
  expect(saved.hidden).toEqual([`${SUBSCRIPTION} of pane 0.1`]);
  expect(box.hasInFiles("planted-9", `${box.folder}/.local`)).toBe(false);
  await box.tmux("kill-session", "-t", "=dev:");
  await box.must(["daemon", "start"]);
  await until("those of the session have ended", async () => (await box.must(["daemon", "subscriptions"])) === "");
  expect(await box.bridge("session-restore", "dev", "--dry-run")).toMatchObject({ subscriptions: 3 });
  expect(await box.bridge("session-restore", "dev")).toMatchObject({
    exitCode: 0,
    subscriptions: 3,
    missing: [
      { where: "pane 0.1", what: SUBSCRIPTION },
      { where: "pane 0.1", what: "what its subscription to pattern-match counts: at least 1 line" },
      { where: "pane 0.1", what: "what its subscription to command-finished counts: at least 1 command" },
    ],
  });
  expect(await box.events("gap")).toEqual([
    expect.objectContaining({ data: { unheard: { "pattern-match": 1, "command-finished": 1 } } }),
  ]);
  await box.bridge("pane-run", "dev", "build", "--", "echo hit 3");
  // neither what it has heard before, nor what came while nobody listened, nor the commands above the prompt
  await until("the next one fires", async () => (await lines()) === "hit 1\nhit 3\n");
  await until("its end does", async () => (await textOf("ends")).split("\n").length >= 3);
  await box.tmux("kill-session", "-t", "=dev:");
  await until("so does the end of the session", async () => (await textOf("closed")) === "closed\n");
  expect(await lines()).toBe("hit 1\nhit 3\n");
});

test("of those that have heard all, nothing is missing, whether a daemon runs or not", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "keep");
  await box.output("session-create", "dev");
  await box.must(["daemon", "start"]);
  await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "hit (\\d)", `echo >>${box.folder}/lines`]);
  await box.must(["daemon", "subscribe", "dev", "command-finished", "0", `echo >>${box.folder}/ends`]);
  await box.bridge("pane-run", "dev", "0", "--", "echo hit 1; seq 5");
  await box.bridge("pane-run", "dev", "0", "--", ": hit 2");
  const isThere = (name: string) => Bun.file(`${box.folder}/${name}`).exists();
  await until("both fire", async () => (await isThere("lines")) && (await isThere("ends")));
  await until("the second command is told of", async () => (await box.events("command-finished")).length === 2);
  await box.output("session-save", "dev");
  expect(await box.bridge("session-restore", "dev", "--as", "first")).toMatchObject({ subscriptions: 2, missing: [] });
  await box.must(["daemon", "stop"]);
  await box.output("session-save", "dev");
  expect(await box.bridge("session-restore", "dev", "--as", "second")).toMatchObject({ subscriptions: 2, missing: [] });
  expect(await box.events("gap")).toEqual([]);
});

test("a timeout comes back with the very moment for which it was asked", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "keep");
  await box.output("session-create", "dev");
  await box.must(["daemon", "subscribe", "dev", "timeout", "0", "600", "true"]);
  await box.output("session-save", "dev");
  await box.output("session-restore", "dev", "--as", "copy");
  const told = (await box.must(["daemon", "subscriptions"])).split("\n").map((line) => JSON.parse(line));
  expect(told).toHaveLength(2);
  expect(told[1]).toMatchObject({ session: "copy", deadline: told[0].deadline });
});

test("of a stranger's file, none", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.tmux("new-session", "-d", "-s", "keep");
  await box.output("session-create", "dev");
  await box.must(["daemon", "subscribe", "dev", "timeout", "0", "1", `touch ${box.folder}/ran`]);
  await box.output("session-save", "dev", `${box.folder}/dev.json`);
  await box.must(["daemon", "start"]);
  expect(await box.bridge("session-restore", `${box.folder}/dev.json`, "--as", "copy")).toMatchObject({
    subscriptions: 0,
    missing: [{ where: "pane 0.0", what: "the subscription to timeout" }],
  });
  expect(await box.bridge("session-restore", `${box.folder}/dev.json`, "--as", "own", "--trust")).toMatchObject({
    subscriptions: 1,
    missing: [],
  });
});

test("a session that comes back is told of when it is whole, by its name, and nothing of what it is made from", async () => {
  await using box = await served({ SHELL: "/bin/bash" });
  await box.output("session-create", "keep");
  await box.output("session-create", "back");
  await box.output("pane-create", "back", "build");
  await box.output("session-save", "back");
  await box.output("session-kill", "back");
  await until("its end is told", async () => (await box.events("session-closed")).length === 1);
  const before = (await box.events()).length;
  await box.output("session-restore", "back");
  await until("its panes are told", async () => (await box.events("pane-created")).length >= 2);
  const told = (await box.events())
    .slice(before)
    .map(({ event_type: type, session, pane_id: pane }) => [type, session, pane]);
  expect(told.filter(([type = ""]) => /^(session|pane)-(created|exit|closed)$/.test(type))).toEqual([
    ["session-created", "back", ""],
    ["pane-created", "back", "0"],
    ["pane-created", "back", "1"],
  ]);
});
