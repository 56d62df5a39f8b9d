import { existsSync } from "node:fs";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir, type StatePaths } from "../../lib/paths.ts";
import { openStore } from "../../store/database.ts";
import { EVENT_TYPES, readEvents } from "../../store/events.ts";
import { command } from "../define.ts";
import { type FollowFilter, follow as followLog } from "../follow.ts";
import { print, whenUnread } from "../print.ts";
import { positiveInteger } from "../values.ts";

export default command({
  summary: "Print the event log, one JSON object a line",
  examples: ["claude-tmux daemon events --limit 5", "claude-tmux daemon events --session dev --since 42 --follow"],
  notes: `Without --since, --follow begins with the next event. It goes on when the daemon is restarted, and misses none; it
ends with SIGINT, SIGTERM, when the daemon is stopped, and 10 s after it was killed if no other has come.

The data of pane-exit say why, as far as anybody can know: exit_code or signal of the pane's program (of any pane on Linux
6.15 or newer, elsewhere of panes that stay when they are dead), and last_lines, and of a pane whose output somebody
subscribed to also last_command. What is not known is absent.`,
  args: {
    session: { type: "string", description: "only of this session", valueHint: "name", names: "session" },
    type: { type: "string", description: "only of this type", valueHint: "type", values: EVENT_TYPES },
    since: { type: "string", description: "only after this sequence number", valueHint: "seq" },
    limit: { type: "string", description: "at most the newest so many", valueHint: "n" },
    follow: { type: "boolean", description: "go on with each new event" },
  },
  async run({ session, type, since, limit, follow }, { paths }) {
    const after = since === undefined ? undefined : sequence(since);
    const newest = limit === undefined ? undefined : positiveInteger("limit", limit);
    if (type !== undefined && !EVENT_TYPES.some((known) => known === type)) {
      throw new AppError("ERR_INVALID_ARGUMENT", `--type "${type}" is no type of event`, {
        hint: `Give one of: ${EVENT_TYPES.join(", ")}`,
      });
    }
    if (follow && limit !== undefined)
      throw new AppError("ERR_INVALID_ARGUMENT", "--limit and --follow exclude each other");
    if (follow) return await printNew(paths, { session, type, since: after });
    if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return 0;
    using store = openStore(paths.database);
    for (const event of readEvents(store, { session, type, since: after, limit: newest })) {
      if (!print(JSON.stringify(event))) break;
    }
    return 0;
  },
});

async function printNew(paths: StatePaths, filter: FollowFilter): Promise<number> {
  const abort = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => abort.abort());
  const readers = whenUnread(() => abort.abort());
  try {
    for await (const event of followLog(paths, filter, abort.signal)) if (!print(JSON.stringify(event))) break;
    return 0;
  } finally {
    clearInterval(readers);
  }
}

/** Reads a sequence number from an option. Throws ERR_INVALID_ARGUMENT. */
export function sequence(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError("ERR_INVALID_ARGUMENT", `--since "${text}" is not a sequence number`);
}
