import { describe, expect, test } from "bun:test";
import { symlinkSync, writeFileSync } from "node:fs";
import { BINARY, Box, served, until } from "../helpers/box.ts";
import { atTerminal, hasTerminal, left, startAtTerminal } from "../helpers/terminal.ts";

/** A box with a session `dev` of bash, in which a pane waits at its prompt and another one is labelled build. */
async function ready(): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "build");
  for (const pane of ["0", "build"]) await box.output("pane-run", "dev", pane, "--", "true");
  return box;
}

/** All that a terminal is shown, of which each look is told while it comes. */
async function follow(
  { stdout, stdin }: ReturnType<typeof startAtTerminal>,
  look: (shown: string) => void,
): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of stdout) {
    text += decoder.decode(piece, { stream: true });
    look(text);
  }
  stdin.end();
  return text;
}

describe.skipIf(!hasTerminal)("at a terminal", () => {
  test("lists are tables, as wide as it is", async () => {
    await using box = await ready();
    const sessions = await atTerminal(box, ["session-list"]);
    expect(Bun.stripANSI(sessions.text)).toMatch(/^SESSION +WINDOWS +CREATED +ID\ndev +1 +(now|\d+ s ago) +\$0\n$/);
    expect(sessions.text).toContain("\x1b[");
    const panes = (columns: number) => atTerminal(box, ["pane-list-detailed", "dev", "--no-color"], { columns });
    expect((await panes(80)).text).toMatch(
      /^PANE +ID +LABEL +STATE +EXIT +COMMAND .*\n0\.0 +%0 +main +idle +0 +bash .*\n0\.1 +%1 +build +idle +0 +bash .*\n$/,
    );
    for (const line of (await panes(30)).text.split("\n")) expect(line.length).toBeLessThanOrEqual(30);
  });

  test("has no colours with --no-color, NO_COLOR, or where it can't show them", async () => {
    await using box = await ready();
    const dull = [
      await atTerminal(box, ["session-list", "--no-color"]),
      await atTerminal(box, ["session-list"], { env: { NO_COLOR: "1" } }),
      await atTerminal(box, ["session-list"], { env: { TERM: "dumb" } }),
    ];
    for (const { text } of dull) expect(text).not.toContain("\x1b");
  });

  test("top is refused where the cursor can't be moved", async () => {
    await using box = await ready();
    const { text, exitCode } = await atTerminal(box, ["top"], { env: { TERM: "dumb" } });
    expect([exitCode, text.includes("TERM is dumb"), text.includes("\x1b")]).toEqual([2, true, false]);
  });

  test("every other answer is words, and no JSON", async () => {
    await using box = await ready();
    const shown = async (...args: string[]) => (await atTerminal(box, [...args, "--no-color"])).text;
    expect(await shown("pane-create", "dev", "more")).toBe("Pane created: more\n");
    expect(await shown("pane-is-running", "dev", "0")).toBe("no\n");
    expect(await shown("pane-status", "dev", "0")).toMatch(/^Pane 0\.0 "main" of dev\n {2}State: +idle\n/);
    expect(await shown("pane-wait", "dev", "0")).toMatch(
      /^Command completed in pane 0 \(%0\)\nexit code 0 after \d.* m?s\n$/,
    );
    expect(await shown("gc-status")).toContain("Time to live:");
    expect(await shown("agent-list")).toBe("No coding agent runs in these panes\n");
    await box.output("pane-metadata-set", "dev", "0", "k", "\x1b]0;mine\x07v");
    expect(await shown("pane-metadata-get", "dev", "0", "k")).toBe("\\x1b]0;mine\\x07v\n");
    await box.output("pane-run", "dev", "0", "--", "printf '\\033[31mred\\033[0m\\n'");
    expect((await atTerminal(box, ["pane-capture", "dev", "0", "--ansi"])).text).toContain("\x1b[31mred");
    expect(await shown("pane-capture", "dev", "0")).toContain("\nred\n");
    expect(await shown("pane-kill", "dev", "more")).toBe("Pane killed: 2\n");
    expect(await shown("pane-list-json", "dev")).toMatch(
      /^PANE +ID +STATE +COMMAND .*\n0\.0 +%0 +idle +bash .*\n0\.1 /,
    );
    expect(JSON.parse(await shown("pane-list-json", "dev", "--json"))).toMatchObject({ status: "success" });
  });

  test("a failure is told once, in words, with what to do", async () => {
    await using box = await ready();
    for (const [args, exitCode] of [
      [["pane-status", "dev", "9"], 1],
      [["pane-run", "dev", "9", "--", "true"], 125],
    ] as const) {
      expect(await atTerminal(box, ["--no-color", ...args])).toMatchObject({
        text: 'claude-tmux: Session "dev" has no pane "9"\nIt has: %0 (0.0 main), %1 (0.1 build)\n',
        exitCode,
      });
    }
    const { text } = await atTerminal(box, ["pane-status", "dev", "9"]);
    expect(text).toStartWith("\x1b[31mclaude-tmux:\x1b[0m ");
    await box.output(
      "pane-exec",
      "dev",
      "0",
      `until [ -e '${box.folder}/go' ]; do sleep 0.02; done; echo the last line`,
    );
    const ended = atTerminal(box, ["pane-watch-timeout", "dev", "0", "never", "20", "--quiet", "--no-color"]);
    await until(
      "it listens",
      async () => (await box.tmux("display-message", "-p", "-t", "%0", "#{pane_pipe}")) === "1",
    );
    writeFileSync(`${box.folder}/go`, "");
    expect((await ended).text).toMatch(/^the last line\nclaude-tmux: .* exit code 0/);
  });

  test("the daemon's commands too: status, events, subscriptions", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    const shown = async (...args: string[]) => (await atTerminal(box, ["daemon", ...args, "--no-color"])).text;
    expect(await shown("status")).toMatch(/^Daemon is running \(PID: \d+\)\n {2}Uptime: +\d+ s\n/);
    expect((await atTerminal(box, ["daemon", "status"])).text).toStartWith("\x1b[32mDaemon is running");
    expect(await shown("subscribe", "dev", "pattern-match", "0", "err.r")).toStartWith("Subscription 1. ");
    expect(await shown("subscriptions")).toMatch(/^ID +TYPE +WHERE +FOR .*\n 1 +pattern-match +dev:main +err\.r +0 /);
    await box.output("pane-exec", "dev", "0", "echo an err''or");
    await until("it fired", async () => (await box.events("pattern-match")).length === 1);
    expect(await shown("events", "--type", "pattern-match")).toMatch(
      /^\d\d:\d\d:\d\d {2}pattern-match +dev:main +an error\n$/,
    );
    expect(await shown("wait", "dev", "pattern-match", "0", "--since", "1h")).toContain("dev:main      an error\n");
    expect(await shown("health")).toStartWith("healthy\nCHECK ");
  });
});

