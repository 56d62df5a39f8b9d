import * as v from "valibot";
import { amount, count, method, text } from "./fields.ts";

const ENDED = {
  exit_code: v.nullable(count("the exit code of the command; null: not known")),
  duration_ms: v.nullable(amount("how long the command took, ms; null: not known")),
  method,
  draft: v.optional(
    v.pipe(v.literal("cleared"), v.description("something that somebody had half typed was cleared for the command")),
  ),
  pane_ended: v.optional(v.pipe(v.literal(true), v.description("the pane ended with what ran in it"))),
};

/** What `pane-wait` and `pane-exec-timeout` tell. */
export const Ended = v.strictObject({
  output: text("that the command has ended, in words"),
  ...ENDED,
  last_lines: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description("the last lines that were written, at most five, where they were asked for"),
    ),
  ),
});

/** What is told of a command that has ended. */
export type Ended = v.InferOutput<typeof Ended>;

/** What `pane-ask` tells. */
export const Answered = v.strictObject({
  output: text("the answer: what was written after the text was typed, without the echo and the prompt after it"),
  prompt: text("what stands left of the cursor after the answer"),
  end: v.pipe(
    v.picklist(["prompt", "line", "pattern", "quiet", "screen", "end"]),
    v.description(
      "what ended the answer: the prompt stood there again (prompt), the program reads another line (line), a line matched (pattern), silence (quiet), the screen of a full-screen program had settled (screen), or the program or the command ended (end)",
    ),
  ),
  exit_code: v.optional(ENDED.exit_code),
  pane_ended: ENDED.pane_ended,
  output_truncated: v.optional(
    v.pipe(v.literal(true), v.description("a part of the answer is missing: it was too much, or could not be heard")),
  ),
});

/** What `pane-run` tells. */
export const Ran = v.strictObject({
  output: text("what the command wrote, and nothing else"),
  ...ENDED,
  output_lines: count("how many lines the command wrote"),
  output_truncated: v.optional(
    v.pipe(v.literal(true), v.description("the first part of the output is missing: it was longer than asked for")),
  ),
  note: v.optional(text("with pane_ended: that it was the pane's own shell that ended, and how to keep that")),
});
