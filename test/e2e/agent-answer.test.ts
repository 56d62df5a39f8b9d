import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { processStat } from "../../src/process/identity.ts";
import { AGENT_OPTION } from "../../src/tmux/options.ts";
import { ASKING_AGENT, ROW_AGENT } from "../helpers/agent.ts";
import { Box, setUp, until } from "../helpers/box.ts";

async function asking(variables = "", program = "claude", text = ASKING_AGENT): Promise<Box> {
  return await setUp(new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" }), async (box) => {
    mkdirSync(`${box.folder}/bin`);
    writeFileSync(`${box.folder}/bin/${program}`, text, { mode: 0o755 });
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.tmux("send-keys", "-t", "=dev:0.0", `${variables} "$HOME/bin/${program}"`, "Enter");
    await until("it asks", async () => (await state(box)) === "waiting");
  });
}

const state = async (box: Box) =>
  ((await box.bridge("agent-status", "dev", "0")).output as unknown as { state: string }).state;
const answer = (box: Box, word: string) => box.bridge("agent-answer", "dev", "0", word);
const chosen = (box: Box) =>
  existsSync(`${box.folder}/chosen`) ? readFileSync(`${box.folder}/chosen`, "utf8").trim().split("\n") : [];

describe.skipIf(!existsSync("/proc/self/stat"))("what an agent asks", () => {
  test.each<[string, string, string | null]>([
    ["yes", "Yes", "Yes"],
    ["2", "Yes, and always allow it", "Yes, and always allow it"],
    ["no", "refused", null],
  ])("is answered with %s, once", async (word, expected, choice) => {
    await using box = await asking();
    expect(await answer(box, word)).toMatchObject({ output: "Answered", for: "permission", choice });
    await until("it has been chosen", () => chosen(box).length > 0);
    expect(chosen(box)).toEqual([expected]);
    // it asks no more: nothing is pressed
    await until("it goes on", async () => (await state(box)) !== "waiting");
    expect(await answer(box, word)).toMatchObject({ error: { code: "ERR_COMMAND_FAILED" } });
    expect(chosen(box)).toEqual([expected]);
  });

  test("is answered where a person has gone to another choice, and scrolls back", async () => {
    await using box = await asking();
    await box.tmux("send-keys", "-t", "=dev:0.0", "Down");
    await until("it is there", async () =>
      (await box.tmux("capture-pane", "-p", "-t", "=dev:0.0")).includes("\u276f 2."),
    );
    await box.tmux("copy-mode", "-t", "=dev:0.0");
    await answer(box, "yes");
    await until("it has been chosen", () => chosen(box).length > 0);
    expect(chosen(box)).toEqual(["Yes"]);
  });

  test("is not answered by what it does not offer, nor when it is a person's to answer", async () => {
    await using box = await asking();
    expect(await answer(box, "perhaps")).toMatchObject({
      error: { code: "ERR_INVALID_ARGUMENT", hint: "It offers: 1. Yes, 2. Yes, and always allow it, 3. No" },
    });
    expect([chosen(box), await state(box)]).toEqual([[], "waiting"]);
  });

  test.each([
    ["blue", "Blue"],
    [
      "Neither: green 2. or so, and longer than a row's beginning",
      "Neither: green 2. or so, and longer than a row's beginning",
    ],
  ])("is a question, and is answered with %s", async (words, expected) => {
    await using box = await asking('OWN=1 WAITS="input needed"');
    expect(await answer(box, words)).toMatchObject({ output: "Answered", for: "question", choice: expected });
    await until("it has been chosen", () => chosen(box).length > 0);
    expect(chosen(box)).toEqual([expected]);
  });

  test("is a question, and is not answered with what is no line, or may be a choice that was mistyped", async () => {
    await using box = await asking('OWN=1 WAITS="input needed"');
    for (const words of ["two\nlines", "7", "yes", "Bleu"]) {
      expect(await answer(box, words)).toMatchObject({
        error: { code: "ERR_INVALID_ARGUMENT", hint: expect.stringContaining("or two words and more of your own") },
      });
    }
    expect([chosen(box), await state(box)]).toEqual([[], "waiting"]);
  });

  test("is not answered when it asks something else by then", async () => {
    await using box = await asking("DISTRACTED=1");
    expect(await answer(box, "2")).toMatchObject({ error: { code: "ERR_COMMAND_FAILED" } });
    expect(chosen(box)).toEqual([]);
  });

  test("is not answered when nobody can tell what it is", async () => {
    await using box = await asking(`WAITS="something new"`);
    expect(await answer(box, "yes")).toMatchObject({ error: { code: "ERR_COMMAND_FAILED" } });
    expect(chosen(box)).toEqual([]);
  });

  test("is answered by nobody from the pane itself", async () => {
    await using box = await asking();
    const [pane, pid] = (await box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{pane_id} #{pid}")).split(" ");
    const env = { ...box.env, TMUX: `${box.folder}/tmux-0/default,${pid},0`, TMUX_PANE: pane ?? "" };
    const own = Bun.spawn([...box.command, "bridge", "agent-answer", "dev", "0", "yes"], { env, stdout: "pipe" });
    expect(JSON.parse(await own.stdout.text())).toMatchObject({
      error: { code: "ERR_COMMAND_FAILED" },
      output: expect.stringContaining("nobody answers himself"),
    });
    expect(chosen(box)).toEqual([]);
  });
});

describe.skipIf(!existsSync("/proc/self/stat"))("what opencode asks", () => {
  const rows = (variables = "") => asking(variables, "opencode", ROW_AGENT);

  test.each<[string, string, string | null]>([
    ["yes", "once", "Allow once"],
    ["3", "refused", "Reject"],
    ["no", "refused", null],
  ])("is answered with %s by a click, whatever is selected, or Escape", async (word, expected, choice) => {
    await using box = await rows();
    expect(await answer(box, word)).toMatchObject({ output: "Answered", for: "permission", choice });
    await until("it has been chosen", () => chosen(box).length > 0);
    expect(chosen(box)).toEqual([expected]);
  });

  test("for a subagent is refused without words", async () => {
    await using box = await rows("SUBAGENT=1");
    expect(await answer(box, "no")).toMatchObject({ output: "Answered", choice: null });
    await until("it has been chosen", () => chosen(box).length > 0);
    expect(chosen(box)).toEqual(["refused silently"]);
  });

  test("is answered, and nothing is pressed where a person writes why something else is refused", async () => {
    await using box = await rows("WRITING=1");
    expect(await answer(box, "yes")).toMatchObject({ output: "Answered", choice: "Allow once" });
    await box.tmux("send-keys", "-t", "=dev:0.0", "x");
    await until("that was written", () => chosen(box).length > 1);
    expect(chosen(box)).toEqual(["once", "refused x"]);
  });

  test("is clicked once, though the next request looks the same and its plugin has yet to tell of that", async () => {
    await using box = await rows("AGAIN=1");
    const { pid } = (await box.bridge("agent-status", "dev", "0")).output as unknown as { pid: number };
    const start = processStat(pid)?.startTime;
    const note = `opencode ${pid} ${start} waiting permission ${Date.now()} -`;
    await box.tmux("set-option", "-p", "-t", "=dev:0.0", AGENT_OPTION, note);
    expect((await box.bridge("agent-status", "dev", "0")).output).toMatchObject({ source: "hook", for: "permission" });
    expect(await answer(box, "yes")).toMatchObject({ error: { code: "ERR_COMMAND_FAILED" } });
    expect(chosen(box)).toEqual(["once"]);
  });

  test("as a question is left to a person", async () => {
    const rows = "'Which colour?' '1. Red' '2. Blue' 'enter submit  esc dismiss'";
    await using box = await asking(
      "",
      "opencode",
      `#!/bin/bash\nprintf '  \u2503  %s\\n' ${rows}\nread -r x\necho "$x" > ~/chosen\n`,
    );
    const reply = await answer(box, "Blue");
    expect(reply).toMatchObject({ error: { code: "ERR_COMMAND_FAILED" }, output: expect.stringContaining("colours") });
    expect(chosen(box)).toEqual([]);
  });

  test("is not allowed for good, nor where clicks are not heard", async () => {
    await using box = await rows("DEAF=1");
    expect(await answer(box, "2")).toMatchObject({
      error: { code: "ERR_INVALID_ARGUMENT", hint: "It offers: 1. Allow once, 3. Reject" },
    });
    expect(await answer(box, "yes")).toMatchObject({ error: { code: "ERR_COMMAND_FAILED" } });
    expect([chosen(box), await state(box)]).toEqual([[], "waiting"]);
  });
});

test("a pane without an agent has nothing to answer", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  expect(await answer(box, "yes")).toMatchObject({ error: { code: "ERR_COMMAND_FAILED" } });
});
