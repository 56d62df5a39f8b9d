import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { processStat } from "../../src/process/identity.ts";
import { TELLING } from "../helpers/agent.ts";
import {
  boxWith,
  NOTES,
  pidIn,
  start,
  status,
  statusNote,
  subscribe,
  tells,
  told,
  type,
} from "../helpers/agent-events.ts";
import { until } from "../helpers/box.ts";

describe.skipIf(!existsSync("/proc/self/stat"))("an agent that tells in its output what it does", () => {
  test("is told by what it tells in its output, as long as a daemon hears it", async () => {
    await using box = await boxWith("codex", TELLING);
    const id = await subscribe(box, "", NOTES);
    await start(box, "codex");
    await tells(box, "codex starting/<");
    await type(box, "state=working:app=codex");
    await tells(box, "codex working/<starting");
    expect(await status(box)).toMatchObject({ state: "working", source: "status", certain: true });
    await type(box, "state=idle:app=claude"); // of another, whose word it passes on
    await type(box, "state=done:app=cargo");
    await type(box, "state=blocked:app=codex:kind=permission");
    await tells(box, "codex waiting/permission<working");
    await type(box, "state=error:app=codex");
    await tells(box, "codex failed/<waiting");
    expect(told(box)).toHaveLength(4);
    // nobody would hear what comes later
    await box.must(["daemon", "stop"]);
    expect((await status(box)).source).not.toBe("status");
    await box.must(["daemon", "start"]);
    await type(box, "state=working:app=codex");
    await tells(box, "codex working/<failed");
    await box.must(["daemon", "unsubscribe", id]);
    await until("the note is away", async () => (await statusNote(box)) === "");
    expect((await status(box)).source).not.toBe("status");
    await subscribe(box, "", NOTES);
    await type(box, "state=done:app=codex");
    await until("it is done", () => told(box).at(-1)?.startsWith("codex done/"));
    expect(await status(box)).toMatchObject({ state: "done", source: "status" });
    process.kill(await pidIn(box), "SIGKILL");
    await tells(box, "codex dead/<done");
    expect(await status(box)).toMatchObject({ kind: "codex", state: "dead" });
  });

  test("that told of itself in its output is dead also where it is killed while nobody hears it", async () => {
    await using box = await boxWith("codex", TELLING);
    await subscribe(box, "", NOTES);
    await start(box, "codex");
    await tells(box, "codex starting/<");
    await type(box, "state=working:app=codex");
    await tells(box, "codex working/<starting");
    await box.must(["daemon", "stop"]);
    const pid = await pidIn(box);
    process.kill(pid, "SIGKILL");
    await until("it has gone", () => processStat(pid) === undefined);
    await box.must(["daemon", "start"]);
    await tells(box, "codex dead/<working");
  });

  test("is not dead once it has taken its title away, though it said nothing more", async () => {
    await using box = await boxWith("codex", TELLING);
    await subscribe(box, "", NOTES);
    await start(box, "codex");
    await tells(box, "codex starting/<");
    await type(box, "state=working:app=codex");
    await tells(box, "codex working/<starting");
    const pid = await pidIn(box);
    await box.tmux("select-pane", "-T", "");
    process.kill(pid, "SIGKILL");
    await until("it has gone", () => processStat(pid) === undefined);
    expect(await statusNote(box)).not.toBe("");
    expect((await status(box)).kind).toBeNull();
  });
});
