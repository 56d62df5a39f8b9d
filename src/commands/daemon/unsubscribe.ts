import { existsSync } from "node:fs";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { openStore } from "../../store/database.ts";
import { endSubscription } from "../../store/subscriptions.ts";
import { activate } from "../activate.ts";
import { answering } from "../answering.ts";
import type { Unsubscribed } from "../results/subscription.ts";

export default answering({
  effect: "destroys",
  examples: ["claude-tmux daemon unsubscribe 3"],
  notes: "Exit code 1 if there is none with that id, or it has ended already.",
  args: { id: { type: "positional", description: "what subscribe printed", required: true, kind: "count" } },
  schema: async () => (await import("../results/subscription.ts")).Unsubscribed,
  async answer({ id }, { paths, note }): Promise<Unsubscribed> {
    if (!checkStateDir(paths.dir) || !existsSync(paths.database)) throw none(id);
    using store = openStore(paths.database);
    if (!endSubscription(store, id, "unsubscribed")) throw none(id);
    const delay = await activate(paths);
    if (delay?.isRunning) note(delay.text);
    return { id, ended: true };
  },
  text: ({ id }, { quiet }) => (quiet ? undefined : `Subscription ${id} ended`),
});

function none(id: number): AppError {
  return new AppError("ERR_COMMAND_FAILED", `There is no active subscription ${id}`, {
    hint: "See which there are: claude-tmux daemon subscriptions",
  });
}
