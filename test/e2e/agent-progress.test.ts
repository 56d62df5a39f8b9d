import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { processStat } from "../../src/process/identity.ts";
import { BARRED } from "../helpers/agent.ts";
import { boxWith, pidIn, start, status, subscribe, type } from "../helpers/agent-events.ts";
import { type Box, until } from "../helpers/box.ts";

const reaches = (box: Box, wanted: Record<string, unknown>) =>
  until(`it is ${JSON.stringify(wanted)}`, async () => {
    const found = await status(box);
    return Object.entries(wanted).every(([name, value]) => found[name] === value) && found;
  });
const barNote = (box: Box) => box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{@claude_tmux_progress}");

describe.skipIf(!existsSync("/proc/self/stat"))("the progress bar of an agent", () => {
  test("tells that it works where nothing better tells, and never that it is idle", async () => {
    await using box = await boxWith("opencode", BARRED);
    await subscribe(box);
    await start(box, "opencode");
    await type(box, "1;40");
    const working = await reaches(box, { state: "working", because: "its progress bar is at 40 %" });
    expect(working).toMatchObject({ source: "progress", certain: false });
    const { output } = await box.bridge("agent-status", "dev", "0", "--explain");
    expect((output as { readings: unknown[] }).readings.at(-1)).toMatchObject({ source: "progress", state: "working" });
    await type(box, "3");
    await reaches(box, { state: "working", because: "its progress bar says so" });
    for (const hint of ["2;40", "4"]) {
      await type(box, hint);
      await reaches(box, { state: "unknown", source: null });
      await type(box, "1;41");
      await reaches(box, { state: "working" });
    }
    await type(box, "0");
    await until("the note is gone", async () => (await barNote(box)) === "");
    expect(["starting", "unknown"]).toContain((await status(box)).state as string);
  });

  test("does not outlive it: not when it is killed, nor for the next one, nor without who has heard it", async () => {
    await using box = await boxWith("opencode", BARRED);
    await subscribe(box);
    await start(box, "opencode");
    await type(box, "1;40");
    await reaches(box, { state: "working", source: "progress" });
    const pid = await pidIn(box);
    process.kill(pid, "SIGKILL");
    await until("it has gone", () => processStat(pid) === undefined);
    expect(await barNote(box)).not.toBe("");
    expect(["working", "starting"]).not.toContain((await status(box)).state);
    await start(box, "opencode");
    expect(await status(box)).toMatchObject({ state: "starting", source: "process" });
    await type(box, "1;50");
    await reaches(box, { state: "working", source: "progress" });
    await box.must(["daemon", "stop"]);
    expect((await status(box)).source).not.toBe("progress");
  });

  test("is not what was set before it by what has started it", async () => {
    await using box = await boxWith("opencode", BARRED);
    await subscribe(box);
    const shown = `printf '\\033]9;4;1;40\\007'; read -r go`;
    await type(box, `bash -c "${shown.replaceAll("$", "\\$")}; '$HOME/bin/opencode'; true"`);
    await until("it is noted", async () => (await barNote(box)) !== "");
    await type(box, "");
    const started = await reaches(box, { kind: "opencode" });
    expect(started).toMatchObject({ state: "starting", source: "process" });
    await type(box, "1;50");
    await reaches(box, { state: "working", source: "progress" });
  });
});
