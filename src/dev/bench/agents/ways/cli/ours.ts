/** How every command begins. */
export const b = "claude-tmux bridge";

/** Makes the session `work`, of which nothing has to be read. */
export const CREATE = `${b} session-create work >/dev/null`;
