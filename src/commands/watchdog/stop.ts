import { stopAndTell } from "../daemon/stop.ts";
import { command } from "../define.ts";

export default command({
  summary: "Stop the watchdog and its daemon",
  examples: ["claude-tmux watchdog stop"],
  notes: "Exit code 1 if nothing ran.",
  args: {},
  run: (_, context) => stopAndTell(context),
});
