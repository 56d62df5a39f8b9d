import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { ASKING_AGENT } from "../helpers/agent.ts";
import { Box, setUp, until } from "../helpers/box.ts";
import { type Facts, McpClient } from "../helpers/mcp.ts";
import { promptedAgent } from "../helpers/prompted-agent.ts";

const SRC = `${import.meta.dir}/../../src`;

/** A box with a shell in which a `claude` has been started that does as that script. */
async function agent(variables = "", script = ASKING_AGENT): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" });
  mkdirSync(`${box.folder}/bin`);
  writeFileSync(`${box.folder}/bin/claude`, script, { mode: 0o755 });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.tmux("send-keys", "-t", "=dev:0.0", `${variables} "$HOME/bin/claude"`, "Enter");
  await until("it is there", async () => (await verdict(box)).kind === "claude");
  return box;
}

/** The same, when it asks. */
async function asking(variables = ""): Promise<Box> {
  const box = await agent(variables);
  await until("it shows choices", async () => (await screen(box)).includes("\u276f 1. Yes"));
  await until("its file is there", async () => (await verdict(box)).state !== "starting");
  return box;
}

const verdict = async (box: Box) =>
  (await box.bridge("agent-status", "dev", "0")).output as { kind: string | null; state: string };
const screen = (box: Box) => box.tmux("capture-pane", "-p", "-t", "=dev:0.0");
const chosen = (box: Box) =>
  existsSync(`${box.folder}/chosen`) ? readFileSync(`${box.folder}/chosen`, "utf8").trim().split("\n") : [];

/** Whatever types. */
const TYPING: [string, Record<string, unknown>][] = [
  ["send", { key: ["Enter"] }],
  ["send", { key: ["C-m"] }],
  ["send", { key: ["Down"] }],
  ["send", { key: ["1"] }],
  ["send", { text: "no\n" }],
  ["send", { text: "no\r" }],
  ["send", { text: "no", enter: true }],
  ["send", { text: "no\r", paste: true }],
  ["send", { text: "", enter: true }],
  ["send", { text: "no", key: ["Enter"] }],
  ["send", { text: "no", key: ["Enter"], wait: true }],
  ["ask", { text: "no" }],
  ["run", { command: "no", marker: true }],
  ["run", { command: "no", wait: false }],
  ["run", { command: "no", pattern: "yes" }],
  ["run", { command: "x".repeat(2000), wait: false }],
];

/** Tries all of that at the agent of a box: each is refused, and nothing comes of it. */
async function isRefused(box: Box, client: McpClient, why: string): Promise<void> {
  const before = await screen(box);
  for (const pane of ["%0", "dev:0.0", "dev:main"]) {
    for (const [name, input] of TYPING) {
      const { error, output } = await client.fails(name, { pane, ...input });
      expect([name, input, error?.code]).toEqual([name, input, "ERR_PANE_BUSY"]);
      expect(output).toContain(why);
      expect(error?.hint).toContain("--allow-answers");
    }
  }
  expect([chosen(box), await screen(box)]).toEqual([[], before]);
}

