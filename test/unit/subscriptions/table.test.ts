import { expect, test } from "bun:test";
import { TYPES, typeNamed } from "../../../src/subscriptions/table.ts";

test("no two types have one name", () => {
  expect(new Set(TYPES.map(({ name }) => name)).size).toBe(TYPES.length);
});

test("a type is found by its name, and none by that of a later version", () => {
  expect(typeNamed("silence")?.name).toBe("silence");
  expect(typeNamed("moon-phase")).toBeUndefined();
});
