import { expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";

interface Workflow {
  jobs: Record<string, { container?: unknown; steps: { uses?: string; run?: string }[] }>;
}

const folder = join(import.meta.dir, "../../.github/workflows");
const files = [...new Glob("*.yml").scanSync(folder)].toSorted();

test.each(files)("no job of %s is in a container, where actions written in JavaScript may not run", async (file) => {
  const { jobs } = Bun.YAML.parse(await Bun.file(join(folder, file)).text()) as Workflow;
  expect(Object.keys(jobs).length).toBeGreaterThan(1);
  for (const [name, job] of Object.entries(jobs)) expect([name, job.container]).toEqual([name, undefined]);
});
