import { config } from "../../lib/config.ts";
import { AppError, asError, expectedError } from "../../lib/errors.ts";
import { isGivenUp } from "../../panes/ended.ts";
import { sessionTurnAsync } from "../../tmux/attach-turn.ts";
import type { AnsweringCommand, Context } from "../define.ts";
import { printError } from "../print.ts";
import { atOnce, type Enough, listOf, separate } from "./at-once.ts";
import { OUTPUT_MAX, type Rests } from "./bounds.ts";
import { commandOf, told } from "./definition.ts";
import { inTools } from "./in-tools.ts";
import { notOurs } from "./own-pane.ts";
import { invalid, type Step, stepsOf, valuesOf } from "./steps.ts";
import { ENOUGH, type Input, MAKE_PANE, MAKE_SESSION, type Outcome, type Tool, type Use } from "./tools.ts";
import type { Turns } from "./turns.ts";

/** What calls have in common: on what they work, and what is left of the answers to others. */
export interface Calling {
  context: Pick<Context, "server" | "paths" | "table" | "ours" | "onLeft">;
  rests: Rests;
  /** of those that wait for something */
  turns: Turns;
}

/** What is done in one pane, once that is there. */
interface Work {
  steps: readonly Step[];
  /** one that was made for it */
  pane: string | undefined;
  /** how many characters its output may have */
  room: number;
}

/**
 * Calls the commands that a tool stands for. What goes wrong is told as commands tell it: in words, with the error's code and
 * what to do; nothing is thrown.
 * @param signal aborted when the client wants no answer any more; its reason is an AppError
 */
export async function callTool(calling: Calling, tool: Tool, input: Input, signal: AbortSignal): Promise<Outcome> {
  const { rests, context } = calling;
  try {
    if (input.cursor !== undefined && tool.own && "cursor" in tool.own) {
      return { isError: false, facts: rests.next(`${input.cursor}`, "screen" in tool.own ? "text" : "list") };
    }
    const inputs = separate(tool, input);
    const all = await Promise.all((inputs ?? [input]).map((one) => stepsOf(context.table, tool, one)));
    const panes = await panesFor(calling, tool, input, { count: all.length, signal });
    const works = all.map((steps, i) => ({ steps, pane: panes?.[i], room: Math.floor(OUTPUT_MAX / all.length) }));
    const [only] = works;
    if (!inputs && only) return await work(calling, only, signal);
    const calls = works.map((one) => (stop: AbortSignal) => work(calling, one, stop));
    const outcomes = await atOnce(calls, (input.for ?? ENOUGH) as Enough, signal);
    const names = panes ?? inputs?.map(({ pane }) => pane) ?? [];
    return { isError: false, facts: { output: listOf(outcomes, names) } };
  } catch (thrown) {
    return failed(calling, thrown, OUTPUT_MAX);
  }
}

/**
 * The panes in which a call works that has asked for new ones in a session; undefined for one that has not. All are made before
 * anything is done in one.
 */
async function panesFor(
  calling: Calling,
  tool: Tool,
  { pane, session }: Input,
  { count, signal }: { count: number; signal: AbortSignal },
): Promise<string[] | undefined> {
  if (!tool.makesPane || session === undefined) return undefined;
  if (pane !== undefined) throw invalid('"pane" and "session" are both there: a pane that is there, or a new one');
  if (count > 1) await refuseTooMany(calling, `${session}`, count);
  const panes: string[] = [];
  try {
    while (panes.length < count) panes.push(await makePane(calling, `${session}`, signal));
  } catch (thrown) {
    // those that were made are there
    if (thrown instanceof AppError && panes.length > 0) thrown.details.panes = panes;
    throw thrown;
  }
  return panes;
}

/** Throws ERR_MAX_PANES for more than there is room for, before any is made. */
async function refuseTooMany({ context: { server } }: Calling, session: string, count: number): Promise<void> {
  const { firstPanesCount } = await import("../../panes/create.ts");
  const [has, max] = [await firstPanesCount(server, session), config.maxPanes];
  if (has + count <= max) return;
  const message = `${count} panes are more than the first window of "${session}" has room for: it has ${has} of ${max}`;
  throw new AppError("ERR_MAX_PANES", message, {
    hint: "Give fewer at once, take another session, or end panes that are not needed any more.",
  });
}

