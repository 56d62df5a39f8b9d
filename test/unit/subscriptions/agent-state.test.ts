import { describe, expect, test } from "bun:test";
import { AGENT_STATES, type AgentState } from "../../../src/agents/told.ts";
import { AgentStates, agentState } from "../../../src/subscriptions/agent-state.ts";
import type { PaneAgent } from "../../../src/verdict/agent.ts";

const CONVERSATION = "0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11";

function agent(
  state: AgentState,
  more: { verdict?: Partial<PaneAgent["verdict"]> } & Partial<Omit<PaneAgent, "verdict">> = {},
): PaneAgent {
  const { verdict, ...rest } = more;
  return {
    kind: "claude",
    pid: 100,
    startTime: 7,
    conversation: CONVERSATION,
    cwd: "/work",
    file: undefined,
    readings: [],
    withScreen: undefined,
    ...rest,
    verdict: {
      state,
      for: state === "waiting" ? "permission" : null,
      since: null,
      source: "file",
      isCertain: true,
      because: "",
      ...verdict,
    },
  };
}

/** Follows an agent; what it tells is kept, as "state<former", and how far it got. */
function following(progress: string | null, states: string | null = null) {
  const told: string[] = [];
  const got: (string | undefined)[] = [];
  const followed = new AgentStates(states, progress, {
    fire({ details, progress: reached }) {
      told.push(`${details?.state}<${details?.former}`);
      got.push(reached?.());
    },
    progressed: (reached) => got.push(reached),
  });
  const see = (...seen: (PaneAgent | undefined)[]) => {
    for (const one of seen) followed.seen(one);
    return told;
  };
  return { see, told, followed, last: () => got.at(-1) ?? null };
}

describe("what an agent does", () => {
  test("is told once for each change, with what it was before", () => {
    const { see } = following("null");
    const waiting = agent("waiting");
    expect(see(agent("starting"), agent("idle"), agent("idle"), agent("working"), waiting, waiting)).toEqual([
      "starting<null",
      "idle<starting",
      "working<idle",
      "waiting<working",
    ]);
    see(agent("waiting", { verdict: { for: "question" } }), agent("failed"));
    expect(see().slice(4)).toEqual(["waiting<waiting", "failed<waiting"]);
  });

  test("of which more is mostly known a moment later is told when it is seen again, and once", () => {
    const { see } = following("null");
    const vague = agent("waiting", { verdict: { for: null } });
    expect(see(agent("working"), vague, agent("waiting"))).toEqual(["working<null", "waiting<working"]);
    expect(see(agent("working"), vague, vague, agent("waiting"), vague).slice(2)).toEqual([
      "working<waiting",
      "waiting<working",
    ]);
    see(agent("working"), agent("idle"), agent("done"), agent("idle"), agent("idle"));
    expect(see(agent("working"), agent("idle"), agent("idle")).slice(4)).toEqual([
      "working<waiting",
      "done<working",
      "working<done",
      "idle<working",
    ]);
  });

  test("is told of each request of those that follow one another, and of each once, also by another daemon", () => {
    const asks = (since: number | undefined, source: "file" | "hook" | "status" = "file") => {
      const told = { state: "waiting", ...(since !== undefined && { since }) } as const;
      return agent("waiting", { verdict: { source, since: since ?? null }, readings: [{ source, told }] });
    };
    const { see, last } = following("null");
    expect(see(asks(5), asks(5), asks(6))).toEqual(["waiting<null", "waiting<waiting"]);
    const after = following(last());
    expect(after.see(asks(6), asks(undefined), asks(6))).toEqual([]);
    expect(after.see(asks(7))).toEqual(["waiting<waiting"]);
    expect(following("null").see(asks(5, "hook"), asks(6, "hook"))).toHaveLength(2);
    // not the request's time, but the note's
    expect(following("null").see(asks(5, "status"), asks(6, "status"))).toHaveLength(1);
    // known only later, and told by an earlier version without
    const old = following(JSON.stringify({ ...JSON.parse(last() ?? ""), since: undefined }));
    expect(old.see(asks(8), asks(8))).toEqual([]);
    expect(old.see(asks(9))).toEqual(["waiting<waiting"]);
  });

  test("is no change where nothing was known before", () => {
    const first = following(null);
    expect(first.see(agent("waiting"))).toEqual([]);
    expect(first.see(agent("working"))).toEqual(["working<waiting"]);
    const none = following(null);
    expect(none.see(undefined, agent("idle"))).toEqual(["idle<null"]);
    expect(following("{").see(agent("idle"), agent("working"))).toEqual(["working<idle"]);
  });

  test("is gone on with by another daemon, which tells nothing twice", () => {
    const before = following("null");
    before.see(agent("working"));
    const after = following(before.last());
    expect(after.see(agent("working"))).toEqual([]);
    expect(after.see(agent("waiting"))).toEqual(["waiting<working"]);
    // it knows less than the one before
    const third = following(after.last());
    const vague = agent("waiting", { verdict: { for: null } });
    expect(third.see(agent("waiting"), vague, vague, agent("starting"))).toEqual([]);
    expect(third.see(agent("done"))).toEqual(["done<waiting"]);
    expect(following(third.last()).see(agent("idle"), agent("idle"))).toEqual([]);
  });

  test("is told for the states that are wanted; the others count as well", () => {
    const { see, last } = following("null", "waiting,dead");
    see(agent("working"), agent("waiting"), agent("working"), agent("waiting"), agent("done"), agent("dead"));
    expect(see()).toEqual(["waiting<working", "waiting<working", "dead<done"]);
    const again = following("null", "waiting");
    again.see(agent("waiting"), agent("working"));
    expect(following(again.last(), "waiting").see(agent("waiting"))).toEqual(["waiting<working"]);
    expect(last()).toContain('"dead"');
  });

  test("is not told where it is not known for certain, but for a dialog that it shows", () => {
    const { see } = following("null");
    const unsure = { isCertain: false };
    see(agent("idle"), agent("unknown", { verdict: { ...unsure, source: null } }), agent("idle"));
    see(agent("working", { verdict: { ...unsure, source: "hook" } }), undefined, agent("idle"));
    expect(see(agent("waiting", { verdict: { ...unsure, source: "screen", for: "trust" } }))).toEqual([
      "idle<null",
      "waiting<idle",
    ]);
  });

  test("is nothing any more once it has ended well, also for another daemon", () => {
    const { see, told, last } = following("null");
    see(agent("idle"));
    const followed = following(last());
    followed.see(undefined);
    expect(followed.last()).toBeNull();
    const ended = new AgentStates(null, last(), { fire() {}, progressed: (progress) => told.push(progress) });
    ended.seen("ended");
    ended.seen("ended");
    expect([told, ended.last]).toEqual([["idle<null", "null"], undefined]);
  });

  test("is dead at the second look where hooks tell of it: they may be about to say that it was to end", () => {
    const { see } = following("null");
    see(agent("idle", { readings: [{ source: "hook", told: { state: "idle" } }] }));
    expect(see(agent("dead"))).toEqual(["idle<null"]);
    expect(see(agent("dead"))).toEqual(["idle<null", "dead<idle"]);
  });

  test("is of one agent: another in the same pane has done nothing before", () => {
    const { see } = following("null");
    expect(see(agent("idle"), agent("idle", { startTime: 8 }), agent("working", { startTime: 8 }))).toEqual([
      "idle<null",
      "idle<null",
      "working<idle",
    ]);
  });
});

