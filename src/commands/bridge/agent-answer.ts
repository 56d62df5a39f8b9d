import { answerAgent } from "../../panes/answer-agent.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { paneArg, placeWords, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("agent-answer", {
  effect: "changes",
  examples: [
    "claude-tmux agent-answer dev 0 yes",
    "claude-tmux agent-answer dev 0 no",
    "claude-tmux agent-answer dev 0 2",
    `claude-tmux agent-answer dev 0 Blue`,
    `claude-tmux agent-answer dev 0 "Neither: take what the tests use"`,
  ],
  notes: `Answers the dialog in which claude, codex or gemini asks for a permission or a question, if it still does: by the number of a
choice, or the beginning of its words. A question of claude or gemini takes words of your own as well: two or more, as a
single one (7, yes, Bleu) may be a choice that was mistyped, and so may the beginning of several. Of a permission, yes means
this once, and no closes the dialog, which refuses.

The choice is selected and looked at, and Enter is pressed only while the screen shows that; whoever presses keys there
meanwhile is noticed, and nothing is answered. opencode tells by colours alone what is selected, so the choice is clicked,
only while it is shown in that very place; its questions, and to allow something for good, are left to a person, as is
trust: whether a folder or hooks are trusted, or permissions are to be automatic.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    answer: {
      type: "positional",
      description: "yes, no, the number of a choice, the beginning of its words, or two words and more of your own",
      required: true,
      raw: true,
      kind: "text",
    },
  },
  schema: async () => (await import("../results/agent.ts")).AgentAnswered,
  people: async () => (await import("../people/agents.ts")).agentAnswered,
  waits: (place) => `the agent in ${placeWords(place)}`,
  async answer({ session, pane: name, answer }, { server, paths }) {
    touchTyped(paths.dir);
    const { pane, for: wait, choice } = await answerAgent(server, { session, pane: name }, answer);
    return { session, pane, output: "Answered", details: { for: wait, choice: choice ?? null } };
  },
});
