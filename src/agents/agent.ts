import type { AgentName } from "./names.ts";

/** A process that may be an agent. */
export interface AgentProcess {
  pid: number;
  /** when it was started, as the kernel counts (see processStat) */
  startTime: number;
  argv: readonly string[];
  /** a variable of the environment that it was started with */
  variable(name: string): string | undefined;
}

/** How a conversation is gone on with. */
export interface Resumed {
  argv: string[];
  /** whether its arguments do no more than that: whatever was given beside the conversation is known, and grants nothing */
  isPlain: boolean;
}

/** A kind of coding agent: how its processes are known, and the conversations that they have. */
export interface AgentKind {
  /** by which it is stored and told: `claude` */
  name: AgentName;
  /** the id of the conversation that a process has; undefined where nothing certain tells it */
  conversationOf(process: AgentProcess): string | undefined;
  /**
   * Whether a conversation is kept here, so that it can be gone on with; undefined where that can't be told.
   * @param home the person's home folder
   * @param variable of the environment in which that is to be, by which an agent may keep its files elsewhere
   */
  isKept(conversation: string, home: string, variable?: AgentProcess["variable"]): boolean | undefined;
  /** The command line that goes on with a conversation. Undefined where a kind, or what it was given, does not allow that. Pure. */
  resume(argv: readonly string[], conversation: string): Resumed | undefined;
}
