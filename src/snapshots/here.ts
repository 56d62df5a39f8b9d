import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { kindNamed, livingConversation } from "../agents/table.ts";
import { config } from "../lib/config.ts";
import { readText } from "../lib/files.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { tmuxEachAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Here } from "./plan-terms.ts";

/** What there is on this machine. With `starts`, a tmux server that is not there is started: it reads a person's configuration. */
export async function here(server: TmuxServer, { starts }: { starts: boolean }): Promise<Here> {
  const asked = ["update-environment", "default-command", "default-shell"];
  const ask = asked.map((name): TmuxCommand => ["show-options", "-gv", name]);
  const told = await tmuxEachAsync(server, starts ? [["start-server"], ...ask] : ask).catch(() => undefined);
  const [updated = UPDATED, command = "", shell = ""] = told?.slice(-asked.length) ?? [];
  return {
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    isProgram: (path) => isProgram(path),
    shells: (readText("/etc/shells") ?? "").split("\n").filter((line) => line.startsWith("/")),
    home: config.home ?? homedir(),
    environment: config.environment,
    updated: updated.split("\n").filter((name) => name !== ""),
    defaultCommand: command.trim().replace(/\\?\$(?:SHELL\b|\{SHELL\})/g, shell.trim()),
    isLiving(name, conversation) {
      const kind = kindNamed(name);
      return kind !== undefined && livingConversation(kind, conversation);
    },
    isKept: (name, conversation, variable) =>
      kindNamed(name)?.isKept(conversation, config.home ?? homedir(), variable) !== false,
  };
}

/** What tmux has where nobody has set it (tmux(1), update-environment). */
const UPDATED = "DISPLAY\nKRB5CCNAME\nSSH_ASKPASS\nSSH_AUTH_SOCK\nSSH_AGENT_PID\nSSH_CONNECTION\nWINDOWID\nXAUTHORITY";

function isProgram(path: string): boolean {
  if (!path.startsWith("/")) return Bun.which(path) !== null;
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
