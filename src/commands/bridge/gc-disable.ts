import { removeSchedule } from "../../gc/schedule.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("gc-disable", {
  effect: "changes",
  examples: ["claude-tmux bridge gc-disable"],
  args: {},
  schema: async () => (await import("../results/gc.ts")).GarbageSet,
  answer(_, { server }) {
    const was = removeSchedule(server);
    const output = was ? "The daemon collects no more" : "The daemon did not collect";
    return { output, details: { enabled: false } };
  },
});