describe.skipIf(!hasTerminal)("pane-run at a terminal", () => {
  test("shows what a command writes while it runs, and then how it ended", async () => {
    await using box = await ready();
    const command = "echo first; until [ -e go ]; do sleep 0.02; done; printf '\\033[31mlast\\033[0m'; (exit 3)";
    await box.output("pane-run", "dev", "0", "--", `cd '${box.folder}'`);
    const child = startAtTerminal(box, ["pane-run", "dev", "0", "--", command]);
    let isFirst = true;
    const text = await follow(child, (shown) => {
      if (!isFirst || !shown.includes("first")) return;
      isFirst = false;
      expect(shown).not.toContain("last");
      writeFileSync(`${box.folder}/go`, "");
    });
    expect(await child.exited).toBe(3);
    expect(text).toContain("\x1b[31mlast\x1b[0m");
    expect(Bun.stripANSI(left(text.replaceAll("\r\n", "\n")))).toMatch(/^first\nlast\nexit code 3 after \d/);
  });

  test("that succeeds, is cut, or takes too long", async () => {
    await using box = await ready();
    const run = (...args: string[]) => atTerminal(box, ["pane-run", "dev", "0", "--no-color", ...args]);
    expect(await run("--", "seq 3")).toMatchObject({
      text: expect.stringMatching(/^1\n2\n3\nexit code 0 after \d.* m?s\n$/),
      exitCode: 0,
    });
    expect((await run("--tail", "1", "--", "seq 3")).text).toMatch(/^3\n\(a part of its 3 lines .*\)\nexit code 0 /);
    expect((await run("--quiet", "--", "seq 2")).text).toBe("1\n2\n");
    const late = await run("--timeout", "0.5", "--", "echo begun; sleep 30");
    expect(late).toMatchObject({
      text: expect.stringMatching(/^begun\nclaude-tmux: .* within 0.5 s\n/),
      exitCode: 124,
    });
  });

  test("shows nothing of what a terminal would act upon", async () => {
    await using box = await ready();
    const hostile = "printf '\\033]0;mine\\007\\033[2J\\033[Hgone\\033]52;c;eA==\\007\\n'";
    const { text } = await atTerminal(box, ["pane-run", "dev", "0", "--", hostile]);
    expect(text).not.toMatch(/\x1b\]|\x1b\[2J|\x1b\[H|\x07/);
    expect(text).toContain("gone\n");
  });
});

test.skipIf(!hasTerminal)(
  "a wait shows a sign of life, which is gone when it ends, and none with --quiet",
  async () => {
    await using box = await ready();
    await box.output("pane-exec", "dev", "0", "sleep 1000");
    const waited = await atTerminal(box, ["pane-wait", "dev", "0", "1.5", "--no-color"]);
    expect(waited.raw).toMatch(/^(\r\x1b\[2KWaiting for what runs in dev 0 … \d s)+\r\x1b\[2Kclaude-tmux: /);
    const quiet = await atTerminal(box, ["pane-wait", "dev", "0", "1.5", "--quiet"]);
    expect(quiet.raw).not.toContain("Waiting");
    // a signal that nobody waits for ends it as ever, and takes the line with it
    const child = startAtTerminal(box, ["pane-wait", "dev", "0"], { line: 'trap : INT; "$@"; echo "code $?"' });
    let isPressed = false;
    const text = await follow(child, (shown) => {
      if (!isPressed && shown.includes("Waiting")) child.stdin.write("\x03");
      isPressed ||= shown.includes("Waiting");
    });
    expect(text).toContain("\r\x1b[2K\x1b[31mclaude-tmux:");
    expect(Bun.stripANSI(text)).toMatch(/Interrupted by SIGINT\r\n(.*\r\n)?code 130\r\n$/);
  },
);

describe("where no person reads", () => {
  const LINES: [string[], string[]][] = [
    [["session-list"], ["output"]],
    [["pane-list-detailed", "dev"], ["output"]],
    [["pane-status", "dev", "0"], ["output"]],
    [["pane-capture", "dev", "0"], ["output"]],
    [
      ["pane-is-running", "dev", "0"],
      ["output", "method"],
    ],
    [
      ["pane-run", "dev", "0", "--", "seq 2"],
      ["output", "exit_code", "duration_ms", "method", "output_lines"],
    ],
    [
      ["pane-wait", "dev", "0"],
      ["output", "exit_code", "duration_ms", "method"],
    ],
    [["agent-list"], ["output"]],
    [
      ["pane-status", "dev", "9"],
      ["output", "error"],
    ],
  ];
  const SOME = ["session-list", "pane-run", "agent-list"];
  const keys = (own: string[]) => ["status", "command", "session", "pane_id", "pane", ...own, "timestamp"];

  test("the answer is the JSON that it was", async () => {
    await using box = await ready();
    for (const [line, own] of LINES) {
      const { stdout, stderr } = await box.run(line);
      expect({ line, stderr, keys: Object.keys(JSON.parse(stdout)) }).toEqual({ line, stderr: "", keys: keys(own) });
      // with two blanks of indentation
      expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), undefined, 2)}\n`);
    }
  });

  test.skipIf(!hasTerminal)(
    "also of a command at a terminal: in a pipe, with --json, --compact, by an old name",
    async () => {
      await using box = await ready();
      const link = `${box.folder}/claude-tmux-bridge.sh`;
      symlinkSync(BINARY, link);
      for (const [line, own] of LINES.filter(([[name = ""]]) => SOME.includes(name))) {
        const piped = [
          await atTerminal(box, line, { line: '"$@" | cat' }),
          await atTerminal(box, line, { line: 'x=$("$@"); printf "%s\\n" "$x"' }),
          await atTerminal(box, ["--json", ...line]),
          await atTerminal(box, ["--compact", "--", ...line].slice(2).toSpliced(1, 0, "--compact")),
          await atTerminal(
            box,
            line.filter((word) => word !== "--"),
            { program: [link] },
          ),
        ];
        for (const { text } of piped) expect(Object.keys(JSON.parse(text))).toEqual(keys(own));
      }
      const failed = await atTerminal(box, ["pane-status", "dev", "9"], { line: '"$@" 2>/dev/null | cat' });
      expect(JSON.parse(failed.text)).toMatchObject({ status: "error" });
    },
  );

  test("the daemon's words are those that probes and scripts read", async () => {
    await using box = await served();
    expect((await box.run(["daemon", "health"])).stdout).toBe("healthy\n");
    expect((await box.run(["daemon", "status"])).stdout).toMatch(
      /^Daemon is running \(PID: \d+\)\n {2}Uptime: {9}\d+ s\n {2}Watching: {7}the output/,
    );
    expect((await box.run(["daemon", "subscribe", "dev", "pane-exit", "0"])).stdout).toBe("1\n");
    await box.output("pane-create", "dev");
    await until("it is told", async () => (await box.events("pane-created")).length > 0);
    for (const list of ["subscriptions", "events"]) {
      const { stdout } = await box.run(["daemon", list]);
      expect(Object.keys(JSON.parse(stdout.split("\n")[0] ?? ""))).toContain("session");
    }
    expect((await box.run(["watchdog", "status"])).stdout).toBe("Watchdog is not running\n");
  });
});
