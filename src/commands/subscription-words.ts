import { AppError } from "../lib/errors.ts";
import { TYPES, typeNamed } from "../subscriptions/table.ts";
import type { Stored, SubscriptionType } from "../subscriptions/type.ts";
import type { Arg, Variants } from "./define.ts";
import { KINDS } from "./kinds.ts";

/** What is subscribed to, as the command line says it. */
export interface Asked {
  type: SubscriptionType;
  pane: string | undefined;
  stored: Partial<Stored>;
  callback: string | undefined;
}

/** A word that may follow a type. */
export interface Word {
  name: string;
  is: "pane" | "detail" | "callback";
  isOptional: boolean;
}

/** The words that follow a type, in order. Pure. */
export function wordsOf({ pane, details }: SubscriptionType): Word[] {
  return [
    ...(pane === "none" ? [] : [{ name: "pane", is: "pane" as const, isOptional: pane === "optional" }]),
    ...Object.entries(details).map(([name, { isOptional = false }]) => ({ name, is: "detail" as const, isOptional })),
    { name: "callback", is: "callback", isOptional: true },
  ];
}

/**
 * Reads the words that follow a type, which says what they are.
 * @throws AppError ERR_INVALID_ARGUMENT, ERR_INVALID_PATTERN
 */
export function readWords(typeName: string, words: readonly (string | undefined)[]): Asked {
  const type = knownType(typeName);
  const rest = words.filter((word) => word !== undefined);
  const take = (name: string, isOptional: boolean) => {
    const word = rest.shift();
    if (isOptional) return word || undefined;
    if (word === undefined) throw new AppError("ERR_INVALID_ARGUMENT", `<${name}> is missing for ${type.name}`);
    return word;
  };
  const pane = type.pane === "none" ? undefined : take("pane", type.pane === "optional");
  const details: Record<string, string | number | undefined> = {};
  for (const [name, { kind, isOptional = false }] of Object.entries(type.details)) {
    const word = take(name, isOptional);
    details[name] = word === undefined || kind === "text" ? word : KINDS[kind](`<${name}>`, word);
  }
  const stored = type.read?.(details, Date.now()) ?? {};
  const callback = take("callback", true);
  if (rest[0] !== undefined) {
    throw new AppError("ERR_INVALID_ARGUMENT", `unexpected argument "${rest[0]}" for ${type.name}`);
  }
  return { type, pane, stored, callback };
}

/** The arguments for them: a pane, as many details as the type with the most of them takes, and a callback. Pure. */
export function wordArgs(types: readonly SubscriptionType[] = TYPES): Record<string, Arg & { type: "positional" }> {
  const rawAfter = (before: readonly string[]) => {
    const word = wordAfter(before);
    return word?.is === "detail" && !word.isOptional;
  };
  const names = (before: readonly string[]) => (wordAfter(before)?.is === "pane" ? "pane" : undefined);
  const details = types.map((type) => Object.keys(type.details));
  const count = Math.max(...details.map(({ length }) => length));
  const detailArgs = Array.from({ length: count }, (_, i) => {
    const meanings = new Set(details.flatMap((ofType) => ofType[i] ?? []));
    const description = [...meanings].map((name) => `the ${name}`).join(", or ");
    return [`detail${i === 0 ? "" : i + 1}`, { type: "positional", description, required: false, raw: true, rawAfter }];
  });
  return {
    pane: { type: "positional", description: "the pane, as everywhere", required: false, names, rawAfter },
    ...Object.fromEntries(detailArgs),
    callback: { type: "positional", description: "a shell command to run", required: false, raw: true },
  };
}

/** The same words by their names, for each type. Pure. */
export function wordVariants(types: readonly SubscriptionType[] = TYPES): Variants {
  const descriptions = { pane: "the pane, as everywhere", callback: "a shell command to run" };
  const argOf = (type: SubscriptionType, { name, is, isOptional }: Word): Arg => {
    const kind = is === "detail" ? type.details[name]?.kind : undefined;
    const description = is === "detail" ? `the ${name}` : descriptions[is];
    return { type: "positional", description, required: !isOptional, ...(kind && kind !== "text" && { kind }) };
  };
  const wordsBy = (type: SubscriptionType) => wordsOf(type).map((word) => [word.name, argOf(type, word)]);
  const of = Object.fromEntries(types.map((type) => [type.name, Object.fromEntries(wordsBy(type))]));
  return { by: "type", into: Object.keys(wordArgs(types)), of };
}

/** What stands after a session, a type, and words that follow it. */
function wordAfter([, type = "", ...words]: readonly string[]): Word | undefined {
  const known = typeNamed(type);
  return known && wordsOf(known)[words.length];
}

function knownType(name: string): SubscriptionType {
  const type = typeNamed(name);
  if (type) return type;
  throw new AppError("ERR_INVALID_ARGUMENT", `"${name}" is not a type of subscription`, {
    hint: `Give one of: ${TYPES.map((known) => known.name).join(", ")}`,
  });
}
