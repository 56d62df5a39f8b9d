import { dialogOn } from "../agents/dialog.ts";
import { AppError } from "../lib/errors.ts";
import type { Ask } from "../tmux/run.ts";
import { agentAt, type PaneVerdict } from "./agents.ts";
import type { Typed } from "./left-to-people.ts";

/**
 * Sees to it that what is typed into a pane next gives no coding agent a permission, nor has it trust a folder: Enter in such a
 * dialog is a yes, whatever was typed before it. A menu that it shows may be one, as what it says of itself comes later than that by
 * up to 0.1 s. One that works may be about to ask: gemini takes for an answer what it is given before it has drawn the dialog. So
 * that one may be stopped alone.
 *
 * What remains: the milliseconds between this look and tmux's typing, in which an agent that is idle may come to ask, by something
 * that it has in the background. tmux knows nothing of that, so it can't be looked at in the very moment. And an agent that nothing
 * here tells of: one in a container, far away (ssh), in a tmux of its own or of another user, or that a shell has yet to start, which
 * may read what was typed before.
 * @throws AppError ERR_PANE_BUSY
 */
export async function refuseAsking(ask: Ask, { stops = false, ...place }: Typed, instead: string): Promise<void> {
  const found = await agentAt(ask, place);
  if (!found || found.state === "dead") return;
  const why = reason(found, stops) ?? (await shownReason(ask, found));
  if (why === undefined) return;
  const { paneId, session } = found.pane;
  const message = `Pane ${paneId} of "${session}" runs ${found.agent?.kind}, which ${why}: what is typed there could answer it`;
  throw new AppError("ERR_PANE_BUSY", message, { hint: instead });
}

function reason({ state, for: wait }: PaneVerdict, stops: boolean): string | undefined {
  if (state === "waiting" && wait !== "question") return `waits for ${wait ?? "something that nobody can tell"}`;
  if (state === "starting") return "was started a moment ago, and may ask for leave";
  if (state === "working" && !stops) return "works, and may ask for leave at any moment";
  if (state === "unknown") return "may ask for leave, as nothing tells what it does";
  return undefined;
}

async function shownReason(ask: Ask, { state, pane }: PaneVerdict): Promise<string | undefined> {
  if (state === "waiting") return undefined;
  const screen = await ask([["capture-pane", "-p", "-t", pane.id]]);
  return dialogOn(screen.split("\n")) && "shows choices, and may ask for leave";
}
