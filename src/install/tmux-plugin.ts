import { readableShellWord } from "./quote.ts";

/** The name of its script: plugin managers run what ends in .tmux. */
export const TMUX_PLUGIN_FILE = "claude-tmux.tmux";
/** The key that opens the view, after tmux's prefix: none of tmux's own. */
const KEY = "T";

/**
 * The files of a plugin for tmux, by their paths in its folder: one script, which binds a key to `top` in a popup. Pure.
 * @param program the words that run this program
 */
export function tmuxPlugin(program: readonly [string, ...string[]]): Record<string, string> {
  // a popup knows nothing of the client that it belongs to: run-shell puts the name in, and takes ## for #
  const words = program.map((word) => readableShellWord(word).replaceAll("#", "##")).join(" ");
  const top = readableShellWord(`exec ${words} top --client '#{client_name}'`);
  const popup = readableShellWord(`tmux display-popup -c '#{client_name}' -w 90% -h 80% -E ${top}`);
  const text = `#!/bin/sh
# Binds a key of tmux to claude-tmux top in a popup: what @claude-tmux-key says, else prefix ${KEY} if that does nothing else.
# Written by claude-tmux install tmux; claude-tmux install tmux --remove takes it away again.
key=$(tmux show-options -gqv @claude-tmux-key)
if [ -z "$key" ]; then
  key=${KEY}
  case $(tmux list-keys -T prefix "$key" 2>/dev/null) in
    '' | *claude-tmux*) ;;
    *)
      tmux display-message "prefix $key does something else: set @claude-tmux-key to another key for claude-tmux top"
      exit 0
      ;;
  esac
fi
tmux bind-key -N 'look at all panes, those first that need somebody' "$key" run-shell -b ${popup}
`;
  return { [TMUX_PLUGIN_FILE]: text };
}

/** What a person does to have it loaded. Pure. */
export function tmuxPluginNext(folder: string, program: readonly [string, ...string[]]): string[] {
  const script = readableShellWord(`${folder}/${TMUX_PLUGIN_FILE}`);
  const status = program.map(readableShellWord).join(" ");
  return [
    `run-shell ${script}   # a line for your tmux.conf: prefix ${KEY} opens top`,
    "set -g @claude-tmux-key K   # above it, for another key",
    `set -g status-right '#(${status} status-line) %H:%M'   # what is blocked, dead or at work, if you like`,
    `tmux run-shell ${script}   # for the server that runs now`,
  ];
}

/** What a person does when it has been taken away. */
export const TMUX_PLUGIN_GONE: readonly string[] = [
  `tmux unbind-key ${KEY}   # in a server that runs`,
  "$EDITOR ~/.tmux.conf   # take out the line that runs claude-tmux.tmux",
];
