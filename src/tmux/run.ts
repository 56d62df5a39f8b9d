import { childEnv } from "../lib/config.ts";
import { AppError, errno } from "../lib/errors.ts";
import { type Outcome, QuickChild } from "../lib/quick-child.ts";
import { within } from "../lib/wait.ts";
import { joinCommands, MARK, secretMark, type TmuxCommand } from "./command-line.ts";
import { takeEarly } from "./early-client.ts";
import { firstLine, hasNothing, INSTALL_HINT, tmuxError } from "./error.ts";
import { droppedBy, shutOutBy } from "./mismatch.ts";
import type { TmuxServer } from "./server.ts";
import { isVersionEnough, TMUX_MINIMUM } from "./version.ts";

/** How long an answer may take, unless told otherwise. */
export const TIMEOUT_MS = 10_000;
const QUICK_MS = 1000;

/** Makes a call to tmux without blocking the event loop, as tmuxAsync() does. */
export type Ask = (commands: TmuxCommand[], options?: { timeoutMs?: number }) => Promise<string>;

/** What a call to tmux may have beside its commands. */
interface CallOptions {
  /** for tmux's standard input */
  input?: string | undefined;
  timeoutMs?: number;
  /** the folder in which tmux is called; a new session begins there */
  cwd?: string | undefined;
}

/** What is to be done while tmux works, which takes it longer than all that is made of its answer. */
export interface Meanwhile {
  /** must not throw */
  meanwhile?: (() => void) | undefined;
}

/**
 * Runs tmux commands in one call: this and tmuxAsync() are how this program starts tmux for a single answer. If one
 * fails, tmux runs none of those after it.
 * @returns what they wrote to stdout
 * @throws AppError with the code that says what was missing; ERR_TIMEOUT without an answer, after 10 s unless told
 */
export function tmux(server: TmuxServer, commands: TmuxCommand[], options: CallOptions & Meanwhile = {}): string {
  const answer = startTmux(server, commands, options);
  options.meanwhile?.();
  return answer();
}

/**
 * As tmux(), for who has something else to do meanwhile: the function that it returns waits for the answer, once.
 * (Where the system can't do that, tmux starts only then.)
 */
export function startTmux(server: TmuxServer, commands: TmuxCommand[], options: CallOptions = {}): () => string {
  const { input, timeoutMs = TIMEOUT_MS, cwd } = options;
  const start = () => spawnTmux(["-u", ...server.flags, ...joinCommands(commands)], input, cwd);
  const early = input === undefined && cwd === undefined ? takeEarly(server) : undefined;
  const wait = early?.goOn(commands, true) ? (ms: number) => early.answerAtOnce(ms) ?? start()(ms) : start();
  return () => stdoutOf(wait(timeoutMs), server, commands, timeoutMs);
}

/** Runs tmux commands in one call and returns what each of them wrote to stdout. Throws as tmux() does. */
export function tmuxEach(server: TmuxServer, commands: TmuxCommand[], options: Meanwhile = {}): string[] {
  const marked: TmuxCommand[] = [];
  for (const command of commands) {
    if (marked.length > 0) marked.push(["display-message", "-p", MARK]);
    marked.push(command);
  }
  const answers = tmux(server, marked, options).split(`${MARK}\n`);
  // what a pane showed is first, and may hold the mark itself
  const shown = answers.splice(0, answers.length - commands.length + 1);
  return [shown.join(`${MARK}\n`), ...answers];
}

/** As tmux(), without blocking the event loop: for the daemon, and for who listens to something else meanwhile. */
export async function tmuxAsync(
  server: TmuxServer,
  commands: TmuxCommand[],
  options: { input?: string | Uint8Array | undefined; timeoutMs?: number } = {},
): Promise<string> {
  const { input, timeoutMs = TIMEOUT_MS } = options;
  const early = input === undefined ? takeEarly(server) : undefined;
  const answer = early?.goOn(commands, true) ? await early.answer(timeoutMs) : undefined;
  if (answer) return stdoutOf(answer, server, commands, timeoutMs);
  const args = ["-u", ...server.flags, ...joinCommands(commands)];
  const child = started(() =>
    Bun.spawn(["tmux", ...args], {
      ...serverEnv(args),
      stdin: input === undefined ? "ignore" : typeof input === "string" ? asBytes(input) : input,
      stdout: "pipe",
      stderr: "pipe",
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    }),
  );
  // A server that hangs has the client's stdout, and keeps it open when the client has been killed: only a client that
  // has ended well is read to the end, and not without end.
  const output = child.stdout.text();
  const exitCode = await child.exited;
  const stdout = exitCode === 0 ? await within(timeoutMs, output) : undefined;
  if (stdout !== undefined) return stdout;
  // stderr is read only when it matters: what tmux writes there fits in a pipe
  const timedOut = exitCode === 0 || child.signalCode === "SIGKILL";
  const stderr = timedOut ? "" : await child.stderr.text();
  throw failure(server, commands, { stderr, timedOut, timeoutMs });
}

/**
 * What each of several commands wrote to stdout, of one call without blocking the event loop; what a pane shows may stand
 * anywhere in it.
 */
export async function tmuxEachBy(ask: Ask, commands: TmuxCommand[]): Promise<string[]> {
  const mark = secretMark();
  const marked = commands.flatMap((command, i) => (i === 0 ? [command] : [["display-message", "-p", mark], command]));
  return (await ask(marked)).split(`${mark}\n`);
}

/** As tmuxEachBy(), by a client for this call alone. */
export function tmuxEachAsync(
  server: TmuxServer,
  commands: TmuxCommand[],
  options: { timeoutMs?: number } = {},
): Promise<string[]> {
  return tmuxEachBy((marked) => tmuxAsync(server, marked, options), commands);
}

