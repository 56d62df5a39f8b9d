import { AppError } from "../lib/errors.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { panesCommand, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import { resolveServer, type TmuxServer } from "../tmux/server.ts";
import { type Completion, candidates, type Live } from "./completion/candidates.ts";
import { SCRIPTS, WORD_SEPARATOR } from "./completion/scripts.ts";
import { command } from "./define.ts";
import type { GlobalOptions } from "./options.ts";
import { print } from "./print.ts";

export default command({
  effect: "reads",
  examples: [
    "claude-tmux completions fish > ~/.config/fish/completions/claude-tmux.fish",
    `eval "$(claude-tmux completions bash)"   # in ~/.bashrc`,
    `eval "$(claude-tmux completions zsh)"    # in ~/.zshrc, after compinit`,
  ],
  args: {
    shell: { type: "positional", description: "bash, zsh or fish", required: true, values: Object.keys(SCRIPTS) },
    words: {
      type: "positional",
      description: "for the scripts, after the word words: what has been typed",
      required: false,
      raw: true,
      rawAfter: ([shell]) => shell === "words",
      isInternal: true,
    },
  },
  async run({ shell, words }, { table }) {
    if (shell === "words") {
      const live = ({ socketName: name, socketPath: path }: GlobalOptions) => livePanes(resolveServer({ name, path }));
      const found = await candidates((words ?? "").split(WORD_SEPARATOR), table, live);
      const lines = found.filter(({ value }) => !/[\x00-\x1f\x7f-\x9f]/.test(value)).map(line);
      if (lines.length > 0) print(lines.join("\n"));
      return 0;
    }
    const script = new Map(Object.entries(SCRIPTS)).get(shell);
    if (script === undefined) throw new AppError("ERR_INVALID_ARGUMENT", `"${shell}" is not one of bash, zsh and fish`);
    print(script.trimEnd());
    return 0;
  },
});

const SESSION_VARIABLES = ["session_name", "version"] as const;
/** How long somebody who has pressed Tab waits. */
const PATIENCE_MS = 1000;

function line({ value, description }: Completion): string {
  return `${value}\t${description.replace(/[\x00-\x1f]/g, " ")}`;
}

function livePanes(server: TmuxServer): Live {
  const ask = (words: TmuxCommand) => tmux(server, [words], { timeoutMs: PATIENCE_MS });
  return {
    sessions: () =>
      parseRows(SESSION_VARIABLES, ask(["list-sessions", "-F", rowFormat(SESSION_VARIABLES)])).map(
        ({ session_name: value }) => ({ value, description: "session" }),
      ),
    panes: (session) =>
      parsePanes(ask(panesCommand(session))).map(({ paneId, label, command }) => ({
        index: { value: paneId, description: label ? `${label}: ${command}` : command },
        label: label ? { value: label, description: command } : undefined,
      })),
  };
}
