import { expect, test } from "bun:test";
import { AppError } from "../../../src/lib/errors.ts";
import { carryOut, type Deeds, Doer } from "../../../src/top/deeds.ts";
import type { PaneDeed } from "../../../src/top/press.ts";
import type { Row } from "../../../src/top/row.ts";

const ROW = { id: "%1", place: "dev:1", what: "make", runs: "make", job: "1", isOwn: false } as Row;

/** What is said of a deed, and what was done. */
async function carriedOut(deed: PaneDeed, own: Partial<Deeds> = {}, now: readonly Row[] | Error = [ROW]) {
  const did: string[] = [];
  const does = (name: string) => async () => {
    did.push(name);
    return name;
  };
  const killTurn = async () => {
    did.push("turn");
    return { [Symbol.dispose]: () => void did.push("turn ends") };
  };
  const deeds = { go: does("go"), stop: does("stop"), kill: does("kill"), killTurn, ...own } as Deeds;
  const said: string[] = [];
  const isOver = await carryOut(deed, deeds, {
    say: (text) => void said.push(text),
    ask: (_, { text }) => void said.push(text),
    async rows() {
      did.push("look");
      if (now instanceof Error) throw now;
      return now;
    },
    without: (run) => run(),
  });
  return { isOver, did, said: said.at(-1) };
}

test.each([
  ["stop", ["look", "stop"]],
  // the turn may have to be waited for: it is looked after that
  ["kill", ["turn", "look", "kill", "turn ends"]],
] as const)("%s is done to what was asked about, by a look just before", async (name, did) => {
  expect(await carriedOut({ do: name, row: ROW })).toEqual({ isOver: false, did: [...did], said: name });
});

test.each(["stop", "kill"] as const)("%s is not done where it could not be looked", async (name) => {
  const failed = new AppError("ERR_TIMEOUT", "tmux did not answer");
  const { did, said } = await carriedOut({ do: name, row: ROW }, {}, failed);
  expect({ isDone: did.includes(name), said }).toEqual({ isDone: false, said: "tmux did not answer" });
});

test.each(["stop", "kill"] as const)("%s is not done to the pane that this runs in", async (name) => {
  const { did, said } = await carriedOut({ do: name, row: ROW }, {}, [{ ...ROW, isOwn: true }]);
  expect({ isDone: did.includes(name), said }).toEqual({ isDone: false, said: expect.stringContaining("q leaves it") });
});

test.each([
  ["another job", [{ ...ROW, job: "2" }]],
  ["nothing", []],
])("%s in its place is left alone", async (_, now) => {
  const said = "dev:1 runs something else by now: nothing was stopped";
  expect(await carriedOut({ do: "stop", row: ROW }, {}, now)).toEqual({ isOver: false, did: ["look"], said });
});

test("a popup is over when it has gone somewhere; else it is said", async () => {
  expect(await carriedOut({ do: "go", row: ROW })).toMatchObject({ isOver: false, said: "go" });
  expect(await carriedOut({ do: "go", row: ROW }, { go: async () => undefined })).toMatchObject({ isOver: true });
});

test("what an agent asks is shown", async () => {
  const asked = { for: "question", text: "Which?", question: {} as never };
  expect(await carriedOut({ do: "ask", row: ROW }, { ask: async () => asked })).toMatchObject({ said: "Which?" });
});

test("what went wrong is said with what to do; a bug is thrown", async () => {
  const refused = async () => {
    throw new AppError("ERR_COMMAND_FAILED", "It is gone", { hint: "Look again." });
  };
  expect(await carriedOut({ do: "go", row: ROW }, { go: refused })).toEqual({
    isOver: false,
    did: [],
    said: "It is gone · Look again.",
  });
  const bug = async () => {
    throw new TypeError("bug");
  };
  expect(carriedOut({ do: "go", row: ROW }, { go: bug })).rejects.toThrow("bug");
});

test("one thing is done at a time; at the end it is told to end, and waited for", async () => {
  const doer = new Doer();
  let hasEnded = false;
  const isBegun = doer.begin(async (signal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await Bun.sleep(20);
    hasEnded = true;
  });
  expect([isBegun, doer.begin(async () => {})]).toEqual([true, false]);
  await doer.end();
  expect(hasEnded).toBe(true);
  await doer.end();
});

test("what does not end is not waited for without a bound", async () => {
  const doer = new Doer();
  doer.begin(() => new Promise(() => {}));
  await doer.end();
});
