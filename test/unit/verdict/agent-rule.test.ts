import { expect, test } from "bun:test";
import { copilot } from "../../../src/agents/copilot.ts";
import type { AgentNote } from "../../../src/agents/note.ts";
import type { AgentState, Told } from "../../../src/agents/told.ts";
import { type AgentReading, isScreenWanted, judgeAgent } from "../../../src/verdict/agent-rule.ts";

const NOW = 1_796_000_000_000;
const OLD = NOW - 60_000;

const hook = (state: AgentState, more: Partial<AgentNote> = {}): AgentNote => ({
  kind: "claude",
  pid: 42,
  startTime: 1,
  state,
  since: OLD,
  ...more,
});
const byFile = (reading: Partial<AgentReading>): AgentReading => ({
  sources: ["file", "hook"],
  ageMs: 60_000,
  ...reading,
});
const byTitle = (reading: Partial<AgentReading>): AgentReading => ({ ...byFile(reading), sources: ["title", "hook"] });
const byScreen = (reading: Partial<AgentReading>): AgentReading => ({
  ...byFile(reading),
  sources: ["title", "hook", "screen"],
});
const byHook = (reading: Partial<AgentReading>): AgentReading => ({ ...byFile(reading), sources: ["hook"] });

const byTitled = (reading: Partial<AgentReading>): AgentReading => ({
  ...byFile(reading),
  sources: ["title", "status", "hook", "screen"],
});
const byStatus = (reading: Partial<AgentReading>): AgentReading => ({
  ...byFile(reading),
  sources: ["status", "title", "hook", "screen"],
});

const byBar = (reading: Partial<AgentReading>): AgentReading => ({
  ...byFile(reading),
  sources: ["title", "hook", "screen", "progress"],
});

const WORKING: Told = { state: "working" };
const IDLE: Told = { state: "idle" };
const WAITING: Told = { state: "waiting" };

