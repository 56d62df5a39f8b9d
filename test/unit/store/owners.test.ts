import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { openStore } from "../../../src/store/database.ts";
import { addOwned, endOrphans } from "../../../src/store/owners.ts";
import { activeSubscriptions, addSubscription, type NewSubscription } from "../../../src/store/subscriptions.ts";

const SUBSCRIPTION: NewSubscription = {
  type: "pattern-match",
  server: "1:2",
  session: "dev",
  session_id: "$0",
  pane: "%0",
  pane_id: "0",
  label: "",
  pattern: "x",
  deadline: null,
  seconds: null,
  progress: null,
  callback: null,
  cwd: null,
  once: true,
};

test("subscriptions end with the process that they were made for, and those of nobody stay", () => {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-store-`);
  try {
    using store = openStore(`${folder}/state.db`);
    const kept = addSubscription(store, SUBSCRIPTION);
    const lives = addOwned(store, SUBSCRIPTION, "10:1");
    addOwned(store, SUBSCRIPTION, "11:1");
    expect(endOrphans(store, (owner) => owner === "10:1")).toBe(1);
    expect(activeSubscriptions(store).map(({ id }) => id)).toEqual([kept, lives]);
    expect(endOrphans(store, () => true)).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
