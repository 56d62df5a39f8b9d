import { viewScreen } from "../../panes/screen-view.ts";
import { isRunning } from "../../verdict/rule.ts";
import { verdictOf } from "../../verdict/verdict.ts";
import { waitingOf } from "../../verdict/waiting.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-screen", {
  effect: "reads",
  examples: [
    "claude-tmux pane-screen dev editor | jq -r '.output.lines[]'",
    "claude-tmux pane-screen dev 0 | jq -r .output.waiting_for",
  ],
  notes: `The screen as it is now, row by row, with the place of the cursor (from 0). waiting_for says what the program does with its
terminal: "line", "password", "keys", "prompt", "nothing", or "unknown" where nobody can know; see pane-status.
mode is there when somebody looks back in the pane (copy-mode), and so sees another part of it.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    ansi: { type: "boolean", description: "keep colours (escape sequences)" },
  },
  schema: async () => (await import("../results/pane.ts")).Screen,
  people: async () => (await import("../people/panes.ts")).screen,
  async answer({ session, pane: name, ansi }, { server }) {
    const { pane, lines, cursor, title, isFullScreen, mode } = viewScreen(server, {
      session,
      pane: name,
      ansi: ansi === true,
    });
    const verdict = await verdictOf(pane);
    const { waitingFor, method } = await waitingOf(pane, verdict);
    const output = {
      lines,
      cursor: { row: cursor.row, column: cursor.column, visible: cursor.isVisible },
      width: pane.width,
      height: pane.height,
      title,
      command: pane.command,
      full_screen: isFullScreen,
      is_running: isRunning(verdict),
      waiting_for: waitingFor,
      waiting_method: method,
      ...(mode === undefined ? {} : { mode }),
    };
    return { session, pane, output };
  },
});
