import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { Triggers } from "../../../src/daemon/triggers.ts";
import type { Log } from "../../../src/lib/log.ts";
import type { Subscription } from "../../../src/store/subscriptions.ts";
import type { TmuxServer } from "../../../src/tmux/server.ts";
import { row } from "../subscriptions/rows.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-triggers-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("each fires by what its type is fired by; what waits for an event, and a type of a later version, by nothing", async () => {
  const fired: string[] = [];
  const log = { info() {}, warn() {}, error() {} } as unknown as Log;
  const socket = `${folder}/none`;
  const server: TmuxServer = { flags: ["-S", socket], socket, stateFolder: undefined };
  await using triggers = new Triggers(
    { server, stateDir: folder, log },
    {
      fire: (id, { message }) => fired.push(`${id} ${message}`),
      progressed() {},
      changed() {},
      gap() {},
    },
  );
  const rows: Subscription[] = [
    row("timeout", { id: 1, deadline: Date.now() - 1000 }),
    row("timeout", { id: 2, deadline: Date.now() + 1e6 }),
    row("pane-exit", { id: 3, deadline: Date.now() - 1000 }),
    { ...row("timeout", { id: 4, deadline: Date.now() - 1000 }), type: "moon-phase" },
  ];
  expect(await triggers.want(rows, [])).toBeUndefined();
  expect(fired).toEqual(["1 deadline passed"]);
  expect(triggers.watches.counts).toEqual({ sessions: 0, watchedPanes: 0 });
});
