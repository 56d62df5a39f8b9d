import { AppError } from "../lib/errors.ts";
import type { Arg, Declaration, Variants } from "./define.ts";
import type { Kind } from "./kinds.ts";
import { isRequired, readKinds } from "./parse.ts";

/** A JSON schema (2020-12), as far as what commands take and answer needs it. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

/** What may be given for an argument of each kind. */
const KIND_SCHEMAS: Record<Kind, JsonSchema> = {
  count: { type: "integer", minimum: 1, maximum: 999_999_999 },
  seconds: { type: ["number", "string"], minimum: 0.001, maximum: 999_999_999, pattern: "^[0-9][0-9.hms]*$" },
  command: { type: ["string", "array"], items: { type: "string" }, minItems: 1 },
  text: { type: ["string", "array"], items: { type: "string" }, minItems: 1 },
  signal: { type: "string", minLength: 1 },
  keys: { type: "array", items: { type: "string" }, minItems: 1 },
  note: { type: "string", minLength: 1, maxLength: 200 },
  pid: { type: "integer", minimum: 1, maximum: 999_999_999 },
  key: { type: "string", minLength: 1, maxLength: 200 },
  sessionName: { type: "string", pattern: "^[A-Za-z0-9_-]{1,50}$" },
  label: { type: "string", minLength: 1, maxLength: 100 },
  labelOrNone: { type: "string", maxLength: 100 },
  size: { type: "string", pattern: "^[0-9]+x[0-9]+$" },
  variables: { type: "array", items: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*=" } },
};

/** What is asked of a command's declaration here. */
type Taking = Pick<Declaration, "args" | "variants">;

/**
 * What a command takes from another program: a JSON object of its arguments by name. A positional argument for which an
 * option may stand in is called by the name of that option. Words that not every variant takes say which one does: they are
 * no union of schemas, which not every client understands. Pure.
 */
export function inputSchema(taking: Taking): JsonSchema {
  const { args, variants } = taking;
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [name, arg] of inputs(withoutWords(taking))) {
    properties[name] = propertyOf(arg);
    if (isNeeded(name, arg, args)) required.push(name);
    if (name === variants?.by) Object.assign(properties, variantProperties(variants));
  }
  return { type: "object", properties, required, additionalProperties: false };
}

/**
 * The values of a command's arguments that such an object means, as the command wants them. Which of an enum's values they
 * are, the command checks, but for the one that tells the variant. Pure.
 * @throws AppError ERR_INVALID_ARGUMENT for what is unknown, missing or of another type, and as the kinds do
 */
export function readInput(taking: Taking, input: Record<string, unknown>): Record<string, unknown> {
  const { args, variants } = taking;
  if (!variants) return readNamed(args, input);
  const { by, into, of } = variants;
  if (input[by] === undefined) throw invalid(`"${by}" is missing`);
  const words = Object.hasOwn(of, `${input[by]}`) ? of[`${input[by]}`] : undefined;
  if (!words) throw invalid(`"${by}" is ${JSON.stringify(input[by])}, which is none of: ${Object.keys(of).join(", ")}`);
  const { free, given } = Object.groupBy(Object.entries(input), ([name]) =>
    Object.hasOwn(words, name) ? "given" : "free",
  );
  const common = readNamed(withoutWords(taking), Object.fromEntries(free ?? []), Object.keys(words));
  // what is left out between others is "" on a command line
  const named = readWords(words, Object.fromEntries(given ?? []));
  const last = named.findLastIndex((word) => word !== undefined);
  const positional = named.slice(0, last + 1).map((word, i) => [into[i], word ?? ""]);
  return { ...common, ...Object.fromEntries(positional) };
}

/** The words of a variant, in order. */
function readWords(words: Readonly<Record<string, Arg>>, input: Record<string, unknown>): (string | undefined)[] {
  return Object.entries(words).map(([name, arg]) => {
    const given = input[name];
    if (given !== undefined) return `${textOf(name, given, propertyOf(arg))}`;
    if (isRequired(arg)) throw invalid(`"${name}" is missing`);
    return undefined;
  });
}

