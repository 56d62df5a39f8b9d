import * as v from "valibot";
import { amount, count, flag, pid, text } from "./fields.ts";

const NOW = {
  running: flag("whether a watchdog runs"),
  pid: v.nullable(pid("its process; null: none runs")),
};

/** What `watchdog status` tells: only the first two where no watchdog runs, and none has left word. */
export const WatchdogState = v.union([
  v.strictObject(NOW),
  v.strictObject({
    ...NOW,
    state: v.pipe(
      v.picklist(["running", "waiting", "gave-up", "stopping"]),
      v.description(
        "running: the daemon runs; waiting: until it is time for the next restart; gave-up: the daemon was restarted too often; stopping: as it was told",
      ),
    ),
    daemon_pid: v.nullable(pid("the process of the daemon; null: it does not run")),
    recent_restarts: count("restarts that count against the limit"),
    total_restarts: count("restarts in all"),
    last_exit: v.nullable(text("how the daemon ended last, in words; null: it has not")),
    next_restart_at: v.nullable(amount("when the next restart is due, ms since the epoch; null: none is")),
    restarts: v.pipe(
      v.array(v.number()),
      v.description(
        "when it restarted the daemon, as far as it counts against the limit: ms since the machine started",
      ),
    ),
  }),
]);
