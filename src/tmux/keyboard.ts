import { quoteCommands, type TmuxCommand } from "./command-line.ts";
import { ALONE_OPTION } from "./options.ts";

/**
 * Commands that press keys or paste, so that they do it in that pane alone: where a person types into several panes at once
 * (synchronize-panes), tmux gives the others all that a command of ours types, too. Of an option that was set for the pane
 * and for its window, the window's is what is left.
 */
export function inPaneAlone(pane: string, commands: TmuxCommand[]): TmuxCommand[] {
  const set = ["set-option", "-p", "-t", pane];
  const unset = ["set-option", "-pu", "-t", pane];
  const when = (format: string, steps: TmuxCommand[]) => ["if-shell", "-F", "-t", pane, format, quoteCommands(steps)];
  return [
    when("#{pane_synchronized}", [
      [...set, "synchronize-panes", "off"],
      [...set, ALONE_OPTION, "1"],
    ]),
    ...commands,
    when(`#{${ALONE_OPTION}}`, [
      [...unset, ALONE_OPTION],
      [...unset, "synchronize-panes"],
      when("#{!=:#{pane_synchronized},1}", [[...set, "synchronize-panes", "on"]]),
    ]),
  ];
}
