import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import { TARGETS } from "../../src/dev/release/targets.ts";

interface Workflow {
  permissions?: unknown;
  jobs: Record<string, Job>;
}

interface Job {
  container?: unknown;
  needs?: string;
  permissions?: Record<string, string>;
  strategy?: { matrix: { include: { os: string; file: string; image?: string }[] } };
  steps: { uses?: string; run?: string }[];
}

const folder = join(import.meta.dir, "../../.github/workflows");
const files = [...new Glob("*.yml").scanSync(folder)].toSorted();

const textOf = (file: string) => Bun.file(join(folder, file)).text();
const read = async (file: string) => Bun.YAML.parse(await textOf(file)) as Workflow;

describe.each(files)("%s", (file) => {
  test("no job is in a container, where actions written in JavaScript may not run", async () => {
    const { jobs } = await read(file);
    expect(Object.keys(jobs).length).toBeGreaterThan(1);
    for (const [name, job] of Object.entries(jobs)) expect([name, job.container]).toEqual([name, undefined]);
  });

  test("every action is one commit, with the version that it is", async () => {
    const { jobs } = await read(file);
    const used = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    const lines = (await textOf(file)).split("\n").filter((line) => /^ +(- )?uses:/.test(line));
    expect(lines.length).toBe(used.length);
    expect(lines.filter((line) => !/ uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("a job has no right but those that it names, and writes only to publish", async () => {
    const { permissions, jobs } = await read(file);
    expect(permissions).toEqual({});
    const rights = Object.entries(jobs).map(([name, job]) => [name, job.permissions]);
    const writing: Record<string, Record<string, string>> = {
      attest: { "id-token": "write", attestations: "write" },
      publish: { contents: "write" },
      npm: { "id-token": "write" },
      homebrew: {},
    };
    const isRelease = file === "release.yml";
    for (const [name, own] of rights) {
      const wanted = (isRelease && writing[String(name)]) || { contents: "read" };
      expect([name, own]).toEqual([name, wanted]);
    }
  });
});

test("the same action is the same commit everywhere", async () => {
  const texts = await Promise.all(files.map(textOf));
  const used = new Set(texts.flatMap((text) => text.match(/[\w-]+\/[\w-]+@.*$/gm) ?? []));
  expect(new Set([...used].map((use) => use.split("@")[0])).size).toBe(used.size);
});

test("what is published was tried on each system before", async () => {
  const { jobs } = await read("release.yml");
  const before = (name: string): string[] => {
    const needed = jobs[name]?.needs;
    return needed === undefined ? [] : [needed, ...before(needed)];
  };
  for (const name of ["publish", "npm", "homebrew"]) expect(before(name)).toContain("selftest");
  const tried = jobs.selftest?.strategy?.matrix.include ?? [];
  const systems: Record<string, string> = {
    "ubuntu-latest": "linux-x64",
    "ubuntu-24.04-arm": "linux-arm64",
    "macos-latest": "darwin-arm64",
    "macos-15-intel": "darwin-x64",
  };
  const byScript = tried.filter(({ file }) => file === "install.sh");
  expect(byScript.map(({ os, image }) => `${systems[os]}${image ? "-musl" : ""}`).toSorted()).toEqual(
    TARGETS.map(({ name }) => name).toSorted(),
  );
});

test.each(["bug.yml", "feature.yml"])("the issue form %s is one, and asks each thing once", async (file) => {
  const text = await Bun.file(join(folder, "../ISSUE_TEMPLATE", file)).text();
  const { name, description, body } = Bun.YAML.parse(text) as {
    name: string;
    description: string;
    body: { type: string; id: string; attributes: { label: string } }[];
  };
  expect([typeof name, typeof description]).toEqual(["string", "string"]);
  const ids = body.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { type, attributes } of body) {
    expect(["textarea", "input"]).toContain(type);
    expect(attributes.label).not.toBe("");
  }
});
