import { AppError, changed } from "../../lib/errors.ts";
import { isPlace } from "../../tmux/place-words.ts";
import type { AnsweringCommand, Table } from "../define.ts";
import { readInput } from "../schema.ts";
import { commandOf } from "./definition.ts";
import type { Input, Tool, Use } from "./tools.ts";

/** A command that a call of a tool does, and what of the tool's input it is given, by the command's own names. */
export interface Step {
  use: Use;
  command: AnsweringCommand;
  given: Input;
}

/** A pane that is there, in words: for looking at input whose pane has yet to be made. */
const SOME_PANE = "%0";

/**
 * What a call does, in order: all that can be wrong with the input by itself is found before anything is done.
 * @throws AppError ERR_INVALID_ARGUMENT, ERR_INVALID_PATTERN
 */
export async function stepsOf(table: Table, tool: Tool, input: Input): Promise<Step[]> {
  try {
    return await stepsAsGiven(table, tool, input);
  } catch (thrown) {
    const isUnexplained = thrown instanceof AppError && thrown.code === "ERR_INVALID_ARGUMENT" && !thrown.hint;
    throw isUnexplained ? changed(thrown, { hint: `In all there are: ${allInputs(tool).join(", ")}` }) : thrown;
  }
}

async function stepsAsGiven(table: Table, tool: Tool, input: Input): Promise<Step[]> {
  const use = useOf(tool, input);
  const uses = [use, ...(use.next ?? []).filter(({ when }) => when?.(input) ?? true)];
  const known = uses.flatMap(inputsOf);
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || known.includes(name) || Object.hasOwn(tool.own ?? {}, name)) continue;
    if (!allInputs(tool).includes(name)) throw invalid(`there is no "${name}" to give here`);
    const others = Object.keys(input).filter((other) => other !== name);
    const beside = others.length > 0 ? `with ${others.map((other) => `"${other}"`).join(" and ")}` : "by itself";
    throw invalid(`"${name}" is not taken ${beside}`);
  }
  const isMade = tool.makesPane && input.session !== undefined;
  return await Promise.all(
    uses.map(async (one) => {
      const command = await commandOf(table, one);
      const given = givenTo(one, input);
      valuesOf({ use: one, command, given }, isMade ? SOME_PANE : undefined);
      await one.check?.(input);
      return { use: one, command, given };
    }),
  );
}

/**
 * The values of the command's arguments.
 * @param pane in place of the one that is given
 * @throws AppError ERR_INVALID_ARGUMENT
 */
export function valuesOf({ use, command, given }: Step, pane = given.pane): Input {
  if (!("pane" in use.takes)) return readInput(command, given);
  // one word stands for both
  if (pane === undefined) throw invalid('"pane" is missing');
  if (typeof pane === "string" && isPlace(pane)) return readInput(command, { ...given, pane, session: pane });
  const known = 'give its id ("%5"), or "session:window.index", or "session:label"';
  throw invalid(`"pane" is ${JSON.stringify(pane)}, which does not say of which session: ${known}`);
}

/** The error for what was given wrongly. */
export function invalid(message: string): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", message);
}

/** The command that is meant. Throws ERR_INVALID_ARGUMENT. */
function useOf({ uses, own = {} }: Tool, input: Input): Use {
  // what no tool takes, and would have to be shown as it is: it may be nested without end
  const odd = Object.keys(input).find((name) => ![input[name]].flat().every((value) => typeof value !== "object"));
  if (odd !== undefined) throw invalid(`"${odd}" is neither a text, a number, true or false, nor a list of these`);
  const isCut = (value: unknown) => typeof value === "string" && value.includes("\0");
  const cut = Object.keys(input).find((name) => [input[name]].flat().some(isCut));
  if (cut !== undefined) throw invalid(`"${cut}" holds a NUL character, at which a program would take it to end`);
  for (const [name, { type, enum: values }] of Object.entries(own)) {
    const value = input[name];
    if (value !== undefined && (values ? !values.includes(value) : typeOf(value) !== type)) {
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

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

/** The names of all that a tool tells of, whatever else is given. */
function allInputs({ uses, own = {}, makesPane }: Tool): string[] {
  const all = uses.flatMap((use) => [use, ...(use.next ?? [])]);
  const taken = all.flatMap((one) => inputsOf(one).filter((name) => isShown(one, name)));
  return [...new Set([...taken, ...(makesPane ? ["session"] : []), ...Object.keys(own)])];
}

/** The names of what it takes, as the tool calls them. */
function inputsOf({ takes, by = {} }: Use): string[] {
  return Object.keys(takes).map((name) => by[name] ?? name);
}

function isShown({ takes }: Use, name: string): boolean {
  return takes[name] !== null;
}

function givenTo({ takes, usual, by = {} }: Use, input: Input): Input {
  const given: Input = { ...usual };
  for (const name of Object.keys(takes)) {
    const value = input[by[name] ?? name];
    if (value !== undefined) given[name] = value;
  }
  return given;
}
