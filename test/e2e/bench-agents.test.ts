import { expect, test } from "bun:test";
import { doTask } from "../../src/dev/bench/agents/one.ts";
import { TASKS } from "../../src/dev/bench/agents/tasks/tasks.ts";
import { waysOf } from "../../src/dev/bench/agents/ways/ways.ts";

const isThere = process.platform === "linux" && Bun.which("bash") !== null;

test("there are twenty tasks, and every way does each", () => {
  expect(TASKS.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  for (const way of waysOf("tmux-mcp")) {
    expect([way.name, TASKS.filter(({ number }) => !way.does(number))]).toEqual([way.name, []]);
  }
});

// all of them: npm run bench:agents
test.skipIf(!isThere).each(["mcp", "cli", "tmux"])("by %s, tasks are done, judged and counted", async (name) => {
  const way = waysOf(undefined).find((one) => one.name === name);
  if (!way) throw new Error(`there is no ${name}`);
  for (const task of TASKS.filter(({ number }) => [7, 17].includes(number))) {
    const done = await doTask(task, way);
    expect(done).toMatchObject({ verdict: "right", calls: 1, task: task.number });
    expect(Math.min(done.bytesIn, done.bytesOut + 1)).toBeGreaterThan(0);
  }
});
