import { asError } from "../lib/errors.ts";
import type { NewEvent } from "../store/events.ts";

/**
 * Events go to the log of events by `write`. Where they can't, as on a full disk, that is told in the daemon's log, and what they
 * tell of is done all the same.
 */
export function orLogged(
  write: (events: readonly NewEvent[]) => void,
  log: { error(line: string): void },
): (events: readonly NewEvent[]) => void {
  return (events) => {
    try {
      write(events);
    } catch (thrown) {
      const types = [...new Set(events.map(({ event_type: type }) => type))].join(", ");
      log.error(`what has happened (${types}) cannot be written to the log of events: ${asError(thrown).message}`);
    }
  };
}
