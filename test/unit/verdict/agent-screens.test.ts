import { expect, test } from "bun:test";
import { AppError } from "../../../src/lib/errors.ts";
import type { Ask } from "../../../src/tmux/run.ts";
import type { PaneAgent } from "../../../src/verdict/agent.ts";
import { withScreens } from "../../../src/verdict/agent-screens.ts";

const seen = new Map<string, readonly string[] | undefined>();

/** An agent whose screen is wanted; what it was shown is kept. */
function found(id: string) {
  const agent = {
    withScreen(rows: readonly string[] | undefined) {
      seen.set(id, rows);
      return agent;
    },
  } as unknown as PaneAgent;
  return { pane: { id }, agent };
}

/** A tmux that has these panes: a call that names another fails as a whole. */
function tmuxWith(panes: string[], calls: string[][], error = new AppError("ERR_PANE_NOT_FOUND", "gone")): Ask {
  return async (commands) => {
    const targets = commands.filter(([name]) => name === "capture-pane").map((command) => command.at(-1) ?? "");
    calls.push(targets);
    if (targets.some((pane) => !panes.includes(pane))) throw error;
    return commands
      .map((command) => `${command[0] === "capture-pane" ? `of ${command.at(-1)}` : command.at(-1)}\n`)
      .join("");
  };
}

test("a pane that has gone hides no other one's screen", async () => {
  const calls: string[][] = [];
  const all = [found("%1"), { pane: { id: "%9" }, agent: undefined }, found("%2"), found("%3")];
  await withScreens(tmuxWith(["%1", "%3"], calls), all);
  expect(Object.fromEntries(seen)).toEqual({ "%1": ["of %1", ""], "%2": undefined, "%3": ["of %3", ""] });
  expect(calls).toEqual([["%1", "%2", "%3"], ["%1"], ["%2"], ["%3"]]);
});

test("all of them are looked at in one call, and a tmux that hangs is asked no more", async () => {
  const calls: string[][] = [];
  await withScreens(tmuxWith(["%1", "%2"], calls), [found("%1"), found("%2")]);
  expect(calls).toEqual([["%1", "%2"]]);
  await withScreens(tmuxWith([], calls, new AppError("ERR_TIMEOUT", "hangs")), [found("%1"), found("%2")]);
  expect([calls.length, seen.get("%1")]).toEqual([2, undefined]);
});
