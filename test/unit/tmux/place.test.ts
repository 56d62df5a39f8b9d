import { describe, expect, test } from "bun:test";
import { findPlace, noSession, type WindowPane } from "../../../src/tmux/place.ts";

function pane(id: string, session: [string, string], window: [number, string], index: number, label = ""): WindowPane {
  const [name, sessionId] = session;
  const [number, windowName] = window;
  const told = {
    id,
    session: name,
    sessionId,
    window: number,
    windowName,
    windowId: `@${sessionId.slice(1)}${number}`,
  };
  return { ...told, index, paneId: `${number}.${index}`, label } as WindowPane;
}

const dev: [string, string] = ["dev", "$0"];
const app: [string, string] = ["my app_x", "$1"];
const odd: [string, string] = ["=odd", "$2"];
const colon: [string, string] = ["dev:1", "$3"];
const ours = [
  pane("%0", dev, [0, "bash"], 0, "main"),
  pane("%1", dev, [0, "bash"], 1, "web"),
  pane("%2", dev, [1, "build"], 0),
  pane("%3", dev, [2, "v1.2"], 0),
  pane("%4", app, [0, "bash"], 0, "main"),
  pane("%5", odd, [0, "ünï"], 0, "main"),
  pane("%6", ["ünï", "$4"], [0, "x"], 0, "main"),
  pane("%8", ["dev2", "$5"], [0, "x"], 0, "main"),
];
const panes = [...ours, pane("%7", colon, [0, "x"], 0, "main"), pane("%9", ["", "$7"], [0, "x"], 0, "main")];

describe("findPlace", () => {
  test.each([
    ["dev", "0", "dev", "%0"],
    ["dev", "1.0", "dev", "%2"],
    ["dev", "web", "dev", "%1"],
    ["dev", "%2", "dev", "%2"],
    ["dev", "build", "dev", "%2"],
    ["dev", "build.0", "dev", "%2"],
    ["dev", "v1.2", "dev", "%3"],
    ["dev", "@01", "dev", "%2"],
    ["dev", "dev:build", "dev", "%2"],
    ["$0", "web", "dev", "%1"],
    ["my app_x", "main", "my app_x", "%4"],
    ["=odd", "0", "=odd", "%5"],
    ["ünï", "0", "ünï", "%6"],
    ["=dev:1", "0", "dev:1", "%7"],
    ["$3", "0", "dev:1", "%7"],
    ["", "0", "", "%9"],
    ["%2", "%2", "dev", "%2"],
    ["%5", "%5", "=odd", "%5"],
  ])("%p and %p lead to pane %3$p of %2$p", (session, word, name, id) => {
    expect(findPlace(panes, { session, pane: word })).toMatchObject({ name, pane: id });
  });

  test.each([
    ["dev:1", "%2"],
    ["dev:0.1", "%1"],
    ["dev:build", "%2"],
    ["dev:build.0", "%2"],
    ["dev:0.web", "%1"],
    ["dev:web", "%1"],
    ["dev:%1", "%1"],
    ["$0:build", "%2"],
    ["dev2:", "%8"],
    ["my app_x:0", "%4"],
    ["%6", "%6"],
  ])("%p alone leads to %p", (word, id) => {
    expect(findPlace(ours, { session: word, pane: word }).pane).toBe(id);
  });

  test("a target's session is the longest that there is", () => {
    expect(findPlace(panes, { session: "dev:1:0", pane: "dev:1:0" })).toEqual({
      name: "dev:1",
      session: "$3",
      pane: "%7",
    });
  });

  test.each([
    ["dev", "dev"],
    ["$1", "my app_x"],
    ["=dev:1", "$3"],
    ["", "$7"],
  ])("tmux is told of %p as %p", (session, told) => {
    expect(findPlace(panes, { session, pane: undefined }).session).toBe(told);
  });

  test.each([
    ["de", "0", "ERR_SESSION_NOT_FOUND"],
    ["dev*", "0", "ERR_SESSION_NOT_FOUND"],
    ["/dev/pts/0", "0", "ERR_SESSION_NOT_FOUND"],
    ["$9", "0", "ERR_SESSION_NOT_FOUND"],
    ["=dev", "0", "ERR_SESSION_NOT_FOUND"],
    ["dev", "bui", "ERR_PANE_NOT_FOUND"],
    ["dev", "b*", "ERR_PANE_NOT_FOUND"],
    ["dev", "%4", "ERR_PANE_NOT_FOUND"],
    ["dev", "my app_x:0", "ERR_PANE_NOT_FOUND"],
    ["dev", "bash", "ERR_AMBIGUOUS_LABEL"],
    ["dev:0", "dev:0", "ERR_AMBIGUOUS_LABEL"],
    ["dev:", "dev:", "ERR_AMBIGUOUS_LABEL"],
    ["dev:7", "dev:7", "ERR_PANE_NOT_FOUND"],
    ["dev:+", "dev:+", "ERR_PANE_NOT_FOUND"],
    ["no:0", "no:0", "ERR_SESSION_NOT_FOUND"],
    [":0", ":0", "ERR_SESSION_NOT_FOUND"],
    ["%99", "%99", "ERR_PANE_NOT_FOUND"],
  ])("%p and %p: %s", (session, word, code) => {
    expect(() => findPlace(ours, { session, pane: word })).toThrow(expect.objectContaining({ code }));
  });
});

test("the error for a session that there is not lists those that there are", () => {
  expect(noSession("dve", ["dev", "web"])).toMatchObject({
    message: 'There is no session "dve"',
    hint: "There are: dev, web",
  });
});
