import { expect, test } from "bun:test";
import { until } from "../helpers/box.ts";
import { EVENT, Hooked, ID } from "../helpers/hooked.ts";

const linux = test.skipIf(process.platform !== "linux");
const told = async (box: Hooked) =>
  (await box.events("agent-hook")).map(({ pane, data }) => [pane, data.state, data.for].filter(Boolean).join(" "));
const tells = (box: Hooked, expected: string[]) =>
  until(`it tells ${expected.at(-1)}`, async () => JSON.stringify(await told(box)) === JSON.stringify(expected));
const WAIT = ["waiting permission", "PermissionRequest", { tool_name: "Bash" }] as const;

linux("what hooks tell is in the log of events, once for each change, and nothing of nested agents", async () => {
  await using box = await Hooked.start();
  await box.must(["daemon", "start"]);
  await box.line(0, `${box.folder}/bin/claude`);
  await box.line(1, box.program("outer/gemini", `#!/bin/sh\n${box.folder}/bin/claude; true\n`));
  const expected: string[] = [];
  for (const [state, event, fields] of [
    ["idle", "SessionStart", { source: "startup" }],
    ["working", "UserPromptSubmit", {}],
    [undefined, "PreToolUse", {}],
    WAIT,
    ["working", "PostToolUse", {}],
    ["done", "Stop", {}],
    ["ended", "SessionEnd", { reason: "prompt_input_exit" }],
  ] as const) {
    await box.hook(0, "claude", EVENT(event, fields));
    await box.hook(1, "claude", EVENT(event, fields)); // of a nested one
    if (state !== undefined) expected.push(`%0 ${state}`);
    await tells(box, expected);
  }
  expect((await box.events("agent-hook"))[3]).toMatchObject({
    message: "claude works",
    session: "dev",
    data: { kind: "claude", conversation: ID, told_at: expect.stringMatching(/^20.*Z$/) },
  });
  // in the pane nothing is left that could be told again
  expect(await box.tmux("show-options", "-pqv", "-t", "dev:0.0", "@claude_tmux_agent_log")).toBe("");
});

linux("without a daemon the last changes wait for one, and what a subscription tells does not come twice", async () => {
  await using box = await Hooked.start();
  await box.line(0, `${box.folder}/bin/claude`);
  for (const event of ["UserPromptSubmit", "Stop"]) await box.hook(0, "claude", EVENT(event));
  expect(await told(box)).toEqual([]);
  await box.must(["daemon", "start"]);
  await tells(box, ["%0 working", "%0 done"]);
  for (let turns = 0; turns < 15; turns++)
    for (const event of ["UserPromptSubmit", "Stop"]) await box.hook(0, "claude", EVENT(event));
  await until("all are told", async () => (await told(box)).length === 32);
  await box.must(["daemon", "stop"]);
  await box.must(["daemon", "subscribe", "dev", "agent-state", "0", "waiting"]);
  await box.hook(0, "claude", EVENT(WAIT[1], WAIT[2]));
  await box.hook(0, "claude", EVENT("PostToolUse"));
  await box.must(["daemon", "start"]);
  await until("it is told", async () => (await told(box)).length === 33);
  expect((await told(box)).at(-1)).toBe("%0 working");
});

linux("what waits for a daemon does not grow without end", async () => {
  await using box = await Hooked.start();
  await box.line(0, `${box.folder}/bin/claude`);
  for (let turns = 0; turns < 15; turns++)
    for (const event of ["UserPromptSubmit", "Stop"]) await box.hook(0, "claude", EVENT(event));
  const text = await box.tmux("show-options", "-pqv", "-t", "dev:0.0", "@claude_tmux_agent_log");
  expect(text.length).toBeLessThan(1200);
  await box.must(["daemon", "start"]);
  await until("the last ones are told", async () => (await told(box)).at(-1) === "%0 done");
  expect((await told(box)).length).toBeGreaterThan(8);
});
