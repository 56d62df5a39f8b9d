const encoder = new TextEncoder();

/** What a task has cost so far. */
export interface Cost {
  calls: number;
  /** bytes of what the agent wrote for its calls */
  bytesIn: number;
  /** bytes of what it was given to read */
  bytesOut: number;
}

/** Counts what an agent pays for: its calls, what it writes for them and what it reads of them, in bytes of UTF-8. */
export class Count implements Cost {
  calls = 0;
  bytesIn = 0;
  bytesOut = 0;
  private readonly read: string[] = [];

  /** Counts one call. */
  add(written: string, read: string): void {
    this.calls += 1;
    this.bytesIn += size(written);
    this.bytesOut += size(read);
    this.read.push(read);
  }

  /** All that was read. */
  get seen(): string {
    return this.read.join("\n");
  }
}

/** The bytes of a text in UTF-8. */
export function size(text: string): number {
  return encoder.encode(text).length;
}

/** A result of an MCP tool, as far as it is counted. */
export interface ToolResult {
  content?: readonly { type: string; text?: string }[];
  structuredContent?: unknown;
}

/**
 * What a model reads of a result: its texts. Servers that give structured content repeat it there (Model Context Protocol, "Structured
 * Content"), and clients give a model one of the two. Pure.
 */
export function readOf({ content = [], structuredContent }: ToolResult): string {
  const texts = content.flatMap(({ text }) => (text === undefined ? [] : [text]));
  if (texts.length === 0 && structuredContent !== undefined) return JSON.stringify(structuredContent);
  return texts.join("\n");
}
