import { existsSync } from "node:fs";
import { tellEvent } from "../ipc/client.ts";
import type { ToldEvent } from "../ipc/protocol.ts";
import type { StatePaths } from "../lib/paths.ts";
import { openStore } from "../store/database.ts";
import { addEvent } from "../store/events.ts";

/**
 * Writes what a command has brought about into the log of events: by the daemon, so that who follows the log hears of it, or
 * where none runs, itself, if there is a log. Never throws: the command has done what it was called for.
 */
export async function tell(paths: StatePaths, events: readonly ToldEvent[]): Promise<void> {
  if (!existsSync(paths.database)) return;
  for (const event of events) {
    try {
      await tellEvent(paths.daemonSocket, event);
    } catch {
      write(paths, event);
    }
  }
}

function write(paths: StatePaths, event: ToldEvent): void {
  try {
    using store = openStore(paths.database);
    addEvent(store, event);
  } catch {
    // a full disk, a damaged file: the daemon says so, and doctor
  }
}