test.each<[string, AgentReading, string]>([
  [
    "a file that does not say what for, and a hook of an earlier dialog",
    byFile({ file: { ...WAITING, since: NOW }, hook: hook("waiting", { for: "question" }) }),
    `waiting by file since ${NOW}`,
  ],
  // the best source decides, whatever the others said
  ["the file", byFile({ file: { ...WORKING, since: 5 } }), "working by file since 5"],
  ["the file, after a refusal", byFile({ file: IDLE, hook: hook("waiting", { for: "permission" }) }), "idle by file"],
  ["the file, after an interrupt", byFile({ file: IDLE, hook: hook("working") }), "idle by file"],
  [
    "the file, of a wait",
    byFile({ file: { ...WAITING, for: "question" }, hook: hook("working") }),
    "waiting for question by file",
  ],
  ["the title", byTitle({ title: WORKING, hook: hook("done") }), "working by title"],
  ["the status", byStatus({ status: { ...IDLE, since: 5 }, title: WORKING }), "idle by status since 5"],
  [
    "the status, of how the turn ended",
    byStatus({ status: { ...IDLE, since: 5 }, hook: hook("done") }),
    "idle by status since 5",
  ],
  [
    "the status, of a wait for what it has no word for",
    byStatus({ status: { ...WAITING, since: 5 }, screen: { state: "waiting", for: "question" } }),
    "waiting for question by status since 5",
  ],
  ["the title, where no status was heard", byStatus({ title: IDLE, hook: hook("done") }), `done by title since ${OLD}`],
  [
    "a title that works on, after a turn",
    byTitle({ title: WORKING, hook: hook("idle", { since: NOW - 500 }) }),
    "working by title",
  ],
  // a status is noted a moment after it was told, and says more than a title
  ["a title that asks, before that is noted", byTitled({ title: WAITING, status: WORKING }), "waiting by title"],
  [
    "a title that is idle, before that is noted",
    byTitled({ title: IDLE, status: { ...WORKING, since: 5 } }),
    "idle by title",
  ],
  [
    "what the status says that it waits for",
    byTitled({
      title: WAITING,
      status: { ...WAITING, for: "question", since: 5 },
      hook: hook("waiting", { for: "permission" }),
    }),
    "waiting for question by title since 5",
  ],
  [
    "what the status says of the turn",
    byTitled({ title: IDLE, status: { state: "failed", since: 5 }, hook: hook("done") }),
    "failed by title since 5",
  ],
  [
    "a turn that was broken off",
    byTitled({ title: IDLE, status: { ...IDLE, since: 5 }, hook: hook("done") }),
    "idle by title since 5",
  ],
  ["since when it works", byTitled({ title: WORKING, status: { ...WORKING, since: 5 } }), "working by title since 5"],
  [
    "the status, where no title tells anything",
    byTitled({ status: { ...WAITING, for: "permission", since: 5 } }),
    "waiting for permission by status since 5",
  ],
  // a hook adds what the better source does not tell
  ["how the turn ended", byFile({ file: IDLE, hook: hook("done") }), `done by file since ${OLD}`],
  ["that it failed", byFile({ file: IDLE, hook: hook("failed") }), `failed by file since ${OLD}`],
  [
    "what is waited for",
    byTitle({ title: WAITING, hook: hook("waiting", { for: "permission" }) }),
    `waiting for permission by title since ${OLD}`,
  ],
  ["no more than it knows", byTitle({ title: WAITING, hook: hook("waiting") }), `waiting by title since ${OLD}`],
  ["since when", byTitle({ title: WORKING, hook: hook("working") }), `working by title since ${OLD}`],
  ["nothing of another state", byTitle({ title: WAITING, hook: hook("working") }), "waiting by title"],
  [
    "nothing of what the file itself says",
    byFile({ file: { ...WAITING, for: "question", since: 7 }, hook: hook("waiting", { for: "permission" }) }),
    "waiting for question by file since 7",
  ],
  // hooks that tell of every change are believed; of others only what a better source would not show
  [
    "hooks alone",
    byHook({ hook: hook("waiting", { for: "permission" }) }),
    `waiting for permission by hook since ${OLD}`,
  ],
  ["hooks that a title should bear out", byTitle({ hook: hook("working") }), "unknown"],
  ["hooks that a file should bear out", byFile({ hook: hook("waiting", { for: "permission" }) }), "unknown"],
  [
    "a hook that has just been called",
    byTitle({ hook: hook("working", { since: NOW - 500 }) }),
    `working by hook since ${NOW - 500}, perhaps`,
  ],
  ["that a turn is over", byFile({ hook: hook("done") }), `done by hook since ${OLD}, perhaps`],
  // what it shows adds what nothing else tells
  [
    "what is asked for",
    byTitle({ title: WAITING, screen: { ...WAITING, for: "question" } }),
    "waiting for question by title",
  ],
  [
    "what a hook told before it",
    byTitle({ title: WAITING, hook: hook("waiting", { for: "permission" }), screen: { ...WAITING, for: "question" } }),
    `waiting for permission by title since ${OLD}`,
  ],
  [
    "a dialog at its start",
    byScreen({ ageMs: 900, screen: { ...WAITING, for: "trust" } }),
    "waiting for trust by screen, perhaps",
  ],
  [
    "a dialog of which a hook told long ago",
    byScreen({ hook: hook("waiting"), screen: { ...WAITING, for: "permission" } }),
    "waiting for permission by screen, perhaps",
  ],
  [
    "a title that says it works",
    byScreen({ title: WORKING, screen: { ...WAITING, for: "permission" } }),
    "working by title",
  ],
  // its progress bar tells that it works, where nothing better tells anything
  ["a progress bar", byBar({ progress: { ...WORKING, since: 5 } }), "working by progress, perhaps"],
  ["a progress bar of a young one", byBar({ ageMs: 900, progress: WORKING }), "working by progress, perhaps"],
  ["one that stands still", byBar({ progress: { state: "unknown" } }), "unknown"],
  [
    "one beside a dialog",
    byBar({ progress: WORKING, screen: { ...WAITING, for: "question" } }),
    "waiting for question by screen, perhaps",
  ],
  ["one that was left after a turn", byBar({ title: IDLE, progress: WORKING }), "idle by title"],
  [
    "one of whose turn a hook told",
    byBar({ hook: hook("done"), progress: WORKING }),
    `done by hook since ${OLD}, perhaps`,
  ],
  [
    "one that bears out what a hook said",
    byBar({ hook: hook("working"), progress: WORKING }),
    "working by progress, perhaps",
  ],
  ["one beside a dialog of which a hook told", byBar({ hook: hook("waiting"), progress: WORKING }), "unknown"],
  // nothing is known
  ["a young one", byFile({ ageMs: 900 }), "starting by process"],
  ["an old one", byFile({}), "unknown"],
  ["an old one with sources of other kinds", byHook({ title: IDLE, file: IDLE }), "unknown"],
])("%s: %#", (_, reading, expected) => {
  const found = judgeAgent(reading, NOW);
  const wait = found.for === null ? "" : ` for ${found.for}`;
  const source = found.source === null ? "" : ` by ${found.source}`;
  const since = found.since === null ? "" : ` since ${found.since}`;
  const perhaps = found.source !== null && !found.isCertain ? ", perhaps" : "";
  expect(`${found.state}${wait}${source}${since}${perhaps}`).toBe(expected);
  expect(found.because).not.toBe("");
});

