import { type JSONRPCMessage, ProtocolErrorCode, parseJSONRPCMessage } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { asError } from "../../lib/errors.ts";

/** How long one message may be, bytes: as the library has it. */
const MESSAGE_MAX = 10 * 1024 * 1024;
const NEWLINE = 10;

/**
 * Standard input and output, line by line (Model Context Protocol, transports). What is no message is answered, as JSON-RPC 2.0
 * has it, where the library passes over it; and the end of standard input closes nothing yet, so that what has been asked for
 * can be answered.
 */
export class Wire extends StdioServerTransport {
  /** what has come of a line whose end has not */
  private parts: Buffer[] = [];
  private size = 0;
  /** requests that have not been answered */
  private readonly asked = new Set<unknown>();
  private readonly ends = Promise.withResolvers<void>();
  private isClosed = false;
  private whenAnswered: (() => void) | undefined;

  /** Resolves when nothing more can be heard: the client has closed standard input, or the connection was given up. */
  readonly ended = this.ends.promise;

  override _ondata = (chunk: Buffer): void => {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1 && !this.isClosed; end = chunk.indexOf(NEWLINE, from)) {
      this.parts.push(chunk.subarray(from, end));
      from = end + 1;
      const line = Buffer.concat(this.parts).toString();
      this.parts = [];
      this.size = 0;
      this.take(line);
    }
    this.parts.push(chunk.subarray(from));
    this.size += chunk.length - from;
    if (this.size <= MESSAGE_MAX || this.isClosed) return;
    this.parts = [];
    this.onerror?.(new Error(`A message is longer than ${MESSAGE_MAX} bytes`));
    void this.close();
  };

  override _onstdinclose = (): void => this.ends.resolve();

  override async send(message: JSONRPCMessage): Promise<void> {
    try {
      await super.send(message);
    } finally {
      if (!("method" in message)) this.settle(message.id);
    }
  }

  override async close(): Promise<void> {
    this.isClosed = true;
    await super.close();
    this.ends.resolve();
    this.whenAnswered?.();
  }

  /** Resolves when every request has been answered or cancelled, or can't be answered any more. */
  async answered(): Promise<void> {
    if (this.asked.size === 0 || this.isClosed) return;
    await new Promise<void>((resolve) => {
      this.whenAnswered = resolve;
    });
  }

  private take(line: string): void {
    if (line.trim() === "") return;
    const { message, error, answer } = readLine(line);
    if (error) this.onerror?.(error);
    // a client that does not read has gone
    if (answer) this.send(answer).catch(() => {});
    if (!message) return;
    if ("method" in message && "id" in message) this.asked.add(message.id);
    this.onmessage?.(message);
    if ("method" in message && message.method === "notifications/cancelled") this.settle(message.params?.requestId);
  }

  private settle(id: unknown): void {
    this.asked.delete(id);
    if (this.asked.size === 0) this.whenAnswered?.();
  }
}

/** What a line is: a message; or why it is none, and what is answered to that. */
interface Read {
  message?: JSONRPCMessage;
  error?: Error;
  answer?: JSONRPCMessage;
}

/** Reads a line. What may itself be an answer is not answered, lest two sides do so for ever. Pure. */
export function readLine(line: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (thrown) {
    const error = asError(thrown);
    return { error, answer: refusal(null, ProtocolErrorCode.ParseError, `This is no JSON: ${error.message}`) };
  }
  try {
    return { message: parseJSONRPCMessage(value) };
  } catch (thrown) {
    const error = asError(thrown);
    const { id, method, result, error: failure } = (value ?? {}) as Record<string, unknown>;
    if (method === undefined && (result !== undefined || failure !== undefined)) return { error };
    const known = typeof id === "string" || typeof id === "number" ? id : null;
    const words = Array.isArray(value)
      ? "This is no request: batches are not taken"
      : 'This is no request: it needs "jsonrpc": "2.0", an "id" (a text or a number) and a "method"';
    return { error, answer: refusal(known, ProtocolErrorCode.InvalidRequest, words) };
  }
}

/** An error as JSON-RPC 2.0 has it: with an id of null where that of the request is not known. */
function refusal(id: string | number | null, code: number, message: string): JSONRPCMessage {
  return { jsonrpc: "2.0", id: id as string, error: { code, message } };
}
