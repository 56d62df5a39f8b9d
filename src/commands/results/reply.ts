import * as v from "valibot";
import { count, flag, moment, text } from "./fields.ts";

const SUBJECT = {
  session: text("the session's name; empty where there is none, or none could be found"),
  pane_id: text(
    'the pane as commands name it: its index such as "1", outside the session\'s first window with that of the window ("2.1"); empty where the answer is about no pane',
  ),
  pane: text("the pane's tmux id such as %5, which never changes; empty where the answer is about no pane"),
};

const NOW = { timestamp: moment("when it was answered, to the second") };

/** What a bridge command's answer holds beside what all of them do: `output`, and further facts. */
export type FactsSchema = v.StrictObjectSchema<v.ObjectEntries & { output: v.GenericSchema }, undefined>;

/** The JSON object that a bridge command answers with. */
export function replySchema(command: string, facts: FactsSchema) {
  return v.strictObject({
    status: v.literal("success"),
    command: v.literal(command),
    ...SUBJECT,
    ...facts.entries,
    ...NOW,
  });
}

/** What an error says beside its words, as far as it is known. */
const FACTS = {
  exit_code: v.optional(
    v.pipe(v.nullable(v.number()), v.description("how the command that was waited for ended; null: not known")),
  ),
  last_lines: v.optional(v.pipe(v.array(v.string()), v.description("the last lines that it wrote"))),
  pane_ended: v.optional(flag("whether its pane ended with it")),
  partial_output: v.optional(text("what the command had written when the wait ended")),
  output_lines: v.optional(count("how many lines of output there were")),
  output_truncated: v.optional(flag("whether the first part of the output is missing")),
  missing: v.optional(text("the key of metadata that has not been set")),
};

const ERROR = v.strictObject({
  code: v.pipe(
    v.string(),
    v.regex(/^ERR_[A-Z_]+$/),
    v.description("what kind of error: see claude-tmux help errors; a daemon of another version may know others"),
  ),
  hint: v.optional(text("what to do")),
});

/** The JSON object that a bridge command prints when it fails. */
export const BridgeFailure = v.strictObject({
  status: v.literal("error"),
  command: text("which command failed"),
  ...SUBJECT,
  output: text("what went wrong, in words"),
  ...FACTS,
  error: ERROR,
  ...NOW,
});

/** The JSON object that any other command prints with --json when it fails. */
export const Failure = v.strictObject({
  status: v.literal("error"),
  output: text("what went wrong, in words"),
  ...FACTS,
  error: ERROR,
});