/** Makes a pane in a session, and the session where there is none; returns the pane's id. */
async function makePane(calling: Calling, session: string, signal: AbortSignal): Promise<string> {
  const make = async (use: Use, given: Input) => {
    const command = await commandOf(calling.context.table, use);
    return (await answerOf(calling, { use, command, given }, undefined, signal)).pane as string;
  };
  try {
    return await make(MAKE_PANE, { session });
  } catch (thrown) {
    const isNone =
      thrown instanceof AppError && ["ERR_SESSION_NOT_FOUND", "ERR_TMUX_NOT_RUNNING"].includes(thrown.code);
    if (!isNone) throw thrown;
  }
  try {
    return await make(MAKE_SESSION, { name: session });
  } catch (thrown) {
    // another call has made it meanwhile
    if (!(thrown instanceof AppError && thrown.code === "ERR_SESSION_EXISTS")) throw thrown;
    return await make(MAKE_PANE, { session });
  }
}

/** Takes the steps of a call, one after the other, in one pane. */
async function work(calling: Calling, { steps, pane: made, room }: Work, signal: AbortSignal): Promise<Outcome> {
  let pane = made;
  let goesOn = false;
  const onLeft = () => {
    goesOn = true;
  };
  try {
    let answer: Record<string, unknown> = {};
    for (const step of steps) {
      answer = await answerOf({ ...calling, context: { ...calling.context, onLeft } }, step, pane, signal);
      // what was typed goes on, whatever is waited for then
      if (step.command.effect !== "reads") onLeft();
      // words may mean another one by the next
      if (answer.pane) pane = answer.pane as string;
    }
    return { isError: false, facts: calling.rests.bounded(told(answer) as Record<string, unknown>, { room }) };
  } catch (thrown) {
    const { isError, facts } = failed(calling, thrown, room, pane);
    const toldOf = made === undefined ? facts : { pane: made, ...facts };
    return { isError, facts: toldOf, ...(isGivenUp(thrown, signal) && { goesOn }) };
  }
}

async function answerOf(
  { context, turns }: Calling,
  step: Step,
  pane: string | undefined,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { use, command } = step;
  const values = valuesOf(step, pane);
  Object.assign(values, guarded(context, use, command, values));
  // a command waits for its turn with the event loop, on which the one that has it may depend
  using _turn = use.isOfSessions ? await sessionTurnAsync(context.paths.dir) : undefined;
  signal.throwIfAborted();
  return (await command.answer(values as never, contextOf(context, turns, signal))) as Record<string, unknown>;
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
function contextOf(
  { server, paths, table, ours, onLeft }: Calling["context"],
  turns: Turns,
  signal: AbortSignal,
): Context {
  return {
    server,
    paths,
    table,
    ours,
    onLeft,
    note: () => {},
    // "-" stands for standard input; here it is a text as any other
    input: async () => new TextEncoder().encode("-"),
    interruptible: async (run) => {
      signal.throwIfAborted();
      return await turns.take(signal, () => run(signal));
    },
  };
}

/** @param pane of which the rest of a long output is */
function failed({ rests, context }: Calling, thrown: unknown, room: number, pane?: string): Outcome {
  const { code, message, hint, details } = failure(asError(thrown));
  const answer = { output: message, ...details, pane };
  const { pane: _, ...facts } = rests.bounded(answer, { name: "partial_output", room });
  const told = hint && inTools(hint);
  return { isError: true, facts: { ...facts, error: { code, ...(told && { hint: context.ours(told) }) } } };
}

function failure(error: Error): AppError {
  const known = expectedError(error);
  if (known) return known;
  printError(error.stack ?? String(error));
  return new AppError("ERR_COMMAND_FAILED", error.message, { hint: "This is a bug: please report it." });
}
