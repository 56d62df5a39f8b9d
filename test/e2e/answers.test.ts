import { expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { type AnsweringCommand, isAnswering } from "../../src/commands/define.ts";
import { describeCommands } from "../../src/commands/reference/usage.ts";
import { BridgeFailure, Failure } from "../../src/commands/results/reply.ts";
import { FAMILIES } from "../../src/commands/table.ts";
import { ASKING_AGENT } from "../helpers/agent.ts";
import { Box, served, until } from "../helpers/box.ts";
import { promptedAgent } from "../helpers/prompted-agent.ts";

/** Command lines, in an order in which they work, each with its family. */
type Script = readonly string[][];

const SESSIONS: Script = [
  ["bridge", "session-list"],
  ["bridge", "session-create", "dev"],
  ["bridge", "session-list"],
  ["bridge", "pane-create", "dev", "build"],
  ["bridge", "pane-create", "dev", "build"],
  ["bridge", "pane-create-with-layout", "dev", "logs", "main-vertical"],
  ["bridge", "pane-list-json", "dev"],
  ["bridge", "pane-list-detailed", "dev"],
  ["bridge", "pane-count", "dev"],
  ["bridge", "pane-find", "dev", "main"],
  ["bridge", "pane-metadata-set", "dev", "main", "commit", "3f2a1c9"],
  ["bridge", "pane-metadata-get", "dev", "main", "commit"],
  ["bridge", "pane-status", "dev", "main"],
  ["bridge", "state-sync"],
  ["bridge", "pane-run", "dev", "main", "--", "echo hi; false"],
  ["bridge", "pane-run", "dev", "main", "--tail", "1", "--", "seq 5"],
  ["bridge", "pane-exec", "dev", "main", "echo typed"],
  ["bridge", "pane-wait", "dev", "main", "20"],
  ["bridge", "pane-exec-timeout", "dev", "main", "20", "true"],
  ["bridge", "pane-send-keys", "dev", "main", "a", "C-u"],
  ["bridge", "pane-send-stdin", "dev", "main", "echo by text", "--enter"],
  ["bridge", "pane-wait", "dev", "main", "20"],
  ["bridge", "pane-screen", "dev", "main"],
  ["bridge", "pane-ask", "dev", "main", "--", "echo asked; false"],
  ["bridge", "pane-graceful-shutdown", "dev", "main"],
  ["bridge", "pane-signal", "dev", "main", "CONT", "--to", "shell"],
  ["bridge", "pane-is-running", "dev", "main"],
  ["bridge", "pane-capture", "dev", "main", "5"],
  ["bridge", "pane-watch", "dev", "main", "typed"],
  ["bridge", "pane-watch", "dev", "main", "nowhere"],
  ["bridge", "pane-watch-timeout", "dev", "main", "typed", "20", "--existing"],
  ["bridge", "pane-has-pattern", "dev", "main", "typed"],
  ["bridge", "pane-has-pattern", "dev", "main", "nowhere"],
  ["bridge", "session-save", "dev", "--note", "as it is"],
  ["bridge", "session-autosave", "dev"],
  ["bridge", "session-autosave", "--all", "60"],
  ["bridge", "session-autosave-stop", "dev"],
  ["bridge", "session-autosave-stop", "--all"],
  ["bridge", "session-snapshots"],
  ["bridge", "session-snapshot-show", "dev"],
  ["bridge", "session-snapshot-verify"],
  ["bridge", "session-restore", "dev", "--as", "copy", "--dry-run"],
  ["bridge", "session-restore", "dev", "--as", "copy"],
  ["bridge", "session-save", "copy"],
  ["bridge", "session-snapshot-diff", "dev", "copy"],
  ["bridge", "session-snapshot-prune", "--keep", "1"],
  ["bridge", "session-save", "copy"],
  ["bridge", "session-snapshot-delete", "SNAPSHOT"],
  ["bridge", "session-kill", "copy"],
  ["bridge", "gc-status"],
  ["bridge", "gc-run", "--dry-run"],
  ["bridge", "gc-run"],
  ["bridge", "gc-enable", "1h"],
  ["bridge", "gc-status"],
  ["bridge", "gc-disable"],
  ["bridge", "pane-run", "dev", "logs", "--", "exit 3"], // the pane ends with it
  ["bridge", "pane-kill", "dev", "1", "--tree"],
  ["bridge", "session-kill", "dev"],
];

const STOPPED: Script = [
  ["daemon", "status"],
  ["daemon", "health"],
  ["daemon", "heartbeat"],
  ["daemon", "metrics"],
  ["daemon", "events"],
  ["daemon", "subscriptions"],
  ["daemon", "stop"],
  ["watchdog", "status"],
  ["watchdog", "stop"],
  ["watchdog", "stop", "--keep-daemon"],
  ["version"],
  ["doctor"],
  ["install", "cron"],
  ["install", "systemd"],
  ["install", "systemd"],
  ["uninstall", "--dry-run"],
  ["uninstall"],
];

const RUNNING: Script = [
  ["daemon", "status"],
  ["daemon", "health"],
  ["daemon", "heartbeat"],
  ["daemon", "metrics"],
  ["daemon", "logs"],
  ["watchdog", "logs"],
  ["watchdog", "status"],
  ["daemon", "subscribe", "dev", "pattern-match", "0", "some line", "true"],
  ["daemon", "subscribe", "dev", "timeout", "0", "600"],
  ["daemon", "subscriptions"],
  ["daemon", "unsubscribe", "1"],
  ["bridge", "pane-create", "dev"],
  ["daemon", "wait", "dev", "pane-created", "--since", "0", "--timeout", "20"],
  ["daemon", "events"],
  ["daemon", "recover"],
  ["daemon", "restart"],
  ["daemon", "restore"],
  ["daemon", "recover", "--force"],
  ["daemon", "ensure"],
  ["doctor"],
  ["daemon", "stop"],
  ["daemon", "ensure"],
  ["daemon", "stop"],
  ["daemon", "start", "--restore"],
  ["daemon", "ensure", "--auto-restart"],
  ["watchdog", "stop"],
  ["watchdog", "start"],
  ["watchdog", "status"],
  ["watchdog", "stop", "--keep-daemon"],
  ["daemon", "stop"],
];

/** In a pane in which an agent asks something. */
const AGENT: Script = [
  ["status-line"],
  ["status-line", "--plain"],
  ["bridge", "agent-list"],
  ["bridge", "agent-list", "dev"],
  ["bridge", "agent-status", "dev", "0"],
  ["bridge", "agent-status", "dev", "0", "--explain"],
  ["bridge", "agent-wait", "dev", "0", "--until", "waiting"],
  ["bridge", "agent-answer", "dev", "0", "yes"],
];

/** In a pane in which an agent has nothing to do. */
const PROMPTED: Script = [
  ["bridge", "agent-prompt", "dev", "0", "--key", "k", "--wait", "--timeout", "20", "--", "Do it"],
  ["bridge", "agent-prompt", "dev", "0", "--key", "k", "--", "Do it"],
];

const FAILING: Script = [
  ["bridge", "pane-status", "dev", "nowhere"],
  ["bridge", "pane-status", "nowhere", "0"],
  ["bridge", "pane-metadata-get", "dev", "main", "none"],
  ["bridge", "pane-run", "dev", "main", "--timeout", "0.3", "--tail", "1", "--", "seq 3; sleep 1"],
  ["bridge", "pane-wait", "dev", "main", "soon"],
  ["bridge", "pane-watch-timeout", "dev", "main", "nowhere", "0.1"],
  ["bridge", "pane-has-pattern", "dev", "main", "("],
  ["daemon", "start", "nowhere"],
  ["daemon", "unsubscribe", "99"],
  ["daemon", "events", "--type", "none"],
  ["daemon", "logs", "many"],
  ["install", "nothing"],
];

test("every command that answers is tried here", async () => {
  const tried = new Set([...SESSIONS, ...STOPPED, ...RUNNING, ...AGENT, ...PROMPTED].map(nameOf));
  const all = await answering();
  expect([...tried].sort()).toEqual([...all.keys()].sort());
});

test("what sessions and panes are told to do is answered as its schema says", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await play(box, SESSIONS);
});

