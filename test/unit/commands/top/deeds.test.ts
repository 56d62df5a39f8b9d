import { expect, test } from "bun:test";
import type { Context } from "../../../../src/commands/define.ts";
import { deedsOf } from "../../../../src/commands/top/deeds.ts";
import type { Row } from "../../../../src/top/row.ts";

const ROW = { id: "%1", sessionId: "$0", place: "dev:1", what: "make", runs: "make" } as Row;

/** Deeds for which each command gives one answer. */
function deeds(answer: Record<string, unknown>) {
  const command = { load: async () => ({ default: { answer: async () => answer } }) };
  const bridge = { "pane-graceful-shutdown": command, "pane-kill": command };
  const context = { table: { families: { bridge } } } as unknown as Context;
  return deedsOf(context, { client: undefined, signal: new AbortController().signal });
}

test.each([
  [[], ""],
  [[{ pid: 1 }, { pid: 2 }], "; 2 of its processes live on (pane-kill --tree ends such)"],
])("what lives on is told, by the same words for both: %j", async (survivors, told) => {
  const { stop, kill } = deeds({ method: "kill", survivors });
  expect(await stop(ROW)).toBe(`make in dev:1 has ended (kill)${told}`);
  expect(await kill(ROW)).toBe(`The pane dev:1 was killed${told}`);
});

test("where nothing ran, that is told", async () => {
  expect(await deeds({ method: "none", survivors: [] }).stop(ROW)).toBe("Nothing ran in dev:1");
});
