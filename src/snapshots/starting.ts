import { asError } from "../lib/errors.ts";
import { execInPane } from "../panes/exec.ts";
import { listPanes } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Command, Made } from "./arriving.ts";
import { showableLine } from "./harmless.ts";
import type { Missing } from "./plan.ts";

/** Has shells run what ran there: each is handed its command as by pane-exec, and types nothing. */
export async function startPrograms(
  server: TmuxServer,
  { sessionId, panes }: Made,
): Promise<{ started: Command[]; missing: Missing[] }> {
  const started: Command[] = [];
  const missing: Missing[] = [];
  for (const { pane, id } of panes) {
    const { command, place } = pane;
    if (command === undefined) continue;
    const where = `pane ${place}`;
    try {
      const now = listPanes(server, sessionId).find((one) => one.id === id);
      if (!now?.shell) throw new Error("its shell tells nothing, so it can be handed nothing");
      if (now.shell.word !== "idle") throw new Error("its shell was not at its prompt");
      await execInPane(server, { session: sessionId, pane: id, command });
      started.push({ where, command });
    } catch (thrown) {
      missing.push({ where, what: showableLine(command), why: asError(thrown).message });
    }
  }
  return { started, missing };
}