test("it is idle only where a source says so, or that the last turn is over", () => {
  const tellings: (Told | undefined)[] = [undefined, WORKING, WAITING, { state: "unknown" }];
  const hooks = [undefined, hook("working"), hook("waiting"), hook("working", { since: NOW })];
  for (const sources of [byFile({}).sources, byTitle({}).sources, byHook({}).sources])
    for (const told of tellings)
      for (const note of hooks)
        for (const ageMs of [0, 60_000]) {
          const { state } = judgeAgent({ sources, ageMs, file: told, title: told, hook: note }, NOW);
          expect(["idle", "done", "failed", "dead"]).not.toContain(state);
        }
});

test("what it shows is looked at while it is idle only where that hides a question, and then decides", () => {
  const idle = judgeAgent(byTitle({ title: IDLE }), NOW);
  expect([isScreenWanted(idle), isScreenWanted(idle, true)]).toEqual([false, true]);
  expect(isScreenWanted(judgeAgent(byTitle({ title: WORKING }), NOW), true)).toBe(false);
  const screen: Told = { state: "waiting", for: "trust" };
  for (const reading of [{ title: IDLE }, { title: IDLE, hook: hook("done") }, { hook: hook("idle") }]) {
    expect(judgeAgent(byScreen({ ...reading, screen }), NOW)).toMatchObject({ ...screen, source: "screen" });
  }
  expect(judgeAgent(byScreen({ title: WORKING, screen }), NOW)).toMatchObject({ state: "working" });
});

test("where its screen may hide a question and can't be seen, it is not idle", () => {
  for (const reading of [{ title: IDLE }, { title: IDLE, hook: hook("done") }, { hook: hook("idle") }]) {
    expect(judgeAgent(byScreen({ ...reading, isUnseen: true }), NOW)).toMatchObject({
      state: "unknown",
      isCertain: false,
    });
  }
  expect(judgeAgent(byScreen({ title: WORKING, isUnseen: true }), NOW).state).toBe("working");
});

test("that it is idle by what it shows is said in words that are true", () => {
  const { state, source, because } = judgeAgent(byScreen({ screen: IDLE }), NOW);
  expect({ state, source }).toEqual({ state: "idle", source: "screen" });
  expect(because).toBe("it shows where a prompt is to be written, and does nothing");
});

test("where nothing ever tells it, that is said in words", () => {
  const untold = "it tells that to its plugin alone";
  const { state, because } = judgeAgent(byHook({ untold }), NOW);
  expect({ state, because }).toEqual({ state: "unknown", because: `nothing tells what it does: ${untold}` });
  expect(judgeAgent(byHook({ untold: copilot.untold }), NOW).because).toEndWith("look at its pane (pane-screen)");
  expect(judgeAgent(byHook({ untold, hook: hook("done") }), NOW).because).not.toContain(untold);
});
