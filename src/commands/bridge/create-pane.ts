import { config } from "../../lib/config.ts";
import { paneLabel } from "../../lib/names.ts";
import { createPane } from "../../panes/create.ts";
import { shellCommand } from "../../tmux/shell-integration.ts";
import type { Context } from "../define.ts";
import type { Result } from "./reply.ts";

/** Adds a pane to a session, and says so. `label` is the word that was given, if any. Throws as createPane(). */
export async function addPane(
  { server, paths }: Context,
  { session, label, layout }: { session: string; label: string | undefined; layout: string },
): Promise<Result> {
  const name = label === undefined ? undefined : paneLabel(label);
  const shell = await shellCommand(paths);
  const { pane, warnings } = createPane(server, { session, label: name, layout, max: config.maxPanes, shell });
  const output = name === undefined ? "Pane created" : `Pane created: ${name}`;
  return { session, pane, output, ...(warnings.length > 0 && { details: { warning: warnings.join("; ") } }) };
}
