import text from "./plugin/opencode.js" with { type: "text" };

/** The name of its file among others' plugins. */
const FILE = "claude-tmux.js";

/**
 * The files of a plugin for opencode (its documentation, plugins), by their paths in a folder of which it loads all: one, which has it
 * call this program. Pure.
 */
export function opencodePlugin(program: readonly [string, ...string[]]): Record<string, string> {
  return { [FILE]: text.replace('["claude-tmux"]', () => JSON.stringify(program)) };
}