test("so is what is asked of a pane whose program has ended", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "code");
  await box.output("pane-create", "dev", "signal");
  await box.tmux("set-option", "-g", "remain-on-exit", "on");
  await play(box, [
    ["bridge", "pane-run", "dev", "code", "--", "exit 3"],
    ["bridge", "pane-run", "dev", "signal", "--", "kill -9 $$"],
    ["bridge", "pane-status", "dev", "code"],
    ["bridge", "pane-status", "dev", "signal"],
    ["bridge", "pane-list-detailed", "dev"],
  ]);
});

test.skipIf(!existsSync("/proc/self/stat"))("so is what is asked of a coding agent", async () => {
  await using box = new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" });
  mkdirSync(`${box.folder}/bin`);
  writeFileSync(`${box.folder}/bin/claude`, ASKING_AGENT, { mode: 0o755 });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.output("pane-exec", "dev", "0", '"$HOME/bin/claude"');
  await box.bridge("agent-wait", "dev", "0", "--until", "waiting", "--timeout", "20");
  await play(box, AGENT);
  await box.tmux("kill-session", "-t", "=dev:");
});

test.skipIf(!existsSync("/proc/self/stat"))("what an agent is given answers as its schema says", async () => {
  await using box = new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" });
  const agent = promptedAgent(box.folder);
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.tmux("send-keys", "-t", "=dev:0.0", agent, "Enter");
  // its shell is idle, too
  await until("it is there", async () => {
    const { output } = await box.bridge("agent-status", "dev", "0");
    const told = output as unknown as { kind: string | null; state: string };
    return told.kind === "claude" && told.state === "idle";
  });
  await play(box, PROMPTED);
});

test("so is what is asked of a daemon that does not run, and of the program itself", async () => {
  await using box = new Box();
  await play(box, STOPPED);
});