describe.skipIf(!existsSync("/proc/self/stat"))("a coding agent in another pane", () => {
  test("is told of: one, all, and when it needs somebody, also with --read-only", async () => {
    await using box = await asking();
    await using client = await McpClient.greeted(box, ["--read-only"]);
    const asks = { pane: "%0", kind: "claude", state: "waiting", for: "permission", certain: true };
    expect((await client.must("agent", { pane: "dev:main" })).output).toMatchObject(asks);
    expect((await client.must("agent", { pane: "%0", wait: true })).output).toMatchObject(asks);
    expect((await client.must("agent")).output).toMatchObject([asks]);
    expect((await client.call("tell", { pane: "%0", answer: "yes" })).error?.code).toBe(-32602);
    expect(chosen(box)).toEqual([]);
  });

  test("is waited for until it needs somebody", async () => {
    await using box = await asking("STATUS=busy");
    await using client = await McpClient.greeted(box);
    const late = await client.fails("agent", { pane: "%0", wait: true, timeout: 0.3 });
    expect(late).toMatchObject({ error: { code: "ERR_TIMEOUT" } });
    const wait = client.must("agent", { pane: "%0", wait: true });
    await box.tmux("send-keys", "-t", "=dev:0.0", "Escape");
    expect((await wait).output).toMatchObject({ state: "idle", for: null });
  });

  test("is given a permission by a person alone: nothing types there, nor answers", async () => {
    await using box = await asking();
    await using client = await McpClient.greeted(box);
    await isRefused(box, client, "waits for permission");
    for (const answer of ["yes", "no", "1"]) {
      const { error, output } = await client.fails("tell", { pane: "%0", answer });
      expect(error).toMatchObject({ code: "ERR_NOT_OWNER", hint: expect.stringContaining("--allow-answers") });
      expect(output).toContain("waits for permission");
    }
    expect(chosen(box)).toEqual([]);
    expect(await client.must("end", { pane: "%0", what: "job" })).toMatchObject({ output: "Job ended" });
  });

  test("is given one by a server that may", async () => {
    await using box = await asking();
    await using client = await McpClient.greeted(box, ["--allow-answers"]);
    expect(await client.must("tell", { pane: "%0", answer: "yes" })).toMatchObject({
      for: "permission",
      choice: "Yes",
    });
    await until("it has been chosen", () => chosen(box).length > 0);
    expect(chosen(box)).toEqual(["Yes"]);
  });

  test("is typed into by a server that may, whatever it asks", async () => {
    await using box = await asking();
    await using client = await McpClient.greeted(box, ["--allow-answers"]);
    await client.must("send", { pane: "%0", key: ["Enter"] });
    await until("it has been chosen", () => chosen(box).length > 0);
  });

  test("is answered a question, and typed to while it asks one", async () => {
    await using box = await asking(`WAITS="input needed"`);
    await using client = await McpClient.greeted(box);
    await client.must("send", { pane: "%0", key: ["Down"] });
    await until("it is there", async () => (await screen(box)).includes("\u276f 2."));
    expect(await client.must("tell", { pane: "%0", answer: "3" })).toMatchObject({ for: "question", choice: "No" });
    await until("it has been chosen", () => chosen(box).length > 0);
    expect(chosen(box)).toEqual(["No"]);
  });

  test.each([
    ["what it waits for nobody can tell", `WAITS="something new"`, "waits for something that nobody can tell"],
    ["it works, and may ask at any moment", "STATUS=busy", "works, and may ask"],
    ["it says that it is idle, and shows choices", "STATUS=idle", "shows choices"],
  ])("is not typed into when %s", async (_, variables, why) => {
    await using box = await asking(variables);
    await using client = await McpClient.greeted(box);
    await isRefused(box, client, why);
  });

  test("is made to grant itself permissions by a person alone", async () => {
    await using box = await agent('MODE=1 WAITS="dialog open"');
    await using client = await McpClient.greeted(box);
    await until("it offers that", async () => (await verdict(box)).state === "waiting");
    await isRefused(box, client, "waits for trust");
    const { error, output } = await client.fails("tell", { pane: "%0", answer: "yes" });
    expect([error?.code, output]).toEqual(["ERR_COMMAND_FAILED", expect.stringContaining("a person's to answer")]);
    expect(chosen(box)).toEqual([]);
  });

  test("is not typed into as long as nothing tells what it does", async () => {
    await using box = await agent("", '#!/bin/bash\nstty -echo; while read -r line; do echo "$line" >> chosen; done\n');
    await using client = await McpClient.greeted(box);
    expect((await verdict(box)).state).toBe("starting");
    const early = await client.fails("send", { pane: "%0", key: ["Enter"] });
    expect([early.error?.code, early.output]).toEqual(["ERR_PANE_BUSY", expect.stringContaining("a moment ago")]);
    await until("it is unknown", async () => (await verdict(box)).state === "unknown");
    await isRefused(box, client, "nothing tells what it does");
  });

  test("is typed into while it is idle and shows no choices, and stopped while it works; so is what comes after it", async () => {
    await using box = await asking();
    await using client = await McpClient.greeted(box);
    await box.tmux("send-keys", "-t", "=dev:0.0", "Escape");
    await until("it is idle", async () => (await verdict(box)).state === "idle");
    await client.must("send", { pane: "%0", text: "q", enter: true });
    await until("it works", async () => (await verdict(box)).state === "working");
    await client.fails("send", { pane: "%0", key: ["Enter"] });
    await client.fails("send", { pane: "%0", key: ["Escape", "Enter"] });
    await client.must("send", { pane: "%0", key: ["Escape"] });
    await until("it was heard", () => chosen(box).length === 3);
    expect(chosen(box)).toEqual(["refused", "Yes", "refused"]);
    await client.must("send", { pane: "%0", key: ["C-c"] });
    await until("it has ended", async () => (await verdict(box)).kind === null);
    expect(await client.must("run", { pane: "%0", command: "echo yes" })).toMatchObject({ output: "yes" });
  });

  test("that is below another program, has no dialog to answer there, and is refused the same", async () => {
    await using box = await asking();
    await box.tmux("split-window", "-d", "-t", "=dev:", "/bin/sh");
    await box.tmux("send-keys", "-t", "=dev:0.1", `sh -c '"$HOME/bin/claude"; :'`, "Enter");
    await using client = await McpClient.greeted(box);
    const state = async () => ((await client.must("agent", { pane: "dev:0.1" })).output as Facts).state;
    await until("it asks", async () => (await state()) === "waiting");
    const { error } = await client.fails("send", { pane: "dev:0.1", key: ["Enter"] });
    expect(error?.code).toBe("ERR_PANE_BUSY");
    expect(chosen(box)).toEqual([]);
  });
});

