import { readHealth } from "../../health/readings.ts";
import { answering } from "../answering.ts";

export default answering({
  effect: "reads",
  examples: ["claude-tmux daemon health", "claude-tmux daemon health --json | jq .checks"],
  notes:
    "Exit code 0 for healthy and degraded, 1 for unhealthy. Reads files and the process table; never waits on the daemon.",
  args: {},
  schema: async () => (await import("../results/daemon.ts")).Health,
  people: async () => (await import("../people/daemon.ts")).health,
  answer(_, { paths }) {
    const { verdict, checks } = readHealth(paths);
    return { status: verdict, checks };
  },
  text: ({ status }) => status,
  isRaw: true,
  exitCode: ({ status }) => (status === "unhealthy" ? 1 : 0),
});
