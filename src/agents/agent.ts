import type { ComposerRule } from "./composer.ts";
import type { Dialog } from "./dialog.ts";
import type { AgentName } from "./names.ts";
import type { AgentSource, AgentWait, Told } from "./told.ts";

/** A process that may be an agent. */
export interface AgentProcess {
  pid: number;
  /** when it was started, as the kernel counts (see processStat) */
  startTime: number;
  argv: readonly string[];
  /** a variable of the environment that it was started with */
  variable(name: string): string | undefined;
}

/** A screen by which it is known that an agent waits, works, or has nothing to do. */
export interface ScreenRule {
  /** what it waits for there; `idle`: that it waits for nothing, and does nothing; `working`: that it does something */
  for: AgentWait | "idle" | "working";
  /** what none of its last rows shows, or it is another one */
  without?: RegExp;
  /** what some of the last rows that are not blank show, each a row after the one before, the last of them among the last few */
  rows: readonly [RegExp, ...RegExp[]];
  /** the version of the agent with which it was seen */
  seen: string;
}

/** How a kind of agent is given a prompt. */
export interface Prompts {
  composer: ComposerRule;
  /** The file that keeps a conversation; undefined where there is none. */
  transcript?(conversation: string, home: string, variable: AgentProcess["variable"]): string | undefined;
  /** Where that has a line of JSON for each message: what one says that the agent has said to the person; undefined for any other. Pure. */
  said?(entry: unknown): Said | undefined;
  /** Where that is something else: what the agent has said last in a conversation; undefined where it tells nothing. Never throws. */
  lastSaid?(file: string, conversation: string): Said | undefined;
  /**
   * Where that keeps all conversations: the one in which that prompt, and no other one in which the same, was given since (ms since the
   * epoch). Never throws.
   */
  givenIn?(file: string, prompt: string, since: number): string | undefined;
}

/** What an agent has said. */
export interface Said {
  text: string;
  /** ms since the epoch */
  at: number;
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
  /** What it calls itself in its output, where that is another name (see program-status.ts). */
  app?: string;
  /** the id of the conversation that a process has; undefined where nothing certain tells it */
  conversationOf(process: AgentProcess): string | undefined;
  /**
   * Whether a conversation is kept here, so that it can be gone on with; undefined where that can't be told.
   * @param home the person's home folder
   * @param variable of the environment in which that is to be, by which an agent may keep its files elsewhere
   */
  isKept(conversation: string, home: string, variable?: AgentProcess["variable"]): boolean | undefined;
  /** What tells its state, the best first; of the others nothing is believed but what they add. Last of all comes its progress bar. */
  sources: readonly AgentSource[];
  /** What a process says of itself in a file that it keeps, as long as it runs; undefined where there is none, or another's. */
  fileOf?(process: AgentProcess): Told | undefined;
  /** Where that is, or would be. */
  fileAt?(process: AgentProcess): string | undefined;
  /** What a title says that it has set while it runs in a folder of that name; undefined for one that is not as it sets them. Pure. */
  titled?(title: string, folder: string): Told | undefined;
  /** Whether a title says that it has taken its own away, as it does when it ends: of one that was killed it stays. Pure. */
  hasLeft?(title: string): boolean;
  /** What its screens say that ask somebody something, or nothing: others tell nothing. */
  screens?: readonly ScreenRule[];
  /** The dialog at the end of a screen in which it offers choices, where it does not draw them as dialogOn() reads them. Pure. */
  dialogOn?(rows: readonly string[]): Dialog | undefined;
  /** Whether it asks, once it was refused something, what is to be done in its place, by what its screen shows. Pure. */
  isRefusalOn?(rows: readonly string[]): boolean;
  /** Why its questions are left to people, in words that go on from "asks a question and". */
  questionsLeft?: string;
  /** Of the choices that a question offers, the one in whose place somebody may write words of their own, as long as nobody has. */
  ownWords?: RegExp;
  /** How it is given a prompt; undefined where that is not known. */
  prompts?: Prompts;
  /** Whether one of its screens that ask somebody something is shown while a better source says idle. */
  asksWhileIdle?: boolean;
  /** Why nothing tells its state where none of its sources does, in words that end a sentence, and what a person can do. */
  untold?: string;
  /** The command line that goes on with a conversation. Undefined where a kind, or what it was given, does not allow that. Pure. */
  resume(argv: readonly string[], conversation: string): Resumed | undefined;
}
