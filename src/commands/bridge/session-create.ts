import { AppError } from "../../lib/errors.ts";
import { exists } from "../../lib/files.ts";
import { createSession, parseFolder } from "../../panes/sessions.ts";
import { sessionTurn } from "../../tmux/attach-turn.ts";
import type { TmuxServer } from "../../tmux/server.ts";
import { shellCommand } from "../../tmux/shell-integration.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-create", {
  effect: "changes",
  examples: [
    "claude-tmux bridge session-create dev",
    "claude-tmux bridge session-create web --cwd ~/web --env PORT=8080",
  ],
  args: {
    name: { type: "positional", description: "1 to 50 letters, digits, _ or -", required: true, kind: "sessionName" },
    cwd: { type: "string", description: "the folder it starts in", valueHint: "dir" },
    size: { type: "string", description: "columns x rows", valueHint: "WxH", default: "200x50", kind: "size" },
    env: {
      type: "string",
      description: "a variable for what runs in it; may be repeated",
      valueHint: "K=V",
      multiple: true,
      kind: "variables",
    },
  },
  schema: async () => (await import("../results/session.ts")).SessionCreated,
  async answer({ name, cwd, size, env }, { server, paths }) {
    const options = {
      name,
      cwd: cwd === undefined ? undefined : parseFolder(cwd),
      size,
      env: env ?? [],
      shell: await shellCommand(paths),
    };
    using _turn = sessionTurn(paths.dir);
    try {
      const pane = createSession(server, options);
      return { session: options.name, pane, output: `Session created: ${options.name}` };
    } catch (thrown) {
      throw withoutFolder(server) ?? thrown;
    }
  },
});

/** The error for a socket in a folder that does not exist, where no server can be started; tmux itself says nothing. */
function withoutFolder({ socket, flags: [flag] }: TmuxServer): AppError | undefined {
  const folder = socket.slice(0, socket.lastIndexOf("/")) || "/";
  if (flag !== "-S" || exists(folder)) return undefined; // for -L, tmux makes it
  return new AppError(
    "ERR_INVALID_ARGUMENT",
    `The tmux socket ${socket} is in a folder that does not exist: ${folder}`,
    {
      hint: "Make the folder first, or give another path with -S.",
    },
  );
}
