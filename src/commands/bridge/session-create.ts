import { createSession, parseEnv, parseFolder, parseSize } from "../../bridge/sessions.ts";
import { sessionName } from "../../lib/names.ts";
import { shellCommand } from "../../tmux/shell-integration.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-create", {
  summary: "Make a detached session; its first pane is labelled main",
  examples: [
    "claude-tmux bridge session-create dev",
    "claude-tmux bridge session-create web --cwd ~/web --env PORT=8080",
  ],
  args: {
    name: { type: "positional", description: "1 to 50 letters, digits, _ or -", required: true },
    cwd: { type: "string", description: "the folder it starts in", valueHint: "dir" },
    size: { type: "string", description: "columns x rows", valueHint: "WxH", default: "200x50" },
    env: {
      type: "string",
      description: "a variable for what runs in it; may be repeated",
      valueHint: "K=V",
      multiple: true,
    },
  },
  answer: async ({ name, cwd, size, env }, { server, paths }) =>
    createSession(server, {
      name: sessionName(name),
      cwd: cwd === undefined ? undefined : parseFolder(cwd),
      size: parseSize(size),
      env: parseEnv(env ?? []),
      shell: await shellCommand(paths),
    }),
});
