import { readdirSync, readFileSync } from "node:fs";
import { Stage } from "../../stage/stage.ts";
import { ControlClient } from "../../tmux/control-client.ts";
import { resolveServer } from "../../tmux/server.ts";

/** The binary that is measured. */
export const BINARY = `${process.cwd()}/dist/claude-tmux`;

/** A stage with a session `dev` whose shell waits at its prompt. */
export async function newStage(): Promise<Stage> {
  const stage = new Stage({ SHELL: "/bin/bash", LC_ALL: "C.UTF-8" }, [BINARY]);
  await stage.must(["bridge", "session-create", "dev"]);
  await stage.must(["bridge", "pane-wait", "dev", "0", "10"]);
  return stage;
}

/** A control-mode client with nothing of ours behind it: the floor. */
export function bareClient(stage: Stage, onText: (text: string) => void): ControlClient {
  const server = resolveServer({ path: `${stage.folder}/tmux-${process.geteuid?.()}/default` });
  const decoder = new TextDecoder();
  return new ControlClient(
    server,
    "=dev:",
    {},
    {
      output: (_, data) => onText(decoder.decode(data, { stream: true })),
      notification: () => {},
      idle: async () => {},
      closed: () => {},
    },
  );
}

/** The daemon of a stage. */
export async function daemonPid(stage: Stage): Promise<number> {
  return Number(await Bun.file(`${stage.env.CLAUDE_TMUX_STATE_DIR}/daemon.pid`).text());
}

/** How long each thread of a process has run, ns (proc_pid_schedstat(5)): ticks are too coarse for so little. */
export function cpuNs(pid: number): Map<string, number> {
  const run = (thread: string) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return new Map(readdirSync(`/proc/${pid}/task`).map((thread) => [thread, run(thread)]));
}

/** The resident memory of a process, MB. */
export function memoryMb(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000);
}

/** How many processes this machine has started since it was booted. */
export function forks(): number {
  return Number(/^processes (\d+)/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
}
