import { config } from "../../lib/config.ts";
import { createPane } from "../../panes/create.ts";
import { shellCommand } from "../../tmux/shell-integration.ts";
import type { Context } from "../define.ts";
import type { PaneCreated } from "../results/pane.ts";
import type { Result } from "./reply.ts";

/** Adds a pane to a session, and says so. Throws as createPane(). */
export async function addPane(
  { server, paths }: Context,
  { session, label, layout }: { session: string; label: string | undefined; layout: string },
): Promise<Result<PaneCreated>> {
  const shell = await shellCommand(paths);
  const { pane, warnings } = createPane(server, { session, label, layout, max: config.maxPanes, shell });
  const output = label === undefined ? "Pane created" : `Pane created: ${label}`;
  return { session, pane, output, ...(warnings.length > 0 && { details: { warning: warnings.join("; ") } }) };
}
