import { type Finished, finishedBy, formatPrompts, missedEnd, promptsSince } from "./command-ends.ts";
import { subscriptionType } from "./type.ts";

/** Commands that end in a pane, as its shell tells. */
export const commandFinished = subscriptionType({
  name: "command-finished",
  pane: "required",
  details: {},
  help: "each command that ends, with exit code, duration and the command; in panes whose shell has our integration (bash, zsh, fish in panes of the bridge)",
  begin: ({ shell }) => formatPrompts(shell),
  unheard: { unit: "command", count: ({ shell }, { progress }) => promptsSince(shell, progress) },
  fires: {
    by: "output",
    interest({ progress: before }, { fire, progressed }) {
      const finished = (end: Finished, progress: string) => {
        const { exit_code, command } = end;
        const message = `exit code ${exit_code}${command === "" ? "" : `: ${command}`}`;
        fire({ message, details: { ...end }, progress: () => progress });
      };
      return {
        listen({ shell }) {
          const missed = missedEnd(shell, before);
          if (missed) finished(finishedBy(missed, ""), formatPrompts(missed.state));
          else if (before === null) progressed(formatPrompts(shell));
          return { finished };
        },
      };
    },
  },
});
