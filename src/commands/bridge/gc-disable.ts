import { scheduleFile } from "../../gc/schedule.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("gc-disable", {
  effect: "changes",
  examples: ["claude-tmux gc-disable"],
  args: {},
  schema: async () => (await import("../results/gc.ts")).GarbageSet,
  async answer(_, { server }) {
    const was = scheduleFile.read(server) !== undefined;
    await scheduleFile.change(server, () => undefined);
    const output = was ? "The daemon collects no more" : "The daemon did not collect";
    return { output, details: { enabled: false } };
  },
});
