import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { childEnv, config } from "../lib/config.ts";
import type { EventRecord } from "../store/events.ts";

/** The kernel takes at most 128 KB for one variable of the environment, and the line is in two of them. */
const TEXT_MAX = 16_384;

/** Where a callback runs: where its subscription was made, or where that is no more, at home. */
export function callbackFolder(cwd: string | null): string {
  return [cwd, config.home].find((folder) => folder && isUsable(folder)) || "/";
}

/**
 * The environment of a callback: ours, with the folder of this program first on PATH, and what it is to know of its
 * event. Pane text is only ever here, never in the command.
 */
export function callbackEnvironment(event: EventRecord, attempt: number): Record<string, string> {
  const data = Object.fromEntries(
    Object.entries(event.data).map(([key, value]) => [
      key,
      typeof value === "string" ? value.slice(0, TEXT_MAX) : value,
    ]),
  );
  const { line, match, count } = data;
  const env = childEnv({
    CLAUDE_TMUX_EVENT: JSON.stringify({ ...event, data }),
    CLAUDE_TMUX_SESSION: event.session,
    CLAUDE_TMUX_PANE: event.pane,
    CLAUDE_TMUX_PANE_ID: event.pane_id,
    CLAUDE_TMUX_LABEL: event.label,
    CLAUDE_TMUX_TYPE: event.event_type,
    CLAUDE_TMUX_LINE: typeof line === "string" ? line : "",
    CLAUDE_TMUX_MATCH: typeof match === "string" ? match : "",
    CLAUDE_TMUX_COUNT: typeof count === "number" ? `${count}` : "1",
    CLAUDE_TMUX_ATTEMPT: `${attempt}`,
  });
  return { ...env, PATH: withFirst(dirname(process.execPath), env.PATH) };
}

/** A PATH with a folder before all others. Pure. */
export function withFirst(folder: string, path = "/usr/local/bin:/usr/bin:/bin"): string {
  const rest = path.split(":").filter((each) => each !== folder);
  return [folder, ...rest].join(":");
}

function isUsable(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
