import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { ActiveSubscriptions } from "../../../src/daemon/active-subscriptions.ts";
import { type Census, changes, type Resident, readCensus } from "../../../src/daemon/census.ts";
import { openStore, type Store } from "../../../src/store/database.ts";
import { recordEvent } from "../../../src/store/events.ts";
import { addSubscription, endSubscription } from "../../../src/store/subscriptions.ts";
import type { TypeName } from "../../../src/subscriptions/table.ts";

let folder = "";
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-subscriptions-`);
  store = openStore(`${folder}/state.db`);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const pane = (id: string, sessionId: string, server = "1:1"): Resident => ({
  id,
  server,
  sessionId,
  session: `s${sessionId.slice(1)}`,
  paneId: id.slice(1),
  label: "",
});

/** What there is when these panes are all. */
const census = (panes: Resident[]) => readCensus(JSON.stringify(panes)) as Census;

function subscribe(type: TypeName, options: { pane?: string; session_id?: string; once?: boolean } = {}): number {
  const place = { server: "1:1", session: "s0", session_id: "$0", pane: "", pane_id: "", label: "" };
  const detail = { pattern: null, deadline: null, seconds: null, progress: null, callback: "true", cwd: null };
  return addSubscription(store, { type, ...place, ...detail, once: false, ...options });
}

/** Fires what these changes fire, as the engine does; returns the subscriptions by event. */
function fire(before: Resident[], now: Resident[]): string[] {
  const active = new ActiveSubscriptions(store);
  active.read();
  return changes(census(before), census(now)).map((change) => {
    const firings = active.fire(change);
    recordEvent(store, change.event, firings);
    return `${change.event.event_type} ${firings.map(({ subscription }) => subscription.id).join(",")}`;
  });
}

const callbacks = () => store.query<{ n: number }, []>("SELECT count(*) AS n FROM callbacks").get()?.n;

test("the end of a session fires subscriptions to it, and to no other", () => {
  const id = subscribe("session-closed", { once: true });
  subscribe("pane-exit", { session_id: "$1" });
  expect(fire([pane("%0", "$0"), pane("%1", "$1")], [pane("%0", "$0")])).toEqual(["pane-exit 2", "session-closed "]);
  expect(fire([pane("%0", "$0"), pane("%1", "$0", "2:2")], [pane("%0", "$0")])).toEqual([
    "pane-exit ",
    "session-closed ",
  ]);
  expect(fire([pane("%0", "$0")], [])).toEqual(["pane-exit ", `session-closed ${id}`]);
});

test("the end of a pane that shows in several sessions fires subscriptions to each of them", () => {
  const ids = [subscribe("pane-exit"), subscribe("pane-exit", { session_id: "$1" })];
  subscribe("pane-exit", { session_id: "$2" });
  const shared = { ...pane("%0", "$0"), others: ["$1"] };
  expect(fire([shared, pane("%1", "$0")], [pane("%1", "$0")])).toEqual([`pane-exit ${ids.join(",")}`]);
});

test("what fires once fires once, although all panes of its session end in one moment", () => {
  const any = subscribe("pane-exit", { once: true });
  const one = subscribe("pane-exit", { pane: "%1", once: true });
  const all = subscribe("pane-exit");
  const panes = ["%0", "%1", "%2"].map((id) => pane(id, "$0"));
  expect(fire(panes, [])).toEqual([
    `pane-exit ${any},${all}`,
    `pane-exit ${one},${all}`,
    `pane-exit ${all}`,
    "session-closed ",
  ]);
  expect(callbacks()).toBe(5);
});

test("an event that is written late runs no callback of a subscription that has fired or was ended, but one of a pane that is gone", () => {
  const [once, ended, gone] = [subscribe("pane-exit", { once: true }), subscribe("pane-exit"), subscribe("pane-exit")];
  const active = new ActiveSubscriptions(store);
  active.read();
  const [change] = changes(census([pane("%0", "$0"), pane("%1", "$0")]), census([pane("%1", "$0")]));
  if (!change) throw new Error("no change");
  const firings = active.fire(change);
  expect(firings).toHaveLength(3);
  endSubscription(store, ended, "unsubscribed");
  endSubscription(store, gone, "its pane is gone");
  recordEvent(store, change.event, firings);
  recordEvent(store, change.event, firings);
  expect(store.query("SELECT subscription FROM callbacks ORDER BY id").values().flat()).toEqual([once, gone, gone]);
});
