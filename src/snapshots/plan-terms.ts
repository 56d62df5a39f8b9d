// What planning depends on, and tells.

/** What of this machine the plan depends on. */
export interface Here {
  /** whether a folder is there */
  isFolder(path: string): boolean;
  /** whether a file can be run */
  isProgram(path: string): boolean;
  /** the shells of this machine (shells(5)) */
  shells: readonly string[];
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** variables that tmux takes from whoever makes a session (tmux(1), update-environment) */
  updated: readonly string[];
  /** what tmux starts instead of a login shell, with what `$SHELL` stands for; "" for nothing (tmux(1), default-command) */
  defaultCommand: string;
  /** whether a process has a conversation of a coding agent */
  isLiving(kind: string, conversation: string): boolean;
  /**
   * whether a conversation can be gone on with, as far as is known
   * @param variable of the environment in which that is to be
   */
  isKept(kind: string, conversation: string, variable: (name: string) => string | undefined): boolean;
}

/** A coding agent that is to go on with its conversation. */
export interface AgentStart {
  /** why it could do more than that, in words; undefined where it does no more */
  doubt: string | undefined;
}

/** Why a program is not started again, in words; undefined for one that is. */
export type WhyNotStarted = (argv: readonly string[], agent?: AgentStart) => string | undefined;

/** Notes what of one place does not come back, and why. */
export type Miss = (what: string, why: string) => void;
