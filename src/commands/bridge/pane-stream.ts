import { command, paneArg, sessionArg } from "../define.ts";
import { streamLines } from "../stream-lines.ts";
import { inPlace } from "./place.ts";

export default command({
  effect: "changes", // its filter is a command that may do anything
  examples: ["claude-tmux pane-stream dev server", `claude-tmux pane-stream dev server 'grep --line-buffered ERROR'`],
  notes: `Prints text, not JSON. The filter is a shell command that is fed all lines; its exit code is passed on. Lines that
the pane wrapped are whole, escape sequences are removed. It ends with the pane, with SIGINT or SIGTERM, and when nobody
reads its output any more.`,
  isStream: true,
  args: {
    session: sessionArg,
    pane: paneArg,
    filter: { type: "positional", description: "a shell command fed all lines", required: false, raw: true },
    ansi: { type: "boolean", description: "keep colours (escape sequences)" },
  },
  run: async ({ session, pane, filter, ansi }, context) => {
    const stateDir = () => context.paths.dir;
    const options = { filter, lines: 0, ansi: ansi === true, stateDir };
    const { result } = await inPlace(context, { session, pane }, (words) =>
      streamLines(context.server, { ...options, ...words }),
    );
    return result;
  },
});
