import { describe, expect, test } from "bun:test";
import { judgeSession, type PaneFacts, type SessionFacts } from "../../../src/gc/rule.ts";

const TTL_S = 7200;
const IDLE_MS = TTL_S * 1000;
const PANE: PaneFacts = { paneId: "0", isMade: true, isHeard: false, state: "idle", jobs: 0, draft: "none" };
const MADE = { by: { name: "claude", pid: 1 }, at: 0, name: "dev" };
const OWNER = { pid: 12, startTime: 34, table: "ps" };
const SESSION: SessionFacts = {
  name: "dev",
  made: MADE,
  clients: 0,
  isShared: false,
  isAwaited: false,
  isHere: false,
  isOwnerAlive: undefined,
  idleMs: IDLE_MS,
  panes: [PANE],
};

const judged = (session: Partial<SessionFacts>, pane: Partial<PaneFacts> = {}) =>
  judgeSession({ ...SESSION, panes: [{ ...PANE, ...pane }], ...session }, TTL_S);

test("a session that nobody needs goes", () => {
  expect(judged({})).toEqual({
    action: "collect",
    why: "nothing has happened there for 2 h, and its time to live is 2 h",
  });
});

describe("stays", () => {
  const made = (more: object) => ({ made: { ...MADE, ...more } });
  test.each<[string, Partial<SessionFacts>, Partial<PaneFacts>, RegExp]>([
    ["one that is to be kept", made({ isKept: true }), {}, /--keep/],
    ["one that is looked at", { clients: 1 }, {}, /looks at it/],
    ["one whose windows are shown elsewhere", { isShared: true }, {}, /another session/],
    ["one of which something is awaited", { isAwaited: true }, {}, /waits for what happens/],
    ["one from which it is collected", { isHere: true }, {}, /called from there/],
    ["one that was renamed", { name: "mine" }, {}, /renamed it: it was made as dev/],
    ["one with somebody's pane", {}, { isMade: false }, /somebody else has made its pane 0/],
    ["one that is listened to", {}, { isHeard: true }, /listens to its pane 0/],
    ["one in which something happened", { idleMs: IDLE_MS - 1 }, {}, /happened there 1 h 59 min ago/],
    ["one of which that is not known", { idleMs: undefined }, {}, /clock/],
    ["one of the future", { idleMs: -5000 }, {}, /happened there 0 s ago/],
    ["one with a longer time to live of its own", made({ ttlS: 2 * TTL_S }), {}, /time to live is 4 h/],
    ["one with a command", {}, { state: "working" }, /a command runs in its pane 0/],
    ["one of which that is not known, either", {}, { state: "unknown" }, /not known/],
    ["one with a job in the background", {}, { jobs: 1 }, /a job runs in the background/],
    ["one with a draft", {}, { draft: "some" }, /something is typed/],
    ["one whose shell can't tell", {}, { draft: "unknown" }, /is not known/],
    ["one whose owner lives", { ...made({ owner: OWNER }), isOwnerAlive: true }, {}, /its owner, process 12, lives/],
  ])("%s", (_, session, pane, why) => {
    const { action, why: said } = judged(session, pane);
    expect(action).toBe("keep");
    expect(said).toMatch(why);
  });

  test("one with a dead owner, as long as it is somebody's", () => {
    const orphan = { made: { ...MADE, owner: OWNER }, isOwnerAlive: false };
    expect(judged({ ...orphan, clients: 1 }).action).toBe("keep");
    expect(judged(orphan, { isMade: false }).action).toBe("keep");
    expect(judged(orphan, { draft: "some" }).action).toBe("keep");
    expect(judged({ ...orphan, name: "mine" }).action).toBe("keep");
  });
});

describe("goes", () => {
  test("one whose owner has ended, whatever runs there, and however lately", () => {
    const orphan = { made: { ...MADE, owner: OWNER }, isOwnerAlive: false, idleMs: 0 };
    expect(judged(orphan, { state: "working", jobs: 3 })).toEqual({
      action: "collect",
      why: "its owner, process 12, has ended",
    });
  });

  test("one with an owner and a time to live, by either", () => {
    const both = { made: { ...MADE, owner: OWNER, ttlS: 60 } };
    expect(judged({ ...both, isOwnerAlive: true, idleMs: 59_000 }).action).toBe("keep");
    expect(judged({ ...both, isOwnerAlive: true, idleMs: 60_000 }).action).toBe("collect");
    expect(judged({ ...both, isOwnerAlive: false, idleMs: 0 }).action).toBe("collect");
  });

  test("one of which all programs have ended", () => {
    expect(judged({}, { state: "dead" }).action).toBe("collect");
  });
});

test("a shell that can tell whether something is typed is asked, and only if nothing else keeps the session", () => {
  expect(judged({}, { draft: "unasked" }).action).toBe("ask");
  const two = [
    { ...PANE, draft: "unasked" as const },
    { ...PANE, paneId: "1", draft: "some" as const },
  ];
  expect(judged({ panes: two }).action).toBe("keep");
  expect(judged({ panes: two.map((pane) => ({ ...pane, isHeard: true })) }).action).toBe("keep");
});
