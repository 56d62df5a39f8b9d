import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { VERSION } from "../../../../lib/self.ts";
import { Count, readOf, size, type ToolResult } from "../count.ts";
import type { Scene } from "../scene.ts";
import type { Tool } from "./way.ts";

/** No call takes longer. */
const TIMEOUT_MS = 60_000;

/** What a call gave back. */
export interface Answer {
  text: string;
  isError: boolean;
}

/**
 * An MCP server, called through the official client library. Of a call its name and its arguments as JSON are counted, of its result what
 * a model reads.
 */
export class McpTool implements Tool {
  readonly count = new Count();

  private constructor(
    private readonly client: Client,
    readonly toldBytes: number,
    readonly meanwhile: () => Promise<void>,
  ) {}

  static async open(scene: Scene, [command = "", ...args]: string[], meanwhile: () => Promise<void>): Promise<McpTool> {
    const client = new Client({ name: "bench", version: VERSION });
    await client.connect(
      new StdioClientTransport({ command, args, env: scene.env, cwd: scene.home, stderr: "ignore" }),
    );
    const { tools } = await client.listTools();
    const told = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    return new McpTool(client, size(JSON.stringify(told) + (client.getInstructions() ?? "")), meanwhile);
  }

  async call(name: string, input: Record<string, unknown> = {}): Promise<Answer> {
    const result = await this.client.callTool({ name, arguments: input }, { timeout: TIMEOUT_MS });
    const text = readOf(result as ToolResult);
    this.count.add(name + JSON.stringify(input), text);
    return { text, isError: result.isError === true };
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
