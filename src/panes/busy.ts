import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import type { Pane } from "../tmux/panes.ts";

/** The pane runs something else; nothing was typed. */
export class BusyError extends AppError {
  /** whether what is typed now would be dealt with afterwards */
  readonly isForLater: boolean;

  constructor(message: string, hint: string, isForLater = false) {
    super("ERR_PANE_BUSY", message, { hint });
    this.isForLater = isForLater;
  }
}

/** The error for a pane that runs something. */
export function busy(pane: Pane): BusyError {
  const name = `Pane ${pane.paneId} of "${pane.session}" is busy`;
  if (isOurs(pane)) {
    const hint = "It waits for this command itself. Make another one with pane-create.";
    return new BusyError(`${name}: that is the pane you are in`, hint);
  }
  if (pane.shell?.word === "rest") {
    const hint =
      "Its shell waits for the rest of it, as after an open quote. Look with pane-capture; Ctrl-C cancels it.";
    return new BusyError(`${name}: somebody is in the middle of a command`, hint);
  }
  const hint =
    "Wait for it with pane-wait. If that is a shell at its prompt (ssh, docker exec, su, a shell in a shell), use pane-run --marker.";
  return new BusyError(`${name}: it runs ${pane.command}`, hint, true);
}

/** The error for a shell that tells nothing, and shows what is its secondary prompt unless somebody has changed that. */
export function unfinished(pane: Pane): BusyError {
  const name = `Pane ${pane.paneId} of "${pane.session}" is busy`;
  const hint =
    "Look with pane-capture; Ctrl-C cancels it. If this is the prompt at which it takes commands, use pane-run --marker.";
  return new BusyError(`${name}: by its prompt, its shell waits for the rest of a command`, hint);
}

/** Whether this program was started in that pane (tmux(1), ENVIRONMENT). */
export function isOurs(pane: Pane): boolean {
  const [serverPid] = pane.server.split(":");
  return config.tmuxPane === pane.id && config.tmux?.split(",").at(-2) === serverPid;
}
