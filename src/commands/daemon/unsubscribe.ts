import { existsSync } from "node:fs";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { dropCallbacks } from "../../store/callbacks.ts";
import { openStore } from "../../store/database.ts";
import { endSubscription, UNSUBSCRIBED } from "../../store/subscriptions.ts";
import { activate } from "../activate.ts";
import { answering } from "../answering.ts";
import type { Unsubscribed } from "../results/subscription.ts";

export default answering({
  effect: "destroys",
  examples: ["claude-tmux daemon unsubscribe 3"],
  notes: `Its callbacks that wait for their turn are dropped; those that run go on to their end, or their time-out, and are not run again.

Exit code 1 if there is none with that id, or it has ended already.`,
  args: { id: { type: "positional", description: "what subscribe printed", required: true, kind: "count" } },
  schema: async () => (await import("../results/subscription.ts")).Unsubscribed,
  async answer({ id }, { paths, note }): Promise<Unsubscribed> {
    if (!checkStateDir(paths.dir) || !existsSync(paths.database)) throw none(id);
    using store = openStore(paths.database);
    const end = () => (endSubscription(store, id, UNSUBSCRIBED) ? dropCallbacks(store, id) : undefined);
    const callbacks = store.transaction(end).immediate();
    if (!callbacks) throw none(id);
    const delay = await activate(paths);
    if (delay?.isRunning) note(delay.text);
    return { id, ended: true, ...callbacks };
  },
  text: (ended, { quiet }) => (quiet ? undefined : words(ended)),
});

function words({ id, dropped, running }: Unsubscribed): string {
  const waiting = dropped > 0 ? `; ${dropped} callback${dropped === 1 ? "" : "s"} that waited dropped` : "";
  return `Subscription ${id} ended${waiting}${running > 0 ? `; ${running} still running` : ""}`;
}

function none(id: number): AppError {
  return new AppError("ERR_COMMAND_FAILED", `There is no active subscription ${id}`, {
    hint: "See which there are: claude-tmux daemon subscriptions",
  });
}