test("so is what is asked of one that does", async () => {
  await using box = await served({}, "--auto-restart");
  await box.must(["daemon", "subscribe", "dev", "pane-exit", "", "true"]);
  await play(box, RUNNING);
});

test("another program gets the same, and gives what it asks for as JSON", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  const dev = { session: "dev", pane: "main" };
  const ran = await call(box, "bridge pane-run", {
    ...dev,
    timeout: 20,
    tail: 1,
    command: ["printf", "%s\\n", "a b", "c"],
  });
  expect(ran).toMatchObject({ command: "pane-run", pane_id: "0", output: "c", exit_code: 0, output_lines: 2 });
  const pane = await call(box, "bridge pane-status", dev);
  expect(pane).toMatchObject({ session: "dev", output: { label: "main", last_exit_code: 0 } });
  const commands = await answering();
  expect(problemOf((await commands.get("bridge pane-status")?.schema()) as v.GenericSchema, pane)).toBeUndefined();
  expect(await call(box, "daemon status", {})).toEqual({ running: false, watchdog_pid: null });
  expect(await call(box, "daemon events", { limit: 5 })).toEqual([]);
  const subscribed = await call(box, "daemon subscribe", { session: "dev", type: "pane-exit", callback: "true" });
  expect(subscribed).toEqual({ id: 1 });
  expect(await call(box, "daemon subscriptions", {})).toMatchObject([{ id: 1, pane: "", callback: "true" }]);
});

test("errors are told as their schema says", async () => {
  await using box = await served({ SHELL: "/bin/bash" });
  for (const line of FAILING) {
    const { stdout, exitCode } = await box.run(["--json", ...line]);
    expect({ line, exitCode }).not.toEqual({ line, exitCode: 0 });
    expect({ line, problem: problemOf(line[0] === "bridge" ? BridgeFailure : Failure, JSON.parse(stdout)) }).toEqual({
      line,
      problem: undefined,
    });
  }
});

test("a schema that lies is found out", async () => {
  const schema = await (await answering()).get("daemon health")?.schema();
  if (!schema) throw new Error("daemon health does not answer");
  expect(problemOf(schema, { status: "healthy", checks: [] })).toBeUndefined();
  expect(problemOf(schema, { status: "healthy" })).toContain("checks");
  expect(problemOf(schema, { status: "healthy", checks: [], more: 1 })).toContain("more");
});

/** Plays a script, and checks what the binary prints for each line of it. */
async function play(box: Box, script: Script): Promise<void> {
  const commands = await answering();
  // the snapshot that was told of last
  let snapshot = "";
  for (const words of script) {
    const line = words.map((word) => (word === "SNAPSHOT" ? snapshot : word));
    const command = commands.get(nameOf(line));
    if (!command) throw new Error(`${line.join(" ")} does not answer`);
    const answer = await answerOf(box, line);
    snapshot = (answer as { snapshot?: string }).snapshot ?? snapshot;
    const problem = problemOf(await command.schema(), answer);
    expect({ line, problem }).toEqual({ line, problem: undefined });
  }
}

/** These print text with --json, too: they are called without a terminal. */
const TEXTS = ["daemon logs", "watchdog logs", "daemon metrics"];
/** And these a line for each item. */
const LISTS = ["daemon events", "daemon subscriptions", "daemon recover", "daemon ensure"];

async function answerOf(box: Box, line: readonly string[]): Promise<unknown> {
  if (TEXTS.includes(nameOf(line))) return call(box, nameOf(line), {});
  const { stdout } = await box.run(["--json", ...line]);
  if (!LISTS.includes(nameOf(line))) return JSON.parse(stdout);
  const lines = stdout.split("\n").slice(0, -1);
  return lines.map((each) => JSON.parse(each));
}

/** What a command answers to another program. */
async function call(box: Box, words: string, input: object): Promise<unknown> {
  const script = `${import.meta.dir}/../helpers/answer.ts`;
  const child = Bun.spawn([process.execPath, script, ...words.split(" "), JSON.stringify(input)], {
    env: box.env,
    stdin: "ignore",
    stdout: "pipe",
  });
  return JSON.parse(await child.stdout.text());
}

/** What is wrong with an answer; undefined when it is as its schema says, without a field more or less. */
function problemOf(schema: v.GenericSchema, answer: unknown): string | undefined {
  const { success, issues } = v.safeParse(schema, answer);
  if (success) return undefined;
  return `${JSON.stringify(v.flatten(issues))} in ${JSON.stringify(answer)}`;
}

/** Every command that answers, by its words. */
async function answering(): Promise<Map<string, AnsweringCommand>> {
  const found = new Map<string, AnsweringCommand>();
  for (const { family, name, command } of await describeCommands()) {
    if (isAnswering(command)) found.set(family ? `${family} ${name}` : name, command);
  }
  return found;
}

function nameOf(line: readonly string[]): string {
  return line.slice(0, line[0] !== undefined && Object.hasOwn(FAMILIES, line[0]) ? 2 : 1).join(" ");
}
