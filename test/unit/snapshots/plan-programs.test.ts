import { expect, test } from "bun:test";
import { plannedPrograms } from "../../../src/snapshots/plan-programs.ts";
import type { Here, WhyNotStarted } from "../../../src/snapshots/plan-terms.ts";
import { whyUnsafe } from "../../../src/snapshots/programs.ts";
import { paneOf, programOf } from "./example.ts";

const here = { isLiving: () => false, isKept: () => true } as unknown as Here;

function planned(
  facts: Parameters<typeof paneOf>[0],
  {
    isOwn = true,
    isStarted = false,
    whyNotStarted = () => (isStarted ? undefined : 'its word "x" is not known'),
    ...other
  }: Partial<Here> & { isOwn?: boolean; isStarted?: boolean; whyNotStarted?: WhyNotStarted } = {},
) {
  const missing: string[] = [];
  const miss = (what: string, why: string) => missing.push(`${what}: ${why}`);
  const session = { set: {}, hidden: [] };
  return {
    ...plannedPrograms(paneOf(facts), { isOwn, here: { ...here, ...other }, whyNotStarted, miss, session }),
    missing,
  };
}

const NOT_STARTED = 'its word "x" is not known: session-restore --run all, or --run with a pattern for it, starts it';
const IN_HISTORY = "; its line goes into the history of its shell";

test("what is not started is in the history of its shell, jobs first", () => {
  const jobs = [programOf(["make", "-j"]), programOf(["sed", "x"], { cut: "part" })];
  expect(planned({ program: programOf(["vim", "my file"]), jobs })).toEqual({
    command: undefined,
    history: ["make -j", "vim 'my file'"],
    missing: [
      "the job make -j: jobs that are stopped or in the background are not started",
      "the job sed x: jobs that are stopped or in the background are not started",
      `vim 'my file': ${NOT_STARTED}${IN_HISTORY}`,
    ],
  });
});

test("but not a stranger's, not where the line is not whole, and not in fish", () => {
  const program = programOf(["vim", "x"]);
  expect(planned({ program }, { isOwn: false })).toMatchObject({ history: [], missing: [`vim x: ${NOT_STARTED}`] });
  expect(planned({ program: programOf(["vim", "***"], { cut: "secret" }) }).history).toEqual([]);
  expect(planned({ program, shell: "/usr/bin/fish" }).history).toEqual([]);
});

test("a command line that is not UTF-8 is neither started nor in a history", () => {
  const program = programOf(["vim", "caf\ufffd"]);
  const why = "of 'caf\ufffd', it is not UTF-8 (or holds U+FFFD, which stands for what is not)";
  expect(planned({ program }, { isStarted: true })).toEqual({
    command: undefined,
    history: [],
    missing: [`vim 'caf\ufffd': ${why}`],
  });
  expect(planned({ jobs: [program] }).history).toEqual([]);
});

test("a program is started with the variables that it alone was given, but for what could do something, and secrets", () => {
  const set = { ONE: "a b", LANG: null, LD_PRELOAD: "/x.so" };
  const program = programOf(["make"], { environment: { set, hidden: ["API_KEY"] } });
  expect(planned({ program }, { isStarted: true })).toEqual({
    command: "env -u LANG 'ONE=a b' make",
    history: [],
    missing: [
      "the variable LD_PRELOAD: it could make programs run code; make goes without it",
      "the variable API_KEY: it may be a secret, or was too long for its shell to tell: its value is not stored; make goes without it",
    ],
  });
});

const ID = "0b6d3a52-7f0f-4d8e-9a51-6f8f3a1d2c3b";
const agent = { kind: "claude", conversation: ID };

test("a coding agent goes on with its conversation", () => {
  const program = programOf(["claude", "do", "--model", "opus"], { agent });
  expect(planned({ program: programOf(["claude", "--model", "opus"], { agent }) }, { isStarted: true })).toMatchObject({
    command: `claude --resume ${ID} --model opus`,
    missing: [],
  });
  expect(planned({ program }).command).toBeUndefined();
});

test.each<[string, boolean, string | undefined]>([
  ["opencode", true, undefined],
  ["/tmp/x/opencode", true, undefined],
  ["node /home/me/.npm-global/bin/opencode --model x", true, undefined],
  ["sh /home/me/.nvm/versions/node/v22.1.0/bin/opencode", true, undefined],
  ["opencode --auto", true, "what it was given does more"],
  ["node --import data:text/javascript,x opencode", true, "its command line could start something else than opencode"],
  ["bash --rcfile /tmp/x /usr/bin/opencode", true, "its command line could start something else"],
  ["env LD_PRELOAD=/tmp/x opencode", true, "its command line could start something else"],
  ["./opencode", true, "its command line could start something else"],
  ["evil", true, "its command line could start something else"],
  ["claude", true, "its command line could start something else"],
  ["opencode", false, "it is a coding agent"],
  ["/tmp/x/opencode", false, "it is a coding agent"],
  ["sh /tmp/x/opencode", false, "it is a coding agent"],
  ["node --import data:text/javascript,x opencode", false, "it is a coding agent"],
])("the agent %p of one's own (%p) is safe but for: %p", (line, isOwn, why) => {
  const opencode = { kind: "opencode", conversation: "ses_1" };
  const program = programOf(line.split(" "), { agent: opencode });
  const { command, missing } = planned({ program }, { isOwn, whyNotStarted: whyUnsafe });
  expect([command !== undefined, missing.length]).toEqual(why === undefined ? [true, 0] : [false, 1]);
  if (why !== undefined) expect(missing[0]).toContain(`: ${why}`);
});

test.each([
  [{ ...agent, kind: "other" }, {}, "it is a coding agent of a kind that is not known here"],
  [{ ...agent, conversation: null }, {}, "it is a coding agent, and which conversation it had could not be told"],
  [agent, { isLiving: () => true }, "its conversation goes on elsewhere"],
  [agent, { isKept: () => false }, "its conversation is not kept here"],
])("%o is not started", (one, other, why) => {
  const found = planned({ program: programOf(["claude"], { agent: one }) }, { isStarted: true, ...other });
  expect(found).toEqual({ command: undefined, history: [], missing: [`claude: ${why}`] });
});

test("where its files are is told by what it was given, its shell, and its session", () => {
  const seen: unknown[] = [];
  const isKept = (_kind: string, _conversation: string, variable: (name: string) => string | undefined) => {
    seen.push(variable("A"), variable("B"));
    return true;
  };
  const program = programOf(["claude"], { agent, environment: { set: { A: "own" }, hidden: [] } });
  planned({ program, environment: { set: { A: "shell", B: "shell" }, hidden: [] } }, { isKept });
  expect(seen).toEqual(["own", "shell"]);
});
