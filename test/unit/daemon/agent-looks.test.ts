import { afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import { AgentLooks } from "../../../src/daemon/agent-looks.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { poll } from "../../../src/lib/wait.ts";
import { AgentStates } from "../../../src/subscriptions/agent-state.ts";
import type { PaneAgent } from "../../../src/verdict/agent.ts";

/** Longer ago than any look is repeated for, and shorter than until the next one in any case. */
const LATER_MS = 15_000;

let later = 0;
const now = performance.now.bind(performance);
let clock = spyOn(performance, "now");
beforeEach(() => {
  later = 0;
  clock = spyOn(performance, "now").mockImplementation(() => now() + later);
});
afterEach(() => clock.mockRestore());

/** An agent of which its screen alone tells what it does, and whoever follows it; tmux answers unless it hangs. */
function followed() {
  const events: string[] = [];
  const tmux = { screen: "asks", isHung: false, isBlind: false, looks: 0 };
  const agent = (state: "starting" | "waiting" | "idle"): PaneAgent => ({
    kind: "codex",
    pid: process.pid,
    startTime: 7,
    conversation: undefined,
    cwd: undefined,
    file: undefined,
    readings: [],
    verdict: {
      state,
      for: state === "waiting" ? "permission" : null,
      since: null,
      source: state === "starting" ? "process" : "screen",
      isCertain: state === "starting",
      because: "",
    },
    withScreen: undefined,
  });
  const found = (): PaneAgent => ({
    ...agent("starting"),
    withScreen: (rows) => (rows ? agent(rows[0] === "asks" ? "waiting" : "idle") : found()),
  });
  const looks = new AgentLooks({
    server: { flags: ["-S", "/none"], socket: "/none", stateFolder: undefined },
    log: { warn() {} },
    agentOf: found,
    async ask([command = []]) {
      if (command[0] === "list-panes") tmux.looks++;
      if (tmux.isHung || (tmux.isBlind && command[0] === "capture-pane")) throw new AppError("ERR_TIMEOUT", "hangs");
      return command[0] === "capture-pane" ? `${tmux.screen}\n` : row(command.at(-1) ?? "");
    },
  });
  const follow = () =>
    new AgentStates(null, "null", { fire: ({ details }) => events.push(`${details?.state}`), progressed() {} });
  const want = () => looks.want([{ server: "1:2", pane: "%0", id: 1, follow }]);
  const hasLooked = async (times = 1) => {
    const wanted = tmux.looks + times;
    await poll(5000, 10, async () => tmux.looks >= wanted || undefined);
  };
  return { looks, tmux, events, want, hasLooked, wrote: () => looks.wrote("1:2", "%0") };
}

/** As tmux writes a row in a format: with the value of each variable. */
function row(format: string): string {
  const values: Record<string, string> = {
    pane_id: "%0",
    pane_pid: `${process.pid}`,
    pane_dead: "0",
    pid: "1",
    start_time: "2",
    version: "3.7",
  };
  return `${format.replace(/#\{([^{}]*)\}/g, (_, name) => values[name.replace(/^.*:/, "")] ?? "")}\n`;
}

test("what is seen by its screen alone is looked at once more, without that it writes anything", async () => {
  const { looks, tmux, events, want, hasLooked, wrote } = followed();
  await using _ = looks;
  await want();
  expect(events).toEqual(["waiting"]);
  await hasLooked();
  later += LATER_MS;
  await hasLooked();
  tmux.screen = "idle";
  wrote();
  await hasLooked(2);
  await poll(5000, 10, async () => events.length > 1 || undefined);
  expect(events).toEqual(["waiting", "idle"]);
}, 20_000);

test.each(["isHung", "isBlind"] as const)(
  "what was written is looked at again where tmux did not answer: %s",
  async (which) => {
    const { looks, tmux, events, want, hasLooked, wrote } = followed();
    await using _ = looks;
    tmux.screen = "idle";
    await want();
    await hasLooked();
    later += LATER_MS;
    await hasLooked();
    tmux[which] = true;
    tmux.screen = "asks";
    wrote();
    await hasLooked();
    expect(events).not.toContain("waiting");
    later += which === "isHung" ? 0 : LATER_MS;
    tmux[which] = false;
    await hasLooked(2);
    await poll(5000, 10, async () => events.includes("waiting") || undefined);
    expect(events).toContain("waiting");
  },
  20_000,
);
