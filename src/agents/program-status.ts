import { OscReader } from "./osc-reader.ts";
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
export class ProgramStatusReader extends OscReader<ProgramStatus> {
  constructor() {
    super("7501;", readProgramStatus);
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
