import { expect, test } from "bun:test";
import * as v from "valibot";
import { isAnswering } from "../../../../src/commands/define.ts";
import { describeCommands } from "../../../../src/commands/reference/usage.ts";
import { outputSchema } from "../../../../src/commands/results/json-schema.ts";
import { BridgeFailure, Failure } from "../../../../src/commands/results/reply.ts";

test.each<[v.GenericSchema, object]>([
  [v.pipe(v.string(), v.description("a text")), { type: "string", description: "a text" }],
  [v.null(), { type: "null" }],
  [v.pipe(v.number(), v.integer(), v.minValue(1)), { type: "integer", minimum: 1 }],
  [v.pipe(v.string(), v.regex(/^\d+$/)), { type: "string", pattern: "^\\d+$" }],
  [v.pipe(v.string(), v.isoTimestamp()), { type: "string", format: "date-time" }],
  [
    v.nullable(v.pipe(v.number(), v.description("or not known"))),
    { type: ["number", "null"], description: "or not known" },
  ],
  [v.nullable(v.picklist(["a", "b"])), { anyOf: [{ enum: ["a", "b"] }, { type: "null" }] }],
  [
    v.union([v.literal(true), v.array(v.boolean())]),
    { anyOf: [{ const: true }, { type: "array", items: { type: "boolean" } }] },
  ],
  [v.record(v.string(), v.unknown()), { type: "object", additionalProperties: {} }],
  [
    v.strictObject({ a: v.string(), b: v.optional(v.number()) }),
    {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "number" } },
      required: ["a"],
      additionalProperties: false,
    },
  ],
])("%#: a schema as JSON", (schema, expected) => {
  expect(outputSchema(schema)).toEqual(expected as never);
});

test("what is not known is no schema that takes anything", () => {
  expect(() => outputSchema(v.date())).toThrow("date");
  expect(() => outputSchema(v.pipe(v.string(), v.trim()))).toThrow("trim");
});

test("every answer, and every error, has one", async () => {
  for (const { command } of await describeCommands()) {
    if (isAnswering(command)) expect(outputSchema(await command.schema())).toBeObject();
  }
  expect(outputSchema(BridgeFailure).required).toContain("error");
  expect(outputSchema(Failure).properties?.status).toEqual({ const: "error" });
});
