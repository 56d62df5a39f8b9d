import { describe, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { readAgentNote } from "../../src/agents/note.ts";
import { commandLine, processStat } from "../../src/process/identity.ts";
import { HOOKED } from "../helpers/agent.ts";
import { Box, until } from "../helpers/box.ts";
import { EVENT, Hooked, ID } from "../helpers/hooked.ts";

const linux = test.skipIf(process.platform !== "linux");

linux("what an agent's hooks tell is noted in its pane, for as long as its session lasts", async () => {
  await using box = await Hooked.start();
  await box.line(0, `${box.folder}/bin/claude`);
  const steps: [event: string, told: string | undefined, fields?: object][] = [
    ["SessionStart", "idle", { source: "startup" }],
    ["UserPromptSubmit", "working"],
    ["PermissionRequest", "waiting permission", { tool_name: "Bash" }],
    ["Stop", "waiting permission", { agent_id: "a1" }],
    ["CwdChanged", "waiting permission"],
    ["PostToolUse", "working"],
    ["PermissionRequest", "waiting question", { tool_name: "AskUserQuestion" }],
    ["Notification", "waiting question", { notification_type: "permission_prompt" }],
    ["PostToolUse", "working"],
    ["Notification", "idle", { notification_type: "idle_prompt" }],
    ["StopFailure", "failed", { error: "overloaded" }],
    ["Notification", "failed", { notification_type: "idle_prompt" }],
    ["Stop", "done"],
    ["SessionEnd", "done", { reason: "clear" }],
    ["SessionEnd", undefined, { reason: "prompt_input_exit" }],
    ["SessionStart", "idle", { source: "resume" }],
  ];
  for (const [event, told, fields] of steps) {
    expect(await box.hook(0, "claude", EVENT(event, fields))).toBe("0\n");
    expect([event, await box.told(0)]).toEqual([event, told]);
  }
  const note = readAgentNote(await box.noteText(0));
  expect(note).toMatchObject({ kind: "claude", conversation: ID });
  expect(processStat(note?.pid ?? 0)?.startTime).toBe(note?.startTime as number);
  expect(commandLine(note?.pid ?? 0)).toEqual(["/bin/sh", `${box.folder}/bin/claude`]);
  expect(Math.abs(Date.now() - (note?.since ?? 0))).toBeLessThan(60_000);
  expect(await box.noteText(1)).toBe("");
  // a server that is not there, and a pane that is not
  for (const gone of [`TMUX=${box.folder}/none,1,0`, "TMUX_PANE=%99", "PATH=/nowhere"])
    expect([gone, await box.hook(0, "claude", EVENT("Stop"), gone)]).toEqual([gone, "0\n"]);
  expect(await box.told(0)).toBe("idle");
});

linux.each([
  ["codex", "PreToolUse", { tool_name: "request_user_input" }, "waiting question"],
  ["gemini", "BeforeAgent", {}, "working"],
  ["opencode", "question.asked", {}, "waiting question"],
])("%s as well", async (kind, event, fields, told) => {
  await using box = await Hooked.start();
  await box.line(0, box.program(kind, HOOKED));
  expect(await box.hook(0, kind, EVENT(event, fields))).toBe("0\n");
  expect(await box.told(0)).toBe(told);
});

linux("a hook that comes late changes nothing that a later one of the same agent has noted", async () => {
  await using box = await Hooked.start();
  await box.line(0, `${box.folder}/bin/claude`);
  await box.hook(0, "claude", EVENT("UserPromptSubmit"));
  const { pid = 0, startTime = 0 } = readAgentNote(await box.noteText(0)) ?? {};
  const pane = await box.paneId(0);
  const note = (who: string, at: number) =>
    box.tmux("set-option", "-p", "-t", pane, "@claude_tmux_agent", `claude ${who} waiting permission ${at} -`);
  for (const [who, at, event, told] of [
    [`${pid} ${startTime}`, Date.now() + 60_000, "Stop", "waiting permission"],
    [`${pid} ${startTime}`, Date.now() + 60_000, "SessionEnd", "waiting permission"],
    [`${pid} ${startTime}`, Date.now() - 60_000, "Stop", "done"],
    [`${pid} ${startTime}`, Date.now() - 60_000, "SessionEnd", undefined],
    // of another process, which has gone
    [`${pid} ${startTime - 1}`, Date.now() + 60_000, "SessionEnd", "waiting permission"],
    [`${pid} ${startTime - 1}`, Date.now() + 60_000, "Stop", "done"],
  ] as const) {
    await note(who, at);
    await box.hook(0, "claude", EVENT(event));
    expect([who, event, await box.told(0)]).toEqual([who, event, told]);
  }
});

describe("nothing is noted", () => {
  linux("in the pane of another agent", async () => {
    await using box = await Hooked.start();
    await box.line(0, `${box.folder}/bin/claude`);
    await box.line(1, `${box.folder}/bin/claude`);
    expect(await box.hook(1, "claude", EVENT("Stop"), `TMUX_PANE=${await box.paneId(0)}`)).toBe("0\n");
    expect([await box.noteText(0), await box.noteText(1)]).toEqual(["", ""]);
  });

  linux("by an agent that another one has started, unless that has passed on to it what it was given", async () => {
    await using box = await Hooked.start();
    const agent = `${box.folder}/bin/claude`;
    await box.line(0, box.program("outer/gemini", `#!/bin/sh\n${agent}; true\n`));
    await box.line(1, box.program("other/claude", `#!/bin/sh\n${agent} -p; true\n`));
    for (const pane of [0, 1]) {
      expect(await box.hook(pane, "claude", EVENT("Stop"))).toBe("0\n");
      expect(await box.noteText(pane)).toBe("");
    }
    await box.tmux("respawn-pane", "-k", "-t", "dev:0.0", "/bin/sh");
    await box.line(0, `${box.program("launcher/claude", `#!/bin/sh\n${agent} "$@"; true\n`)} --model x`);
    await box.hook(0, "claude", EVENT("Stop"));
    const { pid = 0, state } = readAgentNote(await box.noteText(0)) ?? {};
    expect([state, commandLine(pid)]).toEqual(["done", ["/bin/sh", agent, "--model", "x"]]);
  });

  linux("by what is no agent, another one, or without the foreground of its pane", async () => {
    await using box = await Hooked.start();
    expect(await box.hook(0, "claude", EVENT("Stop"))).toBe("0\n"); // a shell
    await box.line(0, box.program("codex", HOOKED));
    await box.hook(0, "claude", EVENT("Stop"));
    await box.hook(0, "gemini", EVENT("SessionStart"));
    expect(await box.noteText(0)).toBe("");
    // a session of its own, as tools have it, and codex' server
    const server = box.program("server/codex", `#!/bin/sh\n. "$2"\n`);
    await box.line(1, box.program("client/codex", HOOKED));
    const call = `${box.folder}/server-call`;
    const line = `${box.command.join(" ")} agent-hook codex < ${call}.json > ${call}.out 2>&1; echo $? > ${call}.done`;
    writeFileSync(`${call}.json`, EVENT("Stop"));
    writeFileSync(`${call}.sh`, line);
    await box.line(1, `setsid ${server} app-server ${call}.sh`);
    await until("the server's hook was called", () => existsSync(`${call}.done`));
    // in the background
    await box.tmux("respawn-pane", "-k", "-t", "dev:0.0", "/bin/sh -i");
    writeFileSync(`${call}.lines`, `. ${call}.sh\n`);
    writeFileSync(`${call}.sh`, line.replace("agent-hook codex", "agent-hook claude").replace(".done", ".done2"));
    await box.line(0, `${box.folder}/bin/claude < ${call}.lines &`);
    await until("the hook in the background was called", () => existsSync(`${call}.done2`));
    expect([await box.noteText(0), await box.noteText(1)]).toEqual(["", ""]);
  });
});

describe("its caller never fails, and is told nothing", () => {
  const NOTHING = { exitCode: 0, stdout: "", stderr: "" };
  const inTmux = (box: Box) => ({ TMUX: `${box.folder}/none,1,0`, TMUX_PANE: "%0" });

  async function call(box: Box, input: Uint8Array | "ignore", args: string[], env: Record<string, string | undefined>) {
    const child = Bun.spawn([...box.command, "agent-hook", ...args], {
      env: { ...box.env, ...env },
      stdin: input,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { exitCode, stdout, stderr };
  }

  const bytes = (text: string) => new TextEncoder().encode(text);
  test.each<[string, Uint8Array | "ignore", string[]]>([
    ["nothing", "ignore", ["claude"]],
    ["nothing at all", "ignore", []],
    ["another agent", bytes(EVENT("Stop")), ["emacs"]],
    ["words and options", bytes(EVENT("Stop")), ["claude", "Stop", "more", "--unknown", "-x"]],
    ["random bytes", crypto.getRandomValues(new Uint8Array(60_000)), ["claude", "Stop"]],
    ["10 MB of zeros", new Uint8Array(10_000_000), ["gemini"]],
    ["an event of 10 MB", bytes(EVENT("PostToolUse", { tool_response: "x".repeat(10_000_000) })), ["claude"]],
    ["an event", bytes(EVENT("Stop")), ["claude"]],
  ])("%s", async (_, input, args) => {
    await using box = new Box();
    for (const env of [inTmux(box), { TMUX: undefined, TMUX_PANE: undefined }, { ...inTmux(box), TMUX_PANE: "no" }])
      expect(await call(box, input, args, env)).toEqual(NOTHING);
    expect(await call(box, input, args, { ...inTmux(box), PATH: "/nowhere" })).toEqual(NOTHING);
    expect(await call(box, input, args, { ...inTmux(box), CLAUDE_TMUX_STATE_DIR: "/dev/null/x", HOME: "" })).toEqual(
      NOTHING,
    );
    expect(existsSync(box.state)).toBe(false);
  });

  linux("an event of 10 MB is noted as any other", async () => {
    await using box = await Hooked.start();
    await box.line(0, `${box.folder}/bin/claude`);
    expect(await box.hook(0, "claude", EVENT("PostToolUse", { tool_response: "x".repeat(10_000_000) }))).toBe("0\n");
    expect(await box.told(0)).toBe("working");
  });

  linux("a stdin that never ends, and a tmux that hangs, are waited for no longer than a second", async () => {
    await using box = await Hooked.start();
    const socket = await box.tmux("display-message", "-p", "#{socket_path}");
    const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
    const env = { ...box.env, TMUX: `${socket},${server},0`, TMUX_PANE: await box.paneId(0) };
    const lasts = async (stdin: "pipe" | Uint8Array) => {
      const begin = performance.now();
      const child = Bun.spawn([...box.command, "agent-hook", "claude"], { env, stdin, stdout: "pipe", stderr: "pipe" });
      expect([await child.stdout.text(), await child.stderr.text(), await child.exited]).toEqual(["", "", 0]);
      return performance.now() - begin;
    };
    expect(await lasts("pipe")).toBeLessThan(1000);
    process.kill(server, "SIGSTOP");
    try {
      expect(await lasts(bytes(EVENT("Stop")))).toBeLessThan(1200);
      expect(await lasts("pipe")).toBeLessThan(1200);
      const left = box.processes().filter((pid) => commandLine(pid).includes("source-file"));
      expect(left).toEqual([]);
    } finally {
      process.kill(server, "SIGCONT");
    }
  });
});
