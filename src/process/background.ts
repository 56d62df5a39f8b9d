import { closeSync, constants, writeSync } from "node:fs";
import { ALLOCATOR_INTERVAL, childEnv } from "../lib/config.ts";
import { AppError, type ErrorCode } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { redirectToNull } from "../lib/libc.ts";
import { selfCommand } from "../lib/self.ts";
import { within } from "../lib/wait.ts";
import { type ProcessId, processStat } from "./identity.ts";
import { killWithClients, terminate } from "./terminate.ts";

/** The option by which a background process is told where to announce that it is ready (as s6's notification-fd). */
const READY_OPTION = "--ready-fd";

const EXIT_MS = 2000;

/**
 * For processes that mostly wait: Bun's timer that looks once a second whether to collect garbage, and the allocator's
 * search for memory to give back whenever the event loop has nothing to do, cost more than all else that an idle daemon
 * does. The engine collects by itself when the heap has grown; the allocator may search every five seconds. By how much
 * it may grow depends on the memory that there is: told of so little, it doubles only while it is small, and a flood in
 * a pane costs half as much.
 */
const QUIET = { BUN_GC_TIMER_DISABLE: "1", BUN_JSC_forceRAMSize: "150000000", [ALLOCATOR_INTERVAL]: "5000" };

/** A background process that is ready. */
export interface Started {
  process: Bun.Subprocess<"ignore", "pipe", number>;
  id: ProcessId;
}

/**
 * Starts this program again, in a session of its own and with none of our files, and waits until it says that it is
 * ready or why it cannot be, or has died; never for a fixed time. `log` gets whatever it writes to stderr.
 * @throws AppError why it did not get ready, ERR_TIMEOUT, or the reason of the signal; then nothing of it is left
 */
export async function startBackground(options: {
  args: string[];
  log: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** one that is late is killed, not told to end: a watchdog over a daemon that runs already would end that one as well */
  isKilledLate?: boolean;
}): Promise<Started> {
  options.signal?.throwIfAborted();
  const log = openPrivate(options.log, constants.O_WRONLY | constants.O_APPEND);
  try {
    const child = Bun.spawn(selfCommand([...options.args, READY_OPTION, "1"]), {
      cwd: "/",
      env: withoutPane(childEnv(QUIET)),
      stdin: "ignore",
      stdout: "pipe",
      stderr: log,
      detached: true,
    });
    // now, while it cannot have been reaped: later its pid may be another's
    const id = processStat(child.pid) ?? { pid: child.pid, startTime: 0 };
    const aborted = new Promise<undefined>((resolve) => {
      options.signal?.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    const line = await within(options.timeoutMs, Promise.race([firstLine(child.stdout), aborted]));
    child.unref();
    if (line === "ready") return { process: child, id };
    // one that has said why it can't go on is about to end
    if (line !== undefined) await within(EXIT_MS, child.exited);
    if (child.exitCode === null && child.signalCode === null) {
      if (options.isKilledLate) await killWithClients(id);
      else await terminate(id, EXIT_MS);
    }
    options.signal?.throwIfAborted();
    throw failure(line, child.pid, options);
  } finally {
    closeSync(log);
  }
}

/** What it starts belongs to no pane, though it may be called from one. */
function withoutPane({ TMUX_PANE: _, ...env }: Record<string, string>): Record<string, string> {
  return env;
}

/**
 * The child's side: announces readiness (or a failure to become ready) on a file descriptor, then points it at
 * /dev/null. A parent that is gone by then is no reason to stop.
 */
export function announce(fd: number, failure?: AppError): void {
  const { code, message, hint } = failure ?? {};
  try {
    writeSync(fd, failure ? `${JSON.stringify({ code, message, hint })}\n` : "ready\n");
  } catch {
    // nobody listens any more
  }
  redirectToNull(fd);
}

function failure(line: string | undefined, pid: number, options: { log: string; timeoutMs: number }): AppError {
  const hint = `Its log says more: ${options.log}`;
  if (line === undefined) {
    return new AppError("ERR_TIMEOUT", `Process ${pid} was not ready within ${options.timeoutMs / 1000} s`, { hint });
  }
  try {
    const told = JSON.parse(line) as { code: ErrorCode; message: string; hint?: string };
    return new AppError(told.code, told.message, { hint: told.hint });
  } catch {
    return new AppError("ERR_COMMAND_FAILED", `Process ${pid} ended before it was ready`, { hint });
  }
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const end = text.indexOf("\n");
    if (end !== -1) return text.slice(0, end);
  }
  return text;
}
