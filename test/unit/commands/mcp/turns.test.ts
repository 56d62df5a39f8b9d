import { expect, test } from "bun:test";
import { Turns } from "../../../../src/commands/mcp/turns.ts";

/** Works that begin and end when they are told to. */
function works(turns: Turns, count: number) {
  const begun: number[] = [];
  const all = Array.from({ length: count }, (_, i) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const abort = new AbortController();
    const done = turns.take(abort.signal, () => {
      begun.push(i);
      return promise;
    });
    return { done, end: () => resolve(i), fail: () => reject(new Error("failed")), abort };
  });
  return { begun, all };
}

test("so many work at once, the others in their order, whether those before them have failed or not", async () => {
  const { begun, all } = works(new Turns(2), 5);
  await Bun.sleep(0);
  expect(begun).toEqual([0, 1]);
  all[1]?.fail();
  await expect(all[1]?.done).rejects.toThrow("failed");
  await Bun.sleep(0);
  expect(begun).toEqual([0, 1, 2]);
  for (const { end } of all) end();
  expect(await Promise.all(all.filter((_, i) => i !== 1).map(({ done }) => done))).toEqual([0, 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test("who gives up before it is his turn takes none", async () => {
  const turns = new Turns(1);
  const { begun, all } = works(turns, 3);
  all[1]?.abort.abort(new Error("enough"));
  await expect(all[1]?.done).rejects.toThrow("enough");
  all[0]?.end();
  all[2]?.end();
  expect([await all[0]?.done, await all[2]?.done, begun]).toEqual([0, 2, [0, 2]]);
  all[2]?.abort.abort();
  expect(await turns.take(new AbortController().signal, async () => "free")).toBe("free");
});
