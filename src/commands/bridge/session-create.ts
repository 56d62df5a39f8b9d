import { AppError } from "../../lib/errors.ts";
import { exists } from "../../lib/files.ts";
import { createSession, parseFolder } from "../../panes/sessions.ts";
import { processStat, tableId } from "../../process/identity.ts";
import { sessionTurn } from "../../tmux/attach-turn.ts";
import type { Lifetime } from "../../tmux/made.ts";
import type { TmuxServer } from "../../tmux/server.ts";
import { shellCommand } from "../../tmux/shell-integration.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-create", {
  effect: "changes",
  examples: [
    "claude-tmux session-create dev",
    "claude-tmux session-create web --cwd ~/web --env PORT=8080",
    'claude-tmux session-create job --owner-pid "$$" --note "nightly build"',
  ],
  notes: `Who made a session, when and what for stays with it. gc-run, and the daemon after gc-enable, end sessions that nobody
needs any more (see gc-run): --ttl and --owner-pid say when that is, --keep that it never is.

While a client is attached to the tmux server, tmux gives a new session that one's size, whatever --size says.`,
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
    note: { type: "string", description: "what it is for, for who looks later", valueHint: "text", kind: "note" },
    ttl: {
      type: "string",
      description: "gc-run may end it after so long without anything happening there: seconds, or 30m, 2h",
      valueHint: "time",
      kind: "seconds",
    },
    "owner-pid": {
      type: "string",
      description: "gc-run ends it when that process has ended",
      valueHint: "pid",
      kind: "pid",
    },
    keep: { type: "boolean", description: "gc-run never ends it" },
  },
  schema: async () => (await import("../results/session.ts")).SessionCreated,
  async answer({ name, cwd, size, env, note, ttl, "owner-pid": owner, keep }, { server, paths }) {
    if (keep && (ttl !== undefined || owner !== undefined)) {
      throw new AppError("ERR_INVALID_ARGUMENT", "--keep was given together with what says when the session ends");
    }
    const lifetime = {
      ...(ttl !== undefined && { ttlS: ttl }),
      ...(owner !== undefined && { owner: livingProcess(owner) }),
      ...(keep && { isKept: true }),
    };
    const options = {
      name,
      cwd: cwd === undefined ? undefined : parseFolder(cwd),
      size,
      env: env ?? [],
      shell: await shellCommand(paths),
      note,
      lifetime,
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

/** The process of that pid, for certain. Throws ERR_INVALID_ARGUMENT. */
function livingProcess(pid: number): NonNullable<Lifetime["owner"]> {
  const stat = processStat(pid);
  if (stat !== undefined) return { pid, startTime: stat.startTime, table: tableId() };
  throw new AppError("ERR_INVALID_ARGUMENT", `--owner-pid is ${pid}, which is not the pid of a process that lives`);
}

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
