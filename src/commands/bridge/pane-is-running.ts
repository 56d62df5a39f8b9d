import { AppError } from "../../lib/errors.ts";
import { findPane } from "../../tmux/panes.ts";
import { isRunning } from "../../verdict/rule.ts";
import { prepareVerdict, verdictOf } from "../../verdict/verdict.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand, questionFailed, yesOrNo } from "./define.ts";

export default bridgeCommand("pane-is-running", {
  effect: "reads",
  examples: ["claude-tmux pane-is-running dev build > /dev/null && echo busy"],
  notes: "The exit code is the answer: 0 yes, 1 no, 2 an error (127: no usable tmux).",
  failureCode: questionFailed,
  args: { session: sessionArg, pane: paneArg },
  schema: async () => (await import("../results/pane.ts")).IsRunning,
  people: async () => (await import("../people/panes.ts")).yesOrNo,
  async answer({ session, pane: name }, { server }) {
    const pane = findPane(server, session, name, { meanwhile: prepareVerdict });
    const verdict = await verdictOf(pane);
    const answer = isRunning(verdict);
    if (answer === null) {
      throw new AppError(
        "ERR_COMMAND_FAILED",
        `Nobody can tell what runs in pane ${pane.paneId} of "${session}": ${verdict.because}`,
      );
    }
    return { session, pane, output: yesOrNo(answer), details: { method: verdict.method }, exitCode: answer ? 0 : 1 };
  },
});