/** What the words of all variants may be, each with those that take it if not all do. */
function variantProperties({ of }: Variants): Record<string, JsonSchema> {
  const all = Object.entries(of);
  const properties: Record<string, JsonSchema> = {};
  for (const [name, arg] of all.flatMap(([, words]) => Object.entries(words))) {
    const takers = all.filter(([, words]) => Object.hasOwn(words, name)).map(([value]) => value);
    const one = propertyOf(arg);
    const free = takers.filter((value) => !isRequired(of[value]?.[name] as Arg));
    const unless = free.length < takers.length && free.length > 0 ? `; may be left out for ${free.join(", ")}` : "";
    const whose = takers.length < all.length ? ` (for ${takers.join(", ")}${unless})` : "";
    properties[name] = { ...one, description: `${one.description ?? name}${whose}` };
  }
  return properties;
}

/** @param others what else could be given, for the complaint about what can't be */
function readNamed(
  args: Record<string, Arg>,
  input: Record<string, unknown>,
  others: readonly string[] = [],
): Record<string, unknown> {
  const known = new Map(inputs(args));
  const values: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(input)) {
    const arg = known.get(name);
    if (!arg) {
      const names = [...known.keys(), ...others].join(", ");
      throw invalid(`there is no "${name}" to give; there are: ${names || "none"}`);
    }
    values[name] = textOf(name, given, propertyOf(arg));
  }
  for (const [name, arg] of known) {
    if (values[name] === undefined && isNeeded(name, arg, args)) throw invalid(`"${name}" is missing`);
  }
  return readKinds(values, args, (name) => `"${name}"`);
}

/** The arguments but for those that take the words of variants. */
function withoutWords({ args, variants }: Taking): Record<string, Arg> {
  if (!variants) return args;
  return Object.fromEntries(Object.entries(args).filter(([name]) => !variants.into.includes(name)));
}

/** The arguments that another program can give. */
function inputs(args: Record<string, Arg>): [string, Arg][] {
  return Object.entries(args).filter(
    ([, arg]) => !arg.isInternal && !arg.isOfTerminal && !(arg.type === "positional" && arg.unless !== undefined),
  );
}

/** Whether an argument must be given: a positional one, or the option that stands in for it. */
function isNeeded(name: string, arg: Arg, args: Record<string, Arg>): boolean {
  if (arg.type === "positional") return isRequired(arg);
  return Object.values(args).some((other) => other.unless === name && isRequired(other));
}

function propertyOf({ type, kind, values, multiple, description, default: usual }: Arg): JsonSchema {
  const about = description === undefined ? {} : { description };
  if (type === "boolean") return { type: "boolean", ...about };
  const one: JsonSchema = kind ? KIND_SCHEMAS[kind] : { type: "string", ...(values && { enum: [...values] }) };
  const isList = multiple && !allows(one, "array");
  const what: JsonSchema = isList ? { type: "array", items: one } : one;
  const preset = usual === undefined ? {} : { default: what.type === "integer" ? Number(usual) : usual };
  return { ...what, ...about, ...preset };
}

function allows({ type }: JsonSchema, name: string): boolean {
  return typeof type === "string" ? type === name : type?.includes(name) === true;
}

/** What was given as the command line would have it: numbers are text there. */
function textOf(name: string, given: unknown, schema: JsonSchema): unknown {
  const isList = Array.isArray(given) && given.every((each) => typeof each === "string");
  if (isList && allows(schema, "array")) return given;
  if (typeof given === "boolean" && allows(schema, "boolean")) return given;
  if (typeof given === "number" && allows(schema, "integer")) return `${given}`;
  // milliseconds are what a time is read to
  if (typeof given === "number" && allows(schema, "number")) return `${Number(given.toFixed(3))}`;
  if (typeof given === "string" && allows(schema, "string")) return given;
  throw invalid(`"${name}" is ${JSON.stringify(given)}, which is no ${[schema.type].flat().join(" or ")}`);
}

function invalid(message: string): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", message);
}
