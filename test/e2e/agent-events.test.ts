import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { agentNoteText } from "../../src/agents/note.ts";
import { processStat } from "../../src/process/identity.ts";
import { AGENT_OPTION } from "../../src/tmux/options.ts";
import { CLAUDE, TITLED } from "../helpers/agent.ts";
import {
  agents,
  boxWith,
  NOTES,
  noteText,
  pidIn,
  start,
  states,
  status,
  subscribe,
  tells,
  told,
  type,
} from "../helpers/agent-events.ts";
import { until } from "../helpers/box.ts";

describe.skipIf(!existsSync("/proc/self/stat"))("what an agent does", () => {
  test("is told in order, once for each change, to callbacks and in the log", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await subscribe(box, "", NOTES);
    await subscribe(box, "waiting", 'echo "$CLAUDE_TMUX_FOR" >>"$TMUX_TMPDIR/waits"');
    await start(box, "claude");
    await tells(box, "claude starting/<");
    for (const [line, expected] of [
      ["busy", "claude working/<starting"],
      ["waiting permission prompt", "claude waiting/permission<working"],
      ["waiting input needed", "claude waiting/question<waiting"],
      ["idle", "claude idle/<waiting"],
      ["busy", "claude working/<idle"],
      ["waiting permission prompt", "claude waiting/permission<working"],
      ["waiting permission prompt", "claude waiting/permission<waiting"], // the next one, before anybody has looked
    ] as const) {
      await type(box, line);
      await tells(box, expected);
    }
    expect(told(box)).toHaveLength(8);
    await until(
      "all waits were told",
      () => readFileSync(`${box.env.TMUX_TMPDIR}/waits`, "utf8").split("\n").length === 5,
    );
    expect(readFileSync(`${box.env.TMUX_TMPDIR}/waits`, "utf8")).toBe("permission\nquestion\npermission\npermission\n");
    const events = await box.events("agent-state");
    expect(events.filter(({ data }) => data.subscription === 1)).toHaveLength(8);
    expect(events.at(-1)).toMatchObject({
      pane: "%0",
      message: "claude waits for a permission",
      data: {
        kind: "claude",
        pid: await pidIn(box),
        state: "waiting",
        for: "permission",
        former: "waiting",
        source: "file",
        certain: true,
        conversation: "0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11",
      },
    });
    expect(await box.must(["daemon", "wait", "dev", "agent-state", "0", "--since", "0"])).toContain(
      '"state":"starting"',
    );
  });

  test("that is killed is dead, also where it had no hooks; one that ends with 0 is not", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await subscribe(box, "", NOTES);
    await start(box, "claude");
    await tells(box, "claude starting/<");
    await type(box, "busy");
    await tells(box, "claude working/<starting");
    process.kill(await pidIn(box), "SIGKILL");
    await tells(box, "claude dead/<working");
    await start(box, "claude");
    await tells(box, "claude starting/<");
    await type(box, "idle");
    await tells(box, "claude idle/<starting");
    const seen = told(box).length;
    await box.tmux("send-keys", "-t", "=dev:0.0", "C-d");
    await start(box, "claude");
    await tells(box, "claude starting/<");
    // from Linux 6.15 on anybody is told how it ended
    const more = told(box).slice(seen);
    expect([["claude starting/<"], ["claude dead/<idle", "claude starting/<"]]).toContainEqual(more);
  });

  test("that the daemon alone has seen end is dead for whoever asks, also without it, until another one comes", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await subscribe(box, "", NOTES);
    await start(box, "claude");
    await tells(box, "claude starting/<");
    await type(box, "busy");
    await tells(box, "claude working/<starting");
    const pid = await pidIn(box);
    process.kill(pid, "SIGKILL");
    await tells(box, "claude dead/<working");
    const dead = { kind: "claude", state: "dead", pid };
    await until("whoever asks hears it", async () => (await status(box)).state === "dead");
    expect(await status(box)).toMatchObject(dead);
    await box.must(["daemon", "stop"]);
    expect(await status(box)).toMatchObject(dead);
    expect((await box.bridge("agent-list")).output).toMatchObject([dead]);
    await box.must(["daemon", "start"]);
    await start(box, "claude");
    await tells(box, "claude starting/<");
    await until("it is dead no more", async () => (await noteText(box)) === "");
    await type(box, "idle");
    await tells(box, "claude idle/<starting");
    // its end is not that of the one before
    await box.tmux("send-keys", "-t", "=dev:0.0", "C-d");
    await until("it has gone", async () => (await status(box)).kind !== "claude" || (await status(box)).pid !== pid);
    expect(told(box).filter((line) => line.includes("dead")).length).toBeLessThanOrEqual(2);
    expect((await status(box)).pid).not.toBe(pid);
  });

  test("whose hooks told that it ends is not dead", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await subscribe(box, "", NOTES);
    await start(box, "claude");
    await tells(box, "claude starting/<");
    await type(box, "idle");
    await tells(box, "claude idle/<starting");
    const pid = await pidIn(box);
    const note = {
      kind: "claude",
      pid,
      startTime: processStat(pid)?.startTime ?? 0,
      state: "done",
      since: Date.now(),
    } as const;
    // without any output
    await box.tmux("set-option", "-p", "-t", "=dev:0.0", AGENT_OPTION, agentNoteText(note));
    await tells(box, "claude done/<idle");
    await box.tmux("set-option", "-p", "-u", "-t", "=dev:0.0", AGENT_OPTION);
    process.kill(pid, "SIGKILL");
    await until("it has gone", () => processStat(pid) === undefined);
    await start(box, "claude");
    await tells(box, "claude starting/<");
    expect(await states(box)).not.toContain("dead");
  });

  test("is told by its title as soon as that is set", async () => {
    await using box = await boxWith("gemini", TITLED);
    await subscribe(box, "waiting,idle", NOTES);
    await start(box, "gemini");
    await until("that is seen", async () => (await agents(box)).starting === 1);
    await type(box, "\u25c7  Ready (x)");
    await tells(box, "gemini idle/<starting");
    await type(box, "\u2726  Working (x)");
    await until("that is seen", async () => (await agents(box)).working === 1);
    await type(box, "\u270b  Action Required (x)");
    await tells(box, "gemini waiting/<working");
    expect(await agents(box)).toEqual({ waiting: 1 });
    expect(await box.must(["daemon", "metrics"])).toContain('claude_tmux_agents{state="waiting"} 1\n');
  });

  test("is told neither twice nor not at all when the daemon starts again", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await subscribe(box, "", NOTES);
    await start(box, "claude");
    await tells(box, "claude starting/<");
    await type(box, "busy");
    await tells(box, "claude working/<starting");
    process.kill(await box.pid("daemon"), "SIGKILL");
    await box.must(["daemon", "start"]);
    await type(box, "waiting permission prompt");
    await tells(box, "claude waiting/permission<working");
    await box.must(["daemon", "stop"]);
    await type(box, "idle");
    await until("it is idle", async () => {
      const { output } = await box.bridge("agent-status", "dev", "0");
      return (output as { state?: string } | undefined)?.state === "idle";
    });
    await box.must(["daemon", "start"]);
    await tells(box, "claude idle/<waiting");
    await box.must(["daemon", "stop"]);
    await box.must(["daemon", "start"]);
    await type(box, "busy");
    await tells(box, "claude working/<idle");
    expect(await states(box)).toEqual(["starting", "working", "waiting", "idle", "working"]);
  });

  test("counts from the subscription on, be there a daemon or not", async () => {
    await using box = await boxWith("claude", CLAUDE);
    await start(box, "claude");
    await type(box, "waiting permission prompt");
    const { output } = await box.bridge("agent-wait", "dev", "0");
    expect(output).toMatchObject({ state: "waiting" });
    await subscribe(box, "", NOTES);
    await box.must(["daemon", "stop"]);
    await subscribe(box, "idle,working");
    await type(box, "busy");
    await box.bridge("agent-wait", "dev", "0", "--until", "working");
    await box.must(["daemon", "start"]);
    await tells(box, "claude working/<waiting");
    expect(await states(box)).toEqual(["working", "working"]);
  });
});

test("what is no agent tells nothing, whatever title it sets, nor does a state that is none", async () => {
  await using box = await boxWith("claude", CLAUDE);
  await subscribe(box);
  await type(
    box,
    "printf '\\033]2;\u270b  Action Required (x)\\007\\033]7501;state=blocked:app=codex\\007'; echo s''aid",
  );
  await box.shows("dev", "0", "said");
  const refused = await box.run(["daemon", "subscribe", "dev", "agent-state", "0", "echo x"]);
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('put "" before it')]);
  // told of a pane that came later: by then it was looked at the first one
  await start(box, "claude");
  await until("there is an agent", async () => (await states(box)).length > 0);
  expect((await states(box))[0]).toBe("starting");
});
