import { readHealth } from "../../health/readings.ts";
import { command } from "../define.ts";
import { print, printJson } from "../print.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux daemon health", "claude-tmux daemon health --json | jq .checks"],
  notes:
    "Exit code 0 for healthy and degraded, 1 for unhealthy. Reads files and the process table; never waits on the daemon.",
  args: {},
  run(_, { paths, json }) {
    const { verdict, checks } = readHealth(paths);
    if (json) printJson({ status: verdict, checks });
    else print(verdict);
    return verdict === "unhealthy" ? 1 : 0;
  },
});
