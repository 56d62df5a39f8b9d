import { sleep } from "../lib/wait.ts";
import { quoteCommand } from "../tmux/command-line.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Made } from "./arriving.ts";
import { asFormat, asName } from "./as-tmux.ts";

const TITLE_LOOKS = 4;
const TITLE_EVERY_MS = 25;
const TITLES = ["pane_id", "pane_title", "version"] as const;

/**
 * Gives panes the titles that their shells have replaced when they began: fish does that a moment after it has told of its
 * prompt. From tmux 3.7 on, a title keeps a backslash as names do.
 */
export async function entitle(server: TmuxServer, { sessionId, panes }: Made): Promise<void> {
  const titled = panes.filter(({ pane }) => pane.title !== "");
  const isLate = titled.some(({ pane }) => pane.saved.shell?.endsWith("/fish"));
  for (let looks = 0; looks < TITLE_LOOKS; looks++) {
    const text = await tmuxAsync(server, [["list-panes", "-s", "-t", `${sessionId}:`, "-F", rowFormat(TITLES)]]);
    const titles = new Map(parseRows(TITLES, text).map((row) => [row.pane_id, row.pane_title]));
    const others = titled.filter(({ pane, id }) => titles.get(id) !== pane.title);
    if (others.length === 0 && !isLate) return;
    const asKept = looks % 2 === 0 ? asFormat : asName;
    const lines = others.map(({ pane, id }) => quoteCommand(["select-pane", "-t", id, "-T", asKept(pane.title)]));
    await tmuxAsync(server, [["source-file", "-"]], { input: `${lines.join("\n")}\n` });
    if (isLate) await sleep(TITLE_EVERY_MS);
  }
}
