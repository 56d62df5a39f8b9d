import { killSession } from "../../panes/sessions.ts";
import { sessionTurn } from "../../tmux/attach-turn.ts";
import { sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-kill", {
  effect: "destroys",
  examples: ["claude-tmux bridge session-kill dev"],
  args: { session: sessionArg },
  schema: async () => (await import("../results/session.ts")).SessionKilled,
  answer({ session }, { server, paths }) {
    using _turn = sessionTurn(paths.dir);
    killSession(server, session);
    return { session, output: `Session killed: ${session}` };
  },
});
