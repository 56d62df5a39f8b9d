import { expect, test } from "bun:test";
import { undoLeftOver } from "../../../src/gc/kinds.ts";
import { findOldSnapshots } from "../../../src/gc/old-snapshots.ts";
import { listSnapshots } from "../../../src/snapshots/store.ts";
import { storeSnapshots } from "../../../src/snapshots/storing.ts";
import { resolveServer } from "../../../src/tmux/server.ts";
import { ownStateHome } from "../../helpers/state-home.ts";
import { paneOf, snapshotOf } from "../snapshots/example.ts";

ownStateHome();

const server = resolveServer({ path: "/tmp/nowhere/default" });

async function store(count: number, facts: Parameters<typeof snapshotOf>[1]): Promise<string[]> {
  const all = Array.from({ length: count }, (_, i) => {
    const snapshot = snapshotOf({}, { socket: server.socket, taken_at: 1_000_000 * i, ...facts });
    for (const window of snapshot.session.windows) window.panes = [paneOf({ text: null })];
    return { snapshot, parts: [] };
  });
  return (await storeSnapshots(all)).map(({ id }) => id);
}

test("automatic snapshots of a session that nobody saves any more go beyond their number, and no others", async () => {
  const [first, second, ...others] = await store(12, { is_automatic: true });
  const asked = await store(12, { is_automatic: false });
  const found = findOldSnapshots(server);
  expect(found.map(({ kind, what, why }) => ({ kind, what, why }))).toEqual(
    [second, first].map((what) => {
      const why = "of dev, the newest 10 are kept, then one an hour for a day and one a day for a week";
      return { kind: "snapshot", what: `${what}`, why };
    }),
  );
  expect(await undoLeftOver(found)).toHaveLength(2);
  expect(new Set(listSnapshots().map(({ id }) => id))).toEqual(new Set([...others, ...asked]));
  expect(findOldSnapshots(server)).toEqual([]);
});

test("where it is not known where they are, none is old", async () => {
  await store(12, { is_automatic: true });
  const { HOME } = process.env;
  delete process.env.XDG_STATE_HOME;
  process.env.HOME = "";
  try {
    expect(findOldSnapshots(server)).toEqual([]);
  } finally {
    process.env.HOME = HOME;
  }
});
