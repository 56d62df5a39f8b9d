import { AppError, asError, expectedError } from "../../lib/errors.ts";
import { sessionTurnAsync } from "../../tmux/attach-turn.ts";
import { isPlace } from "../../tmux/place-words.ts";
import type { AnsweringCommand, Context } from "../define.ts";
import { printError } from "../print.ts";
import { readInput } from "../schema.ts";
import type { Rests } from "./bounds.ts";
import { commandOf, told } from "./definition.ts";
import { inTools } from "./in-tools.ts";
import { notOurs } from "./own-pane.ts";
import type { Input, Tool, Use } from "./tools.ts";
import type { Turns } from "./turns.ts";

/** What came of a call: facts by name. */
export interface Outcome {
  isError: boolean;
  facts: Record<string, unknown>;
}

/** What calls have in common: on what they work, and what is left of the answers to others. */
export interface Calling {
  context: Pick<Context, "server" | "paths" | "table">;
  rests: Rests;
  /** of those that wait for something */
  turns: Turns;
}

/**
 * Calls the command that a tool stands for. What goes wrong is told as commands tell it: in words, with the error's code and
 * what to do; nothing is thrown.
 * @param signal aborted when the client wants no answer any more; its reason is an AppError
 */
export async function callTool(calling: Calling, tool: Tool, input: Input, signal: AbortSignal): Promise<Outcome> {
  const { rests } = calling;
  try {
    if (input.cursor !== undefined && tool.own && "cursor" in tool.own) {
      return { isError: false, facts: rests.next(`${input.cursor}`, "screen" in tool.own ? "text" : "list") };
    }
    const answer = await answerOf(calling, tool, input, signal);
    return { isError: false, facts: rests.bounded(told(answer) as Record<string, unknown>) };
  } catch (thrown) {
    const { code, message, hint, details } = failure(asError(thrown));
    const { pane: _, ...facts } = rests.bounded({ output: message, ...details, pane: input.pane }, "partial_output");
    return { isError: true, facts: { ...facts, error: { code, ...(hint !== undefined && { hint: inTools(hint) }) } } };
  }
}

async function answerOf({ context, turns }: Calling, tool: Tool, input: Input, signal: AbortSignal): Promise<unknown> {
  const use = useOf(tool, input);
  const command = await commandOf(context.table, use);
  const values = valuesOf(tool, use, command, input);
  Object.assign(values, guarded(context, use, command, values));
  // a command waits for its turn with the event loop, on which the one that has it may depend
  using _turn = use.isOfSessions ? await sessionTurnAsync(context.paths.dir) : undefined;
  signal.throwIfAborted();
  return await command.answer(values as never, contextOf(context, turns, signal));
}

/** The command that is meant. Throws ERR_INVALID_ARGUMENT. */
function useOf({ uses, own = {} }: Tool, input: Input): Use {
  // what no tool takes, and would have to be shown as it is: it may be nested without end
  const odd = Object.keys(input).find((name) => ![input[name]].flat().every((value) => typeof value !== "object"));
  if (odd !== undefined) throw invalid(`"${odd}" is neither a text, a number, true or false, nor a list of these`);
  for (const [name, { type, enum: values }] of Object.entries(own)) {
    const value = input[name];
    if (value !== undefined && (values ? !values.includes(value) : typeof value !== type)) {
      throw invalid(
        `"${name}" is ${JSON.stringify(value)}, which is ${values ? `none of: ${values.join(", ")}` : `no ${type}`}`,
      );
    }
  }
  const use = uses.find(({ when }) => when?.(input) ?? true);
  if (use) return use;
  const [[name, { enum: values = [] }]] = Object.entries(own) as [[string, { enum?: unknown[] }]];
  throw invalid(`"${name}" is missing: ${values.join(", ")}`);
}

/** The values of the command's arguments. Throws ERR_INVALID_ARGUMENT. */
function valuesOf(
  { own = {} }: Tool,
  { takes, usual }: Use,
  command: AnsweringCommand,
  input: Input,
): Record<string, unknown> {
  const given: Input = { ...usual };
  for (const [name, value] of Object.entries(input)) {
    if (name in own || value === undefined) continue;
    if (!(name in takes))
      throw invalid(`there is no "${name}" to give here; there are: ${Object.keys(takes).join(", ")}`);
    given[name] = value;
  }
  if (!("pane" in takes)) return readInput(command, given);
  // one word stands for both
  const { pane } = given;
  if (pane === undefined) throw invalid('"pane" is missing');
  if (typeof pane === "string" && isPlace(pane)) return readInput(command, { ...given, session: pane });
  const known = 'give its id ("%5"), or "session:window.index", or "session:label"';
  throw invalid(`"pane" is ${JSON.stringify(pane)}, which does not say of which session: ${known}`);
}

/** What stands for the session and the pane that a command changes, exactly. Throws ERR_PANE_BUSY for our own. */
function guarded(
  { server }: Calling["context"],
  { takes }: Use,
  { effect }: AnsweringCommand,
  { session, pane }: { session?: unknown; pane?: unknown },
): Record<string, unknown> {
  const isOfPane = "pane" in takes;
  if (effect === "reads" || typeof session !== "string" || !(isOfPane || effect === "destroys")) return {};
  const words = notOurs(server, { session, pane: isOfPane ? `${pane}` : undefined });
  return isOfPane ? { ...words } : { session: words.session };
}

/** What a command gets that another program calls: none of the protocol's own standard input, and an end of its own. */
function contextOf({ server, paths, table }: Calling["context"], turns: Turns, signal: AbortSignal): Context {
  return {
    server,
    paths,
    table,
    note: () => {},
    // "-" stands for standard input; here it is a text as any other
    input: async () => new TextEncoder().encode("-"),
    interruptible: async (run) => {
      signal.throwIfAborted();
      return await turns.take(signal, () => run(signal));
    },
  };
}

function failure(error: Error): AppError {
  const known = expectedError(error);
  if (known) return known;
  printError(error.stack ?? String(error));
  return new AppError("ERR_COMMAND_FAILED", error.message, { hint: "This is a bug: please report it." });
}

function invalid(message: string): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", message);
}
