import { judgeServer } from "../../gc/judge.ts";
import { readLastRun, scheduleFile, USUAL_TTL_S } from "../../gc/schedule.ts";
import { humanDuration, isoSeconds } from "../../lib/clock.ts";
import { config } from "../../lib/config.ts";
import { runningAs } from "../../process/holder.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("gc-status", {
  effect: "reads",
  examples: [
    "claude-tmux gc-status",
    "claude-tmux gc-status | jq -r '.sessions[] | [.session, .made_by, .why] | @tsv'",
  ],
  args: {},
  schema: async () => (await import("../results/gc.ts")).GarbageStatus,
  people: async () => (await import("../people/gc.ts")).gcStatus,
  async answer(_, { server, paths }) {
    const schedule = scheduleFile.read(server);
    const ttlS = schedule?.ttl_s ?? USUAL_TTL_S;
    const last = readLastRun(paths);
    const everyS = config.gcEveryS;
    const daemon = runningAs("daemon", paths.daemonLock) !== undefined;
    const { sessions } = await judgeServer(server, paths, ttlS);
    const output = schedule
      ? `The daemon collects every ${humanDuration(everyS)}${daemon ? "" : ", once one runs"}`
      : "Nothing is collected but by gc-run; gc-enable has the daemon do it";
    return {
      output,
      details: {
        enabled: schedule !== undefined,
        ttl_s: ttlS,
        every_s: everyS,
        daemon,
        last_run: last ? isoSeconds(last.at) : null,
        last_collected: last?.collected ?? null,
        sessions: sessions.map(({ session: { facts }, action, why }) => {
          const { name, made, idleMs } = facts;
          return {
            session: name,
            made_by: `${made.by.name} (${made.by.pid})`,
            made_at: isoSeconds(made.at),
            ...(made.note !== undefined && { note: made.note }),
            ...(made.ttlS !== undefined && { ttl_s: made.ttlS }),
            ...(made.owner && { owner_pid: made.owner.pid }),
            keep: made.isKept === true,
            idle_s: idleMs === undefined ? null : Math.max(0, Math.round(idleMs / 1000)),
            due: action === "collect",
            why,
          };
        }),
      },
    };
  },
});
