import { ageOf, readHeartbeat } from "../../health/heartbeat.ts";
import { isoSeconds } from "../../lib/clock.ts";
import { config } from "../../lib/config.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { answering } from "../answering.ts";
import type { Heartbeat } from "../results/daemon.ts";

export default answering({
  effect: "reads",
  examples: ["claude-tmux daemon heartbeat"],
  notes: "Exit code 0 for FRESH, 1 for STALE or none.",
  args: {},
  schema: async () => (await import("../results/daemon.ts")).Heartbeat,
  answer(_, { paths }): Heartbeat {
    checkStateDir(paths.dir);
    const beat = readHeartbeat(paths.heartbeat);
    const age = ageOf(beat);
    const isFresh = age !== undefined && age < config.heartbeatMaxAgeS;
    return {
      last_heartbeat: beat ? isoSeconds(beat.at) : null,
      age_s: age ?? null,
      status: isFresh ? "FRESH" : "STALE",
    };
  },
  text: ({ last_heartbeat: last, age_s: age, status }) =>
    [
      `Last heartbeat: ${last ?? "none"}`,
      `Age: ${age === null ? "unknown" : `${Math.floor(age)} seconds ago`}`,
      `Status: ${status}`,
    ].join("\n"),
  isRaw: true,
  exitCode: ({ status }) => (status === "FRESH" ? 0 : 1),
});
