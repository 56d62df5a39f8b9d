import type { JsonSchema } from "../schema.ts";

/** A tool for agents, with the bridge commands that it stands for, and what of them it offers. */
export interface Tool {
  /** when to use it: what its inputs are, they say themselves */
  description: string;
  /** the first whose `when` holds is called */
  uses: readonly [Use, ...Use[]];
  /** inputs that are no arguments of a command: by them the command is chosen; with `cursor`, nothing else is given */
  own?: Readonly<Record<string, JsonSchema>>;
}

/** A command of the bridge that a tool calls. */
export interface Use {
  command: string;
  /** the arguments that it takes, and what is said of each: all descriptions together have to be short */
  takes: Readonly<Record<string, string>>;
  /** whether the command is meant */
  when?(input: Input): boolean;
  /** what is given where the agent gives nothing */
  usual?: Readonly<Input>;
  /** it makes or ends a session, or may: not while a client of ours attaches (see attach-turn.ts) */
  isOfSessions?: true;
}

/** What an agent gives a tool, by name. */
export type Input = Record<string, unknown>;

/** A wait that nobody bounds would hold up the agent, and most clients give up on a call after a minute. */
const WAIT = { timeout: 50 };
const TIMED = { timeout: "" };
const PANE = { pane: "%5, dev:label" } as const;
const SESSION = { session: "" } as const;
const COMMAND = { command: "" };
const WHAT = ["job", "pane", "session"] as const;

/** What `end` is to end: one of WHAT. */
const ends = (what: (typeof WHAT)[number]) => (input: Input) => input.what === what;
const given = (name: string) => (input: Input) => input[name] !== undefined;

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
    description: "With name, a session; with session, another pane there.",
    uses: [
      {
        command: "session-create",
        takes: { name: "", cwd: "", env: "NAME=VALUE" },
        when: given("name"),
        isOfSessions: true,
      },
      { command: "pane-create", takes: { ...SESSION, label: "" } },
    ],
  },
  run: {
    description: "Run a command in a pane's shell: its exit code and output alone. wait: false for what does not end.",
    uses: [
      { command: "pane-exec", takes: { ...PANE, ...COMMAND }, when: ({ wait }) => wait === false },
      {
        command: "pane-run",
        takes: { ...PANE, ...COMMAND, ...TIMED, marker: "through ssh, su" },
        usual: WAIT,
      },
    ],
    own: { wait: { type: "boolean", default: true } },
  },
  read: {
    description: "A pane's last lines; with screen, what it shows now; with cursor, the rest of a long answer.",
    uses: [
      { command: "pane-screen", takes: PANE, when: ({ screen }) => screen === true },
      { command: "pane-capture", takes: { ...PANE, lines: "" } },
    ],
    own: {
      screen: { type: "boolean", description: "for full-screen programs" },
      cursor: { type: "string" },
    },
  },
  wait: {
    description: "Until what runs in a pane has ended; with pattern, until a line matches.",
    uses: [
      {
        command: "pane-watch-timeout",
        takes: {
          ...PANE,
          pattern: "RE2",
          ...TIMED,
          existing: "earlier lines too",
        },
        when: given("pattern"),
        usual: WAIT,
      },
      {
        command: "pane-wait",
        takes: { ...PANE, ...TIMED, any: "or one of these" },
        usual: WAIT,
      },
    ],
  },
  send: {
    description: "Type text or press keys into what runs in a pane; does not wait.",
    uses: [
      {
        command: "pane-send-keys",
        takes: { ...PANE, key: "C-c, Up, Enter, q" },
        when: given("key"),
      },
      {
        command: "pane-send-stdin",
        takes: { ...PANE, text: "", enter: "then press it", paste: "" },
      },
    ],
  },
  ask: {
    description: "Type a line to a REPL, debugger or prompt, and get its answer.",
    uses: [
      {
        command: "pane-ask",
        takes: {
          ...PANE,
          text: "",
          until: "RE2 that ends it",
          quiet: "silence that ends it, s",
          ...TIMED,
        },
        usual: WAIT,
      },
    ],
  },
  status: {
    description: "What runs in a pane, what it waits for, how its last command ended.",
    uses: [{ command: "pane-status", takes: PANE }],
  },
  agent: {
    description:
      "What a coding agent (claude, codex) in a pane does or waits for; without pane, all; with wait, once it needs somebody.",
    uses: [
      { command: "agent-wait", takes: { ...PANE, ...TIMED }, when: ({ wait }) => wait === true, usual: WAIT },
      { command: "agent-status", takes: PANE, when: given("pane") },
      { command: "agent-list", takes: {} },
    ],
    own: { wait: { type: "boolean" } },
  },
  tell: {
    description: "Give an idle coding agent a prompt, or answer what it asks: a permission only with --allow-answers.",
    uses: [
      {
        command: "agent-answer",
        takes: { ...PANE, answer: "yes, no, a choice or words" },
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
    description: "End the job in a pane (its shell stays), a pane, or a session.",
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
};

/** What clients tell an agent of all tools: at most 2 KB of it are read. */
export const INSTRUCTIONS = `Programs in tmux panes, exactly: exit codes, the output of one command, ends and lines as they happen.

A pane is named by its id ("%5"), by session, window and index ("dev:1.2") or by its label ("dev:build"). list shows sessions,
and the panes of one; create makes them. Work in panes that you have made: others are people's, and the one that you run in is
refused. Times are seconds.

- To run a command and have its result: run. It waits for the end, and gives exit_code and output. After ERR_TIMEOUT it still
  runs: wait, then read.
- Something that does not end (a server): run with wait: false, then wait with the pattern that says it is ready.
- Something else runs there (a REPL, a debugger, "Continue? [y/n]", ssh): ask types a line and gives the answer; send types or
  presses keys without waiting (C-c, Escape); read with screen shows a full-screen program.
- What a pane does: status. waiting_for is "prompt" (a shell that is free), "line", "password" or "keys" (it wants input),
  "nothing" (it works) or "unknown".
- A coding agent in another pane: agent says its state (starting, working, waiting for a permission, question or trust, idle,
  done, failed, dead, unknown), or waits until it needs somebody; tell gives it a prompt, once (receipt: submitted, refused
  or unknown: then look), and answers its questions. Permissions are people's: while
  it may ask for one, send, ask and run are refused; while it works, send stops it (Escape, C-c), and no more.
- When done: end what you have made.

ERR_PANE_BUSY: something runs there; wait, or take another pane. A long output is cut to its end: output_truncated, and
cursor, with which read gives what comes before it; of a long list, list gives what comes after it. An error says what
happened, and as hint what to do.`;
