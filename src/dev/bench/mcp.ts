import { readFileSync, rmSync } from "node:fs";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { poll } from "../../lib/wait.ts";
import { HEAP_FILE } from "./heap.ts";
import { BINARY, memoryMb, newStage } from "./stage.ts";

/** What an MCP server has after so many calls. */
export interface McpMemory {
  calls: number;
  /** resident memory, MB */
  mb: number;
  /** what the engine's heap holds, with what belongs to it elsewhere, MB, and in how many objects */
  heapMb: number;
  objects: number;
}

const STEP = 1000;
const pane = "%0";

/** What an agent asks for, over and over. */
const CALLS: readonly [string, Record<string, unknown>][] = [
  ["list", {}],
  ["list", { session: "dev" }],
  ["status", { pane }],
  ["read", { pane }],
  ["read", { pane, screen: true }],
  ["run", { pane, command: "seq 50" }],
  ["agent", {}],
  ["agent", { pane }],
  ["send", { pane, text: "x" }],
  ["send", { pane, key: ["C-u"] }],
  ["ask", { pane, text: "echo there" }],
  ["wait", { pane, timeout: 5 }],
  ["status", { pane: "%99" }],
];

/** The memory of an MCP server at its start, and after each thousand of so many calls; told on stderr as they are made. */
export async function mcpMemory(calls: number): Promise<McpMemory[]> {
  await using stage = await newStage();
  const heap = `${stage.folder}/heap.json`;
  const env = { ...stage.env, [HEAP_FILE]: heap, BUN_OPTIONS: `--preload=${import.meta.dir}/heap.ts` };
  const transport = new StdioClientTransport({ command: BINARY, args: ["mcp"], env });
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(transport);
  const samples: McpMemory[] = [];
  const look = async (made: number) => {
    const sample = { calls: made, ...(await memoryOf(transport.pid ?? 0, heap)) };
    console.error(`${made} calls: ${sample.mb} MB; heap ${sample.heapMb} MB, ${sample.objects} objects`);
    samples.push(sample);
  };
  try {
    await look(0);
    for (let made = 1; made <= calls; made++) {
      const [name, input] = CALLS[made % CALLS.length] as (typeof CALLS)[number];
      await client.callTool({ name, arguments: input });
      if (made % STEP === 0) await look(made);
    }
  } finally {
    await client.close();
  }
  return samples;
}

async function memoryOf(pid: number, file: string): Promise<Omit<McpMemory, "calls">> {
  const mb = memoryMb(pid);
  rmSync(file, { force: true });
  process.kill(pid, "SIGUSR2");
  const stats = await poll(5000, 20, () => {
    try {
      return JSON.parse(readFileSync(file, "utf8")) as {
        heapSize: number;
        extraMemorySize: number;
        objectCount: number;
      };
    } catch {
      return undefined; // not yet
    }
  });
  if (!stats) throw new Error("the server does not tell what its heap holds");
  return { mb, heapMb: Math.round(stats.heapSize / 1e6), objects: stats.objectCount };
}
