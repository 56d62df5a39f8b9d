import { AppError } from "../lib/errors.ts";
import { endsByWindow, refusedWindow, WINDOW_SIZE } from "../tmux/manual-size.ts";
import { tmuxEachAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type Hooks, hooksOf } from "./hooks.ts";
import { whileEnding } from "./while-ending.ts";

/**
 * What of a tmux server's settings is to be kept from a session that is made there. One that is not there is started.
 * @throws AppError ERR_COMMAND_FAILED where a session would not last, or its making would end the server
 */
export async function surroundingsOn(server: TmuxServer): Promise<Hooks> {
  const ask = [
    ["start-server"],
    ["display-message", "-p", "#{version}"],
    WINDOW_SIZE,
    ["show-options", "-sv", "exit-unattached"],
    ["show-options", "-sv", "exit-empty"],
    ["display-message", "-p", "#{S:x}"],
    ["show-hooks", "-g"],
    ["show-hooks", "-gw"],
  ];
  const answers = await whileEnding(() => tmuxEachAsync(server, ask));
  const [, version = "", size, exitUnattached, exitEmpty, sessions] = answers.map((answer) => answer.trim());
  if (endsByWindow(version, size)) throw refusedWindow();
  // one with sessions would have ended before
  if (exitUnattached === "on" && exitEmpty === "on" && sessions === "") {
    throw new AppError(
      "ERR_COMMAND_FAILED",
      "This tmux server ends when no terminal is attached to it (exit-unattached), and none is",
      { hint: "Attach to it first, or set: tmux set-option -s exit-unattached off" },
    );
  }
  return hooksOf(version, answers[6] ?? "", answers[7] ?? "");
}
