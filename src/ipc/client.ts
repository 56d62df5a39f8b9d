import * as v from "valibot";
import { AppError, asError, type ErrorCode } from "../lib/errors.ts";
import { VERSION } from "../lib/self.ts";
import {
  ErrorReply,
  otherVersion,
  ROUTES,
  type Status,
  StatusReply,
  type Sync,
  SyncReply,
  type ToldEvent,
  VERSION_HEADER,
} from "./protocol.ts";

const TIMEOUT_MS = 2000;

/**
 * The daemon's account of itself. Throws ERR_DAEMON_NOT_RUNNING, ERR_TIMEOUT when it does not answer in 2 s, what it
 * refused the request with, and ERR_COMMAND_FAILED for an answer that is not understood.
 */
export async function fetchStatus(socket: string): Promise<Status> {
  return (await ask({ socket, path: ROUTES.status, method: "GET", schema: StatusReply })).answer;
}

/** Whether the daemon answers; one that takes its time, or says what is not understood, is there too. */
export async function answers(socket: string): Promise<boolean> {
  try {
    await fetchStatus(socket);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return thrown.code !== "ERR_DAEMON_NOT_RUNNING";
  }
}

/**
 * Makes the daemon read the subscriptions again; returns when it acts on them, with the sentence about its version if
 * that is another one. Throws as fetchStatus.
 */
export async function requestSync(socket: string): Promise<Sync & { otherVersion: string | undefined }> {
  const { answer, otherVersion } = await ask({ socket, path: ROUTES.sync, method: "POST", schema: SyncReply });
  return { ...answer, otherVersion };
}

/** The daemon's metrics in Prometheus' text format. Throws as fetchStatus. */
export async function fetchMetrics(socket: string): Promise<string> {
  const response = await connect(socket, ROUTES.metrics, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return await response.text();
}

/**
 * The lines of the event log after `query.since` (`session` and `type` narrow it), and then each new one as it happens,
 * until the signal is aborted or the daemon ends; `onBegin` is called when it has begun to answer. Throws
 * ERR_DAEMON_NOT_RUNNING, and what the daemon refused the query with.
 */
export async function* followEvents(
  socket: string,
  query: Record<string, string>,
  signal: AbortSignal,
  onBegin: () => void = () => {},
): AsyncGenerator<string> {
  const response = await connect(socket, `${ROUTES.events}?${new URLSearchParams(query)}`, { signal });
  onBegin();
  const decoder = new TextDecoder();
  let rest = "";
  const reader = response.body?.getReader();
  for (;;) {
    // a daemon that is killed resets the connection: an end like any other
    const part = await reader?.read().catch(() => undefined);
    if (!part?.value) return;
    const lines = (rest + decoder.decode(part.value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}

/**
 * Stays connected to the daemon as its watchdog; resolves when the connection ends, which the kernel sees to when either
 * of the two dies. Never throws.
 */
export async function holdTie(socket: string, signal: AbortSignal): Promise<void> {
  try {
    const response = await connect(socket, ROUTES.tie, { signal });
    const reader = response.body?.getReader();
    while ((await reader?.read())?.done === false);
  } catch {
    // a connection that failed has ended
  }
}

/** Tells the daemon that it is to do without a watchdog. Throws as fetchStatus. */
export async function requestRelease(socket: string): Promise<void> {
  await connect(socket, ROUTES.release, { method: "POST", signal: AbortSignal.timeout(TIMEOUT_MS) });
}

/** For what has been done whatever the daemon answers. */
const TELLING_MS = 500;

/** Has the daemon write events into its log, and pass them on. Throws as fetchStatus, but does not wait as long. */
export async function tellEvents(socket: string, events: readonly ToldEvent[]): Promise<void> {
  const body = JSON.stringify(events);
  await connect(socket, ROUTES.tell, { method: "POST", body, signal: AbortSignal.timeout(TELLING_MS) });
}

async function ask<S extends v.GenericSchema>(options: {
  socket: string;
  path: string;
  method: string;
  schema: S;
}): Promise<{ answer: v.InferOutput<S>; otherVersion: string | undefined }> {
  const { socket, path, method, schema } = options;
  const response = await connect(socket, path, { method, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const answer = v.safeParse(schema, readJson(await response.text()));
  const hint = versionOf(response);
  if (answer.success) return { answer: answer.output, otherVersion: hint };
  throw new AppError("ERR_COMMAND_FAILED", `The daemon's answer to ${path} is not understood`, { hint });
}

async function connect(socket: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const headers = { [VERSION_HEADER]: VERSION };
    response = await fetch(`http://daemon${path}`, { ...init, headers, unix: socket });
  } catch (thrown) {
    const cause = asError(thrown);
    if (cause.name === "TimeoutError") {
      throw new AppError("ERR_TIMEOUT", `The daemon did not answer within ${TIMEOUT_MS / 1000} s`, {
        hint: "It may hang: claude-tmux daemon health",
        cause,
      });
    }
    throw new AppError("ERR_DAEMON_NOT_RUNNING", "The daemon is not running", {
      hint: "Start it with: claude-tmux daemon start",
      cause,
    });
  }
  if (response.ok) return response;
  throw refusal(path, response, await response.text());
}

/** The error that the daemon answered with, as it was thrown there: its code may be one that only the daemon knows. */
function refusal(path: string, response: Response, text: string): AppError {
  const other = versionOf(response);
  const reply = v.safeParse(ErrorReply, readJson(text));
  if (!reply.success) {
    return new AppError("ERR_COMMAND_FAILED", `The daemon refused ${path}: ${text.trim()}`, { hint: other });
  }
  const { code, message, hint } = reply.output;
  const hints = [hint, other].filter((each) => each !== undefined);
  return new AppError(code as ErrorCode, message, { hint: hints.length === 0 ? undefined : hints.join("\n") });
}

function versionOf(response: Response): string | undefined {
  return otherVersion(response.headers.get(VERSION_HEADER) ?? undefined, VERSION);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
