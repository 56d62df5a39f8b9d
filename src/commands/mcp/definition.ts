import { type AnsweringCommand, type Arg, type Effect, isAnswering, type Table } from "../define.ts";
import { outputSchema } from "../results/json-schema.ts";
import { inputSchema, type JsonSchema } from "../schema.ts";
import { MAKE_PANE, MAKE_SESSION, TOOLS, type Tool, type Use } from "./tools.ts";

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
      const load = (uses: readonly Use[]) => Promise.all(uses.map((use) => commandOf(table, use)));
      const commands = await load(allUses(tool));
      const chains = await Promise.all(tool.uses.map(async (use) => await load(chainOf(use))));
      return { definition: await define(name, tool, chains, commands), isReader: effectOf(commands) === "reads" };
    }),
  );
  return all.filter(({ isReader }) => isReader || !isReadOnly).map(({ definition }) => definition);
}

/** Whether a tool only reads. */
export async function onlyReads(table: Table, tool: Tool): Promise<boolean> {
  return effectOf(await Promise.all(allUses(tool).map((use) => commandOf(table, use)))) === "reads";
}

/** All commands that a tool may call. */
function allUses({ uses, makesPane }: Tool): Use[] {
  return [...uses.flatMap(chainOf), ...(makesPane ? [MAKE_PANE, MAKE_SESSION] : [])];
}

/** A command, and those that may follow it. */
function chainOf(use: Use): [Use, ...Use[]] {
  return [use, ...(use.next ?? [])];
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
  "status timestamp session pane_id index method waiting_method metadata width height pid full_screen window bytes bytes_written duration_ms dry_run snapshot source conversation given_at".split(
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

async function define(
  name: string,
  tool: Tool,
  chains: readonly (readonly AnsweringCommand[])[],
  commands: readonly AnsweringCommand[],
): Promise<Definition> {
  const outputs = await Promise.all(
    chains.map(async ([command]) => outputSchema(await (command as AnsweringCommand).schema())),
  );
  // who makes none knows which it is about
  const untold = tool.uses.includes(MAKE_PANE) ? [] : ["pane"];
  const one = answered(outputs, untold);
  return {
    name,
    description: tool.description,
    inputSchema: { ...input(tool, chains), type: "object" },
    outputSchema: { ...(tool.each ? orList(one) : one), type: "object" },
    annotations: annotations(commands),
  };
}

function input(tool: Tool, chains: readonly (readonly AnsweringCommand[])[]): JsonSchema {
  const { uses, own = {}, each, makesPane } = tool;
  const { properties, required = [] } = joined(
    uses.map((use, i) => merged(chainOf(use).map((one, j) => taken(one, chains[i]?.[j] as AnsweringCommand)))),
  );
  const isNeeded = (name: string) => name !== each?.inPlaceOf && !(makesPane && name === "pane");
  const enums = Object.keys(own).filter((name) => own[name]?.enum && name !== "for");
  const needed = [...required.filter(isNeeded), ...enums];
  const schema = { properties: { ...properties, ...own } };
  return needed.length === 0 || "cursor" in own ? schema : { ...schema, required: needed };
}

/** What several commands take that are given the same input: it has to be enough for the first, and by itself tells of the others. */
function merged(schemas: readonly JsonSchema[]): JsonSchema {
  const properties = Object.assign({}, ...schemas.toReversed().map((schema) => schema.properties));
  return { properties, required: schemas[0]?.required ?? [] };
}

/** The schema of an answer whose output may be a list instead. */
function orList({ properties = {}, required }: JsonSchema): JsonSchema {
  const output = either(properties.output ?? {}, { type: "array" });
  return { properties: { ...properties, output }, ...(required && { required }) };
}

/** What a tool takes of a command: each input of one type, which every client understands. */
function taken({ takes, by = {}, usual }: Use, command: AnsweringCommand): JsonSchema {
  const { properties = {}, required = [] } = inputSchema(command);
  const entries = Object.entries(takes).flatMap(([name, words]) => {
    if (words === null) return [];
    const { type, default: preset, items } = properties[name] ?? {};
    const one = Array.isArray(type) ? type[0] : type;
    const schema: JsonSchema = {
      ...(one !== undefined && { type: one }),
      ...(one === "array" && { items: { type: items?.type ?? "string" } }),
      ...(words !== "" && { description: words }),
      ...(preset !== undefined && { default: preset }),
    };
    return [[by[name] ?? name, schema] as const];
  });
  const needed = required.filter((name) => name in takes && usual?.[name] === undefined);
  return { properties: Object.fromEntries(entries), required: needed.map((name) => by[name] ?? name) };
}

/**
 * The schema of an answer as agents are told of it: whatever the output may be, and what else the last command always tells, which is
 * the one that is meant most, but for what speaks for itself when it is seen.
 */
function answered(schemas: readonly JsonSchema[], untold: readonly string[]): JsonSchema {
  const { properties: { output = {} } = {} } = joined(
    schemas.map(({ properties = {} }) => ({ properties: { output: briefer(properties.output ?? {}) } })),
  );
  const { properties = {}, required = [] } = schemas.at(-1) ?? {};
  const names = required.filter(
    (name) => isTold(name, true) && !untold.includes(name) && !isPlain(properties[name] ?? {}),
  );
  const all = names.map(
    (name) => [name, name === "output" ? output : briefer(properties[name] as JsonSchema)] as const,
  );
  const needed = names.filter((name) => schemas.every((schema) => schema.required?.includes(name)));
  return {
    properties: { ...Object.fromEntries(all), output },
    required: needed.includes("output") ? needed : [...needed, "output"],
  };
}

/** Whether it is a count, yes or no, one and the same value, or a list. */
function isPlain({ type, const: only }: JsonSchema): boolean {
  return type === "integer" || type === "boolean" || type === "array" || only !== undefined;
}

function briefer({ type, enum: values, items }: JsonSchema): JsonSchema {
  return {
    ...(type !== undefined && { type }),
    ...(values && { type: "string" }),
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

/** The schema of what is as one of two: of types alone, it is short; of one type, all that is said of it. */
function either(one: JsonSchema, other: JsonSchema): JsonSchema {
  if (typeof one.type === "string" && one.type === other.type) return { ...other, ...one };
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
