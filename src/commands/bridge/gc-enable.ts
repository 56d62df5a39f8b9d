import { scheduleFile } from "../../gc/schedule.ts";
import { humanDuration } from "../../lib/clock.ts";
import { config } from "../../lib/config.ts";
import { runningAs } from "../../process/holder.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("gc-enable", {
  effect: "changes",
  examples: ["claude-tmux gc-enable", "claude-tmux gc-enable 24h"],
  notes: `The daemon then does what gc-run does, every hour, until gc-disable; also after the machine was started anew.`,
  args: {
    ttl: {
      type: "positional",
      description: "the time to live of sessions whose makers gave none: seconds, or 30m, 2h",
      default: "7200",
      kind: "seconds",
    },
  },
  schema: async () => (await import("../results/gc.ts")).GarbageSet,
  async answer({ ttl }, { server, paths }) {
    await scheduleFile.change(server, (known) => ({ ...known, ttl_s: ttl }));
    const isRunning = runningAs("daemon", paths.daemonLock) !== undefined;
    const warning = "No daemon runs, so nothing is collected yet: claude-tmux daemon start --auto-restart";
    return {
      output: `The daemon collects every ${humanDuration(config.gcEveryS)}, sessions after ${humanDuration(ttl)}`,
      details: { enabled: true, ttl_s: ttl, ...(!isRunning && { warning }) },
    };
  },
});
