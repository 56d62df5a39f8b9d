import { describe, expect, test } from "bun:test";
import * as v from "valibot";
import { answering, listing } from "../../../src/commands/answering.ts";
import type { Context } from "../../../src/commands/define.ts";

const declaration = { effect: "reads", examples: ["claude-tmux count"], args: {} } as const;
const context = {} as Context;

describe("what another program gets", () => {
  test("is the answer", async () => {
    const command = answering({
      ...declaration,
      schema: async () => v.strictObject({ n: v.number() }),
      answer: () => ({ n: 3 }),
      text: ({ n }) => `${n} in all`,
    });
    expect(await command.answer({}, context)).toEqual({ n: 3 });
    expect(v.is(await command.schema(), { n: 3 })).toBe(true);
  });

  test("is what is for everybody, of an answer that has more for people", async () => {
    const command = answering({
      ...declaration,
      schema: async () => v.strictObject({ n: v.number() }),
      answer: async () => ({ n: 3, words: "three in all" }),
      data: ({ n }) => ({ n }),
      text: ({ words }) => words,
    });
    expect(await command.answer({}, context)).toEqual({ n: 3 });
  });

  test("is all items of a list, and an error that comes between them", async () => {
    async function* items() {
      yield 1;
      yield 2;
    }
    const command = listing({ ...declaration, item: async () => v.number(), items });
    expect(await command.answer({}, context)).toEqual([1, 2]);
    expect(v.is(await command.schema(), [1, 2])).toBe(true);
    expect(v.is(await command.schema(), 1)).toBe(false);
    const failing = listing({
      ...declaration,
      item: async () => v.number(),
      async *items() {
        yield* items();
        throw new Error("half done");
      },
    });
    await expect(Promise.resolve(failing.answer({}, context))).rejects.toThrow("half done");
  });
});
