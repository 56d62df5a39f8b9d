import { isoSeconds } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { addReceipt, type Prompted, promptAgent } from "../../panes/prompt-agent.ts";
import { waitForTurn } from "../../panes/prompted-turn.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { type Context, paneArg, placeWords, sessionArg, timeoutArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

/** Of what is told without an error. */
const RECEIPT = "submitted" as const;

export default bridgeCommand("agent-prompt", {
  effect: "changes",
  examples: [
    `claude-tmux agent-prompt dev 0 -- "Run the tests, and fix what fails"`,
    "claude-tmux agent-prompt dev 0 --wait --timeout 20m - < task.md | jq -r .turn.message",
    `claude-tmux agent-prompt dev 0 --key ticket-17 -- "Do ticket 17"`,
  ],
  notes: `Gives claude, codex, gemini or opencode a prompt, and says what was seen of it. It is given only to one that has nothing to do
(idle, done, failed) and in whose composer nothing is written; else it is refused, and says why. With --queue it waits its turn, until that is
so. The text is pasted once, never again; Enter is pressed when it is shown there.

receipt: submitted (the agent was seen to take it), refused (nothing was typed: exit code 1, 2 for the text, 124 when the time
was over), or unknown (it was typed, and was not seen to be taken: exit code 124). One that works is seen to within a second or
two; without --timeout it is looked at for 15 s.
With the same --key a prompt is given once, also after a crash: a second time tells what became of the first.

What the agent would take for a command of the shell (!ls) or complete (@file at the end) is given as words; what begins like
a command of its own (/clear) is refused: to call one, use pane-send-stdin --enter. So is a text with characters that are not
shown (of no width, but within emoji): nobody can see whether they arrive. --wait ends when the turn does, or the
agent needs somebody in it: turn.state is then waiting, and the exit code 0.`,
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
    queue: { type: "boolean", description: "wait until it can be given" },
    wait: { type: "boolean", description: "until its turn has ended, or needs somebody" },
    timeout: { ...timeoutArg, description: "how long all of it may take, --queue and --wait with it" },
  },
  schema: async () => (await import("../results/agent.ts")).AgentPrompted,
  people: async () => (await import("../people/agents.ts")).agentPrompted,
  waits: (place) => `the agent in ${placeWords(place)}`,
  async failed({ session, pane, text, key }, error, context) {
    // without a key, nothing is known of the text: stdin need not have ended
    const given = key === undefined ? "" : await promptOf(text, context);
    addReceipt(error, context.server, { session, pane, text: given, key });
  },
  async answer({ session, pane, text, key, queue, wait, timeout }, context) {
    if (key === "") throw new AppError("ERR_INVALID_ARGUMENT", "--key is empty");
    const prompt = await promptOf(text, context);
    touchTyped(context.paths.dir);
    const began = performance.now();
    const given = await context.interruptible((signal) =>
      promptAgent(context.server, {
        session,
        pane,
        text: prompt,
        key,
        queue: queue === true,
        timeoutS: timeout,
        signal,
      }),
    );
    const leftS = timeout === undefined ? undefined : Math.max(0, timeout - (performance.now() - began) / 1000);
    const turn = wait ? await turnOf(given, { session, text: prompt, timeoutS: leftS }, context) : undefined;
    const { at, isRepeated } = given;
    const details = { receipt: RECEIPT, given_at: isoSeconds(at), repeated: isRepeated, ...(turn && { turn }) };
    const output = isRepeated ? "Submitted before, with the same key" : "Submitted";
    return { session, pane: given.pane, output, details };
  },
});

async function promptOf(text: string, { input }: Context): Promise<string> {
  return text === "-" ? new TextDecoder().decode(await input()) : text;
}

async function turnOf(
  { pane, agent, at }: Prompted,
  { session, text, timeoutS }: { session: string; text: string; timeoutS: number | undefined },
  { server, interruptible }: Context,
) {
  const options = { session, pane: pane.id, of: agent, at, text, timeoutS };
  try {
    const { state, for: wait, message } = await interruptible((signal) => waitForTurn(server, { ...options, signal }));
    return { state, for: wait, message: message?.text ?? null };
  } catch (thrown) {
    if (thrown instanceof AppError) thrown.details.receipt ??= RECEIPT;
    throw thrown;
  }
}
