import { expect, test } from "bun:test";
import { isReminderDue, PaneEnds } from "../../../src/daemon/pane-ends.ts";
import type { FoundPane } from "../../../src/daemon/panes-now.ts";
import type { TmuxServer } from "../../../src/tmux/server.ts";

test("tmux is reminded of a death not at once, and ever more seldom", () => {
  const due = Array.from({ length: 40 }, (_, looks) => looks).filter(isReminderDue);
  expect(due).toEqual([2, 4, 8, 16, 32]);
});

test("tmux is reminded of a dead pane of which it does not tell how it ended, as long as it does not", async () => {
  let looks = 0;
  const server: TmuxServer = { flags: ["-L", "none"], socket: "/nowhere", stateFolder: undefined };
  using ends = new PaneEnds(server, async () => {
    looks++;
    return "";
  });
  const dead = (death: FoundPane["death"]) => [
    { isDead: true, pid: 2 ** 22, server: "1:1", id: "%1", death } as FoundPane,
  ];
  const ticks = async (count: number) => {
    for (let i = 0; i < count; i++) await ends.remind();
    return looks;
  };
  ends.attend(dead({ exitCode: 0 }));
  expect(await ticks(4)).toBe(0);
  ends.attend(dead(undefined));
  expect([await ticks(1), await ticks(1), await ticks(2)]).toEqual([0, 1, 2]);
  ends.attend(dead({ signal: 9 }));
  expect(await ticks(20)).toBe(2);
});
