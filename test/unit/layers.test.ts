import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../../src");

/** Which folders the files of a folder may import from, beside their own, and why no others. */
const MAY: Record<string, { import: string[]; because: string }> = {
  lib: { import: [], because: "it knows nothing of what is built on it" },
  process: { import: ["lib"], because: "processes are the system's, whatever runs in them" },
  tmux: { import: ["process", "lib"], because: "it is the one door to tmux, for whoever comes" },
  matching: {
    import: ["tmux", "lib"],
    because: "what a screen shows and which lines are new is decided without asking anybody",
  },
  ipc: { import: ["lib"], because: "a protocol is known to both of its ends" },
  store: { import: ["lib"], because: "what is written down outlives who wrote it" },
  health: { import: ["process", "lib"], because: "health is told from files alone, also while all else hangs" },
  verdict: {
    import: ["agents", "tmux", "process", "lib"],
    because: "what a pane does is one question with one answer, whoever asks it",
  },
  panes: {
    import: ["verdict", "agents", "matching", "ipc", "tmux", "process", "lib"],
    because:
      "the verbs on panes work without a daemon and its database; of a daemon that has the pane's pipe they hear by its socket",
  },
  subscriptions: {
    import: ["verdict", "agents", "matching", "store", "tmux", "process", "lib"],
    because:
      "a type is declared once, for whoever asks for it and for the engine that drives it, and starts neither; what an agent does is asked of the one verdict, as its process is seen at one moment",
  },
  supervise: { import: ["lib"], because: "a policy is the same for whatever is restarted" },
  lifecycle: {
    import: ["ipc", "process", "lib"],
    because: "daemon and watchdog are started and stopped from outside, by whoever comes",
  },
  watchdog: {
    import: ["lifecycle", "supervise", "health", "ipc", "process", "lib"],
    because: "it must outlive the bugs of tmux, the database and the engine",
  },
  agents: {
    import: ["tmux", "process", "lib"],
    because: "an agent is known by its process, by what it keeps, and by what its hooks note in its pane, whoever asks",
  },
  snapshots: {
    import: ["panes", "verdict", "subscriptions", "store", "agents", "tmux", "process", "lib"],
    because:
      "a session is saved and comes back by what tmux and the kernel tell, with who listens there, whoever asks for it",
  },
  gc: {
    import: ["snapshots", "verdict", "panes", "store", "tmux", "process", "lib"],
    because:
      "what is left over, and what nobody needs, is decided in one place, whoever asks; what goes is saved before",
  },
  daemon: {
    import: [
      "gc",
      "snapshots",
      "subscriptions",
      "panes",
      "verdict",
      "agents",
      "matching",
      "health",
      "store",
      "ipc",
      "tmux",
      "process",
      "lib",
    ],
    because: "whoever supervises it is not its business",
  },
  recovery: {
    import: ["gc", "watchdog", "lifecycle", "panes", "health", "store", "ipc", "tmux", "process", "lib"],
    because: "it repairs what is there without running any of the engine",
  },
  top: {
    import: ["panes", "verdict", "agents", "tmux", "process", "lib"],
    because: "a view is of what panes do, and knows of no command: what its keys do is given to it",
  },
  stage: {
    import: ["process", "lib"],
    because:
      "it drives the program from outside, as a user would; demo, benchmarks, chaos, fuzz and the tests stand on it",
  },
  demo: { import: ["stage", "lib"], because: "it shows the program from outside" },
  doctor: {
    import: ["gc", "snapshots", "watchdog", "health", "store", "ipc", "tmux", "process", "lib"],
    because: "it looks, and repairs nothing",
  },
  selftest: { import: ["doctor", "tmux", "process", "lib"], because: "it drives the program from outside" },
  install: {
    import: ["agents", "lib"],
    because: "it writes texts, and an agent's hooks by the events that are understood",
  },
  uninstall: {
    import: ["install", "recovery", "lifecycle", "gc", "snapshots", "panes", "ipc", "tmux", "process", "lib"],
    because: "it undoes what the rest has done, and nothing depends on it",
  },
  commands: {
    import:
      "top agents snapshots uninstall install selftest doctor demo recovery daemon gc watchdog lifecycle subscriptions panes verdict matching health store ipc tmux process lib".split(
        " ",
      ),
    because: "everything that can be asked for is asked for here",
  },
  dev: {
    import: ["commands", "stage", "tmux", "process", "lib"],
    because: "tools drive the program from outside, and build the reference from its commands",
  },
};

