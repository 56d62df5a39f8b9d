import * as v from "valibot";
import { amount, count, flag, KILLED, members, method, pid, text, waitingFor, waitingMethod } from "./fields.ts";

/** What `pane-list-json` tells of a pane. */
export const PaneSummary = v.strictObject({
  pane_id: count("its index in its window"),
  index: count("the same"),
  window: count("the index of its window"),
  pane: text("its tmux id such as %5, which never changes"),
  pid: pid("the process that it was made with, a shell as a rule"),
  command: text("the name of the program that has its terminal"),
  is_running: v.nullable(
    flag("whether something runs in it; false: its shell waits at the prompt, or it is dead; null: not known"),
  ),
  width: count("columns"),
  height: count("rows"),
  method,
  waiting_for: waitingFor,
  waiting_method: waitingMethod,
  full_screen: flag("whether an editor, a pager or the like has the whole screen"),
  idle_ms: v.optional(
    amount("ms since it last wrote something, by whole seconds; absent where its window has several panes"),
  ),
  progress: v.optional(
    v.pipe(
      v.strictObject({
        state: v.picklist(["normal", "error", "indeterminate", "paused"]),
        percent: v.optional(count("how far it has got; not of indeterminate")),
      }),
      v.description(
        "the progress bar (OSC 9;4) that a program has set and nobody has taken back: one that is killed leaves it; absent: none, or a tmux before 3.7",
      ),
    ),
  ),
  exit_code: v.optional(count("of a dead pane: the exit code of its program")),
  signal: v.optional(count("of a dead pane: the number of the signal that ended its program")),
});

/** What scripts are told of a pane in a list. */
export type PaneSummary = v.InferOutput<typeof PaneSummary>;

/** What `pane-status` tells of a pane. */
export const PaneDescription = v.strictObject({
  ...PaneSummary.entries,
  label: text("its label; empty: none"),
  metadata: v.pipe(v.record(v.string(), v.string()), v.description("what pane-metadata-set noted, by key")),
  cwd: text("the current folder of what runs in it"),
  last_exit_code: v.nullable(
    count(
      "the exit code of its shell's last command; of a dead pane, that of its program (128 + the signal); null: not known",
    ),
  ),
  is_dead: flag("whether its program has ended and the pane is still there"),
});

/** All that is known of a pane. */
export type PaneDescription = v.InferOutput<typeof PaneDescription>;

/** What `pane-status` tells. */
export const PaneStatus = v.strictObject({ output: PaneDescription });

/** What `pane-list-json` tells. */
export const PaneList = v.strictObject({ output: v.array(PaneSummary) });

/** What `pane-list-detailed` tells. */
export const DetailedPaneList = v.strictObject({ output: v.array(PaneDescription) });

/** What `pane-count` tells. */
export const PaneCount = v.strictObject({
  output: v.pipe(v.string(), v.regex(/^\d+$/), v.description("how many panes the session has, a number as text")),
});

/** What `pane-find` tells. */
export const PaneFound = v.strictObject({ output: text("the pane's index, as in pane_id") });

/** What `pane-create` and `pane-create-with-layout` tell. */
export const PaneCreated = v.strictObject({
  output: text("that it was made, in words"),
  warning: v.optional(text("what is not as one would expect, in words: that the label names two panes now, say")),
});

/** That a pane was made. */
export type PaneCreated = v.InferOutput<typeof PaneCreated>;

/** What `pane-kill` tells. */
export const PaneKilled = v.strictObject({ output: text("that it was ended, in words"), ...KILLED });

/** What `pane-exec` tells. */
export const Typed = v.strictObject({ output: text("that the command was typed, in words") });

/** What `pane-send-keys` tells. */
export const KeysSent = v.strictObject({ output: text("that the keys were pressed, in words") });

/** What `pane-send-stdin` tells. */
export const TextSent = v.strictObject({
  output: text("that the text was typed, in words"),
  bytes: count("how many bytes it has, without Enter"),
});

/** What `pane-signal` tells. */
export const Signalled = v.strictObject({
  output: text("that the signal was sent, in words"),
  signal: text("the signal, such as SIGTERM"),
  processes: members("the processes that got it"),
});

/** What `pane-graceful-shutdown` tells. */
export const ShutDown = v.strictObject({
  output: text("that the job has ended, in words"),
  method: v.pipe(
    v.picklist(["none", "interrupt", "terminate", "kill"]),
    v.description("what ended it: nothing ran (none), Ctrl-C, SIGTERM, or SIGKILL"),
  ),
  exit_code: v.nullable(count("the exit code of the job; null: not known")),
  duration_ms: amount("ms that it took"),
  survivors: members("processes of the job that live on"),
  pane_ended: v.optional(v.pipe(v.literal(true), v.description("that the pane ended with its program"))),
});

/** What `pane-is-running` tells. */
export const IsRunning = v.strictObject({ output: yesOrNo("whether something runs in the pane"), method });

/** What `pane-has-pattern` tells. */
export const HasPattern = v.strictObject({ output: yesOrNo("whether one of the lines matches") });

/** What `pane-capture` tells. */
export const Captured = v.strictObject({
  output: text("the last lines of the pane; lines that it wrapped are whole"),
});

/** What `pane-screen` tells. */
export const Screen = v.strictObject({
  output: v.strictObject({
    lines: v.pipe(v.array(v.string()), v.description("the rows of the screen, without blanks at their ends")),
    cursor: v.pipe(
      v.strictObject({
        row: count("its row, from 0"),
        column: count("its column, from 0"),
        visible: flag("whether the program shows it"),
      }),
      v.description("where the cursor is"),
    ),
    width: PaneSummary.entries.width,
    height: PaneSummary.entries.height,
    title: text("the title that the program has set"),
    command: PaneSummary.entries.command,
    full_screen: PaneSummary.entries.full_screen,
    is_running: PaneSummary.entries.is_running,
    waiting_for: waitingFor,
    waiting_method: waitingMethod,
    mode: v.optional(text("the mode in which somebody looks at it, such as copy-mode; absent: none")),
  }),
});

/** What `pane-watch` and `pane-watch-timeout` tell. */
export const Matching = v.strictObject({ output: text("the lines that match") });

/** What `pane-metadata-set` tells. */
export const MetadataSet = v.strictObject({ output: text("that it was noted, in words") });

/** What `pane-metadata-get` tells. */
export const MetadataValue = v.strictObject({ output: text("the value") });

function yesOrNo(question: string) {
  return v.pipe(v.picklist(["true", "false"]), v.description(`${question}, as text`));
}
