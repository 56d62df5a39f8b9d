import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { agentNoteText } from "../../src/agents/note.ts";
import { commandLine, processStat } from "../../src/process/identity.ts";
import { livingProcesses } from "../../src/process/tree.ts";
import { AGENT_OPTION } from "../../src/tmux/options.ts";
import { CLAUDE, TITLED } from "../helpers/agent.ts";
import { Box, until } from "../helpers/box.ts";

interface Verdict {
  kind: string | null;
  state: string;
  for: string | null;
  since: string | null;
  source: string | null;
  certain: boolean;
  pid: number | null;
  conversation: string | null;
  pane: string;
  readings?: { source: string; state: string | null; age_s: number | null }[];
}

async function boxWith(program: string, text: string, packaged?: string): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" });
  mkdirSync(`${box.folder}/bin`);
  writeFileSync(`${box.folder}/bin/${program}`, text, { mode: 0o755 });
  if (packaged !== undefined) {
    mkdirSync(`${box.folder}/package`);
    writeFileSync(`${box.folder}/package/${program}`, packaged, { mode: 0o755 });
  }
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await type(box, `"$HOME/bin/${program}"`);
  await until("it runs", async () => (await status(box)).kind === program);
  return box;
}

const type = (box: Box, line: string) => box.tmux("send-keys", "-t", "=dev:0.0", line, "Enter");
const status = async (box: Box, ...more: string[]) =>
  (await box.bridge("agent-status", "dev", "0", ...more)).output as unknown as Verdict;
const reaches = (box: Box, state: string, wait: string | null = null) =>
  until(`it is ${state}`, async () => {
    const found = await status(box);
    return found.state === state && found.for === wait && found;
  });
/** What was started of a package. */
const packagedPids = (box: Box) =>
  livingProcesses().flatMap(({ pid }) => (commandLine(pid).includes(`${box.folder}/package/gemini`) ? [pid] : []));
/** What its hook would leave. */
async function note(box: Box, kind: string, state: "working" | "waiting" | "done", more = {}): Promise<void> {
  const pid = (await status(box)).pid ?? 0;
  const startTime = processStat(pid)?.startTime ?? 0;
  const text = agentNoteText({ kind, pid, startTime, state, since: Date.now(), ...more });
  await box.tmux("set-option", "-p", "-t", "=dev:0.0", AGENT_OPTION, text);
}

