import { SETTLED_STATES } from "../../agents/told.ts";
import { isoSeconds } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { type Prompted, promptAgent } from "../../panes/prompt-agent.ts";
import { waitForTurn } from "../../panes/prompted-turn.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { type Context, paneArg, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("agent-prompt", {
  effect: "changes",
  examples: [
    `claude-tmux bridge agent-prompt dev 0 -- "Run the tests, and fix what fails"`,
    "claude-tmux bridge agent-prompt dev 0 --wait --timeout 20m - < task.md | jq -r .turn.message",
    `claude-tmux bridge agent-prompt dev 0 --key ticket-17 -- "Do ticket 17"`,
  ],
  notes: `Gives claude, codex or gemini a prompt, and says what was seen of it. It is given only to one that has nothing to do (idle, done,
failed) and in whose composer nothing is written; else it is refused, and says why. --queue gives it to one that works, too, if
that keeps it for afterwards (claude, gemini; codex would break off what it does). The text is pasted once, never again; Enter
is pressed when it is shown there.

receipt: submitted (the agent was seen to take it), queued, refused (nothing was typed: exit code 1, or 2 for the text), or
unknown (it was typed, and what became of it was not seen: exit code 124).
With the same --key a prompt is given once, also after a crash: a second time tells what became of the first.

What the agent would take for a command of the shell (!ls) or complete (@file at the end) is given as words; what begins like
a command of its own (/clear) is refused: to call one, use pane-send-stdin --enter. --wait ends when the turn does, or the agent needs somebody in it.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    text: {
      type: "positional",
      description: "the prompt as one argument, or its words after --; - for stdin",
      required: true,
      raw: true,
      multiple: true,
      kind: "text",
    },
    key: { type: "string", description: "give it once, whoever tries again", valueHint: "K" },
    queue: { type: "boolean", description: "also to an agent that works, if it keeps it for afterwards" },
    wait: { type: "boolean", description: "until its turn has ended, or needs somebody" },
    timeout: timeoutArg,
  },
  schema: async () => (await import("../results/agent.ts")).AgentPrompted,
  async answer({ session, pane, text, key, queue, wait, timeout }, context) {
    if (wait && queue) throw notBoth();
    if (key === "") throw new AppError("ERR_INVALID_ARGUMENT", "--key is empty");
    const prompt = text === "-" ? new TextDecoder().decode(await context.input()) : text;
    touchTyped(context.paths.dir);
    const given = await promptAgent(context.server, { session, pane, text: prompt, key, queue: queue === true });
    const turn = wait ? await turnOf(given, { session, timeoutS: timeout }, context) : undefined;
    const { receipt, at, isRepeated } = given;
    const details = { receipt, given_at: isoSeconds(at), repeated: isRepeated, ...(turn && { turn }) };
    return { session, pane: given.pane, output: wordsOf(given), details };
  },
});

async function turnOf(
  { pane, receipt, at }: Prompted,
  { session, timeoutS }: { session: string; timeoutS: number | undefined },
  { server, interruptible }: Context,
) {
  const options = { session, pane: pane.id, at, until: SETTLED_STATES, timeoutS };
  try {
    const { verdict, message } = await interruptible((signal) => waitForTurn(server, { ...options, signal }));
    return { state: verdict.state, for: verdict.for, message: message?.text ?? null };
  } catch (thrown) {
    if (thrown instanceof AppError) thrown.details.receipt ??= receipt;
    throw thrown;
  }
}

function wordsOf({ receipt, isRepeated }: Prompted): string {
  const did = receipt === "queued" ? "Queued" : "Submitted";
  return isRepeated ? `${did} before, with the same key` : did;
}

function notBoth(): AppError {
  return new AppError(
    "ERR_INVALID_ARGUMENT",
    "--wait does not go with --queue: there is another turn before that one",
    {
      hint: "Give it with --queue alone, then wait with agent-wait.",
    },
  );
}
