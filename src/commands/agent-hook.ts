import { agentAbove } from "../agents/above.ts";
import { HOOK_KINDS, type HookKind, readHookEvent } from "../agents/hook-events.ts";
import { notingCommand } from "../agents/noting.ts";
import { config } from "../lib/config.ts";
import { isDigits } from "../lib/names.ts";
import { statePaths } from "../lib/paths.ts";
import { readStdin } from "../lib/stdin.ts";
import { ClientAhead } from "../tmux/client-ahead.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { wakingChannel } from "../tmux/global-hooks.ts";
import { tmux } from "../tmux/run.ts";
import { resolveServer, type TmuxServer } from "../tmux/server.ts";
import { command } from "./define.ts";

/** What a tool has answered may be large; more than this is no event. */
const EVENT_BYTES = 64 * 1024 * 1024;
/** How long an event may be in coming, and when all of this is over: ms. An agent waits for its hooks. */
const INPUT_MS = 400;
const END_MS = 900;
const LEAST_MS = 50;

export default command({
  effect: "changes",
  examples: ["claude-tmux agent-hook claude", "claude-tmux agent-hook codex Stop"],
  notes: `For the hooks of coding agents, which call it with JSON on stdin: it notes in the agent's pane what the agent does, and a
daemon writes each change into the log of events (agent-hook). Prints nothing, and its exit code is always 0: whatever goes
wrong, the agent goes on. Nothing is noted by a subagent, by an agent that another one has started, or by one that does not
have the foreground of its pane.`,
  args: {
    agent: { type: "positional", description: HOOK_KINDS.join(", "), required: true, values: HOOK_KINDS },
    event: { type: "positional", description: "the event, where stdin does not name it", required: false },
  },
  isSilent: true,
  async run({ agent, event }) {
    const kind = HOOK_KINDS.find((one) => one === agent);
    if (kind) await note(kind, event);
    return 0;
  },
});

async function note(kind: HookKind, name: string | undefined): Promise<void> {
  const at = Math.floor(Date.now() - performance.now());
  const { tmuxPane: pane = "" } = config;
  // without a tmux around it there is no pane to speak of, whatever servers there are
  const server = isDigits(pane.slice(1)) ? surrounding() : undefined;
  // it is on its way to its server while we look, which takes both about as long
  const client = server && ClientAhead.start(server);
  const commands: TmuxCommand[] = [];
  try {
    const input = await readStdin(EVENT_BYTES, INPUT_MS);
    const event = input === undefined ? undefined : readHookEvent(kind, input, name);
    const agent = event && server && agentAbove(kind);
    if (agent) commands.push(notingCommand(pane, { ...event, kind, agent, at, channel: channelOf(server) }));
  } finally {
    const timeoutMs = Math.max(LEAST_MS, END_MS - performance.now());
    if (client) await client.finish(commands, timeoutMs);
    else if (server && commands.length > 0) tmux(server, commands, { timeoutMs });
  }
}

/** On which its daemon waits, if one runs; undefined where its state folder can't be known. */
function channelOf({ socket }: TmuxServer): string | undefined {
  try {
    return wakingChannel(statePaths(resolveServer({ path: socket }).stateFolder).dir);
  } catch {
    return undefined;
  }
}

/** The server in one of whose panes this runs, by its socket. */
function surrounding(): TmuxServer | undefined {
  const socket = config.tmux?.slice(0, config.tmux.indexOf(","));
  return socket ? { flags: ["-S", socket], socket, stateFolder: undefined } : undefined;
}
