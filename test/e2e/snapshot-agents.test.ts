import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { AGENT } from "../helpers/agent.ts";
import { Box, until } from "../helpers/box.ts";

/** A box in whose panes there is a coding agent, as it were, in the second pane one with the leave to do anything. */
async function boxWithAgents(): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" });
  mkdirSync(`${box.folder}/bin`);
  writeFileSync(`${box.folder}/bin/claude`, AGENT, { mode: 0o755 });
  await box.tmux("new-session", "-d", "-s", "keep");
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "bold");
  for (const pane of ["0", "bold"]) await box.bridge("pane-run", "dev", pane, "--", "export PATH=$HOME/bin:$PATH");
  await box.output("pane-exec", "dev", "0", "claude");
  await box.output("pane-exec", "dev", "bold", "claude --dangerously-skip-permissions");
  await agents(box, 2);
  for (const pane of ["0", "1"]) await box.tmux("send-keys", "-t", `=dev:0.${pane}`, `words of ${pane}`, "Enter");
  return box;
}

interface Agent {
  kind: string;
  conversation: string | null;
}

/** Saves the session until so many agents are seen, with conversations. */
async function agents(box: Box, count: number): Promise<Agent[]> {
  return await until("the agents are there", async () => {
    const { snapshot } = await box.bridge("session-save", "dev");
    const { output } = await box.bridge("session-snapshot-show", `${snapshot}`);
    const { session } = output as unknown as {
      session: { windows: { panes: { program: { agent: Agent | null } | null }[] }[] };
    };
    const found = session.windows.flatMap(({ panes }) => panes.flatMap(({ program }) => program?.agent ?? []));
    return found.filter(({ conversation }) => conversation !== null).length === count && found;
  });
}

const text = (box: Box, pane: string) => box.tmux("capture-pane", "-p", "-t", `=dev:0.${pane}`);

test.skipIf(process.platform !== "linux")(
  "a coding agent goes on with its conversation, and one that may do anything only with --run all",
  async () => {
    await using box = await boxWithAgents();
    await until(
      "both have heard",
      async () => (await text(box, "1")).includes("words of 1") && (await text(box, "0")).includes("words of 0"),
    );
    const [plain, bold] = (await agents(box, 2)) as [Agent, Agent];
    expect([plain.kind, bold.kind]).toEqual(["claude", "claude"]);
    // while it lives it is not opened once more
    const resumed = `claude --resume ${plain.conversation}`;
    const bolder = `claude --resume ${bold.conversation} --dangerously-skip-permissions`;
    expect(await box.bridge("session-restore", "dev", "--as", "copy", "--dry-run")).toMatchObject({
      started: [],
      history: [],
      missing: [
        { what: "/bin/sh HOME/bin/claude".replace("HOME", box.folder), why: "its conversation goes on elsewhere" },
        { why: "its conversation goes on elsewhere" },
      ],
    });
    await box.tmux("kill-session", "-t", "=dev:");
    const told = await box.bridge("session-restore", "dev");
    const lines = (commands: unknown) =>
      (commands as { command: string }[]).map(({ command }) => command.replace(`/bin/sh ${box.folder}/bin/`, ""));
    expect([lines(told.started), lines(told.history), told.differences]).toEqual([[resumed], [bolder], []]);
    expect(await text(box, "0")).toContain("words of 0");
    expect((await agents(box, 1))[0]).toEqual(plain);
    await box.tmux("kill-session", "-t", "=dev:");
    // that of who has begun nothing is not kept
    expect(lines((await box.bridge("session-restore", "dev", "--run", "all")).started)).toEqual([resumed]);
  },
);
