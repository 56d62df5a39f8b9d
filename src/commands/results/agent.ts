import * as v from "valibot";
import { AGENT_SOURCES, AGENT_STATES, AGENT_WAITS } from "../../agents/told.ts";
import { count, flag, moment, pid, text } from "./fields.ts";

const STATE = v.pipe(
  v.picklist(AGENT_STATES),
  v.description(
    "what it does: it was started a moment ago (starting), works, waits for somebody, is idle, is idle and its last turn ended (done) or ended with an error (failed), has ended (dead), or nothing tells it (unknown, which is never taken for idle)",
  ),
);

const FOR = v.nullable(
  v.pipe(
    v.picklist([...AGENT_WAITS, "line", "password", "keys"]),
    v.description(
      "of waiting, what for: leave to do something (permission), an answer (question), or to be told for good whether a folder or hooks are trusted, or permissions are to be automatic (trust); of a program that is no agent, a line, a password or keys; null: not known",
    ),
  ),
);

const SINCE = v.nullable(moment("since when; null: nothing tells it"));

/** What is told of a pane's verdict. */
const Verdict = v.strictObject({
  pane: text("the pane's tmux id such as %5"),
  pane_id: text("the pane as commands name it"),
  session: text("its session"),
  label: text("its label; empty: none"),
  kind: v.nullable(text("which coding agent it is, such as claude; null: it is none")),
  state: STATE,
  for: FOR,
  since: SINCE,
  source: v.nullable(
    v.pipe(
      v.picklist([...AGENT_SOURCES, "process", "shell", "terminal"]),
      v.description(
        "what decided: what the agent told in its output (status), the file that it keeps, its hook, its title, its progress bar, what it shows (screen), the process table, the pane's shell, or how the terminal is read; null: nothing",
      ),
    ),
  ),
  certain: flag("whether that source tells of every change"),
  because: text("why, in words"),
  pid: v.nullable(pid("the agent's process")),
  conversation: v.nullable(text("the id of its conversation; null: not known")),
  cwd: v.nullable(text("the folder that the agent runs in; null: not known")),
  title: text("the title that the pane has"),
  said: v.nullable(
    text("what the agent has said last, or its beginning, by its own transcript; null: that tells nothing"),
  ),
});

/** What `agent-list` tells. */
export const AgentList = v.strictObject({ output: v.array(Verdict) });

/** What `agent-wait` tells. */
export const AgentReached = v.strictObject({ output: Verdict });

/** What `agent-status` tells. */
export const AgentStatus = v.strictObject({
  output: v.strictObject({
    ...Verdict.entries,
    readings: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            source: v.picklist(AGENT_SOURCES),
            state: v.nullable(STATE),
            for: FOR,
            since: SINCE,
            age_s: v.nullable(count("seconds since then; null: not known")),
          }),
        ),
        v.description("with --explain: what each source of such an agent says, the best first; state null: nothing"),
      ),
    ),
  }),
});

/** What `agent-answer` tells. */
export const AgentAnswered = v.strictObject({
  output: text("that it was answered, in words"),
  for: v.pipe(v.picklist(["permission", "question"]), v.description("what it had waited for")),
  choice: v.nullable(
    text(
      "the choice that was taken, or the words that were written in its place; null: the dialog was closed, which refuses",
    ),
  ),
});

/** What `agent-prompt` tells. */
export const AgentPrompted = v.strictObject({
  output: text("what became of the prompt, in words"),
  receipt: v.pipe(
    v.literal("submitted"),
    v.description("the agent was seen to take it; of a failure it is refused (nothing was typed) or unknown"),
  ),
  given_at: moment("when it was"),
  repeated: flag("whether it was given before, with the same key, and not now"),
  turn: v.optional(
    v.pipe(
      v.strictObject({
        state: STATE,
        for: FOR,
        message: v.nullable(
          text("what the agent has said last in it, by its own transcript; null: that tells nothing"),
        ),
      }),
      v.description("with --wait: how the turn ended, or that it waits for somebody"),
    ),
  ),
});
