import { command, paneArg, sessionArg } from "../define.ts";
import { streamLines } from "../stream-lines.ts";
import { inPlace } from "./place.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux pane-tail dev server 100"],
  notes: "Prints text, not JSON; it ends as pane-stream does. No line is missing or doubled between old and new ones.",
  isStream: true,
  args: {
    session: sessionArg,
    pane: paneArg,
    lines: {
      type: "positional",
      description: "how many existing lines come first",
      default: "50",
      kind: "count",
    },
    ansi: { type: "boolean", description: "keep colours (escape sequences)" },
  },
  run: async ({ session, pane, lines, ansi }, context) => {
    const stateDir = () => context.paths.dir;
    const options = { filter: undefined, lines, ansi: ansi === true, stateDir };
    const { result } = await inPlace(context, { session, pane }, (words) =>
      streamLines(context.server, { ...options, ...words }),
    );
    return result;
  },
});
