import { endedResult } from "../../bridge/ended.ts";
import { runInPane } from "../../bridge/run.ts";
import { sessionName } from "../../lib/names.ts";
import { paneArg, sessionArg } from "../define.ts";
import { interruptible } from "../interrupt.ts";
import { optionalSeconds } from "../values.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-run", {
  summary: "Run a command in a pane, wait for its end, and print only what it wrote; exits with its exit code",
  examples: [
    `claude-tmux bridge pane-run dev build -- "make test"`,
    `claude-tmux bridge pane-run dev build --timeout 300 -- "npm ci" | jq -r .output`,
  ],
  notes: `The answer has exit_code, duration_ms and method, which says how the end was found out: "shell-integration"
(the pane's own shell told: bash, zsh or fish in a pane that claude-tmux made) or "marker" (a marker was typed with the
command: any other POSIX shell). output_truncated is true when the first part of the output is missing: after 16 MB, or,
where the command moved about the screen (as clear does), after 20,000 rows.

A pane that is busy is refused. If what runs there is itself a shell at its prompt (ssh, docker exec, su, a shell in a
shell), --marker runs the command in it. Where no marker can come back (a REPL, a program that reads input), only
--timeout ends the wait.

Exit codes: the command's own; 124 when --timeout passed (the command goes on), with what it wrote so far in
partial_output; 1 with ERR_PANE_BUSY when the pane was busy, with ERR_COMMAND_FAILED when it was killed.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    timeout: { type: "string", description: "seconds to wait at most", valueHint: "S" },
    marker: { type: "boolean", description: "type a marker with the command, whatever runs in the pane" },
    command: { type: "positional", description: "the command, as one argument, best after --", required: true },
  },
  async answer({ session, pane, timeout, marker, command }, context) {
    const options = {
      session: sessionName(session),
      pane,
      command,
      timeoutS: optionalSeconds("timeout", timeout),
      marker: marker === true,
      stateDir: () => context.paths.dir,
    };
    const ended = await interruptible((signal) => runInPane(context.server, { ...options, signal }));
    const result = endedResult(options.session, ended, ended.output.text);
    const details = { ...result.details, ...(ended.output.isCut ? { output_truncated: true } : {}) };
    return { ...result, details, exitCode: ended.exitCode ?? 1 };
  },
});
