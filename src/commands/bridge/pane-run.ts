import { AppError, changed } from "../../lib/errors.ts";
import { type Bounds, boundOutput } from "../../panes/bound.ts";
import type { Ended } from "../../panes/ended.ts";
import { runInPane } from "../../panes/run.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { type Context, paneArg, placeWords, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";
import { endedResult } from "./ended-result.ts";

/** The exit code of what went wrong here and not in the command, as timeout(1), env(1) and docker(1) have it. */
const OWN_FAILURE = 125;

export default bridgeCommand("pane-run", {
  effect: "changes",
  examples: [
    `claude-tmux pane-run dev build -- make test`,
    `claude-tmux pane-run dev build --timeout 5m --tail 50 -- "npm ci && npm test" | jq -r .output`,
    `claude-tmux pane-run %5 - < deploy.sh`,
  ],
  notes: `Several words after -- are quoted for the shell, so that they reach the program as they are; one word is a command
line. "-" in place of the command reads a script from stdin.

It runs in the pane's own shell, as if it were typed there: cd, variables and set stay for what comes next, and exit, exec, and
set -e before something that fails, end that shell and the pane with it (pane_ended). For a shell of its own, make it one
command: -- bash deploy.sh, or -- bash -ec '...'.

The answer has exit_code, duration_ms and method, which says how the end was found out: "shell-integration"
(the pane's own shell told: bash, zsh or fish in a pane that claude-tmux made) or "marker" (a marker was typed with the
command: any other POSIX shell). output_lines says how many lines of output there were; output_truncated is true when
the first part of them is missing: beyond --tail or --max-bytes, after 16 MB, or, where the command moved about the screen
(as clear does), after 20,000 rows.

A pane that is busy is refused. If what runs there is itself a shell at its prompt (ssh, docker exec, su, a shell in a
shell), --marker runs the command in it. Where no marker can come back (a REPL, a program that reads input), only
--timeout ends the wait.

Exit codes: the command's own; 124 when --timeout passed, or tmux did not answer: a command that was typed by then goes on,
with what it wrote so far in partial_output; 125 when pane-run itself failed: no such pane, wrong usage, a pane that was busy or was killed, a command that
is not complete (an open quote: it is cancelled), or when nobody knows the command's code (exit_code is null: dash drops the marker with the rest of a line at Ctrl-C); 128 + n when
signal n ended the wait, or the command.`,
  failureCode: (own) => (own === 124 || own > 128 ? own : OWN_FAILURE),
  args: {
    session: sessionArg,
    pane: paneArg,
    timeout: timeoutArg,
    tail: { type: "string", description: "only the last lines of the output", valueHint: "lines", kind: "count" },
    "max-bytes": {
      type: "string",
      description: "only the last bytes of the output",
      valueHint: "bytes",
      kind: "count",
    },
    marker: { type: "boolean", description: "type a marker with the command, whatever runs in the pane" },
    command: {
      type: "positional",
      description: "the command as one argument, or its words after --; - for stdin",
      required: true,
      multiple: true,
      kind: "command",
    },
  },
  schema: async () => (await import("../results/run.ts")).Ran,
  people: async () => (await import("../people/run.ts")).ran,
  waits: (place) => `the command in ${placeWords(place)}`,
  // of an output of which the end is asked for, nothing else is shown
  live: ({ tail, "max-bytes": maxBytes }) =>
    tail === undefined && maxBytes === undefined
      ? import("../people/live-run.ts").then(({ liveRun }) => liveRun)
      : undefined,
  async answer({ session, pane, timeout, tail, "max-bytes": maxBytes, marker, command }, context) {
    const bounds = { lines: tail, bytes: maxBytes };
    const options = {
      session,
      pane,
      command: await readCommand(command, context),
      timeoutS: timeout,
      marker: marker === true,
      stateDir: () => context.paths.dir,
      onOutput: context.onOutput,
      onLeft: context.onLeft,
    };
    touchTyped(context.paths.dir);
    const ended = await context
      .interruptible((signal) => runInPane(context.server, { ...options, signal }))
      .catch((thrown) => {
        throw boundError(thrown, bounds);
      });
    const { text, lines, isCut } = boundOutput(ended.output.text, bounds);
    const result = endedResult(session, ended, text);
    const truncated = isCut || ended.output.isCut ? { output_truncated: true as const } : {};
    const note = ended.paneEnded ? { note: shellEnded(ended) } : {};
    const details = { ...result.details, output_lines: lines, ...truncated, ...note };
    return { ...result, details, exitCode: ended.exitCode ?? OWN_FAILURE };
  },
});

async function readCommand(text: string, { input }: Context): Promise<string> {
  const isScript = text === "-";
  const command = isScript ? scriptOf(await input()).replace(/\n+$/, "") : text;
  if (command.trim() !== "") return command;
  throw new AppError("ERR_INVALID_ARGUMENT", `${isScript ? "The script on stdin" : "<command>"} is empty`, {
    hint: "There is nothing to run. To press Enter in the pane, use pane-exec with an empty command.",
  });
}

/** A script as text. Throws for one that no shell would get as it is. */
function scriptOf(bytes: Uint8Array): string {
  const refused = (wrong: string) =>
    new AppError("ERR_INVALID_ARGUMENT", `The script on stdin ${wrong}, and would not be run as it is`, {
      hint: "Put it into a file, and run that: claude-tmux pane-run <session> <pane> -- bash <file>",
    });
  if (bytes.includes(0)) throw refused("holds a NUL character");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused("is not UTF-8");
  }
}

/** What is told of a pane whose shell has ended, with it: that is what ran the command. */
function shellEnded({ exitCode }: Ended): string {
  const how = exitCode === undefined ? "" : ` (exit code ${exitCode})`;
  return `The pane's own shell ended${how} while it ran this: exit, exec, and set -e before something that fails, do that. To keep it, run a shell of its own: pane-run ... -- bash FILE, or bash -c '...'.`;
}

/** An error that tells what the command wrote so far, within bounds. */
function boundError(thrown: unknown, bounds: Bounds): unknown {
  if (!(thrown instanceof AppError) || typeof thrown.details.partial_output !== "string") return thrown;
  const { text, lines, isCut } = boundOutput(thrown.details.partial_output, bounds);
  const bounded = { partial_output: text, output_lines: lines, ...(isCut ? { output_truncated: true } : {}) };
  return changed(thrown, { cause: thrown, details: { ...thrown.details, ...bounded } });
}
