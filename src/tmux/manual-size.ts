import { AppError } from "../lib/errors.ts";
import type { TmuxCommand } from "./command-line.ts";
import { isServerAtLeast, isServerBefore } from "./version.ts";

// From tmux 3.3 to 3.6, a server whose global window-size is manual looks at the size of a window that is just being made, and is
// not there yet: it ends, with all its sessions.

// A format sees the option as it is for a window, and not the global one: those of all windows, of which most have none of their own.
const SIZES = "#{window-size} #{S:#{W:#{window-size} }}";

/** A format that is true where a new window may end the server, for what tmux has to decide in the same call. */
export const MAY_END_BY_WINDOW = `#{?${isServerBefore(3)},0,#{&&:${isServerBefore(7)},#{m:*manual*,${SIZES}}}}`;

/** The command that tells the global option. */
export const WINDOW_SIZE: TmuxCommand = ["show-options", "-gwv", "window-size"];

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
