import { AppError } from "../../lib/errors.ts";
import { askPane } from "../../panes/ask.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { type Context, paneArg, placeWords, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

const TIMEOUT_S = 60;

export default bridgeCommand("pane-ask", {
  effect: "changes",
  examples: [
    `claude-tmux pane-ask dev repl -- "print(6 * 7)" | jq -r .output`,
    `claude-tmux pane-ask dev debugger --timeout 10m -- continue`,
    `claude-tmux pane-ask dev 0 --until "listening on" -- npm start`,
    `pass show sudo | claude-tmux pane-ask dev 0 -`,
  ],
  notes: `Types the text and Enter to whatever runs in the pane, and prints what it answers: what was written after that, without
the echo and without the prompt that it ends at, which is in prompt. The answer has ended when the prompt that stood
left of the cursor stands there again, or the program reads another line, and 0.15 s have passed in silence; with
--until, when a line matches; with --quiet, after so many seconds of silence. Of a full-screen program the answer is its
screen once it has settled. end says which it was: "prompt", "line", "pattern", "quiet", "screen", or "end" when the
program or the command ended.

A shell that tells (bash, zsh, fish in a pane that claude-tmux made) at its prompt is given the text as pane-run does,
and what somebody has half typed stays; the answer has ended when the command has, or asks something itself. Of another
shell at its prompt that line is cleared first; elsewhere the text is typed behind whatever somebody has begun there. What
does not read what is typed is busy, and so is a pane in which another pane-ask waits. A program far away (ssh, a
container) that asks something new can't be told from one that works: give --until or --quiet there. "-" takes the text
from stdin, for a secret: it is no argument of a process, and nothing of it is noted; without --timeout it may take
${TIMEOUT_S} s (exit code 124).`,
  args: {
    session: sessionArg,
    pane: paneArg,
    until: {
      type: "string",
      description: "a regular expression (RE2 syntax): a line that matches ends the answer",
      valueHint: "RE",
    },
    quiet: { type: "string", description: "so long a silence ends the answer", valueHint: "S", kind: "seconds" },
    timeout: timeoutArg,
    text: {
      type: "positional",
      description: "the text as one argument, or its words after --; - for stdin",
      required: true,
      multiple: true,
      kind: "text",
    },
  },
  schema: async () => (await import("../results/run.ts")).Answered,
  people: async () => (await import("../people/run.ts")).answered,
  waits: (place) => `an answer from ${placeWords(place)}`,
  async answer({ session, pane: name, until, quiet, timeout, text: words }, context) {
    const isSecret = words === "-";
    const text = isSecret ? await readSecret(context) : words;
    touchTyped(context.paths.dir);
    const options = { session, pane: name, text, isSecret, until, quietS: quiet, timeoutS: timeout ?? TIMEOUT_S };
    const stateDir = () => context.paths.dir;
    const answer = await context.interruptible((signal) => askPane(context.server, { ...options, stateDir, signal }));
    const { pane, output, prompt, end, isCut, exitCode, paneEnded } = answer;
    const ended = end === "end" ? { exit_code: exitCode ?? null } : {};
    const more = {
      ...ended,
      ...(paneEnded && { pane_ended: true as const }),
      ...(isCut && { output_truncated: true as const }),
    };
    return { session, pane, output, details: { prompt, end, ...more } };
  },
});

async function readSecret({ input }: Context): Promise<string> {
  const text = new TextDecoder().decode(await input()).replace(/\r?\n$/, "");
  if (text !== "") return text;
  throw new AppError("ERR_INVALID_ARGUMENT", "There is nothing on stdin to type");
}
