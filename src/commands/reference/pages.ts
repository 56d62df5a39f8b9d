import { recipesText } from "./recipes.ts";

/** A page of the reference that is a text. */
export interface Page {
  title: string;
  /** what `help` prints below the title */
  text: string;
}

const AGENTS: Page = {
  title: "For coding agents",
  text: `Every bridge command prints one JSON object: status, output; of an error, error.code and error.hint (what to do).
Never sleep and look: each wait ends by itself. A pane is SESSION and its label, index or %id. You run in $TMUX_PANE:
type nothing there, and into no pane that you have not made unless you were asked to.

  a place of your own       bridge session-create job --cwd "$PWD" --ttl 2h
  a command, its output     bridge pane-run job main --timeout 10m --tail 50 -- "npm test"
  what stays (a server)     bridge pane-exec job main "npm start"
  until it says something   bridge pane-watch-timeout job main "listening on" 60
  until it has ended        bridge pane-wait job main --timeout 10m [--any OTHER]
  a REPL, a prompt          bridge pane-ask job main -- "print(6 * 7)"   (a secret: - and stdin)
  keys, text                bridge pane-send-keys job main C-c; pane-send-stdin job main "text"
  what it shows, waits for  bridge pane-screen job main; pane-status job main; pane-capture job main 100
  end a job, or all of it   bridge pane-graceful-shutdown job main; session-kill job --tree
  keep it, bring it back    bridge session-save job; session-restore job

  other agents              bridge agent-list
  what one does, waits for  bridge agent-status S P [--explain]; agent-wait S P --timeout 10m
  give it a prompt          bridge agent-prompt S P --key K --wait --timeout 20m - < task.md
  answer its question       bridge agent-answer S P CHOICE   (a permission: only if you were told to)
  hear when it needs you    daemon subscribe S agent-state P waiting,failed,dead 'COMMAND'

Exit codes: 0 done, or yes; 1 no, or failed; 2 wrong usage; 124 not in time, and it goes on. pane-run: the command's
own; 125 if it was not run. "unknown" means that: look, and take it for nothing else. End what you have made, and
nothing else. As tools: claude-tmux mcp. More: claude-tmux bridge COMMAND --help`,
};

/** The pages of `claude-tmux help <page>`, beside the topics. */
export const PAGES: Readonly<Record<string, Page>> = {
  agents: AGENTS,
  recipes: { title: "Recipes", text: recipesText() },
};

/** A page as text for a terminal. */
export function pageText({ title, text }: Page): string {
  return `${title.toUpperCase()}\n\n${text}`;
}
