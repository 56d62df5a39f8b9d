import { expect, test } from "bun:test";
import { AppError } from "../../../src/lib/errors.ts";
import { carryOut, type Deeds } from "../../../src/top/deeds.ts";
import type { PaneDeed } from "../../../src/top/press.ts";
import type { Row } from "../../../src/top/row.ts";

const ROW = { id: "%1", place: "dev:1", what: "make", job: "1" } as Row;

/** What is said of a deed, and what was done. */
async function carriedOut(deed: PaneDeed, own: Partial<Deeds> = {}, now: readonly Row[] = [ROW]) {
  const did: string[] = [];
  const does = (name: string) => async () => {
    did.push(name);
    return name;
  };
  const deeds = { go: does("go"), answer: does("answer"), stop: does("stop"), kill: does("kill"), ...own } as Deeds;
  const said: string[] = [];
  const isOver = await carryOut(deed, deeds, {
    say: (text) => void said.push(text),
    ask: (_, { text }) => void said.push(text),
    rows: async () => now,
    without: (run) => run(),
  });
  return { isOver, did, said: said.at(-1) };
}

test.each(["stop", "kill"] as const)("%s is done to what was asked about", async (name) => {
  expect(await carriedOut({ do: name, row: ROW })).toEqual({ isOver: false, did: [name], said: name });
});

test.each([
  ["another job", [{ ...ROW, job: "2" }]],
  ["nothing", []],
])("%s in its place is left alone", async (_, now) => {
  const said = "dev:1 runs something else by now: nothing was stopped";
  expect(await carriedOut({ do: "stop", row: ROW }, {}, now)).toEqual({ isOver: false, did: [], said });
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