test("keys go to the pane that was looked at before, though another has its index by then", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.tmux("split-window", "-d", "-t", "=dev:", 'cat > "$HOME/other"');
  for (const index of ["0", "1"]) await box.tmux("select-pane", "-t", `=dev:0.${index}`, "-T", index);
  const program = `
    import { leavePermissionsToPeople } from "${SRC}/panes/left-to-people.ts";
    import { parseKeys } from "${SRC}/panes/keys.ts";
    import { sendKeys } from "${SRC}/panes/send-keys.ts";
    import { resolveServer } from "${SRC}/tmux/server.ts";
    const refuse = async (ask, { pane }) => {
      console.log((await ask([["display-message", "-p", "-t", pane, "#{pane_title}"]])).trim());
      await ask([["swap-pane", "-s", "=dev:0.0", "-t", "=dev:0.1"]]);
    };
    leavePermissionsToPeople({ refuse, instead: "" });
    await sendKeys(resolveServer({}), { session: "dev", pane: "1" }, parseKeys(["Enter"]));
  `;
  const child = Bun.spawn([process.execPath, "-e", program], { env: box.env, stdout: "pipe", stderr: "pipe" });
  expect([await child.stdout.text(), await child.stderr.text()]).toEqual(["1\n", ""]);
  await until(
    "it was heard",
    () => existsSync(`${box.folder}/other`) && readFileSync(`${box.folder}/other`, "utf8") === "\n",
  );
});

describe.skipIf(!existsSync("/proc/self/stat"))("an agent that is given a prompt", () => {
  const given = (box: Box) => readFileSync(`${box.folder}/prompts`, "utf8").trim().split("\n");

  async function idle(): Promise<Box> {
    return await setUp(new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" }), async (box) => {
      const path = promptedAgent(box.folder);
      await box.output("session-create", "dev");
      await box.prompt("dev", "0");
      await box.tmux("send-keys", "-t", "=dev:0.0", path, "Enter");
      await until("it is idle", async () => {
        const { kind, state } = await verdict(box);
        return kind === "claude" && state === "idle";
      });
    });
  }

  test("takes it, and what it says is told", async () => {
    await using box = await idle();
    await using client = await McpClient.greeted(box);
    const told = await client.must("tell", { pane: "%0", text: "Do it", wait: true });
    expect(told).toMatchObject({ receipt: "submitted", turn: { state: "idle", message: "Done, all of it." } });
    expect(given(box)).toEqual(['"Do it"']);
  });

  test("takes it once with a key, and not what would be none", async () => {
    await using box = await idle();
    await using client = await McpClient.greeted(box);
    for (const repeated of [false, true]) {
      const told = await client.must("tell", { pane: "dev:0.0", text: "Do it", key: "ticket-17" });
      expect(told).toMatchObject({ receipt: "submitted", repeated });
    }
    const { receipt, error } = await client.fails("tell", { pane: "%0", text: "/clear" });
    expect({ receipt, code: error?.code }).toEqual({ receipt: "refused", code: "ERR_INVALID_ARGUMENT" });
    expect(given(box)).toEqual(['"Do it"']);
  });
});
