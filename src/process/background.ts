import { closeSync, constants, writeSync } from "node:fs";
import { childEnv } from "../lib/config.ts";
import { AppError, type ErrorCode } from "../lib/errors.ts";
import { openPrivate } from "../lib/files.ts";
import { silence } from "../lib/libc.ts";
import { selfCommand } from "../lib/self.ts";
import { within } from "../lib/wait.ts";

/** The option by which a background process is told where to announce that it is ready (as s6's notification-fd). */
export const READY_OPTION = "--ready-fd";

const EXIT_MS = 2000;

/**
 * For processes that mostly wait: Bun's timer that looks once a second whether to collect garbage costs more than all
 * else that an idle daemon does. The engine collects by itself when the heap has grown.
 */
const QUIET = { BUN_GC_TIMER_DISABLE: "1" };

/** A started background process and the one line that it announced. */
export interface Started {
  process: Bun.Subprocess<"ignore", "pipe", number>;
  /** undefined: it is ready; else why it is not */
  failure: AppError | undefined;
}

/**
 * Starts this program again, in a session of its own and with none of our files, and waits until it says that it is
 * ready or why it cannot be, or has died; never for a fixed time. `log` gets whatever it writes to stderr.
 */
export async function startBackground(options: { args: string[]; log: string; timeoutMs: number }): Promise<Started> {
  const log = openPrivate(options.log, constants.O_WRONLY | constants.O_APPEND);
  try {
    const child = Bun.spawn(selfCommand([...options.args, READY_OPTION, "1"]), {
      cwd: "/",
      env: childEnv(QUIET),
      stdin: "ignore",
      stdout: "pipe",
      stderr: log,
      detached: true,
    });
    const line = await within(options.timeoutMs, firstLine(child.stdout));
    child.unref();
    if (line === "ready") return { process: child, failure: undefined };
    // one that has said why it can't go on is about to end: when this returns it has
    if (line !== undefined) await within(EXIT_MS, child.exited);
    return { process: child, failure: failure(line, child.pid, options) };
  } finally {
    closeSync(log);
  }
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
  silence(fd);
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
