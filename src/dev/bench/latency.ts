import { closeSync, constants, openSync, readSync, writeFileSync } from "node:fs";
import { sleepBriefly } from "../../lib/libc.ts";
import { sleep } from "../../lib/wait.ts";
import type { Stage } from "../../stage/stage.ts";
import { CALLBACK, caller, EVENT } from "./callback.ts";
import { crowdedStage, watchCrowd } from "./crowd.ts";
import { bareClient } from "./stage.ts";

/** From the write in a pane to the callback's first action, ms. */
export interface Latency {
  p50: number;
  p90: number;
  p99: number;
  max: number;
  /** how many callbacks came */
  called: number;
}

const GIVE_UP_MS = 10_000;

/** A control-mode client that starts the callback itself: the floor. */
export function bareLatency(events: number): Promise<Latency> {
  return measureLatency(events, 25, bareCaller);
}

async function bareCaller(stage: Stage): Promise<() => Promise<void>> {
  const client = bareClient(stage, caller(stage.env));
  await client.request(["display-message", "-p", "ready"]);
  return () => client[Symbol.asyncDispose]();
}

/** What else there is for whoever watches. */
export interface Company {
  /** so many sessions beside the one with the events, and each of them is watched */
  sessions?: number;
  /** so many patterns on the pane of the events that never match */
  patterns?: number;
  /** beside a pane that writes as much as it can, and is watched too */
  flood?: boolean;
}

/** The daemon. */
export function ourLatency(
  events: number,
  { sessions = 0, patterns = 0, flood = false }: Company = {},
): Promise<Latency> {
  return measureLatency(
    events,
    25,
    async (stage) => {
      if (sessions > 0) await watchCrowd(stage, sessions);
      else await stage.must(["daemon", "start"]);
      for (let i = 0; i < patterns; i++) {
        await stage.must([
          "daemon",
          "subscribe",
          "dev",
          "pattern-match",
          "0",
          `(other|EVENT).* ${i}[a-z]+ (never|no)$`,
        ]);
      }
      if (flood) {
        await startFlood(stage);
        await stage.must(["daemon", "subscribe", "flood", "pattern-match", "0", "^(never|no) [0-9]+$"]);
      }
      await stage.must(["daemon", "subscribe", "dev", "pattern-match", "0", EVENT, CALLBACK]);
      return async () => {};
    },
    sessions,
  );
}

/** The floor beside a flood: a bare reader of both panes, through pipes. */
export function bareLatencyInFlood(events: number): Promise<Latency> {
  return measureLatency(events, 25, async (stage) => {
    await startFlood(stage);
    const reader = Bun.spawn([process.execPath, `${import.meta.dir}/reader.ts`, stage.folder, "=dev:", "=flood:"], {
      env: stage.env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
      detached: true,
    });
    await reader.stdout.getReader().read();
    return async () => {
      reader.kill("SIGKILL");
      await reader.exited;
    };
  });
}

async function startFlood(stage: Stage): Promise<void> {
  await stage.must(["bridge", "session-create", "flood"]);
  await stage.must(["bridge", "pane-exec", "flood", "0", "while :; do echo line $((i++)) of a flood; done"]);
}

/** A loop of a shell that looks at the pane every second, as many scripts do; an event every 1.3 s. */
export function pollingLatency(events: number): Promise<Latency> {
  return measureLatency(events, 1300, async (stage) => {
    const loop = await startPolling(stage, ["=dev:^.0"], EVENT, CALLBACK);
    return async () => {
      loop.kill("SIGKILL");
      await loop.exited;
    };
  });
}

/** Starts such a loop over some panes. */
export async function startPolling(stage: Stage, panes: string[], pattern: string, callback: string) {
  const script = `${stage.folder}/poll.sh`;
  writeFileSync(
    script,
    `declare -A seen
while :; do
  for pane in "$@"; do
    line=$(tmux capture-pane -p -t "$pane" | grep -E '${pattern}' | tail -n 1)
    if [ -n "$line" ] && [ "$line" != "\${seen[$pane]}" ]; then
      seen[$pane]=$line
      CLAUDE_TMUX_LINE=$line sh -c '${callback}'
    fi
  done
  sleep 1
done
`,
  );
  return Bun.spawn(["bash", script, ...panes], { env: stage.env, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
}

async function measureLatency(
  events: number,
  everyMs: number,
  start: (stage: Stage) => Promise<() => Promise<void>>,
  sessions = 0,
): Promise<Latency> {
  await using stage = await crowdedStage(sessions);
  const fifo = `${stage.folder}/fifo`;
  Bun.spawnSync(["mkfifo", fifo]);
  const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  const end = await start(stage);
  const pause = `read -rt ${everyMs / 1000} <> <(:)`;
  // the first is no event: whoever looks on may still be about to begin
  const script = `${pause}; for ((i = 0; i < ${events}; i++)); do printf 'EVENT %d %s\\n' $i $EPOCHREALTIME; ${pause}; done`;
  await stage.must(["bridge", "pane-exec", "dev", "0", script]);
  const delays: number[] = [];
  const buffer = Buffer.alloc(65_536);
  let rest = "";
  const giveUp = performance.now() + events * (everyMs + 35) + GIVE_UP_MS;
  while (delays.length < events && performance.now() < giveUp) {
    const read = tryRead(fd, buffer);
    const now = performance.timeOrigin + performance.now();
    if (read === 0) {
      sleepBriefly(0.2);
      await sleep(0);
      continue;
    }
    const lines = (rest + buffer.toString("utf8", 0, read)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) delays.push(now - Number(line.split(" ")[2]?.replace(",", ".")) * 1000);
  }
  closeSync(fd);
  await end();
  delays.sort((a, b) => a - b);
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1), called: delays.length };
}

function tryRead(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer);
  } catch {
    return 0; // EAGAIN
  }
}
