import { AppError } from "../../lib/errors.ts";
import { sessionName } from "../../lib/names.ts";
import { EVENT_TYPES, type EventRecord } from "../../store/events.ts";
import { findPane } from "../../tmux/panes.ts";
import { command, sessionArg } from "../define.ts";
import { follow } from "../follow.ts";
import { interruptible } from "../interrupt.ts";
import { print } from "../print.ts";
import { optionalSeconds } from "../values.ts";
import { sequence } from "./events.ts";

export default command({
  summary: "Wait for an event of a session, and print it",
  examples: [
    "claude-tmux daemon wait dev pane-exit build --timeout 600",
    "claude-tmux daemon wait dev pattern-match --since 42 | jq -r .data.line",
  ],
  notes: `Types: ${EVENT_TYPES.join(", ")}. Of pattern-match, command-finished, silence and timeout there are only those that
somebody subscribed to; gap tells that output of a pane was not heard (data.bytes). Without --since, events that are in the log already do not count. Exit code 124 after the
time-out, 1 without a daemon. The daemon may be restarted meanwhile.`,
  args: {
    session: sessionArg,
    type: { type: "positional", description: "the type of the event", required: true, values: EVENT_TYPES },
    pane: { type: "positional", description: "only of this pane: index, %id or label", required: false, names: "pane" },
    timeout: { type: "string", description: "give up after so many seconds", valueHint: "seconds" },
    since: { type: "string", description: "also events of the log after this number", valueHint: "seq" },
  },
  async run({ session, type, pane, timeout, since }, { server, paths }) {
    if (!EVENT_TYPES.some((known) => known === type)) {
      throw new AppError("ERR_INVALID_ARGUMENT", `"${type}" is no type of event`, {
        hint: `Give one of: ${EVENT_TYPES.join(", ")}`,
      });
    }
    const name = sessionName(session);
    const filter = { session: name, type, since: since === undefined ? undefined : sequence(since) };
    // with --since, the pane may be one that has ended since then
    const isIt =
      pane === undefined ? () => true : samePane(pane, () => findPane(server, name, pane).id, since !== undefined);
    const limit = optionalSeconds("timeout", timeout);
    return await interruptible(async (interrupt) => {
      const expiry = limit === undefined ? [] : [AbortSignal.timeout(limit * 1000)];
      const signal = AbortSignal.any([interrupt, ...expiry]);
      for await (const event of follow(paths, filter, signal)) {
        if (!isIt(event)) continue;
        print(JSON.stringify(event));
        return 0;
      }
      interrupt.throwIfAborted();
      throw new AppError("ERR_TIMEOUT", `No ${type} in session "${name}" within ${limit} s`);
    });
  },
});

function samePane(pane: string, find: () => string, mayBeGone: boolean): (event: EventRecord) => boolean {
  try {
    const id = find();
    return (event) => event.pane === id;
  } catch (thrown) {
    if (!mayBeGone || !(thrown instanceof AppError)) throw thrown;
    return (event) => [event.pane, event.pane_id, event.label].includes(pane);
  }
}
