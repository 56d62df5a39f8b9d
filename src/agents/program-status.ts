import type { AgentState, AgentWait, Told } from "./told.ts";

// The Program Status Protocol: `ESC ] 7501 ; state=working:app=codex BEL`, ended by BEL or ST. A program tells with it what it does.
// tmux shows nothing of it, and passes it on to whoever hears the pane. The query, `ESC ] 7501 ; ? BEL`, is for terminals to answer.

/** What a program has told of itself. */
export interface ProgramStatus {
  /** what it is called, where it says so */
  app?: string;
  /** `nothing`: what it told before holds no longer */
  told: Told | "nothing";
}

const BEGIN = new TextEncoder().encode("\u001b]7501;");
const [ESC = 0] = BEGIN;
const BEL = 7;
const BACKSLASH = 92;
const SPACE = 32;
/** A title and a message, which it may have, are of this length at most together; of a longer one nothing is believed. */
const BYTES_MAX = 8192;

const STATES: Record<string, AgentState | "nothing"> = {
  idle: "idle",
  working: "working",
  blocked: "waiting",
  done: "done",
  error: "failed",
  clear: "nothing",
};
/** Where somebody is to log in, there is no word for it. */
const WAITS: Record<string, AgentWait> = { permission: "permission", question: "question" };

/** Finds what programs tell of themselves in the output of a pane, which comes in pieces. */
export class ProgramStatusReader {
  /** the beginning of one that has not ended */
  private rest: Uint8Array = new Uint8Array();

  /** What is told by the sequences that end in this piece, in order; what was told is no longer than these. */
  push(bytes: Uint8Array): ProgramStatus[] {
    const data = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const found: ProgramStatus[] = [];
    const buffer = Buffer.from(data.buffer, data.byteOffset, data.length);
    let at = buffer.indexOf(BEGIN);
    while (at !== -1) {
      const from = at + BEGIN.length;
      const end = endOf(data, from);
      if (end === undefined) {
        this.rest = data.slice(at);
        return found;
      }
      const status = end.isEnd ? readProgramStatus(buffer.toString("latin1", from, end.at)) : undefined;
      if (status) found.push(status);
      at = buffer.indexOf(BEGIN, end.at);
    }
    this.rest = beginningAt(data);
    return found;
  }
}

/** Reads what stands between the number and the end; undefined for the query, and what says nothing that is known. Pure. */
export function readProgramStatus(text: string): ProgramStatus | undefined {
  const fields = new Map<string, string>();
  for (const pair of text.split(":")) {
    const at = pair.indexOf("=");
    if (at > 0 && !fields.has(pair.slice(0, at))) fields.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const name = fields.get("state") ?? "";
  const state = Object.hasOwn(STATES, name) ? STATES[name] : undefined;
  if (state === undefined) return undefined;
  const app = fields.get("app");
  const kind = fields.get("kind") ?? "";
  const wait = state === "waiting" && Object.hasOwn(WAITS, kind) ? WAITS[kind] : undefined;
  const told = state === "nothing" ? state : { state, ...(wait !== undefined && { for: wait }) };
  return { told, ...(app !== undefined && { app }) };
}

/** Where a sequence ends, and whether as it should; undefined where it goes on. One in which another one begins has not ended. */
function endOf(data: Uint8Array, from: number): { at: number; isEnd: boolean } | undefined {
  for (let at = from; at < data.length; at++) {
    const byte = data[at] ?? 0;
    if (byte === BEL) return { at, isEnd: true };
    if (byte === ESC && at + 1 === data.length) return undefined;
    if (byte === ESC) return { at, isEnd: data[at + 1] === BACKSLASH };
    if (byte < SPACE || at - from >= BYTES_MAX) return { at, isEnd: false };
  }
  return undefined;
}

/** What at the end may be the beginning of one. */
function beginningAt(data: Uint8Array): Uint8Array {
  for (let length = Math.min(BEGIN.length - 1, data.length); length > 0; length--) {
    const end = data.subarray(data.length - length);
    if (end.every((byte, i) => byte === BEGIN[i])) return end.slice();
  }
  return new Uint8Array();
}
