import { expect, test } from "bun:test";
import { type Census, changes, type Resident, readCensus, takeCensus } from "../../../src/daemon/census.ts";
import type { Pane } from "../../../src/tmux/panes.ts";

const pane = (id: string, sessionId = "$0", server = "1:1"): Resident => ({
  id,
  server,
  sessionId,
  session: `s${sessionId.slice(1)}`,
  paneId: id.slice(1),
  label: "",
});

/** What there is when these panes are all. */
const census = (panes: Resident[]) => readCensus(JSON.stringify(panes)) as Census;
/** A place of a pane, as a look at tmux tells it. */
const place = (id: string, sessionId: string, isDead = false) => ({ ...pane(id, sessionId), isDead }) as Pane;

test.each<[string, Resident[], Resident[], string[]]>([
  ["nothing", [pane("%0")], [pane("%0")], []],
  ["another name", [pane("%0")], [{ ...pane("%0"), session: "new", label: "l", paneId: "7" }], []],
  [
    "a move of the last pane to another session",
    [pane("%0"), pane("%1", "$1")],
    [pane("%0", "$1"), pane("%1", "$1")],
    ["session-closed s0 "],
  ],
  ["a pane that has come", [pane("%0")], [pane("%0"), pane("%1")], ["pane-created s0 %1"]],
  ["a pane that has gone", [pane("%0"), pane("%1")], [pane("%0")], ["pane-exit s0 %1"]],
  [
    "one session for another",
    [pane("%0"), pane("%1")],
    [pane("%2", "$1")],
    ["pane-exit s0 %0", "pane-exit s0 %1", "session-closed s0 ", "session-created s1 ", "pane-created s1 %2"],
  ],
  [
    "another server, whose numbers begin again",
    [pane("%0")],
    [pane("%0", "$0", "2:2")],
    ["pane-exit s0 %0", "session-closed s0 ", "session-created s0 ", "pane-created s0 %0"],
  ],
])("%s", (_, before, now, expected) => {
  const told = changes(census(before), census(now)).map(
    ({ event }) => `${event.event_type} ${event.session} ${event.pane}`,
  );
  expect(told).toEqual(expected);
});

const told = (before: Census, now: Census) =>
  changes(before, now).map(({ event }) => `${event.event_type} ${event.session} ${event.pane}`);

test("a session whose panes are all dead is there still, and has not come when one is started again", () => {
  const living = takeCensus([place("%0", "$0")], undefined);
  const dead = takeCensus([place("%0", "$0", true)], living);
  expect(told(living, dead)).toEqual(["pane-exit s0 %0"]);
  expect(told(dead, takeCensus([place("%0", "$0")], dead))).toEqual(["pane-created s0 %0"]);
  expect(told(dead, takeCensus([], dead))).toEqual(["session-closed s0 "]);
});

test("of sessions that share their windows each comes and goes; a pane stays in the one it was in", () => {
  const alone = takeCensus([place("%0", "$5")], undefined);
  const shared = takeCensus([place("%0", "$1"), place("%0", "$5")], alone);
  expect(told(alone, shared)).toEqual(["session-created s1 "]);
  expect(shared.panes).toMatchObject([{ id: "%0", sessionId: "$5", others: ["$1"] }]);
  const left = takeCensus([place("%0", "$1")], shared);
  expect(told(shared, left)).toEqual(["session-closed s5 "]);
  expect(left.panes).toMatchObject([{ id: "%0", sessionId: "$1" }]);
  const [exit] = changes(shared, takeCensus([], shared));
  expect(exit).toMatchObject({ event: { event_type: "pane-exit", session: "s5" }, sessionIds: ["$5", "$1"] });
});

test("of one session alone nothing is told of others", () => {
  const limited = takeCensus([place("%0", "$1"), place("%0", "$5"), place("%1", "$1")], undefined, "$5");
  expect(limited).toEqual({ panes: [pane("%0", "$5")], sessions: [{ server: "1:1", session: "s5", sessionId: "$5" }] });
});

test("a note of the last look that is damaged is none", () => {
  const panes = [pane("%0"), pane("%1", "$1")];
  const sessions = panes.map(({ server, session, sessionId }) => ({ server, session, sessionId }));
  expect(readCensus(JSON.stringify({ panes, sessions }))).toEqual({ panes, sessions });
  expect(readCensus(JSON.stringify(panes))).toEqual({ panes, sessions }); // as earlier versions wrote it
  const damaged = [undefined, "", "garbage", "null", "{}", '[{"id":"%0"}]', "[null]", '{"panes":[]}'];
  expect(damaged.map(readCensus)).toEqual(damaged.map(() => undefined));
});
