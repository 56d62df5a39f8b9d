import { expect, test } from "bun:test";
import { holdPane, letPaneGo } from "../../../src/panes/hold.ts";
import { holdersIn, isHolderAlive, newHolder } from "../../../src/panes/holders.ts";
import { ownIdentity } from "../../../src/process/identity.ts";
import { HOLDS_OPTION } from "../../../src/tmux/options.ts";

test("a holder is a process, and each of its own", async () => {
  const [one, two] = [newHolder(), newHolder()];
  const { pid, startTime } = ownIdentity();
  expect(one).not.toBe(two);
  for (const name of [one, two]) expect(name).toStartWith(`${pid}-${startTime}-`);
  expect([isHolderAlive(one), isHolderAlive(`${pid}-${startTime - 1}-1`)]).toEqual([true, false]);
  const child = Bun.spawn(["true"]);
  await child.exited;
  expect(isHolderAlive(`${child.pid}-${startTime}-1`)).toBe(false);
});

test("the names of holders are read, and nothing else that stands there", () => {
  expect(holdersIn("<1-2-3><45-6-7>")).toEqual(["1-2-3", "45-6-7"]);
  for (const value of ["", "2", "<>", "<a-b-c>", "<1-2>", "<1-2-3-4>", "<#{pane_id}>"])
    expect(holdersIn(value)).toEqual([]);
});

test("every name that is noted can be taken off again, and read", () => {
  const holder = newHolder();
  const noted = holdPane("%0", holder).flat().join(" ");
  expect(noted).toContain(`#{${HOLDS_OPTION}}<${holder}>`);
  const [taken = [], other = []] = letPaneGo("%0", [holder, "1-2-3"]);
  expect(taken.slice(-2)).toEqual([HOLDS_OPTION, `#{s/<${holder}>//:${HOLDS_OPTION}}`]);
  expect(other.at(-1)).toBe(`#{s/<1-2-3>//:${HOLDS_OPTION}}`);
  expect(holdersIn(`<${holder}>`)).toEqual([holder]);
});
