import { readdirSync, readFileSync } from "node:fs";
import { sleep } from "../../lib/wait.ts";
import { CLIENT_OF } from "../../process/identity.ts";
import type { Stage } from "../../stage/stage.ts";
import { crowdedStage, watchCrowd } from "./crowd.ts";
import { daemonPid } from "./stage.ts";

const SETTLE_MS = 6000;
const LINES = 1500;

/**
 * The memory of a daemon with its clients, guards and pipes, MB, shared pages counted in proportion (PSS): with so many
 * sessions and no subscription, with all of them watched, and at its highest while each pane writes coloured lines.
 */
export async function memoryCosts(sessions: number): Promise<{ idle: number; watched: number; highest: number }> {
  await using stage = await crowdedStage(sessions);
  await stage.must(["daemon", "start"]);
  await sleep(SETTLE_MS);
  const idle = await familyMb(stage);
  await stage.must(["daemon", "stop"]);
  await watchCrowd(stage, sessions);
  await sleep(SETTLE_MS);
  const watched = await familyMb(stage);
  const line = "\\033[32mgreen\\033[0m \\033[1;44mbold on blue\\033[0m %d of many lines\\n";
  const script = `for ((i = 0; i < ${LINES}; i++)); do printf '${line}' $i; done`;
  const writing = Promise.all(
    Array.from({ length: sessions }, (_, i) => stage.must(["bridge", "pane-exec", `s${i}`, "0", script])),
  );
  let highest = watched;
  const until = performance.now() + SETTLE_MS + sessions * 100;
  while (performance.now() < until) {
    highest = Math.max(highest, await familyMb(stage));
    await sleep(100);
  }
  await writing;
  return { idle, watched, highest };
}

/** The daemon and all that it started: what carries its state folder in its arguments or its environment. */
async function familyMb(stage: Stage): Promise<number> {
  const state = stage.env.CLAUDE_TMUX_STATE_DIR ?? "";
  const daemon = await daemonPid(stage);
  let kb = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const isOurs =
      Number(name) === daemon ||
      text(`/proc/${name}/cmdline`).includes(`${state}/`) ||
      text(`/proc/${name}/environ`).includes(`${CLIENT_OF}=${state}`);
    if (isOurs) kb += Number(/^Pss:\s+(\d+)/m.exec(text(`/proc/${name}/smaps_rollup`))?.[1] ?? 0);
  }
  return Math.round(kb / 1000);
}

function text(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // it has ended
  }
}
