import { describe, expect, test } from "bun:test";
import { atOnce, type Enough, listOf, separate } from "../../../../src/commands/mcp/at-once.ts";
import { TOOLS, type Tool } from "../../../../src/commands/mcp/tools.ts";

const { run, wait, send } = TOOLS as { run: Tool; wait: Tool; send: Tool };

type Facts = Record<string, unknown>;

const ended = (facts: Facts) => ({ isError: facts.error !== undefined, facts });

/** Calls that come to an end one after the other, in the order that is given; what is told of them. */
async function told(enough: Enough, inOrder: readonly Facts[]): Promise<unknown[]> {
  const calls = inOrder.map((facts, i) => async (signal: AbortSignal) => {
    for (let turns = 0; turns < 10 * i && !signal.aborted; turns++) await Promise.resolve();
    const givenUp = { ...ended({ output: "given up", error: { code: "ERR_COMMAND_FAILED" } }), goesOn: true };
    return signal.aborted && !facts.isHeedless ? givenUp : ended(facts);
  });
  const outcomes = await atOnce(calls, enough, new AbortController().signal);
  return outcomes.map(({ goesOn, facts }) => (goesOn ? "running" : facts));
}

const WELL = { output: "", exit_code: 0 };
const FAILED = { output: "", exit_code: 3 };
const UNKNOWN = { output: "", exit_code: null };
const NOT_THERE = { output: "", error: { code: "ERR_PANE_NOT_FOUND" } };
const LATE = { output: "", error: { code: "ERR_TIMEOUT" } };
/** What ends, well or not, when enough have ended already. */
const LATER = [FAILED, NOT_THERE].map((facts) => ({ ...facts, isHeedless: true }));
const WITHOUT = { output: "", exit_code: 0, error: { code: "ERR_COMMAND_ENDED" } };

describe("of several calls at once", () => {
  test.each([
    ["all", [WELL, FAILED, LATE], [WELL, FAILED, LATE]],
    ["first", [WELL, FAILED], [WELL, "running"]],
    ["first", [NOT_THERE, UNKNOWN, WELL], [NOT_THERE, UNKNOWN, "running"]],
    ["failure", [WELL, UNKNOWN, NOT_THERE, FAILED, WELL], [WELL, UNKNOWN, NOT_THERE, FAILED, "running"]],
    ["failure", [WITHOUT, WELL], [WITHOUT, "running"]],
    ["first", [WELL, ...LATER, WELL], [WELL, ...LATER, "running"]],
    ["failure", [WELL, WELL], [WELL, WELL]],
  ] as [Enough, Facts[], unknown[]][])("%s is enough", async (enough, inOrder, expected) => {
    expect(await told(enough, inOrder)).toEqual(expected);
  });

  test("all are given up with the call itself", async () => {
    const abort = new AbortController();
    const hanging = (signal: AbortSignal) =>
      new Promise<{ isError: boolean; facts: Facts }>((resolve) => {
        signal.addEventListener("abort", () => resolve(ended({ output: `${signal.reason}` })));
      });
    const all = atOnce([hanging, hanging], "all", abort.signal);
    abort.abort("enough");
    expect((await all).map(({ facts }) => facts.output)).toEqual(["enough", "enough"]);
  });
});

test("what is told of each has its pane, and facts of an object beside it; of one that was given up, whether it goes on", () => {
  const outcomes = [
    ended({ pane: "%1", output: "a" }),
    { ...ended({ output: "given up" }), goesOn: true },
    ended({ pane: "%3", output: { pane: "%3", state: "idle" } }),
    { ...ended({ output: "given up" }), goesOn: false },
  ];
  expect(listOf(outcomes, ["dev:a", "dev:b", "dev:c", "dev:d"])).toEqual([
    { pane: "%1", output: "a" },
    { pane: "dev:b", running: true },
    { pane: "%3", state: "idle" },
    { pane: "dev:d", given_up: true },
  ]);
});

describe("a list", () => {
  test("stands for so many inputs", () => {
    expect(separate(wait, { panes: ["%1", "%2"], timeout: 1 })).toEqual([
      { pane: "%1", timeout: 1 },
      { pane: "%2", timeout: 1 },
    ]);
    expect(separate(run, { session: "dev", commands: ["a"] })).toEqual([{ session: "dev", command: "a" }]);
    expect(separate(wait, { pane: "%1" })).toBeUndefined();
    expect(separate(send, { panes: ["%1"] })).toBeUndefined();
  });

  test.each([
    [wait, { panes: [] }, "give 1 to 20"],
    [wait, { panes: ["%1"], pane: "%2" }, "are both there"],
    [run, { commands: ["a"] }, '"session" is missing'],
    [run, { commands: ["a"], command: "b", session: "dev" }, "are both there"],
  ])("is refused: %#", (tool, input, words) => {
    expect(() => separate(tool, input)).toThrow(words);
  });
});
