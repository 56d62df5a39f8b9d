import { sleep } from "../../../lib/wait.ts";
import { Scene } from "./scene.ts";
import type { Outcome } from "./table.ts";
import { type Conclusion, judge, type Prepared, type Task } from "./task.ts";
import type { Opened, Way } from "./ways/way.ts";

/** A task that has taken so long has failed. */
const TASK_MS = 120_000;

/** One task done once, what to say of it where it was not right, and what its tool tells an agent once (bytes). */
export interface Done extends Outcome {
  because?: string;
  toldBytes: number;
}

/** Does a task by a way, in a scene of its own, and judges what came of it. Throws when the task could not be prepared. */
export async function doTask(task: Task, way: Way): Promise<Done> {
  await using scene = new Scene();
  const prepared = await task.prepare(scene);
  const opened = await way.open(scene, prepared.meanwhile ?? (async () => {}));
  const { tool } = opened;
  try {
    const ended = await concluded(() => opened.solve(task.number, prepared.given ?? {}));
    const judged =
      ended instanceof Error ? { verdict: "failed" as const, because: ended.message } : await verdict(prepared, ended);
    const harm = (await prepared.harm?.(tool.count.seen)) ?? [];
    const worst = harm.length > 0 ? { verdict: "wrong" as const, because: harm.join("; ") } : judged;
    const { calls, bytesIn, bytesOut } = tool.count;
    return { task: task.number, way: way.name, calls, bytesIn, bytesOut, toldBytes: tool.toldBytes, ...worst };
  } finally {
    await tool.close();
  }
}

async function concluded(solve: () => ReturnType<Opened["solve"]>): Promise<Conclusion | Error> {
  const abort = new AbortController();
  const late = sleep(TASK_MS, abort.signal).then(() => new Error(`it took more than ${TASK_MS / 1000} s`));
  try {
    return await Promise.race([solve(), late]);
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(`${thrown}`);
  } finally {
    abort.abort();
  }
}

async function verdict({ truth }: Prepared, concluded: Conclusion): Promise<Pick<Done, "verdict" | "because">> {
  const isTrue = typeof truth === "function" ? await truth() : truth;
  const judged = judge(isTrue, concluded);
  if (judged === "right") return { verdict: judged };
  return {
    verdict: judged,
    because: `${JSON.stringify(concluded)} was concluded, and it is ${JSON.stringify(isTrue)}`,
  };
}
