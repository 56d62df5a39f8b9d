import { expect, test } from "bun:test";
import { changes, type Resident, readCensus } from "../../../src/daemon/census.ts";

const pane = (id: string, sessionId = "$0", server = "1:1"): Resident => ({
  id,
  server,
  sessionId,
  session: `s${sessionId.slice(1)}`,
  paneId: id.slice(1),
  label: "",
});

test.each<[string, Resident[], Resident[], string[]]>([
  ["nothing", [pane("%0")], [pane("%0")], []],
  ["another name", [pane("%0")], [{ ...pane("%0"), session: "new", label: "l", paneId: "7" }], []],
  ["a move to another session", [pane("%0"), pane("%1", "$1")], [pane("%0", "$1"), pane("%1", "$1")], []],
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
  const told = changes(before, now).map(({ event }) => `${event.event_type} ${event.session} ${event.pane}`);
  expect(told).toEqual(expected);
});

test("a note of the last look that is damaged is none", () => {
  const note = [pane("%0"), pane("%1", "$1")];
  expect(readCensus(JSON.stringify(note))).toEqual(note);
  const damaged = [undefined, "", "garbage", "null", "{}", '[{"id":"%0"}]', "[null]"];
  expect(damaged.map(readCensus)).toEqual(damaged.map(() => undefined));
});
