import { existsSync } from "node:fs";
import { AppError } from "../../lib/errors.ts";
import { checkStateDir, type StatePaths } from "../../lib/paths.ts";
import { openStore } from "../../store/database.ts";
import { type EventRecord, readEvents, seqBefore } from "../../store/events.ts";
import { EVENT_TYPES } from "../../subscriptions/events.ts";
import { listing } from "../answering.ts";
import type { TerminalContext } from "../define.ts";
import { type FollowFilter, follow as followLog } from "../follow.ts";
import { seconds } from "../kinds.ts";
import { print, printJson } from "../print.ts";
import { streaming } from "../streaming.ts";

export default listing({
  effect: "reads",
  examples: ["claude-tmux daemon events --limit 5", "claude-tmux daemon events --session dev --since 42 --follow"],
  notes: `Without --since, --follow begins with the next event. It goes on when the daemon is restarted, and misses none. It
ends with exit code 1 when the daemon was stopped and no other comes within 5 s (10 s if it was killed), with 128 + n after
signal n (SIGINT 130, SIGTERM 143), and with 0 when nobody reads its output any more.

The data of pane-exit say why, as far as anybody can know: exit_code or signal of the pane's program (of any pane on Linux
6.15 or newer, elsewhere of panes that stay when they are dead), and last_lines, and of a pane whose output somebody
subscribed to also last_command. What is not known is absent.

The daemon looks within 10 ms of a change, and later where the machine has no time for it. A pane or a session that came and
went between two looks is not told of.`,
  args: {
    session: { type: "string", description: "only of this session", valueHint: "name", names: "session" },
    type: { type: "string", description: "only of this type", valueHint: "type", values: EVENT_TYPES },
    since: {
      type: "string",
      description: "only after this sequence number, or of the last 5s, 2m or 1h",
      valueHint: "seq",
    },
    limit: { type: "string", description: "at most this many, the newest", valueHint: "n", kind: "count" },
    follow: { type: "boolean", description: "continue with each new event", isOfTerminal: true },
  },
  item: async () => (await import("../results/event.ts")).Event,
  people: async () => (await import("../people/events.ts")).eventList,
  *items({ limit, ...wanted }, { paths }) {
    const filter = filterOf(paths, wanted);
    if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return;
    using store = openStore(paths.database);
    yield* readEvents(store, { ...filter, limit });
  },
  follow({ limit, ...wanted }, context) {
    const { paths } = context;
    const filter = filterOf(paths, wanted);
    if (limit !== undefined) throw new AppError("ERR_INVALID_ARGUMENT", "--limit and --follow exclude each other");
    return streaming(async (signal) => {
      const tell = context.isForPeople ? await people(context) : printJson;
      for await (const event of followLog(paths, filter, signal)) if (!tell(event)) break;
      return 0;
    });
  },
});

/** Prints an event as people see it. */
async function people(context: TerminalContext): Promise<(event: EventRecord) => boolean> {
  const [{ eventLine }, { viewOf }] = await Promise.all([import("../people/events.ts"), import("../people/view.ts")]);
  return (event) => print(eventLine(event, viewOf(context)));
}

/** Which events are asked for. Throws ERR_INVALID_ARGUMENT. */
function filterOf(
  paths: StatePaths,
  { session, type, since }: { session: string | undefined; type: string | undefined; since: string | undefined },
): FollowFilter {
  const after = since === undefined ? undefined : sinceOf(paths, since);
  if (type !== undefined && !EVENT_TYPES.some((known) => known === type)) {
    throw new AppError("ERR_INVALID_ARGUMENT", `--type "${type}" is not a type of event`, {
      hint: `Give one of: ${EVENT_TYPES.join(", ")}`,
    });
  }
  return { session, type, since: after };
}

/**
 * Reads from which event on the log is meant: after a sequence number, or after a time ago (5s, 2m, 1h). Throws
 * ERR_INVALID_ARGUMENT.
 */
export function sinceOf(paths: StatePaths, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (!/^\d/.test(text)) {
    const what = "neither the number of an event nor a time ago (5s, 2m, 1h30m)";
    throw new AppError("ERR_INVALID_ARGUMENT", `--since is "${text}", which is ${what}`);
  }
  const ago = seconds("--since", text);
  if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return 0;
  using store = openStore(paths.database);
  return seqBefore(store, Date.now() - ago * 1000);
}
