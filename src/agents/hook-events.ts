import type { AgentState, Told } from "./told.ts";

// What the hooks of coding agents tell: for each kind a table of its events. But for opencode's, none of them closes what a person
// does by a key: a permission that is refused, or a turn that is interrupted, ends without a word (but for Codex' Interrupt).

/** The kinds of agents whose hooks are understood. */
export const HOOK_KINDS = ["claude", "codex", "gemini", "opencode"] as const;

/** A kind of agent whose hooks are understood. */
export type HookKind = (typeof HOOK_KINDS)[number];

/** What an event tells of the agent in a pane. */
export interface HookTold extends Told {
  /** it says less than a note with one of these states, which then stays */
  unless?: readonly AgentState[];
}

/** An event as far as it is understood; `end`: the agent ends, or at least its conversation. */
export interface HookEvent {
  told: HookTold | "end";
  /** the conversation that it is of */
  conversation?: string;
}

/** What an agent passes to its hooks; anything but objects is as good as nothing. */
type Fields = Readonly<Record<string, unknown>>;

/** What an event tells, with its own fields where it depends on them; undefined for nothing. */
type Row = HookTold | "end" | ((fields: Fields) => HookTold | "end" | undefined);

const WORKING: HookTold = { state: "working" };
const IDLE: HookTold = { state: "idle" };
const DONE: HookTold = { state: "done" };
const FAILED: HookTold = { state: "failed" };
const PERMISSION: HookTold = { state: "waiting", for: "permission" };
const QUESTION: HookTold = { state: "waiting", for: "question" };

/** A conversation that is cleared is followed by another at once, which begins with an event of its own. */
const endUnlessCleared: Row = ({ reason }) => (reason === "clear" ? undefined : "end");

/** Seen with 2.1.332; the fields are those of its SDK. */
const CLAUDE: Readonly<Record<string, Row>> = {
  // after a compaction, the turn in which it was goes on
  SessionStart: ({ source }) => (source === "compact" ? undefined : IDLE),
  UserPromptSubmit: WORKING,
  PreToolUse: WORKING,
  PostToolUse: WORKING,
  // what comes after an interruption is not told
  PostToolUseFailure: ({ is_interrupt: isInterrupt }) => (isInterrupt === true ? undefined : WORKING),
  PermissionRequest: ({ tool_name: tool }) => (tool === "AskUserQuestion" ? QUESTION : PERMISSION),
  // an automatic one, after which the turn goes on
  PermissionDenied: WORKING,
  Elicitation: QUESTION,
  ElicitationResult: WORKING,
  Notification: ({ notification_type: type }) => own(CLAUDE_NOTIFICATIONS, type),
  PreCompact: WORKING,
  PostCompact: ({ trigger }) => (trigger === "manual" ? IDLE : WORKING),
  Stop: DONE,
  StopFailure: FAILED,
  SessionEnd: endUnlessCleared,
};

const CLAUDE_NOTIFICATIONS: Readonly<Record<string, HookTold>> = {
  // it comes six seconds after PermissionRequest, and does not tell a question from a permission
  permission_prompt: { ...PERMISSION, unless: ["waiting"] },
  elicitation_dialog: { ...QUESTION, unless: ["waiting"] },
  // a minute after whatever ended a turn; the first that is told of an interruption
  idle_prompt: { ...IDLE, unless: ["done", "failed"] },
};

/** Seen with 0.171.0. SessionStart comes with the first prompt, so it tells nothing that UserPromptSubmit does not. */
const CODEX: Readonly<Record<string, Row>> = {
  UserPromptSubmit: WORKING,
  // a question has no other event
  PreToolUse: ({ tool_name: tool }) => (tool === "request_user_input" ? QUESTION : WORKING),
  PostToolUse: WORKING,
  PermissionRequest: PERMISSION,
  PreCompact: WORKING,
  Stop: DONE,
  StopFailure: FAILED,
  Interrupt: IDLE,
  SessionEnd: endUnlessCleared,
};

/** Seen with 0.61.0. */
const GEMINI: Readonly<Record<string, Row>> = {
  SessionStart: IDLE,
  BeforeAgent: WORKING,
  BeforeTool: WORKING,
  AfterTool: WORKING,
  Notification: ({ notification_type: type, details }) => {
    if (type !== "ToolPermission") return undefined;
    return fieldsOf(details)?.type === "ask_user" ? QUESTION : PERMISSION;
  },
  // also after an error or an interruption, so it does not tell that anything was done
  AfterAgent: IDLE,
  SessionEnd: endUnlessCleared,
};

/**
 * Seen with 1.18.33. Our plugin passes on what decides for all sessions of the process together: what is asked before what works, and
 * of a turn that was ended the event that did it, in place of `session.idle`.
 */
const OPENCODE: Readonly<Record<string, Row>> = {
  // the first one comes when it has started
  "plugin.added": IDLE,
  "session.status": ({ status }) => own(OPENCODE_STATUSES, fieldsOf(status)?.type),
  "permission.asked": PERMISSION,
  "permission.replied": ({ reply }) => (reply === "reject" ? IDLE : WORKING),
  "question.asked": QUESTION,
  "question.replied": WORKING,
  "question.rejected": IDLE,
  "session.idle": DONE,
  "session.error": ({ error }) => (fieldsOf(error)?.name === "MessageAbortedError" ? IDLE : FAILED),
  "server.instance.disposed": "end",
};

const OPENCODE_STATUSES: Readonly<Record<string, HookTold>> = { busy: WORKING, retry: WORKING };

const TABLES: Readonly<Record<HookKind, Readonly<Record<string, Row>>>> = {
  claude: CLAUDE,
  codex: CODEX,
  gemini: GEMINI,
  opencode: OPENCODE,
};

/** The events of a kind of agent that tell something. */
export function hookEvents(kind: HookKind): string[] {
  return Object.keys(TABLES[kind]);
}

/**
 * What an event tells of the agent in a pane; undefined for nothing, as of one that is unknown, or of a subagent. Pure.
 * @param input what the hook was given on its standard input: JSON, or anything
 * @param name the event's name, where the input does not have it
 */
export function readHookEvent(kind: HookKind, input: string, name?: string): HookEvent | undefined {
  const fields = input.trim() === "" ? {} : parsed(input);
  if (fields === undefined || fields.agent_id !== undefined) return undefined;
  const { hook_event_name: event = name, session_id: id, sessionID: conversation = id } = fields;
  const row = own(TABLES[kind], event);
  const told = typeof row === "function" ? row(fields) : row;
  return told && { told, ...(typeof conversation === "string" && { conversation }) };
}

/** What a table has under a name, and not what every object has. */
function own<T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined {
  return typeof name === "string" && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The fields of JSON; undefined for a text that has none. */
function parsed(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}
