import { expect, test } from "bun:test";
import { Engine } from "../../../src/daemon/engine.ts";
import type { Log } from "../../../src/lib/log.ts";
import { readEvents } from "../../../src/store/events.ts";
import { writeNote } from "../../../src/store/notes.ts";
import { memoryStore } from "../store/stores.ts";

test("output that was not heard is one event of its pane, with its bytes", async () => {
  using store = memoryStore();
  const pane = { id: "%3", server: "1:1", session: "dev", sessionId: "$0", paneId: "2", label: "build" };
  writeNote(store, "census", JSON.stringify([pane]));
  const told: string[] = [];
  const engine = new Engine({
    server: { socket: "/nonexistent/socket", flags: ["-S", "/nonexistent/socket"], stateFolder: undefined },
    stateDir: "/nonexistent",
    store,
    log: { info() {}, warn() {}, error() {} } as unknown as Log,
    session: undefined,
    onLimitGone() {},
    onEvent: ({ event_type }) => told.push(event_type),
  });
  engine.gap("%3", 1000);
  engine.gap("%3", 234);
  engine.gap("%9", 1);
  await engine[Symbol.asyncDispose]();
  expect(readEvents(store, { type: "gap" })).toMatchObject([
    { session: "dev", pane: "%3", pane_id: "2", label: "build", data: { bytes: 1234 } },
    { session: "", pane: "%9", data: { bytes: 1 } },
  ]);
  expect(told).toEqual(["gap", "gap"]);
});
