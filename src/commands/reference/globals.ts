/** The options that every command takes (see parse.ts), for help, the man page and completion. */
export const GLOBAL_OPTIONS: readonly (readonly [string, string])[] = [
  ["-L NAME, -S PATH", "the tmux server, as in tmux itself (default: $TMUX's, else the default one)"],
  ["--json", "answers as JSON, also at a terminal (logs and metrics are text in any case)"],
  ["--quiet", "no hints on stderr, and no words besides the answer"],
  ["--no-color", "plain text (also: NO_COLOR=1)"],
  ["-h, --help", "help on any command, with examples"],
  ["-V, --version", "print the version"],
];
