import { readHeartbeat, readHeartbeatAge } from "../../health/heartbeat.ts";
import { isoSeconds } from "../../lib/clock.ts";
import { config } from "../../lib/config.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { command } from "../define.ts";
import { print, printJson } from "../print.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux daemon heartbeat"],
  notes: "Exit code 0 for FRESH, 1 for STALE or none.",
  args: {},
  run(_, { paths, json }) {
    checkStateDir(paths.dir);
    const beat = readHeartbeat(paths.heartbeat);
    const age = readHeartbeatAge(paths.heartbeat);
    const isFresh = age !== undefined && age < config.heartbeatMaxAgeS;
    const at = beat ? isoSeconds(beat.at) : undefined;
    if (json) printJson({ last_heartbeat: at ?? null, age_s: age ?? null, status: isFresh ? "FRESH" : "STALE" });
    else {
      print(`Last heartbeat: ${at ?? "none"}`);
      print(`Age: ${age === undefined ? "unknown" : `${Math.floor(age)} seconds ago`}`);
      print(`Status: ${isFresh ? "FRESH" : "STALE"}`);
    }
    return isFresh ? 0 : 1;
  },
});
