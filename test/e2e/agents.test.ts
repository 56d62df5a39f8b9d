import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { claude } from "../../src/agents/claude.ts";
import { agentIn, livingConversation } from "../../src/agents/table.ts";
import { quotedWords } from "../../src/lib/shell.ts";
import { commandLine, processStat } from "../../src/process/identity.ts";
import { AGENT } from "../helpers/agent.ts";
import { Box, until } from "../helpers/box.ts";

/** What packages put in the place of a program: it has another file do it all. */
const PACKAGED = `#!/bin/sh
"$HOME/package/claude" "$@"
`;

/** One that has no file itself, and has another Claude Code do something. */
const PARENT = `#!/bin/sh
"$HOME/package/claude" -p "$@"
`;

const FINDER = `#!/bin/sh
shift
"$HOME/bin/claude" "$@"
`;

function put(box: Box, path: string, text: string): void {
  mkdirSync(`${box.folder}/${path.split("/")[0]}`, { recursive: true });
  writeFileSync(`${box.folder}/${path}`, text, { mode: 0o755 });
}

/** A box with Claude Code, as it were, and a pane that waits at its prompt. */
async function boxWith(programs: Record<string, string>): Promise<Box> {
  // whoever runs this may keep Claude Code's files elsewhere: nothing is to be written there
  const box = new Box({ CLAUDE_CONFIG_DIR: "" });
  for (const [path, text] of Object.entries(programs)) put(box, path, text);
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  return box;
}

const type = (box: Box, line: string) => box.tmux("send-keys", "-t", "=dev:0.0", line, "Enter");

/** The process that has the terminal. */
async function inFront(box: Box): Promise<number> {
  const shell = Number(await box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{pane_pid}"));
  return processStat(shell)?.tpgid ?? 0;
}

/** The conversation in the pane, once it is another than that. */
const conversationIn = (box: Box, before?: string) =>
  until("there is a conversation", async () => {
    const conversation = agentIn(await inFront(box))?.conversation;
    return conversation !== before && conversation;
  });

const isKept = (box: Box, conversation: string) => claude.isKept(conversation, box.folder);

test.skipIf(!existsSync("/proc/self/stat"))(
  "a conversation is followed through /clear, and gone on with after a kill",
  async () => {
    await using box = await boxWith({ "bin/claude": AGENT });
    await type(box, "$HOME/bin/claude --model opus 'say hello'");
    const first = await conversationIn(box);
    expect(isKept(box, first)).toBe(false);
    await type(box, "hello");
    await until("the first one is kept", () => isKept(box, first));
    await type(box, "/clear");
    const second = await conversationIn(box, first);
    await type(box, "again");
    await until("the second one is kept", () => isKept(box, second));
    expect([first, second].map((id) => livingConversation(claude, id))).toEqual([false, true]);

    const pid = await inFront(box);
    const argv = commandLine(pid);
    process.kill(pid, "SIGKILL");
    await until("it has gone", () => processStat(pid) === undefined);
    expect(existsSync(`${box.folder}/.claude/sessions/${pid}.json`)).toBe(true);
    expect([agentIn(pid), livingConversation(claude, second)]).toEqual([undefined, false]);

    const resumed = claude.resume(argv, second);
    expect(resumed).toEqual({
      argv: ["/bin/sh", `${box.folder}/bin/claude`, "--resume", second, "--model", "opus"],
      isPlain: true,
    });
    await type(box, quotedWords(resumed?.argv ?? []));
    expect(await conversationIn(box)).toBe(second);
    expect(livingConversation(claude, second)).toBe(true);
    await box.shows("dev", "0", "again");
  },
);

test.skipIf(!existsSync("/proc/self/stat")).each<[string, string, Record<string, string>]>([
  ["a package's script", "bin/claude --model opus", { "bin/claude": PACKAGED }],
  ["npx", "bin/npx claude --model opus", { "bin/npx": FINDER, "bin/claude": PACKAGED }],
])("it is known where %s starts it", async (_, line, programs) => {
  await using box = await boxWith({ ...programs, "package/claude": AGENT });
  await type(box, `$HOME/${line}`);
  const conversation = await conversationIn(box);
  expect(livingConversation(claude, conversation)).toBe(true);
  await type(box, "/exit");
  await until("it has ended", () => !livingConversation(claude, conversation));
});

test.skipIf(!existsSync("/proc/self/stat"))("that of another that it has started is not its own", async () => {
  await using box = await boxWith({ "bin/claude": PARENT, "package/claude": AGENT });
  await type(box, "$HOME/bin/claude hello");
  await until(
    "the other one has its file",
    () => existsSync(`${box.folder}/.claude/sessions`) && readdirSync(`${box.folder}/.claude/sessions`).length > 0,
  );
  expect(agentIn(await inFront(box))).toEqual({ kind: claude, process: expect.anything(), conversation: undefined });
});