test("every file imports from its own folder, or from those that it may", async () => {
  const wrong: string[] = [];
  for (const [file, targets] of await imports()) {
    for (const target of targets) if (!isAllowed(file, target)) wrong.push(`${file} imports ${target}`);
  }
  expect(wrong).toEqual([]);
});

test("no folders import from each other, not even through others", () => {
  const folders = new Map(Object.entries(MAY).map(([folder, { import: targets }]) => [folder, targets]));
  expect(circles(folders)).toEqual([]);
});

test("no files do", async () => {
  expect(circles(await imports())).toEqual([]);
});

test("every folder is told of", async () => {
  const folders = new Set([...(await imports()).keys()].map(folderOf).filter((folder) => folder !== ""));
  expect([...folders].sort()).toEqual(Object.keys(MAY).sort());
});

const project = join(root, "..");

test.skipIf(!existsSync(join(project, ".git")))(
  "what is kept at the top is the project's, and nothing that a test left",
  () => {
    const { stdout } = Bun.spawnSync(["git", "ls-files"], { cwd: project });
    const top = new Set(
      stdout
        .toString()
        .trim()
        .split("\n")
        .map((path) => path.split("/")[0] ?? ""),
    );
    const own = "package.json tsconfig.json bunfig.toml bun.lock src test README.md CHANGELOG.md LICENSE".split(" ");
    expect([...top].filter((name) => !name.startsWith(".") && !own.includes(name))).toEqual([]);
  },
);

describe("the rules", () => {
  test.each([
    ["cli.ts", "commands/dispatch.ts", true],
    ["commands/daemon/stop.ts", "lifecycle/roles.ts", true],
    ["panes/watch.ts", "matching/screen.ts", true],
    ["daemon/engine.ts", "panes/run.ts", true],
    ["panes/run.ts", "store/events.ts", false],
    ["store/events.ts", "daemon/engine.ts", false],
    ["daemon/engine.ts", "watchdog/policy.ts", false],
    ["subscriptions/silence.ts", "daemon/engine.ts", false],
    ["watchdog/watchdog.ts", "tmux/run.ts", false],
    ["lib/log.ts", "process/lock.ts", false],
    ["lib/self.ts", "../package.json", true],
  ])("%s may import %s: %p", (file, target, expected) => {
    expect(isAllowed(file, target)).toBe(expected);
  });

  test("a circle is found, wherever one begins", () => {
    const arrows = { a: ["b"], b: ["c"], c: ["b", "d"], d: [] };
    expect(circles(new Map(Object.entries(arrows)))).toEqual(["b → c → b"]);
  });
});

/** What each file imports from this project, in any way. */
async function imports(): Promise<Map<string, string[]>> {
  const all = new Map<string, string[]>();
  for await (const file of new Glob("**/*.ts").scan(root)) {
    const source = await Bun.file(join(root, file)).text();
    const specifiers = [...source.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, specifier = ""]) => specifier);
    all.set(
      file,
      specifiers.map((specifier) => relative(root, join(root, dirname(file), specifier))),
    );
  }
  return all;
}

function isAllowed(file: string, target: string): boolean {
  if (target === "../package.json") return file === "lib/self.ts";
  if (target === "../LICENSE") return file === "install/claude-plugin.ts";
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === "" || from === to) return true; // cli.ts is above all
  return MAY[from]?.import.includes(to) === true;
}

function folderOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : "";
}

/** The ways from something back to itself, each told once. */
function circles(arrows: Map<string, string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (from: string, way: string[]) => {
    const start = way.indexOf(from);
    if (start !== -1) found.push([...way.slice(start), from].join(" → "));
    if (start !== -1 || done.has(from)) return;
    for (const to of arrows.get(from) ?? []) walk(to, [...way, from]);
    done.add(from);
  };
  for (const from of arrows.keys()) walk(from, []);
  return found;
}
