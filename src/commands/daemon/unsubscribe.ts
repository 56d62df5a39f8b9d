import { existsSync } from "node:fs";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir } from "../../lib/paths.ts";
import { openStore } from "../../store/database.ts";
import { endSubscription } from "../../store/subscriptions.ts";
import { activate } from "../activate.ts";
import { command } from "../define.ts";
import { print, printError, printJson } from "../print.ts";

export default command({
  effect: "destroys",
  examples: ["claude-tmux daemon unsubscribe 3"],
  notes: "Exit code 1 if there is none with that id, or it has ended already.",
  args: { id: { type: "positional", description: "what subscribe printed", required: true, kind: "count" } },
  async run({ id }, { paths, json, quiet }) {
    if (!checkStateDir(paths.dir) || !existsSync(paths.database)) throw none(id);
    using store = openStore(paths.database);
    if (!endSubscription(store, id, "unsubscribed")) throw none(id);
    const delay = await activate(paths);
    if (json) printJson({ id, ended: true });
    else if (!quiet) print(`Subscription ${id} ended`);
    if (delay?.isRunning && !quiet) printError(delay.text);
    return 0;
  },
});

function none(id: number): AppError {
  return new AppError("ERR_COMMAND_FAILED", `There is no active subscription ${id}`, {
    hint: "See which there are: claude-tmux daemon subscriptions",
  });
}