/** whether the version of tmux was asked for, and is enough: a daemon asks once, and is not held up by that later */
let isUsable = false;

/** Throws ERR_TMUX_MISSING or ERR_TMUX_TOO_OLD unless the tmux on PATH can be used; returns its version. */
export function requireTmux(): string {
  const { stdout, stderr, exitCode, timedOut } = spawnTmux(["-V"], undefined)(TIMEOUT_MS);
  if (exitCode !== 0) {
    const ending = timedOut ? `no answer within ${TIMEOUT_MS / 1000} s` : `exit code ${exitCode ?? "none"}`;
    throw new AppError("ERR_COMMAND_FAILED", `tmux -V failed: ${firstLine(stderr) || ending}`, {
      hint: `See what it is: ${Bun.which("tmux") ?? "tmux"} -V`,
    });
  }
  const version = stdout.trim().replace(/^tmux /, "");
  isUsable = isVersionEnough(version);
  if (isUsable) return version;
  throw new AppError("ERR_TMUX_TOO_OLD", `tmux ${version} is too old, ${TMUX_MINIMUM} or newer is needed`, {
    hint: `Upgrade it: ${INSTALL_HINT}`,
  });
}

/** As tmuxEachAsync(); nothing at all of a server that, for certain, is not there, or has no session. */
export async function tmuxEachOrNothing(
  server: TmuxServer,
  commands: TmuxCommand[],
  options: { timeoutMs?: number } = {},
): Promise<string[]> {
  try {
    return await tmuxEachAsync(server, commands, options);
  } catch (thrown) {
    if (hasNothing(thrown)) return [];
    throw thrown;
  }
}

/** What commands wrote to stdout. Throws as tmux() does when they failed. */
export function stdoutOf(outcome: Outcome, server: TmuxServer, commands: TmuxCommand[], timeoutMs: number): string {
  if (outcome.exitCode === 0) return outcome.stdout;
  throw failure(server, commands, { ...outcome, timeoutMs });
}

/** The error for a call that failed. Throws ERR_TMUX_TOO_OLD if that is why. */
export function failure(
  server: TmuxServer,
  commands: TmuxCommand[],
  result: { stderr: string; timedOut: boolean; timeoutMs: number },
): AppError {
  const name = commands[0]?.[0] ?? "tmux";
  return result.timedOut ? noAnswer(server, name, result.timeoutMs) : refusal(server, name, result.stderr.trim());
}

/** The error for a control client that had no answer: of another version than the server, or that hangs. */
export function attachFailure(server: TmuxServer, ms: number): AppError {
  try {
    const question = [["display-message", "-p", "#{version}"]];
    const version = tmux(server, question, { timeoutMs: QUICK_MS }).trim();
    const shutOut = shutOutBy(server, { client: requireTmux(), server: version });
    if (shutOut) return shutOut;
  } catch {
    // it does not answer anybody
  }
  return noAnswer(server, "attach-session", ms);
}

/** As tmuxError(), for a server that may be of another version than the tmux on PATH. Throws ERR_TMUX_TOO_OLD for an old one. */
export function refusal(server: TmuxServer, command: string, stderr: string): AppError {
  const error = tmuxError(command, stderr);
  // an old tmux fails in many ways; the version is asked for only then, so that success costs one call
  if (error.code === "ERR_COMMAND_FAILED" && !isUsable) requireTmux();
  return (/^server exited unexpectedly/m.test(stderr) && droppedBy(server, requireTmux())) || error;
}

/** The error for a tmux server that hangs. */
function noAnswer(server: TmuxServer, command: string, ms: number): AppError {
  return new AppError("ERR_TIMEOUT", `${command}: tmux did not answer within ${ms / 1000} s`, {
    hint: `Its server may hang: ${server.socket}`,
  });
}

/** Starts tmux, or has it started by what it returns: that waits for its end, which after so many milliseconds is SIGKILL. */
function spawnTmux(args: string[], input: string | undefined, cwd?: string): (timeoutMs: number) => Outcome {
  const command = ["tmux", ...args];
  // tmux takes the name of its folder from PWD, if that is right
  const env = cwd === undefined ? serverEnv(args) : { cwd, env: childEnv({ PWD: cwd }) };
  const bytes = input === undefined ? undefined : asBytes(input);
  const child = started(() => QuickChild.start(command, { input: bytes, ...env }));
  if (child) return (timeoutMs) => child.wait(timeoutMs);
  return (timeout) => {
    const { exitCode, stdout, stderr, exitedDueToTimeout } = started(() =>
      Bun.spawnSync(command, {
        stdin: bytes ?? "ignore",
        stdout: "pipe",
        stderr: "pipe",
        timeout,
        killSignal: "SIGKILL",
        ...env,
      }),
    );
    const timedOut = exitedDueToTimeout === true;
    return { exitCode, stdout: stdout.toString(), stderr: stderr.toString(), timedOut };
  };
}

/** Starts tmux. Throws ERR_TMUX_MISSING. */
export function started<T>(start: () => T): T {
  try {
    return start();
  } catch (cause) {
    if (errno(cause) !== "ENOENT") throw cause;
    throw new AppError("ERR_TMUX_MISSING", `tmux is not on PATH; ${TMUX_MINIMUM} or newer is needed`, {
      hint: `Install it: ${INSTALL_HINT}`,
      cause,
    });
  }
}

/** The environment for tmux: only a server that this call starts keeps any of it, and a copy takes its time. */
function serverEnv(args: readonly string[]): { env?: Record<string, string> } {
  return args.includes("start-server") ? { env: childEnv() } : {};
}

// A function of its own: the mere mention of Buffer costs the function that holds it a tenth of a millisecond.
function asBytes(text: string): Uint8Array {
  return Buffer.from(text);
}
