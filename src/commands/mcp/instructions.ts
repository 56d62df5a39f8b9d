/** What clients tell an agent of all tools: at most 2 KB of it are read. */
export const INSTRUCTIONS = `Programs in tmux panes, exactly: exit codes, the output of one command, ends and lines as they happen.

A pane is named by its id ("%5"), by session, window and index ("dev:1.2") or by its label ("dev:build"). list shows sessions,
and the panes of one. Work in panes that you have made (run with session makes one, and create): others are people's, and the one
that you run in is refused. Times are seconds; a wait ends after 50 unless timeout says otherwise.

- To run a command and have its result: run; tail gives the end of long output. After ERR_TIMEOUT it still runs: wait.
- Something that does not end (a server): run with the pattern that says it is ready, or with wait: false.
- Several at once: commands, or panes. for says which end is enough: all, first, or first failure. What is "running"
  then goes on; "given_up": nothing was typed.
- Something else runs there (a REPL, a debugger, "Continue? [y/n]", ssh): ask types and gives the answer; send does not wait;
  read with screen shows a full-screen program.
- What a pane does: status. waiting_for is "prompt" (a shell that is free), "line", "password" or "keys" (it wants input),
  "nothing" (it works) or "unknown".
- A coding agent (claude, codex) in another pane: agent says its state (starting, working, waiting for a permission, question or
  trust, idle, done, failed, dead, unknown); tell prompts it, once (receipt: submitted, refused or unknown: then look), and
  answers it. Permissions are people's: while it may ask for one, send, ask and run are refused; while it works, send stops it
  (Escape, C-c), and no more.
- snapshot saves a session, and brings it back. When done: end what you have made.

ERR_PANE_BUSY: something runs there; wait, or take another pane. Long output is cut to its end: output_truncated, and cursor, with
which read gives what comes before (of a list, list: what comes after). An error says what happened, and as hint what to do.`;