test("an event says which agent, what it does, and how that is known", () => {
  const events: unknown[] = [];
  const followed = new AgentStates(null, "null", {
    fire: ({ message, details }) => events.push({ message, ...details }),
    progressed() {},
  });
  followed.seen(agent("waiting", { verdict: { for: "question" } }));
  expect(events).toEqual([
    {
      message: "claude waits for an answer",
      state: "waiting",
      for: "question",
      former: null,
      kind: "claude",
      pid: 100,
      conversation: CONVERSATION,
      source: "file",
      certain: true,
    },
  ]);
});

test("it is remembered whether its hooks tell of it", () => {
  const { see, last } = following("null");
  see(agent("idle"));
  see(agent("idle", { readings: [{ source: "hook", told: { state: "idle" } }] }));
  expect(JSON.parse(last() ?? "")).toMatchObject({ state: "idle", isEndTold: true });
});

test("that it tells of itself in its output counts for the daemon that hears it alone", () => {
  const { see, last, followed } = following("null");
  see(agent("working", { readings: [{ source: "status", told: { state: "working" } }] }));
  expect(followed.last).toMatchObject({ isEndTold: false, isHeard: true });
  const after = following(last());
  expect(after.followed.last).toMatchObject({ isEndTold: false, isHeard: false });
  // it may be about to say that it was to end
  const dead = agent("dead");
  expect([...see(dead), ...see(dead)]).toEqual(["working<null", "working<null", "dead<working"]);
  expect(after.see(dead)).toEqual(["dead<working"]);
  // some of its output was not heard
  const gap = following(last());
  gap.see(agent("idle", { readings: [{ source: "status", told: { state: "idle" } }] }));
  gap.see(agent("idle", { readings: [{ source: "status", told: undefined }] }));
  expect(gap.followed.last?.isHeard).toBe(false);
});

describe("states", () => {
  const STATES = AGENT_STATES.filter((state) => state !== "unknown");

  test.each(["waiting", "waiting,failed,dead", STATES.join(",")])("%s are read", (states) => {
    expect(agentState.read?.({ states }, 0)).toEqual({ pattern: states });
  });

  test("that are none are refused: it may have been meant for the callback", () => {
    for (const states of ["tea", "waiting, dead", "waiting,"])
      expect(() => agentState.read?.({ states }, 0)).toThrow("is not a state of an agent");
    expect(agentState.read?.({ states: undefined }, 0)).toEqual({});
  });

  test("that would never be told are refused", () => {
    expect(() => agentState.read?.({ states: "waiting,unknown" }, 0)).toThrow('"unknown" is never told');
  });
});
