import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BINARY, Box, until } from "../helpers/box.ts";

describe("scripts written for version 3.0", () => {
  test("run with a link in place of claude-tmux-bridge.sh", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    mkdirSync(`${box.folder}/scripts`);
    symlinkSync(BINARY, `${box.folder}/scripts/claude-tmux-bridge.sh`);
    symlinkSync(BINARY, `${box.folder}/scripts/claude-tmux-daemon.sh`);
    // what such a script does: it greps the JSON for its spacing, and branches on exit codes
    const script = `#!/bin/bash
set -euo pipefail
B=$(dirname "$0")/claude-tmux-bridge.sh
field() { sed -n "s/^  \\"$1\\": \\"\\(.*\\)\\",\\{0,1\\}$/\\1/p"; }
"$B" session-create build | grep -q '"status": "success"'
"$B" session-list | grep -q '"command": "session-list"'
"$B" pane-create build tests | field pane_id
"$B" pane-create-with-layout build logs main-vertical | field pane_id
"$B" pane-count build | field output
"$B" pane-find build tests | field output
"$B" pane-metadata-set build 1 commit 'a "b"' > /dev/null
"$B" pane-metadata-get build 1 commit | field output
"$B" pane-exec build 1 'echo "result: $((6 * 7))"' | grep -q '"status": "success"'
"$B" pane-watch-timeout build 1 'result: [0-9]+' 10 | field output
"$B" pane-wait build 1 10 > /dev/null
"$B" pane-exec-timeout build 1 10 'sleep 0.1' | grep -q '"status": "success"'
if "$B" pane-is-running build 1 > /dev/null; then echo running; else echo idle; fi
if "$B" pane-has-pattern build 1 'result: 4[0-9]' > /dev/null; then echo found; fi
if "$B" pane-has-pattern build 1 'nowhere' > /dev/null; then echo found; else echo missing; fi
"$B" pane-capture build 1 5 | grep -q 'result: 42'
"$B" pane-list-json build | grep -c '"pane_id": [0-9]'
"$B" pane-list-detailed build | grep -q '"label": "tests"'
"$B" pane-status build 1 | grep -q '"status": "success"'
"$B" state-sync build > /dev/null
if "$B" pane-exec nosuch 0 true > error.json 2> /dev/null; then exit 9; fi
grep -q '"status": "error"' error.json
"$B" pane-kill build 2 > /dev/null
"$B" session-kill build | grep -q '"status": "success"'
"$(dirname "$0")/claude-tmux-daemon.sh" status || echo "no daemon"
`;
    writeFileSync(`${box.folder}/scripts/build.sh`, script);
    chmodSync(`${box.folder}/scripts/build.sh`, 0o755);
    const child = Bun.spawn([`${box.folder}/scripts/build.sh`], {
      env: box.env,
      cwd: box.folder,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect(stdout.split("\n").slice(0, -1)).toEqual([
      "1",
      "2",
      "3",
      "1",
      'a \\"b\\"',
      "result: 42",
      "idle",
      "found",
      "missing",
      "3",
      "Daemon is not running",
      "no daemon",
    ]);
    expect(stderr).toBe("");
    expect(await child.exited).toBe(0);
  });

  test("find their state again: labels and metadata of living sessions are imported, once", async () => {
    await using box = new Box();
    box.env.CLAUDE_TMUX_LEGACY_DIR = `${box.folder}/legacy`;
    mkdirSync(`${box.folder}/legacy`);
    const state = {
      session: "old",
      panes: { "0": { label: "editor", metadata: { port: "80", n: 5 } }, "7": { label: "x" } },
    };
    writeFileSync(`${box.folder}/legacy/old.state`, JSON.stringify(state));
    writeFileSync(`${box.folder}/legacy/broken.state`, '{"panes": {');
    writeFileSync(`${box.folder}/elsewhere`, JSON.stringify(state));
    symlinkSync(`${box.folder}/elsewhere`, `${box.folder}/legacy/linked.state`);
    for (const name of ["old", "linked", "broken"]) await box.tmux("new-session", "-d", "-s", name);
    expect(await box.output("pane-find", "old", "editor")).toBe("0");
    expect(await box.output("pane-metadata-get", "old", "editor", "port")).toBe("80");
    expect(await box.output("pane-metadata-get", "old", "editor", "n")).toBe("5");
    expect(await box.bridge("pane-find", "linked", "editor")).toMatchObject({ exitCode: 1 });
    // and no name of what is there is kept, which may be any number
    expect(statSync(`${box.state}/legacy.imported`).size).toBe(0);
    // not again: what has been changed since stays
    await box.tmux("set-option", "-pu", "-t", "=old:", "@claude_tmux_label");
    expect(await box.bridge("pane-find", "old", "editor")).toMatchObject({ exitCode: 1 });
  });
});

describe("state-sync", () => {
  test("writes a view of each session for jq, and removes those of sessions that are no more", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.output("session-create", "other");
    await box.output("pane-create", "dev", 'we"b');
    await box.output("pane-metadata-set", "dev", "1", "k", "v\n2");
    await box.output("state-sync");
    const view = () => JSON.parse(readFileSync(`${box.state}/dev.state`, "utf8"));
    const first = view();
    expect(first).toMatchObject({
      session: "dev",
      panes: { "0": { label: "main" }, "1": { label: 'we"b', metadata: { k: "v\n2" }, pane: "%2" } },
    });
    await box.output("state-sync", "dev");
    expect(view().created_at).toBe(first.created_at);
    expect(view().look).toBeGreaterThan(first.look);
    await box.output("session-kill", "other");
    await box.output("state-sync");
    expect(await Bun.file(`${box.state}/other.state`).exists()).toBe(false);
    expect(await box.bridge("state-sync", "other")).toMatchObject({ exitCode: 1 });
    await box.endServer();
    await box.output("state-sync");
    expect(await Bun.file(`${box.state}/dev.state`).exists()).toBe(false);
  });
});

