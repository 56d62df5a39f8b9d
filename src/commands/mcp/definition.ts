import { type AnsweringCommand, type Arg, type Effect, isAnswering, type Table } from "../define.ts";
import { outputSchema } from "../results/json-schema.ts";
import { inputSchema, type JsonSchema } from "../schema.ts";
import { TOOLS, type Tool, type Use } from "./tools.ts";

/** A tool as clients are told of it (Model Context Protocol, tools/list). */
export interface Definition {
  name: string;
  description: string;
  inputSchema: ObjectSchema;
  outputSchema: ObjectSchema;
  annotations: Annotations;
}

type ObjectSchema = Omit<JsonSchema, "type"> & { type: "object" };

/** What a tool that is no reader does not say of itself, it is by default: no reader. */
type Annotations = { readOnlyHint: true } | { destructiveHint: boolean };

/** The tools as clients are told of them: all, or those that only read. */
export async function definitions(table: Table, isReadOnly: boolean): Promise<Definition[]> {
  const all = await Promise.all(
    Object.entries(TOOLS).map(async ([name, tool]) => {
      const commands = await Promise.all(tool.uses.map((use) => commandOf(table, use)));
      return { definition: await define(name, tool, commands), isReader: effectOf(commands) === "reads" };
    }),
  );
  return all.filter(({ isReader }) => isReader || !isReadOnly).map(({ definition }) => definition);
}

/** Whether a tool only reads. */
export async function onlyReads(table: Table, tool: Tool): Promise<boolean> {
  return effectOf(await Promise.all(tool.uses.map((use) => commandOf(table, use)))) === "reads";
}

/** The command that a tool uses. */
export async function commandOf(table: Table, { command: name }: Use): Promise<AnsweringCommand> {
  const command = (await table.families.bridge[name]?.load())?.default;
  if (command && isAnswering(command)) return command;
  throw new Error(`there is no bridge command ${name} that answers`);
}

/**
 * What of an answer, and of its schema, an agent is not told: what it has asked itself, what stands there twice, and how
 * something was found out. (`command` in a list is the program that runs.)
 */
const UNTOLD =
  "status timestamp session pane_id index method waiting_method metadata width height pid full_screen window bytes duration_ms draft source conversation given_at".split(
    " ",
  );

/** An answer of a command without what agents are not told. Pure. */
export function told(answer: unknown, isTop = true): unknown {
  if (Array.isArray(answer)) return answer.map((item) => told(item, false));
  if (typeof answer !== "object" || answer === null) return answer;
  const entries = Object.entries(answer).filter(([name]) => isTold(name, isTop));
  return Object.fromEntries(entries.map(([name, value]) => [name, told(value, false)]));
}

function isTold(name: string, isTop: boolean): boolean {
  return !UNTOLD.includes(name) && !(isTop && name === "command");
}

async function define(name: string, tool: Tool, commands: readonly AnsweringCommand[]): Promise<Definition> {
  const outputs = await Promise.all(commands.map(async (command) => outputSchema(await command.schema())));
  const inputSchema = input(tool, commands);
  // what is asked of a pane is told of it, and who only reads makes none
  const untold = inputSchema.properties?.pane || effectOf(commands) === "reads" ? ["pane"] : [];
  return {
    name,
    description: tool.description,
    inputSchema: { ...inputSchema, type: "object" },
    outputSchema: { ...joined(outputs.map((output) => brief(output, untold))), type: "object" },
    annotations: annotations(commands),
  };
}

function input({ uses, own = {} }: Tool, commands: readonly AnsweringCommand[]): JsonSchema {
  const { properties, required = [] } = joined(uses.map((use, i) => taken(use, commands[i] as AnsweringCommand)));
  const needed = [...required, ...Object.keys(own).filter((name) => own[name]?.enum)];
  const schema = { properties: { ...properties, ...own } };
  return needed.length === 0 || "cursor" in own ? schema : { ...schema, required: needed };
}

/** What a tool takes of a command: each input of one type, which every client understands. */
function taken(use: Use, command: AnsweringCommand): JsonSchema {
  const { properties = {}, required = [] } = inputSchema(command);
  const entries = Object.entries(use.takes).map(([name, words]) => {
    const { type, default: usual, items } = properties[name] ?? {};
    const one = Array.isArray(type) ? type[0] : type;
    const preset = use.usual?.[name] ?? usual;
    const schema: JsonSchema = {
      ...(one !== undefined && { type: one }),
      ...(one === "array" && { items: { type: items?.type ?? "string" } }),
      ...(words !== "" && { description: words }),
      ...(preset !== undefined && { default: preset }),
    };
    return [name, schema] as const;
  });
  const isNeeded = (name: string) => name in use.takes && use.usual?.[name] === undefined;
  return { properties: Object.fromEntries(entries), required: required.filter(isNeeded) };
}

/** The schema of an answer as agents are told of it: what is always there, and what is in that they see. */
function brief({ properties = {}, required = [] }: JsonSchema, untold: readonly string[]): JsonSchema {
  const names = required.filter((name) => isTold(name, true) && !untold.includes(name));
  const all = names.map((name) => [name, briefer(properties[name] as JsonSchema)] as const);
  return { properties: Object.fromEntries(all), required: names };
}

function briefer({ type, enum: values, const: only, items }: JsonSchema): JsonSchema {
  return {
    ...(type !== undefined && { type }),
    ...(values && { enum: values }),
    ...(only !== undefined && { const: only }),
    ...(items?.type !== undefined && items.type !== "object" && { items: { type: items.type } }),
  };
}

/** The schema of objects each of which is as one of these. */
function joined(schemas: readonly JsonSchema[]): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [name, schema] of schemas.flatMap((each) => Object.entries(each.properties ?? {}))) {
    const before = properties[name];
    properties[name] = before === undefined || Bun.deepEquals(before, schema) ? schema : either(before, schema);
  }
  const [first, ...others] = schemas.map(({ required = [] }) => required);
  return { properties, required: first?.filter((name) => others.every((names) => names.includes(name))) ?? [] };
}

/** The schema of what is as one of two: of types alone, it is short. */
function either(one: JsonSchema, other: JsonSchema): JsonSchema {
  const isType = (schema: JsonSchema) => Object.keys(schema).join() === "type";
  if (!isType(one) || !isType(other)) return { anyOf: [one, other] };
  return { type: [...new Set([one.type, other.type].flatMap((type) => type ?? []))] };
}

function effectOf(commands: readonly AnsweringCommand[]): Effect {
  const effects = commands.map(({ effect }) => effect);
  return effects.includes("destroys") ? "destroys" : effects.includes("changes") ? "changes" : "reads";
}

function annotations(commands: readonly AnsweringCommand[]): Annotations {
  const effect = effectOf(commands);
  if (effect === "reads") return { readOnlyHint: true };
  const isOpen = commands.some(({ args }) => Object.values(args).some(isTyped));
  return { destructiveHint: effect === "destroys" || isOpen };
}

/** Whether an argument is typed into a pane: what comes of that, nobody here knows. */
function isTyped({ kind }: Arg): boolean {
  return kind === "command" || kind === "text" || kind === "keys";
}
