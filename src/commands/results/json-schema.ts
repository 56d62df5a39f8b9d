import type * as v from "valibot";
import type { JsonSchema } from "../schema.ts";

/** What this reads of valibot's own objects. */
interface Node {
  type: string;
  pipe?: readonly Node[];
  entries?: Record<string, Node>;
  item?: Node;
  value?: Node;
  wrapped?: Node;
  options?: readonly unknown[];
  literal?: unknown;
  requirement?: unknown;
  description?: string;
}

/**
 * The JSON schema of what a command answers, for those kinds of valibot schema that results are made of. Pure. Throws
 * Error for any other: a kind that is new here has to be added.
 */
export function outputSchema(schema: v.GenericSchema): JsonSchema {
  return convert(schema as unknown as Node);
}

function convert(node: Node): JsonSchema {
  const [first, ...rules] = node.pipe ?? [];
  return first ? Object.assign(convert(first), ...rules.map(rule)) : plain(node);
}

function plain(node: Node): JsonSchema {
  switch (node.type) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return { type: node.type };
    case "unknown":
      return {};
    case "literal":
      return { const: node.literal };
    case "picklist":
      return { enum: [...(node.options ?? [])] };
    case "union":
      return { anyOf: ((node.options ?? []) as Node[]).map(convert) };
    case "nullable":
      return orNull(convert(node.wrapped as Node));
    case "optional":
    case "exact_optional":
      return convert(node.wrapped as Node);
    case "array":
      return { type: "array", items: convert(node.item as Node) };
    case "record":
      return { type: "object", additionalProperties: convert(node.value as Node) };
    case "strict_object":
      return { ...object(Object.entries(node.entries ?? {})), additionalProperties: false };
    case "object":
      return object(Object.entries(node.entries ?? {}));
    default:
      throw new Error(`results hold no schema of the kind ${node.type}`);
  }
}

function object(entries: [string, Node][]): JsonSchema {
  const properties = Object.fromEntries(entries.map(([name, node]) => [name, convert(node)]));
  const required = entries.filter(([, { type }]) => !type.endsWith("optional")).map(([name]) => name);
  return { type: "object", properties, required };
}

function orNull({ description, ...schema }: JsonSchema): JsonSchema {
  const about = description === undefined ? {} : { description };
  if (typeof schema.type === "string") return { ...schema, ...about, type: [schema.type, "null"] };
  return { anyOf: [schema, { type: "null" }], ...about };
}

/** What one step of a pipe adds. */
function rule({ type, requirement, description }: Node): JsonSchema {
  switch (type) {
    case "integer":
      return { type: "integer" };
    case "min_value":
      return { minimum: requirement as number };
    case "max_value":
      return { maximum: requirement as number };
    case "max_length":
    case "check":
      return {};
    case "min_length": // of arrays
      return { minItems: requirement as number };
    case "regex":
      return { pattern: (requirement as RegExp).source };
    case "iso_timestamp":
      return { format: "date-time" };
    case "description":
      return description === undefined ? {} : { description };
    default:
      throw new Error(`results hold no rule of the kind ${type}`);
  }
}
