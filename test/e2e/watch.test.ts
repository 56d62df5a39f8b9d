import { describe, expect, test } from "bun:test";
import { Box, until } from "../helpers/box.ts";
import { SHELLS } from "../helpers/shells.ts";

describe("patterns in a pane", () => {
  test.each(SHELLS)("in $name: the output matches, and never the echo of what was typed", async (shell) => {
    if (!shell.isThere) return;
    await using box = new Box({ SHELL: shell.path });
    await box.output("session-create", "dev", "--size", "80x24");
    await box.output("pane-run", "dev", "0", "--", "true");
    const long = `true ${"y".repeat(300)} LONGMARK`;
    for (const [command, mark] of [
      ["true MARKER", "MARKER"],
      [long, "LONGMARK"],
      ["true FIRST\ntrue SECOND", "SECOND|FIRST"],
    ]) {
      await box.output("pane-exec-timeout", "dev", "0", "20", command ?? "");
      expect(await box.bridge("pane-has-pattern", "dev", "0", mark ?? "")).toMatchObject({
        output: "false",
        exitCode: 1,
      });
      expect(await box.bridge("pane-watch-timeout", "dev", "0", mark ?? "", "0.3")).toMatchObject({
        exitCode: 124,
        error: { code: "ERR_TIMEOUT" },
      });
    }
    const waiting = box.bridge("pane-watch-timeout", "dev", "0", "count: [0-9]+", "20");
    await until("it waits", async () => (await box.listeners()) === 1);
    await box.output("pane-exec", "dev", "0", "sh -c 'sleep 0.1; echo count: 42; seq 1 1000'");
    expect(await waiting).toMatchObject({ exitCode: 0, output: "count: 42" });
    expect(await box.bridge("pane-has-pattern", "dev", "0", "count: 4", "4000")).toMatchObject({
      output: "true",
      exitCode: 0,
    });
  });

  test("what is there already, a line without an end, and one that a program draws", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "echo here; echo and --help");
    expect(await box.bridge("pane-watch-timeout", "dev", "0", "^here$", "10")).toMatchObject({ output: "here" });
    expect(await box.bridge("pane-watch", "dev", "0", "--", "--help")).toMatchObject({
      output: "and --help",
      exitCode: 0,
    });
    expect(await box.bridge("pane-watch", "dev", "0", "nowhere")).toMatchObject({ output: "", exitCode: 1 });
    for (const [command, pattern] of [
      ["printf 'Password'; printf ': '; read x", "word:"],
      ["printf '\\033[5;10Hdrawn\\033[1;1H'; read x", "drawn"],
    ]) {
      const waiting = box.bridge("pane-watch-timeout", "dev", "0", pattern ?? "", "20");
      await until("it waits", async () => (await box.listeners()) === 1);
      await box.output("pane-exec", "dev", "0", command ?? "");
      expect(await waiting).toMatchObject({ exitCode: 0 });
      await box.output("pane-exec", "dev", "0", "");
      await box.bridge("pane-wait", "dev", "0", "20");
    }
  });
});
