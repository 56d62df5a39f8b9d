import { activityOf } from "../../panes/activity.ts";
import { findPane } from "../../tmux/panes.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand, questionFailed } from "./define.ts";

export default bridgeCommand("pane-is-running", {
  summary: "Say whether something runs in a pane, or its shell waits at the prompt",
  examples: ["claude-tmux bridge pane-is-running dev build > /dev/null && echo busy"],
  notes: "The exit code is the answer: 0 yes, 1 no, 2 an error (127: no usable tmux).",
  failureCode: questionFailed,
  args: { session: sessionArg, pane: paneArg },
  answer({ session, pane: name }, { server }) {
    const pane = findPane(server, session, name);
    const { isRunning, method } = activityOf(pane);
    return { session, pane, output: String(isRunning), details: { method }, exitCode: isRunning ? 0 : 1 };
  },
});