describe.skipIf(!existsSync("/proc/self/stat"))("an agent", () => {
  test("that keeps a file is what that says, whatever its hooks do not tell of", async () => {
    await using box = await boxWith("claude", CLAUDE);
    expect(await status(box)).toMatchObject({ state: "starting", source: "process" });
    await type(box, "idle");
    expect(await reaches(box, "idle")).toMatchObject({
      source: "file",
      certain: true,
      since: "2026-11-30T00:53:20Z",
      conversation: "0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11",
    });
    await type(box, "busy");
    await reaches(box, "working");
    await type(box, "waiting permission prompt");
    await reaches(box, "waiting", "permission");
    await note(box, "claude", "waiting", { for: "permission" });
    await type(box, "waiting input needed");
    await reaches(box, "waiting", "question");
    await type(box, "waiting something new");
    await reaches(box, "waiting", "permission"); // its hook knows what for
    // a refusal, of which no hook tells
    await type(box, "idle");
    await reaches(box, "idle");
    await note(box, "claude", "done");
    await reaches(box, "done");
    await type(box, "shell");
    await reaches(box, "done");
    const { readings } = await status(box, "--explain");
    expect(readings).toMatchObject([
      { source: "file", state: "idle" },
      { source: "status", state: null },
      { source: "hook", state: "done" },
      { source: "screen", state: null },
      { source: "progress", state: null },
    ]);
    await type(box, "dreaming");
    // the file says nothing that is known
    await until("its hook tells", async () => (await status(box)).source === "hook");
    expect((await status(box)).state).toBe("done");
  });

  test("that sets a title is what that says, and its hook tells what it waits for", async () => {
    await using box = await boxWith("gemini", TITLED);
    await type(box, "\u25c7  Ready (x)");
    expect(await reaches(box, "idle")).toMatchObject({ source: "title", certain: true, since: null });
    await type(box, "\u2726  Working (x)");
    await reaches(box, "working");
    await type(box, "\u270b  Action Required (x)");
    await reaches(box, "waiting");
    await note(box, "gemini", "waiting", { for: "question" });
    await reaches(box, "waiting", "question");
  });

  test("that asks something under a title that says it is idle is seen to ask", async () => {
    const rows = `'Do you trust the files in this folder?' '\u25cf 1. Trust folder (x)' "  3. Don't trust"`;
    const ask = `printf '\u2502 %s\\n' ${rows}; printf '\\033]2;\u25c7  Ready (x)\\007'`;
    await using box = await boxWith("gemini", `#!/bin/bash\nread -r x\n${ask}\nread -r x\nclear\ncat\n`);
    await type(box, "go");
    expect(await reaches(box, "waiting", "trust")).toMatchObject({ source: "screen", certain: false });
    await type(box, "1");
    expect(await reaches(box, "idle")).toMatchObject({ source: "title" });
  });

  test("that has another of its own do it all is told by the hook of that one", async () => {
    await using box = await boxWith("gemini", `#!/bin/bash\n"$HOME/package/gemini" "$@"\n`, TITLED);
    const [child] = await until("both run", () => {
      const found = packagedPids(box);
      return found.length > 0 && found;
    });
    await type(box, "\u270b  Action Required (x)");
    await reaches(box, "waiting");
    await note(box, "gemini", "waiting", {
      for: "question",
      pid: child,
      startTime: processStat(child ?? 0)?.startTime,
    });
    await reaches(box, "waiting", "question");
  });

  test("that is killed is dead at once, and so it stays until there is another", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await type(box, "busy");
    const { pid } = await reaches(box, "working");
    await note(box, "claude", "working");
    process.kill(pid ?? 0, "SIGKILL");
    expect(await reaches(box, "dead")).toMatchObject({ kind: "claude", source: "process", certain: true });
    const { output } = await box.bridge("agent-list");
    expect(output as unknown as Verdict[]).toMatchObject([{ kind: "claude", state: "dead" }]);
    // what runs there then is told, and not what was there
    await type(box, "cat");
    expect(await reaches(box, "waiting", "line")).toMatchObject({ kind: null, source: "terminal" });
    expect((await box.bridge("agent-list")).output as unknown).toEqual([]);
    await box.tmux("send-keys", "-t", "=dev:0.0", "C-c");
    await reaches(box, "dead");
    await type(box, '"$HOME/bin/claude"');
    await until(
      "there is another",
      async () => (await status(box)).pid !== pid && (await status(box)).state !== "dead",
    );
    // what the first one's hook told is not said of this one
    await type(box, "idle");
    await reaches(box, "idle");
  });

  test("that is suspended, or runs in the background, does not have the pane", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await type(box, "busy");
    await reaches(box, "working");
    await box.tmux("send-keys", "-t", "=dev:0.0", "C-z");
    expect(await reaches(box, "idle")).toMatchObject({ kind: null, source: "shell" });
    await type(box, "fg");
    expect(await reaches(box, "working")).toMatchObject({ kind: "claude" });
  });

  test("is waited for until it needs somebody, or as long as was said", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await type(box, "busy");
    await reaches(box, "working");
    const late = await box.bridge("agent-wait", "dev", "0", "--timeout", "0.3");
    expect(late).toMatchObject({ status: "error", error: { code: "ERR_TIMEOUT" } });
    const wait = box.bridge("agent-wait", "dev", "0");
    const exact = box.bridge("agent-wait", "dev", "0", "--until", "idle", "--until", "failed");
    await type(box, "waiting permission prompt");
    expect((await wait).output as unknown as Verdict).toMatchObject({ state: "waiting", for: "permission" });
    await type(box, "idle");
    expect((await exact).output as unknown as Verdict).toMatchObject({ state: "idle" });
    expect(await box.bridge("agent-wait", "dev", "0", "--until", "tea")).toMatchObject({
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
    const gone = box.bridge("agent-wait", "dev", "0", "--until", "failed");
    await box.tmux("new-session", "-d", "-s", "other");
    await box.tmux("kill-session", "-t", "=dev:");
    expect((await gone).status).toBe("error");
  });

  test("is listed before others when it needs somebody", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await type(box, "busy");
    await reaches(box, "working");
    await box.output("session-create", "other");
    await box.prompt("other", "0");
    await box.tmux("send-keys", "-t", "=other:0.0", '"$HOME/bin/claude"', "Enter");
    const list = async (...words: string[]) =>
      (await box.bridge("agent-list", ...words)).output as unknown as (Verdict & { session: string })[];
    await until("both run", async () => (await list()).length === 2);
    await box.tmux("send-keys", "-t", "=other:0.0", "waiting permission prompt", "Enter");
    await until("it waits", async () => (await list())[0]?.state === "waiting");
    expect((await list()).map(({ session, state }) => `${session} ${state}`)).toEqual(["other waiting", "dev working"]);
    expect((await list("dev")).map(({ session }) => session)).toEqual(["dev"]);
  });
});

test("where no agent is, none is waited for, but for a program that may start one", async () => {
  await using box = await boxWith("claude", CLAUDE);
  await box.output("pane-create", "dev", "shell");
  for (const more of [[], ["--until", "idle"], ["--timeout", "0.1"]]) {
    expect(await box.bridge("agent-wait", "dev", "shell", ...more)).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/^No coding agent runs in pane 1 of "dev": its shell waits at its prompt$/),
      error: { code: "ERR_COMMAND_FAILED", hint: expect.stringContaining("pane-exec") },
    });
  }
  await box.output("pane-exec", "dev", "shell", `until [ -e "$HOME/go" ]; do sleep 0.1; done; "$HOME/bin/claude"`);
  const wait = box.bridge("agent-wait", "dev", "shell", "--until", "starting");
  writeFileSync(`${box.folder}/go`, "");
  expect((await wait).output as unknown as Verdict).toMatchObject({ kind: "claude", state: "starting" });
});

test("an agent of which nothing is known is waited for no longer than is said, or until it is unknown", async () => {
  await using box = await boxWith("copilot", "#!/bin/bash\nexec -a copilot sleep 600\n");
  expect((await box.bridge("agent-wait", "dev", "0", "--until", "unknown")).output).toMatchObject({
    kind: "copilot",
    state: "unknown",
  });
  expect(await box.bridge("agent-wait", "dev", "0")).toMatchObject({
    exitCode: 1,
    output: expect.stringMatching(/^What the copilot in pane 0 of "dev" does has not been known for 10 s: /),
    error: { code: "ERR_COMMAND_FAILED" },
  });
});

test("what is no agent is told as what it is", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  expect(await status(box)).toMatchObject({ kind: null, state: "idle", source: "shell", pid: null });
  await type(box, "sleep 600");
  await reaches(box, "working");
  await box.tmux("send-keys", "-t", "=dev:0.0", "C-c");
  await type(box, "read -rp 'Go on? ' x");
  if (existsSync("/proc/self/stat")) await reaches(box, "waiting", "line");
  expect((await box.bridge("agent-list")).output as unknown).toEqual([]);
});
