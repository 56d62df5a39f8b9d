import { quoteCommand, type TmuxCommand } from "./command-line.ts";

/**
 * The command after which a new session stays where sessions that nobody looks at end at once (destroy-unattached): it is made for programs. To be in
 * the same call as what makes it.
 */
export function stayUnattached(target: string): TmuxCommand {
  const isWanted = "#{?#{==:#{destroy-unattached},off},0,#{destroy-unattached}}";
  return [
    "if-shell",
    "-F",
    "-t",
    target,
    isWanted,
    quoteCommand(["set-option", "-t", target, "destroy-unattached", "off"]),
  ];
}
