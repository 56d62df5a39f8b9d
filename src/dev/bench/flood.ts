import { sleep } from "../../lib/wait.ts";
import type { Stage } from "../../stage/stage.ts";
import { bareClient, daemonPid, memoryMb, newStage } from "./stage.ts";

/** What becomes of a pane that writes as much as it can. */
export interface Flood {
  seconds: number;
  /** of the 100 lines among all others that were to be found; undefined where nobody looks */
  found: number | undefined;
  /** resident memory before and after, MB */
  mb: { before: number; after: number } | undefined;
}

const MARKS = 100;
/** by when memory has been given back: a look every two seconds, and one of the allocator's every five */
const FREED_MS = 12_000;

/** Nobody reads. */
export function aloneFlood(mb: number): Promise<Flood> {
  return measureFlood(mb, async () => ({ end: async () => {} }));
}

/** A control-mode client reads: the floor. */
export function bareFlood(mb: number): Promise<Flood> {
  return measureFlood(mb, async (stage) => {
    const client = bareClient(stage, () => {});
    await client.request(["display-message", "-p", "ready"]);
    return { end: () => client[Symbol.asyncDispose]() };
  });
}

/** The daemon looks for the marks. */
export function ourFlood(mb: number): Promise<Flood> {
  return measureFlood(mb, async (stage) => {
    await stage.must(["daemon", "start"]);
    await stage.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^MARK [0-9]+$"]);
    return { pid: await daemonPid(stage), end: async () => {} };
  });
}

async function measureFlood(
  mb: number,
  start: (stage: Stage) => Promise<{ pid?: number; end(): Promise<void> }>,
): Promise<Flood> {
  await using stage = await newStage();
  const { pid, end } = await start(stage);
  const before = pid === undefined ? Number.NaN : memoryMb(pid);
  const line = "x".repeat(99);
  const perMark = Math.round((mb * 10_000) / MARKS);
  const script = `for i in $(seq ${MARKS}); do yes ${line} | head -n ${perMark}; echo MARK $i; done; touch "$TMUX_TMPDIR/over"`;
  const started = performance.now();
  await stage.must(["bridge", "pane-exec", "dev", "0", script]);
  while (!(await Bun.file(`${stage.folder}/over`).exists())) await sleep(50);
  const seconds = (performance.now() - started) / 1000;
  let found: number | undefined;
  if (pid !== undefined) {
    for (let i = 0; i < 600 && found !== MARKS; i++) {
      await sleep(200);
      const text = await stage.must(["daemon", "events", "--type", "pattern-match"]);
      found = text === "" ? 0 : text.split("\n").length;
    }
    await sleep(FREED_MS);
  }
  const after = pid === undefined ? Number.NaN : memoryMb(pid);
  await end();
  return { seconds, found, mb: pid === undefined ? undefined : { before, after } };
}
