import { type Conclusion, UNKNOWN } from "../../task.ts";
import type { Shell } from "../shell.ts";
import type { Solutions } from "../way.ts";

/** What is run and waited for, by tmux alone: the shell in the pane says what it knows, by wait-for or in a line. */
export const COMMANDS_BY_TMUX: Solutions<Shell> = {
  1: async (tool) => {
    const { text } = await tool.sh(
      `tmux new -ds work; tmux send -t work './build; echo rc=$?; tmux wait -S b' Enter; timeout 50 tmux wait b; tmux capturep -pJt work | grep . | tail -22`,
    );
    const lines = text.split("\n");
    const end = lines.findLastIndex((line) => /^rc=\d+$/.test(line));
    if (end < 20) return { exit_code: UNKNOWN, last: UNKNOWN };
    return { exit_code: Number(lines[end]?.slice(3)), last: lines.slice(end - 20, end).join("\n") };
  },
  2: server,
  3: server,
  4: async (tool) => {
    const { text } = await tool.sh(
      `tmux new -ds work \\; splitw; for i in 0.lint 1.unit; do c=\${i#*.}; tmux send -t work.\${i%.*} "./$c || { echo $c \\$? >>f; tmux wait -S f; }" Enter; done; timeout 50 tmux wait f; head -1 f`,
    );
    const [failed = UNKNOWN, code] = text.split(" ");
    return { failed, exit_code: Number(code) };
  },
  10: async (tool) => {
    const { text } = await tool.sh(
      `tmux new -ds work \\; splitw; for i in 0.one 1.two; do c=\${i#*.}; tmux send -t work.\${i%.*} "./$c; echo $c >>f; tmux wait -S f" Enter; done; timeout 50 tmux wait f; head -1 f`,
    );
    return { first: text };
  },
};

async function server(tool: Shell): Promise<Conclusion> {
  const { text } = await tool.sh(
    `tmux new -ds work; tmux send -t work './server; echo rc=$?' Enter; timeout 50 sh -c 'until tmux capturep -pJt work -S- | grep -EB1 "^(listening on port|rc=)"; do sleep .2; done'`,
  );
  const lines = text.split("\n");
  const port = /^listening on port (\d+)/m.exec(text)?.[1];
  if (port !== undefined) return { ready: true, port: Number(port) };
  const code = /^rc=(\d+)$/m.exec(text)?.[1];
  if (code === undefined) return { ready: UNKNOWN };
  return { ready: false, exit_code: Number(code), last: lines.at(-2) ?? UNKNOWN };
}
