import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { codex } from "../../../src/agents/codex.ts";
import { agentProcess } from "../../../src/agents/process.ts";

const OLD = "01a22934-971c-7b62-bbaf-a9ea4472a3fe";
const home = realpathSync(mkdtempSync(`${tmpdir()}/claude-tmux-agents-`));
const locks = `${home}/.codex/thread-writer-locks`;
const rollouts = `${home}/.codex/sessions/2026/11/29`;
mkdirSync(locks, { recursive: true });
mkdirSync(rollouts, { recursive: true });

const started: Bun.Subprocess[] = [];
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  await Promise.all(started.splice(0).map(({ exited }) => exited));
});
afterAll(() => rmSync(home, { recursive: true }));

const lockOf = (id: string) => `${locks}/${id}.lock`;
const rolloutOf = (id: string) => `${rollouts}/rollout-2026-11-29T21-27-22-${id}.jsonl`;

/** An id that is made now, as codex makes them. */
function newId(): string {
  const time = (Date.now() + 1).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7b62-bbaf-${crypto.randomUUID().slice(-12)}`;
}

/** A process that is called codex and has files open; it opens more as it is told to. */
async function start(files: string[], args: string[] = [], HOME = home) {
  const program = 'while read -r file; do exec {fd}>"$file"; echo; done';
  const child = Bun.spawn(["bash", "-c", program, ...args], {
    argv0: "codex",
    env: { PATH: "/usr/bin:/bin", HOME },
    stdin: "pipe",
    stdout: "pipe",
  });
  started.push(child);
  const answers = child.stdout.getReader();
  const open = async (file: string) => {
    child.stdin.write(`${file}\n`);
    child.stdin.flush();
    await answers.read();
  };
  for (const file of files) await open(file);
  const look = () => {
    const process = agentProcess(child.pid);
    return process && codex.conversationOf(process);
  };
  return { pid: child.pid, open, look };
}

describe("the conversation of one that writes itself", () => {
  test("is that whose lock it holds, also before and after its file is there", async () => {
    const one = await start([lockOf(OLD)]);
    expect(one.look()).toBe(OLD);
    await one.open(rolloutOf(OLD));
    expect(one.look()).toBe(OLD);
  });

  test("is not told by several: it keeps those before /clear", async () => {
    const one = await start([lockOf(OLD), rolloutOf(OLD), lockOf(newId())]);
    expect(one.look()).toBeUndefined();
  });
});

describe("the conversation of one that has a server write", () => {
  test("is the only one of its server", async () => {
    const client = await start([]);
    expect(client.look()).toBeUndefined();
    const id = newId();
    const server = await start([lockOf(id), rolloutOf(id)], ["app-server"]);
    // others keep theirs elsewhere
    await start([], [], `${home}/other`);
    await start([`${home}/.codex/thread-writer-locks/${newId()}.lock`], ["app-server"], `${home}/other`);
    expect([client.look(), server.look()]).toEqual([id, undefined]);
  });

  test("is not told as long as there are several", async () => {
    const client = await start([]);
    await start([lockOf(newId()), lockOf(newId())], ["app-server"]);
    expect(client.look()).toBeUndefined();
  });

  test("is not one that was there before it, unless it was told to go on with that", async () => {
    const [client] = [await start([]), await start([lockOf(OLD)], ["app-server"])];
    expect(client.look()).toBeUndefined();
  });

  test("is the one that it was told to go on with", async () => {
    const [client] = [await start([], ["resume", OLD]), await start([lockOf(OLD)], ["app-server"])];
    expect(client.look()).toBe(OLD);
  });

  test("is not told where two could have it", async () => {
    const clients = [await start([]), await start([])];
    await start([lockOf(newId())], ["app-server"]);
    expect(clients.map(({ look }) => look())).toEqual([undefined, undefined]);
  });
});

test("a conversation is kept from its first prompt on", () => {
  const id = newId();
  expect(codex.isKept(id, home)).toBe(false);
  writeFileSync(rolloutOf(id), "");
  expect(codex.isKept(id, home)).toBe(true);
  expect(codex.isKept(id.slice(1), home)).toBe(false);
  expect(codex.isKept(id, "/nonexistent")).toBe(false);
  expect(codex.isKept(id, "/nonexistent", (name) => (name === "CODEX_HOME" ? `${home}/.codex` : undefined))).toBe(true);
});

describe("going on", () => {
  const resume = (line: string) => codex.resume(line.split(" "), OLD);

  test.each<[string, string]>([
    ["codex", ""],
    ["codex fix it", ""],
    ["codex resume --last", ""],
    ["codex resume 00000000-0000-7000-8000-000000000000 go on", ""],
    ["codex fork 00000000-0000-7000-8000-000000000000 -m gpt-5", "-m gpt-5"],
    ["codex -m gpt-5 --no-daemon resume --all", "-m gpt-5 --no-daemon"],
    ["codex -i a.png b.png -C /x", "-C /x"],
    ["codex -s workspace-write -a on-request", "-s workspace-write -a on-request"],
    ["codex -c model=x -c model_reasoning_effort=high", "-c model=x -c model_reasoning_effort=high"],
  ])("after %s", (line, words) => {
    expect(resume(line)).toEqual({
      argv: ["codex", "resume", OLD, ...words.split(" ").filter(Boolean)],
      isPlain: true,
    });
  });

  test.each([
    "--dangerously-bypass-approvals-and-sandbox",
    "--yolo",
    "--full-auto",
    "-a never",
    "--sandbox=danger-full-access",
    "-c approval_policy=never",
    "-c model=x -c sandbox_mode=danger-full-access",
    "--search",
    "--some-day",
  ])("with %s is more than that, and says so", (words) => {
    expect(resume(`codex ${words}`)).toEqual({ argv: ["codex", "resume", OLD, ...words.split(" ")], isPlain: false });
  });

  test.each(["exec fix it", "e x", "-m x mcp", "app-server", "agents", "--version", "--some-day x"])(
    "is not to be had with %s",
    (words) => {
      expect(resume(`codex ${words}`)).toBeUndefined();
    },
  );
});

test.each<[string, string | undefined]>([
  ["\u2839 SAY one | work", "working"],
  ["\u2839 work", "working"],
  ["SAY one | work", "idle"],
  ["[ ! ] Action Required | SAY one | work", "waiting"],
  ["[ . ] Action Required | SAY one | work", "waiting"],
  // before the first prompt it is the same while it asks whether the folder is trusted
  ["work", undefined],
  ["host", undefined],
  ["", undefined],
  // what another program has left
  ["make | other", undefined],
  ["\u2726  Working\u2026 (work)", undefined],
])("the title %p says %p", (title, state) => {
  expect(codex.titled?.(title, "work")?.state).toBe(state as never);
});

test("where the folder is not known, no title is taken for its task", () => {
  expect(codex.titled?.("task | ", "")).toBeUndefined();
});
