import { sleep } from "../../lib/wait.ts";
import type { Stage } from "../../stage/stage.ts";
import { newStage } from "./stage.ts";

/** So many of ours are called at a time: each is a process that starts. */
const AT_ONCE = 4;
const SHELLS_MS = 2000;

/** A stage with so many sessions beside `dev`, each with a shell at its prompt. */
export async function crowdedStage(sessions: number): Promise<Stage> {
  const stage = await newStage();
  await atOnce(sessions, (i) => stage.must(["bridge", "session-create", `s${i}`]));
  if (sessions > 0) await sleep(SHELLS_MS + sessions * 10);
  return stage;
}

/** Starts a daemon that watches the pane of each of so many sessions for a line that never comes. */
export async function watchCrowd(stage: Stage, sessions: number): Promise<void> {
  await atOnce(sessions, (i) =>
    stage.must(["daemon", "subscribe", `s${i}`, "pattern-match", "0", "(warn(ing)?|error) [0-9]{3}: .*never"]),
  );
  await stage.must(["daemon", "start"]);
  for (;;) {
    const { watched_panes: watched } = JSON.parse(await stage.must(["daemon", "status", "--json"]));
    if (watched >= sessions) return;
    await sleep(100);
  }
}

async function atOnce(count: number, run: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
