import { AppError } from "../lib/errors.ts";
import { isServerAtLeast, isServerBefore } from "./version.ts";

// From tmux 3.3 to 3.6, a server whose global window-size is manual looks at the size of a window that is just being made, and is
// not there yet: it ends, with all its sessions.

/** A format that is true where a new window ends the server, for what tmux has to decide in the same call. */
export const ENDS_BY_WINDOW = `#{?${isServerBefore(3)},0,#{&&:${isServerBefore(7)},#{==:#{window-size},manual}}}`;

/** Whether a new window ends a server of that version with that global window-size. Pure. */
export function endsByWindow(version: string, windowSize: string | undefined): boolean {
  return windowSize === "manual" && isServerAtLeast(version, "3.3") && !isServerAtLeast(version, "3.7");
}

/** The error for a window that is not made there. */
export function refusedWindow(): AppError {
  return new AppError(
    "ERR_COMMAND_FAILED",
    "This version of tmux ends with all its sessions when a window is made while its option window-size is manual",
    { hint: "Set another one first: tmux set-option -gw window-size latest" },
  );
}
