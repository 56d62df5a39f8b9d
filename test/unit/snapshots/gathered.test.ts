import { expect, test } from "bun:test";
import { type Gathered, withoutSecret } from "../../../src/snapshots/gathered.ts";
import { seenIn } from "../../../src/snapshots/looking-again.ts";
import { snapshotOf } from "./example.ts";

function gathered(): Gathered {
  return { processes: [], withEnvironment: true, subscriptions: [], unheard: () => 0, parts: [], leftOut: [] };
}

test("tmux's own options are no secrets by their names, only by their looks", () => {
  const all = gathered();
  const options = {
    "mode-keys": "vi",
    "status-keys": "emacs",
    "key-table": "mine",
    "status-left": "ghp_0123456789abcdef",
    "@api_token": "x",
    "@colour": "red",
  };
  const kept = withoutSecret(options, "session", "the option", all);
  expect(Object.keys(kept)).toEqual(["mode-keys", "status-keys", "key-table", "@colour"]);
  expect(all.leftOut.map(({ what }) => what)).toEqual(["the option status-left", "the option @api_token"]);
  expect(withoutSecret({ "api-keys": "x" }, "pane 0.0", "the metadata", all)).toEqual({});
});

test("of what a look leaves out, it does not say that it is not there", () => {
  const leftOut = [{ where: "session", what: "the option @api_token", why: "" }];
  const environment = { set: {}, hidden: ["API_KEY"] };
  const snapshot = snapshotOf({ environment }, { left_out: leftOut });
  const difference = (where: string, what: string, after?: string) => ({ where, what, before: "x", after });
  const differences = [
    difference("session", "option @api_token"),
    difference("session", "variable API_KEY"),
    difference("session", "option @api_token", "y"),
    difference("window 0", "option @api_token"),
    difference("session", "variable PORT"),
  ];
  expect(seenIn(snapshot, differences)).toEqual(differences.slice(2));
});
