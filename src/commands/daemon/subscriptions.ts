import { existsSync } from "node:fs";
import { checkStateDir } from "../../lib/paths.ts";
import { isOwnerAlive } from "../../process/identity.ts";
import { openStore } from "../../store/database.ts";
import { endOrphans } from "../../store/owners.ts";
import { activeSubscriptions } from "../../store/subscriptions.ts";
import { listing } from "../answering.ts";
import type { Subscription } from "../results/subscription.ts";

export default listing({
  effect: "reads",
  examples: ["claude-tmux daemon subscriptions", "claude-tmux daemon subscriptions dev | jq -r .id"],
  args: {
    session: { type: "positional", description: "only those made for this session", required: false, names: "session" },
  },
  item: async () => (await import("../results/subscription.ts")).Subscription,
  people: async () => (await import("../people/events.ts")).subscriptionList,
  *items({ session }, { paths }): Generator<Subscription> {
    if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return;
    using store = openStore(paths.database);
    endOrphans(store, isOwnerAlive);
    for (const row of activeSubscriptions(store)) {
      if (session !== undefined && row.session !== session) continue;
      const { created_at, deadline, once, owner, server: _, session_id: __, progress: ___, ...rest } = row;
      const shown = {
        ...rest,
        deadline: deadline === null ? null : iso(deadline),
        once: once === 1,
        created_at: iso(created_at),
      };
      // of one that `wait` has made for its own time
      const waiting = owner ? { waiting_pid: Number(owner.split(":")[0]) } : {};
      yield { ...shown, ...waiting };
    }
  },
});

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
