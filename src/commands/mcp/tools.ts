import { AppError } from "../../lib/errors.ts";
import type { JsonSchema } from "../schema.ts";

/** A tool for agents, with the bridge commands that it stands for, and what of them it offers. */
export interface Tool {
  /** when to use it: what its inputs are, they say themselves */
  description: string;
  /** the first whose `when` holds is called */
  uses: readonly [Use, ...Use[]];
  /** inputs that are no arguments of a command: by them the command is chosen; with `cursor`, nothing else is given */
  own?: Readonly<Record<string, JsonSchema>>;
  /** an input of its own that is a list, and the one in whose place it is given: done for each at once */
  each?: { of: "panes" | "commands"; inPlaceOf: "pane" | "command" };
  /** `session` may be given in place of `pane`: a pane is made there, and the session where there is none */
  makesPane?: true;
}

/** A command of the bridge that a tool calls. */
export interface Use {
  command: string;
  /** the arguments that it takes, and what is said of each: all descriptions together have to be short; null: not told of any more */
  takes: Readonly<Record<string, string | null>>;
  /** by what names the tool has arguments that are called otherwise here */
  by?: Readonly<Record<string, string>>;
  /** whether the command is meant */
  when?(input: Input): boolean;
  /** what is given where the agent gives nothing */
  usual?: Readonly<Input>;
  /** it makes or ends a session, or may: not while a client of ours attaches (see attach-turn.ts) */
  isOfSessions?: true;
  /** what is done after it, in the same pane, each if it is meant: the answer is that of the last */
  next?: readonly Use[];
  /** throws when it can't be done as it is given: what comes before it is not done then */
  check?(input: Input): Promise<unknown>;
}

/** What an agent gives a tool, by name. */
export type Input = Record<string, unknown>;

/** What came of a call: facts by name. */
export interface Outcome {
  isError: boolean;
  facts: Record<string, unknown>;
  /** of one that was given up before its end: whether what it has typed, or waits for, has been seen and goes on */
  goesOn?: boolean;
}

/** A wait that nobody bounds would hold up the agent, and most clients give up on a call after a minute. */
const WAIT = { timeout: 50 };
const TIMED = { timeout: "" };
const PANE = { pane: "" } as const;
const SESSION = { session: "" } as const;
const COMMAND = { command: "" };
const WHAT = ["job", "pane", "session"] as const;
const WORDS = { type: "array", items: { type: "string" } } as const;
const PANES = { panes: WORDS };
const EACH_PANE = { of: "panes", inPlaceOf: "pane" } as const;
/** Of what is done at once: which end ends the call. */
const FOR: Tool["own"] = { for: { type: "string", enum: ["all", "first", "failure"] } };
/** Which of these it is when nothing is said. */
export const ENOUGH = "all";

/** What `end` is to end: one of WHAT. */
const ends = (what: (typeof WHAT)[number]) => (input: Input) => input.what === what;
const given = (name: string) => (input: Input) => input[name] !== undefined;

/** Makes a session; its pane is answered. */
export const MAKE_SESSION: Use = {
  command: "session-create",
  takes: { name: "", cwd: "", env: "NAME=VALUE" },
  when: given("name"),
  isOfSessions: true,
};
/** Makes a pane in a session that is there. */
export const MAKE_PANE: Use = { command: "pane-create", takes: { ...SESSION, label: "" } };

/** Into what runs there, `send` types. */
const START: Use = { command: "pane-exec", takes: { ...PANE, ...COMMAND }, usual: { "if-idle": true } };
const UNTIL_LINE: Use = {
  command: "pane-watch-timeout",
  takes: { ...PANE, pattern: "", ...TIMED },
  when: given("pattern"),
  usual: WAIT,
  check: async ({ pattern }) => (await import("../../matching/pattern.ts")).compilePattern(pattern as string),
};
const UNTIL_END: Use = { command: "pane-wait", takes: { ...PANE, ...TIMED }, usual: { ...WAIT, "last-lines": true } };
const PRESS: Use = {
  command: "pane-send-keys",
  takes: { ...PANE, key: "C-c, Up, Enter" },
  when: given("key"),
  check: async ({ key }) => (await import("../../panes/keys.ts")).parseKeys(key as string[]),
};
const AWAITED: Use = { ...UNTIL_END, takes: { ...PANE, timeout: null }, when: ({ wait }) => wait === true };

