// The official library: of those that compile into one file it is the one that serves both what clients ask for today
// (2025-06-18, 2025-11-25) and what they ask for first by now (2026-07-28).
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { config } from "../../lib/config.ts";
import { AppError, errno } from "../../lib/errors.ts";
import { jsonText } from "../../lib/json.ts";
import { VERSION } from "../../lib/self.ts";
import { within } from "../../lib/wait.ts";
import { leavePermissionsToPeople } from "../../panes/left-to-people.ts";
import { refuseAsking } from "../../panes/refuse-asking.ts";
import type { Context } from "../define.ts";
import { interruptible } from "../interrupt.ts";
import { printError } from "../print.ts";
import { Rests } from "./bounds.ts";
import { type Calling, callTool } from "./call.ts";
import { definitions, onlyReads } from "./definition.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { type Input, TOOLS, type Tool } from "./tools.ts";
import { Turns } from "./turns.ts";
import { Wire } from "./wire.ts";

/** How often a client that asked for it is told that a call goes on. */
const PROGRESS_MS = 2000;
/** So many calls wait for something at once, each with a process by which it listens. */
const AT_ONCE = 50;
/** So long after the last call nothing more is expected for now. */
const IDLE_MS = 3000;
/** How long calls may go on when the client has closed standard input: clients wait for 2 s until they end a server. */
const SOON_MS = 1000;
/** How long the answers to those that were given up may take. */
const ANSWERING_MS = 200;
/** How long calls may take to clear up when the client has gone. */
const ENDING_MS = 5000;

/** What whoever has started the server lets it do. */
export interface Leave {
  /** to change nothing */
  isReadOnly: boolean;
  /** to answer what coding agents ask leave for, and to type into those that may ask */
  allowsAnswers: boolean;
}

const INSTEAD =
  "That is for a person to answer, in the pane. Only a server that somebody has started with --allow-answers may: claude-tmux mcp --allow-answers";

/**
 * Serves the tools over stdin and stdout until the client closes stdin, or a signal comes. A call that goes on then is given up, a
 * second later if it was stdin, and answered as such; nothing of it is left in tmux.
 * @returns the exit code
 */
export async function serve(context: Context, { isReadOnly, allowsAnswers }: Leave): Promise<number> {
  if (!allowsAnswers) leavePermissionsToPeople({ refuse: refuseAsking, instead: INSTEAD });
  const calls = new Calls({ context, rests: new Rests(), turns: new Turns(AT_ONCE) }, isReadOnly);
  return await interruptible(async (signal) => {
    const wire = new Wire();
    let last: Error | undefined;
    const onerror = (error: Error) => {
      last = error;
      if (config.debug) printError(error.stack ?? error.message);
    };
    const serving = serveStdio(() => serverOf(calls), { transport: wire, onerror });
    const ended = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => ended.resolve(), { once: true });
    await Promise.race([wire.ended, ended.promise]);
    // what ends soon is answered as ever, all else as given up
    if (!signal.aborted) await within(SOON_MS, Promise.race([wire.answered(), ended.promise]));
    await calls.end();
    await within(ANSWERING_MS, wire.answered());
    await serving.close();
    if (signal.aborted) return signal.reason.exitCode;
    // else it was given up here: a message without end
    if (process.stdin.readableEnded || last === undefined || errno(last) !== undefined) return 0;
    printError(`The connection was given up: ${last.message}`);
    return 1;
  });
}

function serverOf(calls: Calls): Server {
  const about = { name: "claude-tmux", title: "claude-tmux", version: VERSION };
  const server = new Server(about, { capabilities: { tools: {} }, instructions: INSTRUCTIONS });
  server.setRequestHandler("tools/list", async () => ({ tools: (await calls.tools()) as never }));
  server.setRequestHandler("tools/call", ({ params: { name, arguments: input = {} } }, call) => {
    return calls.call(name, input, call);
  });
  return server;
}

const UNWANTED = "The client wants no answer to this call any more";
const ENDED = "The server ends, since its client has gone or a signal came: this call is given up";

/** The calls of a client. */
class Calls {
  private readonly running = new Set<Promise<unknown>>();
  private readonly ending = new AbortController();
  private idle: Timer | undefined;

  constructor(
    private readonly calling: Calling,
    private readonly isReadOnly: boolean,
  ) {}

  tools() {
    return definitions(this.calling.context.table, this.isReadOnly);
  }

  /** Throws ProtocolError for a tool that is not offered; all else that goes wrong is told in the result. */
  async call(name: string, input: Input, { mcpReq }: ServerContext): Promise<CallToolResult> {
    const tool = await this.offered(name);
    const abort = new AbortController();
    const cancel = () => abort.abort(new AppError("ERR_COMMAND_FAILED", this.ending.signal.aborted ? ENDED : UNWANTED));
    const signals = [mcpReq.signal, this.ending.signal];
    for (const signal of signals) signal.addEventListener("abort", cancel, { once: true });
    if (signals.some(({ aborted }) => aborted)) cancel();
    const running = callTool(this.calling, tool, input, abort.signal);
    this.running.add(running);
    const progress = reporting(name, mcpReq);
    try {
      const { isError, facts } = await running;
      // of an error, no schema is known
      const content = [{ type: "text" as const, text: jsonText(facts) }];
      return isError ? { content, isError } : { content, structuredContent: facts };
    } finally {
      clearInterval(progress);
      for (const signal of signals) signal.removeEventListener("abort", cancel);
      this.running.delete(running);
      this.rest();
    }
  }

  /** Tidies up when nothing has been asked for a while: until its heap is full, the engine keeps what calls have left in it. */
  private rest(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void (this.running.size === 0 && Bun.gc(true)), IDLE_MS);
    this.idle.unref();
  }

  /** Gives up all of them, and waits until they have cleared up. */
  async end(): Promise<void> {
    this.ending.abort();
    await within(ENDING_MS, Promise.allSettled(this.running));
  }

  private async offered(name: string): Promise<Tool> {
    const { table } = this.calling.context;
    const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
    if (tool && (!this.isReadOnly || (await onlyReads(table, tool)))) return tool;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${name}" here`);
  }
}

/** Tells a client that has asked for it, now and then, that a call goes on. */
function reporting(name: string, { _meta, notify }: ServerContext["mcpReq"]): Timer | undefined {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return undefined;
  const since = performance.now();
  return setInterval(() => {
    const progress = Math.round((performance.now() - since) / 1000);
    const params = { progressToken, progress, message: `${name} has gone on for ${progress} s` };
    notify({ method: "notifications/progress", params }).catch(() => {}); // nobody listens any more
  }, PROGRESS_MS);
}
