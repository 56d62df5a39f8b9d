import type { Subprocess } from "bun";
import type { Box } from "./box.ts";

/** A message of the protocol (JSON-RPC 2.0), as far as tests look at one. */
export interface Message {
  id?: number | null;
  method?: string;
  params?: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a method answers
  result?: any;
  error?: { code: number; message: string };
}

/** A client of `claude-tmux mcp`, line by line, as the protocol has it. Use it with `await using`. */
export class McpClient {
  /** all that the server has said, in order */
  readonly heard: Message[] = [];
  readonly child: Subprocess<"pipe", "pipe", "pipe">;
  private readonly waiting = new Map<number, (message: Message) => void>();
  private last = 0;

  constructor(box: Box, args: string[] = [], env: Record<string, string> = {}) {
    const options = { env: { ...box.env, ...env }, stdin: "pipe", stdout: "pipe", stderr: "pipe" } as const;
    this.child = Bun.spawn([...box.command, "mcp", ...args], options);
    void this.read();
  }

  /** One that has been greeted. */
  static async greeted(box: Box, args: string[] = [], env: Record<string, string> = {}): Promise<McpClient> {
    const client = new McpClient(box, args, env);
    await client.greet("2025-11-25");
    return client;
  }

  /** Begins as clients of a version before 2026-07-28 do. */
  async greet(protocolVersion: string): Promise<Message> {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: "test", version: "1" } };
    const answer = await this.ask("initialize", params);
    this.tell("notifications/initialized");
    return answer;
  }

  /** Sends a request; resolves with what is answered, be it an error. */
  ask(method: string, params: Record<string, unknown> = {}): Promise<Message> {
    return this.begin(method, params).answer;
  }

  /** As ask(), with its id, for who cancels it. */
  begin(method: string, params: Record<string, unknown> = {}): { id: number; answer: Promise<Message> } {
    const id = ++this.last;
    const answer = new Promise<Message>((resolve) => this.waiting.set(id, resolve));
    this.send({ jsonrpc: "2.0", id, method, params });
    return { id, answer };
  }

  /** Calls a tool that must work; returns what it tells. */
  async must(name: string, input: Record<string, unknown> = {}): Promise<Facts> {
    const { result, error } = await this.call(name, input);
    if (error || result.isError) throw new Error(JSON.stringify(error ?? result));
    if (!Bun.deepEquals(JSON.parse(result.content[0].text), result.structuredContent)) throw new Error("two answers");
    return result.structuredContent;
  }

  /** Calls a tool that must fail; returns what it tells. */
  async fails(name: string, input: Record<string, unknown> = {}): Promise<Facts> {
    const { result } = await this.call(name, input);
    if (!result?.isError) throw new Error(`${name} did not fail: ${JSON.stringify(result)}`);
    return JSON.parse(result.content[0].text);
  }

  call(name: string, input: Record<string, unknown>): Promise<Message> {
    return this.ask("tools/call", { name, arguments: input });
  }

  /** Sends a notification. */
  tell(method: string, params: Record<string, unknown> = {}): void {
    this.send({ jsonrpc: "2.0", method, params });
  }

  /** Goes away as clients do; returns the exit code. */
  async leave(): Promise<number> {
    await this.child.stdin.end();
    return await this.child.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) this.child.kill("SIGKILL");
    await this.child.exited;
  }

  private send(message: object): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
    this.child.stdin.flush();
  }

  private async read(): Promise<void> {
    let rest = "";
    for await (const bytes of this.child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + bytes).split("\n");
      rest = lines.pop() ?? "";
      // nothing but the protocol is written there: what is no JSON fails the test
      for (const line of lines) this.take(JSON.parse(line));
    }
  }

  private take(message: Message): void {
    this.heard.push(message);
    if (typeof message.id === "number") this.waiting.get(message.id)?.(message);
  }
}

/** What a tool tells. */
export interface Facts {
  output: unknown;
  pane?: string;
  exit_code?: number | null;
  cursor?: string;
  output_truncated?: true;
  error?: { code: string; hint?: string };
  [fact: string]: unknown;
}
