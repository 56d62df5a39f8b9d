import { letPaneGo } from "../panes/hold.ts";
import { holdersIn } from "../panes/holders.ts";
import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { wakingHooks } from "../tmux/global-hooks.ts";
import * as options from "../tmux/options.ts";
import { tmuxAsync, tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

const OF_SESSIONS: readonly string[] = [options.MADE_OPTION, options.RESTORING_OPTION, options.COMPLETING_OPTION];
const OF_SERVER: readonly string[] = [options.LOOK_OPTION];
const OF_PANES = Object.values(options).filter((name) => !OF_SESSIONS.includes(name) && !OF_SERVER.includes(name));

/** What of ours a tmux server keeps, and the commands that take it away. */
export interface Kept {
  hooks: number;
  panes: number;
  sessions: number;
  commands: TmuxCommand[];
}

/**
 * What a tmux server keeps of ours: options of panes (labels and metadata among them), of sessions and of the server, what holds
 * a pane open, and the hooks of the daemon of a state folder. A server that is gone keeps nothing. Throws as tmux() does for any other failure.
 */
export async function findOptions(
  server: TmuxServer,
  stateDir: string,
  patience: { timeoutMs?: number } = {},
): Promise<Kept> {
  const paneVariables = ["pane_id", "version", ...OF_PANES];
  const sessionVariables = ["session_id", "version", ...OF_SESSIONS];
  const [paneText = "", sessionText = "", hookText = ""] = await tmuxEachOrNothing(
    server,
    [
      ["list-panes", "-a", "-F", rowFormat(paneVariables)],
      ["list-sessions", "-F", rowFormat(sessionVariables)],
      ["show-hooks", "-g"],
    ],
    patience,
  );
  const { channel, unset } = wakingHooks(stateDir);
  const hooks = hookText.split("\n").filter((line) => line.includes(`wait-for -S ${channel}`)).length;
  const panes = new Map(parseRows(paneVariables, paneText).map((row) => [`${row.pane_id}`, row]));
  const sessions = parseRows(sessionVariables, sessionText);
  const ofPanes = [...panes].flatMap(([id, row]) => {
    const held = holdersIn(row[options.HOLDS_OPTION] ?? "");
    if (OF_PANES.every((name) => (row[name] ?? "") === "")) return [];
    // also those that are set to nothing
    const unset = OF_PANES.map((name) => ["set-option", "-pu", "-t", id, name]);
    return [[...(held.length > 0 ? letPaneGo(id, held) : []), ...unset]];
  });
  const ofSessions = sessions.flatMap((row) => {
    const set = OF_SESSIONS.filter((name) => (row[name] ?? "") !== "");
    return set.length === 0 ? [] : [set.map((name) => ["set-option", "-u", "-t", `${row.session_id}:`, name])];
  });
  const ofServer = panes.size === 0 ? [] : OF_SERVER.map((name) => ["set-option", "-su", name]);
  return {
    hooks,
    panes: ofPanes.length,
    sessions: ofSessions.length,
    commands: [...ofPanes.flat(), ...ofSessions.flat(), ...ofServer, ...(hooks > 0 ? unset : [])],
  };
}

/** Takes from a tmux server what it keeps of ours, as it is by then. Throws as tmux(), and when something is left. */
export async function removeOptions(server: TmuxServer, stateDir: string): Promise<void> {
  const { commands } = await findOptions(server, stateDir);
  if (commands.length === 0) return;
  // each a line of its own: a pane that has gone ends no other
  const input = `${commands.map(quoteCommand).join("\n")}\n`;
  await tmuxAsync(server, [["source-file", "-"]], { input }).catch(() => {});
  const { hooks, panes, sessions } = await findOptions(server, stateDir);
  if (hooks + panes + sessions > 0) throw new Error("tmux did not take all of it away");
}
