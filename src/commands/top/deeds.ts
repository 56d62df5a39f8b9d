import { config } from "../../lib/config.ts";
import { AppError } from "../../lib/errors.ts";
import { sessionTurnAsync } from "../../tmux/attach-turn.ts";
import { tmuxAsync, tmuxEachAsync } from "../../tmux/run.ts";
import type { TmuxServer } from "../../tmux/server.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import type { Deeds } from "../../top/deeds.ts";
import type { Row } from "../../top/row.ts";
import type { AnsweringCommand, Context } from "../define.ts";

/** How long what runs in a pane may take to end before it is killed, seconds. */
const STOP_S = 10;

/** How the view was called. */
interface Called {
  /** the tmux client that a popup belongs to */
  client: string | undefined;
  signal: AbortSignal;
}

/** What the keys of `top` do: what the commands do that a person would call for it. */
export function deedsOf(context: Context, called: Called): Deeds {
  const { server, paths } = context;
  const placeOf = (row: Row) => ({ session: row.sessionId, pane: row.id });
  return {
    go: (row, { without }) => go(context, called, row, without),
    async ask(row) {
      const { questionOf } = await import("../../panes/answer-agent.ts");
      const question = await questionOf(server, placeOf(row));
      return { for: question.for, text: question.request.text, question };
    },
    async answer(row, asked, text) {
      const { answerAgent } = await import("../../panes/answer-agent.ts");
      touchTyped(paths.dir);
      const { choice } = await answerAgent(server, placeOf(row), text, asked.question);
      return choice === undefined ? `${row.place}: refused` : `${row.place}: answered "${choice}"`;
    },
    async stop(row) {
      const values = { ...placeOf(row), seconds: STOP_S };
      const { method, survivors } = await answerOf(context, called, "pane-graceful-shutdown", values);
      if (method === "none") return `Nothing ran in ${row.place}`;
      return `${row.runs} in ${row.place} has ended (${method})${livingOn(survivors)}`;
    },
    async kill(row) {
      const { survivors } = await answerOf(context, called, "pane-kill", placeOf(row));
      return `The pane ${row.place} was killed${livingOn(survivors)}`;
    },
    killTurn: () => sessionTurnAsync(paths.dir), // without keeping the view from being drawn
  };
}

/** What is said of processes that have not ended with what was ended. */
function livingOn(survivors: unknown): string {
  const { length } = survivors as unknown[];
  return length === 0 ? "" : `; ${length} of its processes live on (pane-kill --tree ends such)`;
}

/** What a bridge command answers. */
async function answerOf(
  context: Context,
  { signal }: Called,
  name: string,
  values: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const command = (await context.table.families.bridge[name]?.load())?.default as AnsweringCommand;
  const called: Context = {
    server: context.server,
    paths: context.paths,
    table: context.table,
    ours: context.ours,
    note: () => {},
    input: async () => new Uint8Array(),
    interruptible: (run) => run(signal),
  };
  return (await command.answer(values as never, called)) as Record<string, unknown>;
}

/** Shows a pane in the client that this runs in, or where there is none, in this terminal. */
async function go(
  { server }: Context,
  { client, signal }: Called,
  row: Row,
  without: <T>(run: () => Promise<T>) => Promise<T>,
): Promise<string | undefined> {
  const pid = config.tmux?.split(",").at(-2);
  if (pid === undefined) {
    const attach = ["tmux", ...server.flags, "attach-session", "-t", `${row.sessionId}:`];
    await tmuxAsync(server, selecting(row));
    const ended = await without(() => {
      const child = Bun.spawn(attach, { stdio: ["inherit", "inherit", "inherit"], signal });
      return child.exited;
    });
    return ended === 0 ? `Back from ${row.place}` : `tmux attach-session ended with exit code ${ended}`;
  }
  // panes of another server have the same ids
  const told = await tmuxAsync(server, [["display-message", "-p", "#{pid}"]]);
  if (told.trim() !== pid) throw noClient(server, row, "This pane is of another tmux server");
  const own = config.tmuxPane;
  const target = client ?? (await newestClient(server, own));
  if (target === undefined) throw noClient(server, row, "No client of this tmux server shows the pane that you are in");
  await tmuxAsync(server, [["switch-client", "-Z", "-c", target, "-t", row.id]]);
  // a popup stands before what it shows
  return own === undefined || client !== undefined ? undefined : `${target} shows ${row.place}`;
}

/**
 * The client whose keys came last, of those that show the session of this pane, or of all where that is not known (a popup). What tmux tells of each goes by whole seconds, and two
 * may have had keys in the same one: which of them it takes for the newest itself is right.
 */
async function newestClient(server: TmuxServer, pane: string | undefined): Promise<string | undefined> {
  const which = pane === undefined ? [] : ["-t", pane];
  const [list = "", newest = ""] = await tmuxEachAsync(server, [
    ["list-clients", ...which, "-F", "#{client_name}"],
    ["display-message", "-p", ...which, "#{client_name}"],
  ]);
  const name = newest.trim();
  // where nobody is attached there, tmux takes one of another session, or none
  return name !== "" && list.split("\n").includes(name) ? name : undefined;
}

function noClient({ flags }: TmuxServer, { place }: Row, message: string): AppError {
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: `Outside tmux: tmux ${flags.join(" ")} attach -t '${place.split(":")[0]}'`,
  });
}

/** What has a session show a pane before anybody attaches to it. */
function selecting(row: Row): string[][] {
  return [
    ["select-window", "-t", row.id],
    ["select-pane", "-Z", "-t", row.id],
  ];
}