/** Every tool, in the order in which they are listed. */
export const TOOLS: Readonly<Record<string, Tool>> = {
  list: {
    description: "Sessions; with session, its panes, each as status tells it.",
    uses: [
      { command: "pane-list-detailed", takes: SESSION, when: given("session") },
      { command: "session-list", takes: {} },
    ],
    own: { cursor: { type: "string" } },
  },
  create: {
    description: "A session, by name; or another pane of session.",
    uses: [MAKE_SESSION, MAKE_PANE],
  },
  run: {
    description:
      "Run a command in a pane's shell: exit code and output. session: in a new pane there, made if need be; commands: at once, each in one.",
    uses: [
      { ...START, when: ({ wait }) => wait === false },
      {
        ...START,
        when: given("pattern"),
        next: [{ ...UNTIL_LINE, takes: { ...UNTIL_LINE.takes, pattern: "RE2: until a line matches" } }],
      },
      {
        command: "pane-run",
        takes: { pane: "%5, dev:label", ...COMMAND, ...TIMED, tail: "", marker: "in ssh, su" },
        usual: WAIT,
        check: async ({ command }) => {
          if (`${command}`.trim() === "") throw new AppError("ERR_INVALID_ARGUMENT", '"command" is empty');
        },
      },
    ],
    own: {
      session: { type: "string" },
      commands: WORDS,
      ...FOR,
      wait: { type: "boolean", description: "false: it does not end" },
    },
    each: { of: "commands", inPlaceOf: "command" },
    makesPane: true,
  },
  read: {
    description: "A pane's last lines; screen: what it shows now; cursor: the rest of a long answer.",
    uses: [
      { command: "pane-screen", takes: PANE, when: ({ screen }) => screen === true },
      { command: "pane-capture", takes: { ...PANE, lines: "" } },
    ],
    own: {
      ...PANES,
      screen: { type: "boolean" },
      cursor: { type: "string" },
    },
    each: EACH_PANE,
  },
  wait: {
    description: "Until what runs in a pane has ended: exit code, last lines; pattern: until a line matches.",
    uses: [
      { ...UNTIL_LINE, takes: { ...UNTIL_LINE.takes, existing: null } },
      { ...UNTIL_END, takes: { ...UNTIL_END.takes, any: null } },
    ],
    own: { ...PANES, ...FOR },
    each: EACH_PANE,
  },
  send: {
    description: "Type text, then press keys, in a pane; wait: until what runs there has ended.",
    uses: [
      { ...PRESS, when: ({ key, text, enter }) => key !== undefined && text === undefined && !enter, next: [AWAITED] },
      {
        command: "pane-send-stdin",
        takes: { ...PANE, text: "", enter: "", paste: "" },
        next: [PRESS, AWAITED],
      },
    ],
    own: { wait: { type: "boolean" } },
  },
  ask: {
    description: "Type lines to a REPL, debugger or prompt, and get its answer.",
    uses: [
      {
        command: "pane-ask",
        takes: {
          ...PANE,
          text: "",
          until: "RE2",
          quiet: "s of silence",
          ...TIMED,
        },
        usual: WAIT,
      },
    ],
  },
  status: {
    description: "What runs in a pane, what it waits for, how its last command ended.",
    uses: [{ command: "pane-status", takes: PANE }],
    own: PANES,
    each: EACH_PANE,
  },
  agent: {
    description: "What a coding agent does or waits for; without pane, all; wait: until it needs somebody.",
    uses: [
      { command: "agent-wait", takes: { ...PANE, ...TIMED }, when: ({ wait }) => wait === true, usual: WAIT },
      { command: "agent-status", takes: PANE, when: given("pane") },
      { command: "agent-list", takes: {} },
    ],
    own: { ...PANES, wait: { type: "boolean" } },
    each: EACH_PANE,
  },
  tell: {
    description: "Prompt an idle coding agent, or answer what it asks: a permission only with --allow-answers.",
    uses: [
      {
        command: "agent-answer",
        takes: { ...PANE, answer: "yes, no, a choice, words" },
        when: given("answer"),
      },
      {
        command: "agent-prompt",
        takes: { ...PANE, text: "", key: "given once", wait: "for its turn", ...TIMED },
        usual: WAIT,
      },
    ],
  },
  end: {
    description: "End a pane's job (its shell stays), a pane, or a session.",
    uses: [
      { command: "pane-graceful-shutdown", takes: { ...PANE, ...TIMED }, when: ends("job") },
      { command: "pane-kill", takes: { ...PANE, tree: "and what lives on" }, when: ends("pane"), isOfSessions: true },
      {
        command: "session-kill",
        takes: { ...SESSION, tree: "and what lives on" },
        when: ends("session"),
        isOfSessions: true,
      },
    ],
    own: { what: { type: "string", enum: [...WHAT] } },
  },
  snapshot: {
    description: "Save a session; restore: bring it back, once ended.",
    uses: [
      {
        command: "session-restore",
        takes: { snapshot: "" },
        by: { snapshot: "session" },
        when: ({ restore }) => restore === true,
        isOfSessions: true,
      },
      { command: "session-save", takes: SESSION },
    ],
    own: { restore: { type: "boolean" } },
  },
};
