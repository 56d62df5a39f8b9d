// All that we keep in tmux itself, as user options (tmux(1), OPTIONS): it goes with the pane or the server that it is
// about, and outlives every process of ours. Whoever looks for what we left in a pane finds it by these.

/** Of a pane: its label. */
export const LABEL_OPTION = "@claude_tmux_label";
/** Of a pane: its metadata, all keys in one value (see metadata.ts). */
export const METADATA_OPTION = "@claude_tmux_metadata";
/**
 * Of a pane: the secret of its shell, which asks tmux for it (start.sh); a pane without one has no shell integration. It is
 * set by sourced(), so that no process ever has the secret among its arguments.
 */
export const KEY_OPTION = "@claude_tmux_key";

/** Of a session that we made: who made it, when, what for, and when it may go (see made.ts). */
export const MADE_OPTION = "@claude_tmux_made";
/** Of a session that is being restored: by which process, its pid and start time. */
export const RESTORING_OPTION = "@claude_tmux_restoring";
/** Of a session that has been restored, but for its programs and subscriptions: by which process, its pid and start time. */
export const COMPLETING_OPTION = "@claude_tmux_completing";
/** Of the server, and for no longer than one call takes: the commands that make a session (see snapshots/making-commands.ts). */
export const MAKING_OPTION = "@claude_tmux_making";
/** Of a pane that we made: who made it, and when. Another name than the session's, whose value a pane without one would show. */
export const MADE_PANE_OPTION = "@claude_tmux_made_pane";

/** Of a pane: the stamp of what was typed last and, after a blank, PATH_FORMAT of that moment. */
export const TYPED_OPTION = "@claude_tmux_typed";
/** Of a pane: the texts that were typed last. */
export const TYPED_LOG_OPTION = "@claude_tmux_typed_log";
/** Of a pane: those before them. */
export const TYPED_OLDER_OPTION = "@claude_tmux_typed_older";
/** Of a pane: where the last text was typed. */
export const TYPED_ROW_OPTION = "@claude_tmux_typed_row";
/** Of a pane: how many lines have been typed since its shell last told something. */
export const TYPED_LINES_OPTION = "@claude_tmux_typed_lines";
/** Of a pane: the typing of which somebody has been told how it ended. */
export const AWAITED_OPTION = "@claude_tmux_awaited";

/** Of a pane: who asks what runs there something, by name (see panes/holders.ts). */
export const ASKING_OPTION = "@claude_tmux_asking";

/** Of a pane: what the hook of the coding agent there has told last (see agents/note.ts). */
export const AGENT_OPTION = "@claude_tmux_agent";

/** Of a pane: what hooks have told there that is not in the log of events yet (see agents/hook-log.ts). */
export const HOOK_LOG_OPTION = "@claude_tmux_agent_log";

/** Of a pane: what the coding agent there has told last in its output, as a daemon has heard it (see agents/status-note.ts). */
export const AGENT_STATUS_OPTION = "@claude_tmux_agent_status";

/** Of a pane: the progress bar that its program has shown last, as a daemon has heard it (see agents/progress-bar.ts). */
export const PROGRESS_OPTION = "@claude_tmux_progress";

/** Of a pane: that what is typed goes to it alone for the moment (see keyboard.ts). */
export const ALONE_OPTION = "@claude_tmux_alone";

/** Of a pane: those who hold it, each in angle brackets (see panes/hold.ts). */
export const HOLDS_OPTION = "@claude_tmux_holds";
/** Of a held pane: what its own `remain-on-exit` was. */
export const HELD_OPTION = "@claude_tmux_held";
/** Of a held pane: what `remain-on-exit` it was given. */
export const HELD_GIVEN_OPTION = "@claude_tmux_held_by";
/** Of a held pane: what its own `remain-on-exit-format` was. */
export const HELD_FORMAT_OPTION = "@claude_tmux_held_format";

/** Of a pane: the pipe of ours that it was given last: it may have another one by now, or none. */
export const PIPE_OPTION = "@claude_tmux_pipe";
/** Of a pane: that pipe's process, which tmux tells from 3.7 on. */
export const PIPE_PID_OPTION = "@claude_tmux_pipe_pid";

/** Of the server: numbers the looks at it, so that who saw less gives way to who has written already (see panes/view.ts). */
export const LOOK_OPTION = "@claude_tmux_look";
