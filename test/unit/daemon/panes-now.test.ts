import { expect, test } from "bun:test";
import { sessionOf } from "../../../src/daemon/panes-now.ts";
import type { Subscription } from "../../../src/store/subscriptions.ts";
import type { Pane } from "../../../src/tmux/panes.ts";

/** "%0 in $1": a pane, and a session that shows it. */
const place = (text: string, server = "1:1") => {
  const [id = "", , sessionId = ""] = text.split(" ");
  return { id, sessionId, server } as Pane;
};
const to = (pane: string, session_id: string) => ({ pane, session_id, server: "1:1" }) as Subscription;

test.each<[string, Subscription, Pane[], string | undefined]>([
  ["where it was", to("%0", "$0"), [place("%0 in $0"), place("%1 in $1")], "$0"],
  ["where its pane has been moved", to("%0", "$0"), [place("%1 in $0"), place("%0 in $1")], "$1"],
  ["where it was, of several that show its pane", to("%0", "$2"), [place("%0 in $1"), place("%0 in $2")], "$2"],
  ["nowhere, without its pane", to("%0", "$0"), [place("%1 in $0")], undefined],
  ["nowhere, with a pane of that number in another server", to("%0", "$0"), [place("%0 in $0", "2:2")], undefined],
  ["in its session, when it is for all of it", to("", "$0"), [place("%5 in $0")], "$0"],
  ["nowhere, without that session", to("", "$0"), [place("%5 in $1")], undefined],
  ["nowhere, with a session of that number in another server", to("", "$0"), [place("%5 in $0", "2:2")], undefined],
])("a subscription is %s", (_, subscription, panes, session) => {
  expect(sessionOf(subscription, panes)).toBe(session);
});
