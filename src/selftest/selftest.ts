import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { checkSocketPath } from "../doctor/surroundings.ts";
import { childEnv } from "../lib/config.ts";
import { AppError, errno } from "../lib/errors.ts";
import { selfCommand } from "../lib/self.ts";
import { poll } from "../lib/wait.ts";
import { startedWith } from "../process/identity.ts";
import { tmuxTmpdir } from "../tmux/server.ts";
import { ReportReader, type TestResult } from "./report.ts";
import { acceptanceSuite } from "./suite.ts" with { type: "macro" };

const SUITE = acceptanceSuite();
const TEST_TIMEOUT_MS = 60_000;
const END_MS = 3000;
// by which Bun's runner takes an agent or a CI for its reader, and says something else
const RUNNER_VARIABLES = /^(CLAUDECODE|AGENT|REPL_ID|GITHUB_ACTIONS|CI|FORCE_COLOR|NO_COLOR)$/;

/** What a run of the acceptance tests came to. */
export interface SelftestResult {
  tests: TestResult[];
  /** the runner's exit code: 0 when every test passed */
  exitCode: number;
  /** what the runner said that belongs to no test */
  rest: string;
}

/**
 * Runs the acceptance tests that are compiled into this program, with this program as Bun's test runner (an executable
 * that Bun compiled is the bun command line when BUN_BE_BUN is 1) and as what is tested. All of it happens in a
 * temporary folder, which is removed with every process that was started in it, also when this one is killed.
 * @param filter a regular expression: only tests whose name matches
 * @param onResult is told of each test when it has ended
 */
export async function runSelftest(options: {
  filter: string | undefined;
  signal: AbortSignal;
  onResult(result: TestResult): void;
}): Promise<SelftestResult> {
  // where tmux has its sockets, whose paths must be short (unix(7))
  const folder = makeFolder();
  const guard = startGuard(folder);
  try {
    writeFileSync(`${folder}/acceptance.test.js`, SUITE);
    // or the runner would take those of the folders above, which may be anyone's
    for (const name of ["tsconfig.json", "package.json"]) writeFileSync(`${folder}/${name}`, "{}\n");
    writeFileSync(`${folder}/bunfig.toml`, "");
    return await runTests(folder, options);
  } finally {
    guard.stdin.end();
    await guard.exited;
  }
}

/** Makes a folder where tmux has its sockets. Throws ERR_COMMAND_FAILED when none can be made, or its path is too long. */
function makeFolder(): string {
  const parent = tmuxTmpdir();
  const tooLong = checkSocketPath(
    `${parent}/claude-tmux-XXXXXX/claude-tmux-demo-XXXXXX/tmux-99999/default`,
    process.platform,
  );
  if (tooLong)
    throw new AppError("ERR_COMMAND_FAILED", tooLong.message, { hint: "Set TMUX_TMPDIR to a shorter folder." });
  try {
    return mkdtempSync(`${parent}/claude-tmux-`);
  } catch (cause) {
    throw new AppError("ERR_COMMAND_FAILED", `No folder can be made in ${parent} (${errno(cause)})`, {
      hint: "Set TMUX_TMPDIR to a folder that you may write to.",
      cause,
    });
  }
}

/**
 * Starts who clears up, in a session of its own: its input ends when the selftest does, however that comes about. With
 * the option of the same name, the command runs clearAfter().
 */
function startGuard(folder: string) {
  return Bun.spawn(selfCommand(["selftest", CLEAR_OPTION, folder]), {
    env: childEnv(),
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
    detached: true,
  });
}

/** The option by which the command is the guard of a selftest. */
const CLEAR_OPTION = "--clear";

/** The guard: when its input ends, ends every process of the tests in that folder, and removes it. */
export async function clearAfter(folder: string): Promise<void> {
  for await (const _ of Bun.stdin.stream()); // until its end
  await clear(folder);
}

async function runTests(
  folder: string,
  { filter, signal, onResult }: Parameters<typeof runSelftest>[0],
): Promise<SelftestResult> {
  const only = filter === undefined ? [] : ["--test-name-pattern", filter];
  const runner = Bun.spawn(
    [process.execPath, "test", "./acceptance.test.js", "--timeout", `${TEST_TIMEOUT_MS}`, "--no-orphans", ...only],
    { cwd: folder, env: environment(folder), stdin: "ignore", stdout: "ignore", stderr: "pipe", signal },
  );
  const reader = new ReportReader();
  const tests: TestResult[] = [];
  for await (const line of lines(runner.stderr)) {
    const result = reader.line(line);
    if (!result) continue;
    tests.push(result);
    onResult(result);
  }
  const exitCode = await runner.exited;
  signal.throwIfAborted();
  return { tests, exitCode, rest: reader.rest };
}

/** Ours, without what tells of a tmux or an agent around us; what runs here can be found by its TMPDIR. */
function environment(folder: string): Record<string, string> {
  const entries = Object.entries(childEnv()).filter(([name]) => !RUNNER_VARIABLES.test(name));
  return {
    ...Object.fromEntries(entries),
    HOME: folder,
    TMPDIR: folder,
    BUN_BE_BUN: "1",
    CLAUDE_TMUX_PROGRAM: JSON.stringify(selfCommand([])),
  };
}

/** Ends what tests have left, and removes their folder. */
async function clear(folder: string): Promise<void> {
  const left = () => startedWith(`TMPDIR=${folder}`).filter((pid) => pid !== process.pid);
  try {
    await poll(END_MS, 50, () => {
      const pids = left();
      for (const pid of pids) kill(pid);
      return pids.length === 0;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (cause) {
    if (errno(cause) !== "ESRCH") throw cause; // it went with another one
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  if (rest !== "") yield rest;
}