describe("views", () => {
  test("a folder in the place of one is left alone, and keeps no other from being written", async () => {
    await using box = new Box();
    for (const name of ["dev", "other"]) await box.output("session-create", name);
    mkdirSync(`${box.state}/gone.state/mine`, { recursive: true });
    await box.output("state-sync");
    mkdirSync(`${box.state}/aaa.state`);
    await box.tmux("new-session", "-d", "-s", "aaa");
    rmSync(`${box.state}/dev.state`);
    expect(await box.bridge("state-sync")).toMatchObject({ exitCode: 1, output: expect.stringContaining("aaa.state") });
    expect(existsSync(`${box.state}/dev.state`)).toBe(true);
    expect(existsSync(`${box.state}/gone.state/mine`)).toBe(true);
  });

  test("of many writers at once, the last look stays", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await Promise.all(Array.from({ length: 12 }, () => box.output("state-sync")));
    const { look } = JSON.parse(readFileSync(`${box.state}/dev.state`, "utf8"));
    expect(String(look)).toBe(await box.tmux("show-options", "-sv", "@claude_tmux_look"));
  });
});

describe("a person at the same session", () => {
  test.skipIf(!Bun.which("script"))("has the focus moved by no command", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev", "--size", "100x30");
    await box.output("pane-create", "dev", "work");
    await box.tmux("new-window", "-d", "-t", "=dev:");
    await box.output("session-create", "other");
    // a real client in a pseudo-terminal, looking at the second window
    const typescript = join(box.folder, "typescript");
    const person = Bun.spawn(["script", "-q", "-c", "tmux attach-session -t =dev:", typescript], {
      env: { ...box.env, TERM: "xterm" },
      stdin: "pipe",
      stdout: "ignore",
      stderr: "ignore",
    });
    await until("the person is there", async () => (await box.tmux("list-clients", "-F", "#{client_flags}")) !== "");
    const place = "#{client_session} #{window_index} #{pane_id} #{window_zoomed_flag} #{client_width}x#{client_height}";
    const look = async () => {
      const clients = (await box.tmux("list-clients", "-F", `#{client_flags} @ ${place}`)).split("\n");
      return clients.find((client) => !client.includes("control-mode"))?.split(" @ ")[1] ?? "";
    };
    await until("the second window is selected", async () => {
      // again, should the client have come later than it was listed
      await box.tmux("select-window", "-t", "=dev:1");
      return (await look()).startsWith("dev 1 ");
    });
    const before = await look();
    const commands: string[][] = [
      ["session-create", "third"],
      ["session-list"],
      ["pane-create", "dev", "more"],
      ["pane-create-with-layout", "dev", "again", "even-vertical"],
      ["pane-exec", "dev", "0", "true"],
      ["pane-wait", "dev", "0", "10"],
      ["pane-run", "dev", "work", "--", "echo one"],
      ["pane-exec-timeout", "dev", "1.0", "10", "true"],
      ["pane-capture", "dev", "0"],
      ["pane-watch-timeout", "dev", "work", "one", "10", "--existing"],
      ["pane-has-pattern", "dev", "work", "one"],
      ["pane-watch", "dev", "work", "one"],
      ["pane-status", "dev", "0"],
      ["pane-list-json", "dev"],
      ["pane-list-detailed", "dev"],
      ["pane-count", "dev"],
      ["pane-find", "dev", "work"],
      ["pane-metadata-set", "dev", "0", "k", "v"],
      ["pane-metadata-get", "dev", "0", "k"],
      ["pane-run", "dev", "more", "--", "exit 3"],
      ["pane-kill", "dev", "again"],
      ["state-sync"],
      ["session-kill", "third"],
    ];
    for (const args of commands) {
      const reply = await box.bridge(...args);
      expect(reply.status).toBe("success");
      expect(`${args[0]}: ${await look()}`).toBe(`${args[0]}: ${before}`);
    }
    person.kill();
    await person.exited;
  });
});
