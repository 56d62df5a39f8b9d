import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { processStat } from "../../src/process/identity.ts";
import { Box, until } from "./box.ts";

// What the tests of agent-state share: an agent in a pane, and what a subscription to it tells.

export const NOTES =
  'echo "$CLAUDE_TMUX_AGENT $CLAUDE_TMUX_STATE/$CLAUDE_TMUX_FOR<$CLAUDE_TMUX_FORMER" >>"$TMUX_TMPDIR/told"';

export async function boxWith(program: string, text: string): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" });
  mkdirSync(`${box.folder}/bin`);
  writeFileSync(`${box.folder}/bin/${program}`, text, { mode: 0o755 });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.must(["daemon", "start"]);
  return box;
}

export const subscribe = (box: Box, ...words: string[]) =>
  box.must(["daemon", "subscribe", "dev", "agent-state", "0", ...words]);
export const type = (box: Box, line: string) => box.tmux("send-keys", "-t", "=dev:0.0", line, "Enter");
export async function start(box: Box, program: string): Promise<void> {
  const before = (await status(box)).pid;
  await type(box, `"$HOME/bin/${program}"`);
  await until("it runs", async () => {
    const { kind, pid, state } = await status(box);
    return kind === program && pid !== before && state !== "dead";
  });
}
export const told = (box: Box) =>
  existsSync(`${box.env.TMUX_TMPDIR}/told`)
    ? readFileSync(`${box.env.TMUX_TMPDIR}/told`, "utf8").split("\n").slice(0, -1)
    : [];
export const tells = (box: Box, line: string) => until(`it tells ${line}`, () => told(box).at(-1) === line);
export const states = async (box: Box) => (await box.events("agent-state")).map(({ data }) => data.state);
export const status = async (box: Box) =>
  (await box.bridge("agent-status", "dev", "0")).output as Record<string, unknown>;
export const agents = async (box: Box) => JSON.parse(await box.must(["daemon", "status", "--json"])).agents;
export const noteText = (box: Box) => box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{@claude_tmux_agent}");
export const statusNote = (box: Box) =>
  box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{@claude_tmux_agent_status}");
export const pidIn = async (box: Box) => {
  const shell = Number(await box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{pane_pid}"));
  return processStat(shell)?.tpgid ?? 0;
};
