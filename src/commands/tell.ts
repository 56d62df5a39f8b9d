import { existsSync } from "node:fs";
import { tellEvents } from "../ipc/client.ts";
import type { ToldEvent } from "../ipc/protocol.ts";
import { AppError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import type { Member } from "../panes/member.ts";
import { openStore } from "../store/database.ts";
import { addEvent } from "../store/events.ts";

import type { Pane } from "../tmux/panes.ts";

/**
 * Writes what a command has brought about into the log of events: by the daemon, so that who follows the log hears of it, or
 * where none runs that could, itself, if there is a log. A daemon that hangs writes it when it goes on. Never throws: the
 * command has done what it was called for.
 */
export async function tell(paths: StatePaths, events: readonly ToldEvent[]): Promise<void> {
  if (events.length === 0 || !existsSync(paths.database)) return;
  try {
    await tellEvents(paths.daemonSocket, events);
  } catch (thrown) {
    const isTaken = thrown instanceof AppError && thrown.code === "ERR_TIMEOUT";
    if (!isTaken) write(paths, events);
  }
}

/** The event of a signal that was sent to processes of a pane. Pure. */
export function signalledEvent(
  pane: Pane,
  command: string,
  { signal, processes }: { signal: string; processes: readonly Member[] },
): ToldEvent {
  const { session, paneId: pane_id, id, label } = pane;
  const message = `${signal} was sent to ${processes.length} process${processes.length === 1 ? "" : "es"}`;
  const data = { signal, processes, command };
  return { event_type: "pane-signalled", session, pane_id, pane: id, label, message, data };
}

function write(paths: StatePaths, events: readonly ToldEvent[]): void {
  try {
    using store = openStore(paths.database);
    for (const event of events) addEvent(store, event);
  } catch {
    // a full disk, a damaged file: the daemon says so, and doctor
  }
}
