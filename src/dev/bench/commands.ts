// What one-shot bridge commands cost, beside their floor: the tmux command that does the same and then a compiled
// hello-world, timed as one, since what a command leaves running (a shell that starts) slows down what comes after it.
// Prints a Markdown table of medians. Everything runs in a tmux server of its own.
//   bun run bench:commands [rounds] [command ...]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

const BINARY = `${process.cwd()}/dist/claude-tmux`;
const dir = mkdtempSync(`${tmpdir()}/claude-tmux-bench-`);
const env = {
  PATH: process.env.PATH,
  HOME: dir,
  TMUX_TMPDIR: dir,
  CLAUDE_TMUX_STATE_DIR: `${dir}/state`,
  SHELL: "/bin/bash",
};

/** The same thing twice: by tmux, and by us. `%` is a number that no call before had. */
interface Case {
  tmux: string;
  ours: string;
  /** of ours, when the answer is "no" */
  exitCode?: number;
  /** whether it starts a shell, for which the next measurement waits */
  startsShell?: boolean;
  /** tmux commands before each of the two, and after them */
  before?: string;
  after?: string;
}

const PANES = { startsShell: true, after: "kill-pane -a -t grow:^.0" };
const CASES: Record<string, Case> = {
  "session-create": {
    tmux: "new-session -d -s s% -x 200 -y 50",
    ours: "session-create s%",
    startsShell: true,
    after: "kill-session -t =s%",
  },
  "session-list": { tmux: "list-sessions", ours: "session-list" },
  "session-kill": {
    tmux: "kill-session -t =s%",
    ours: "session-kill s%",
    before: "new-session -d -s s%",
    startsShell: true,
  },
  "pane-create": { tmux: "split-window -d -t grow", ours: "pane-create grow", ...PANES },
  "pane-create-with-layout": {
    tmux: "split-window -d -t grow",
    ours: "pane-create-with-layout grow x even-vertical",
    ...PANES,
  },
  "pane-kill": {
    tmux: "kill-pane -t grow:^.1",
    ours: "pane-kill grow 1",
    before: "split-window -d -t grow",
    startsShell: true,
  },
  "pane-exec": { tmux: "send-keys -t dev:^.0 true Enter", ours: "pane-exec dev 0 true" },
  "pane-wait": { tmux: "list-panes -t dev", ours: "pane-wait dev 1" },
  "pane-capture": { tmux: "capture-pane -p -t dev:^.1", ours: "pane-capture dev 1" },
  "pane-has-pattern": { tmux: "capture-pane -p -t dev:^.1", ours: "pane-has-pattern dev 1 none[0-9]", exitCode: 1 },
  "pane-watch": { tmux: "capture-pane -p -t dev:^.1", ours: "pane-watch dev 1 none", exitCode: 1 },
  "pane-status": { tmux: "list-panes -t dev", ours: "pane-status dev 0" },
  "pane-is-running": { tmux: "list-panes -t dev", ours: "pane-is-running dev 1", exitCode: 1 },
  "pane-list-json": { tmux: "list-panes -t dev", ours: "pane-list-json dev" },
  "pane-list-detailed": { tmux: "list-panes -t dev", ours: "pane-list-detailed dev" },
  "pane-find": { tmux: "list-panes -t dev", ours: "pane-find dev web" },
  "pane-count": { tmux: "list-panes -t dev", ours: "pane-count dev" },
  "pane-metadata-set": { tmux: "set-option -p -t dev:^.0 @key value", ours: "pane-metadata-set dev 0 key value" },
  "pane-metadata-get": { tmux: "show-options -p -t dev:^.0", ours: "pane-metadata-get dev 0 key" },
  "state-sync": { tmux: "list-panes -t dev", ours: "state-sync dev" },
};

let number = 0;
const [rounds = "20", ...names] = process.argv.slice(2);
try {
  const hello = buildHello();
  run([BINARY, "bridge", "session-create", "dev"]);
  run([BINARY, "bridge", "pane-create", "dev", "web"]);
  run([BINARY, "bridge", "pane-metadata-set", "dev", "0", "key", "value"]);
  run([BINARY, "bridge", "session-create", "grow", "--size", "300x300"]);
  run([BINARY, "bridge", "state-sync"]);
  console.log(`| command | tmux, then hello-world (ms) | ours (ms) | ratio |\n|---|---|---|---|`);
  for (const [name, test] of Object.entries(CASES)) {
    if (names.length === 0 || names.includes(name)) console.log(row(name, measure(hello, test)));
  }
} finally {
  run(["tmux", "kill-server"]);
  rmSync(dir, { recursive: true, force: true });
}

function measure(hello: string, test: Case) {
  const times = { floor: [] as number[], ours: [] as number[] };
  for (let i = 0; i < Number(rounds); i++) {
    times.floor.push(measureOne(test, (words) => run(["tmux", ...words]) + run([hello]), test.tmux));
    times.ours.push(measureOne(test, (words) => run([BINARY, "bridge", ...words], test.exitCode), test.ours));
  }
  return times;
}

function measureOne(test: Case, time: (words: string[]) => number, words: string): number {
  number++;
  const numbered = (text: string) => text.replace("%", String(number)).split(" ");
  if (test.before) run(["tmux", ...numbered(test.before)]);
  settle(test);
  const ms = time(numbered(words));
  settle(test);
  if (test.after) run(["tmux", ...numbered(test.after)]);
  return ms;
}

/** A shell that still starts must not be counted with the next command. */
function settle(test: Case): void {
  if (test.startsShell) Bun.sleepSync(250);
}

function row(name: string, times: ReturnType<typeof measure>): string {
  const [floor, ours] = [median(times.floor), median(times.ours)];
  return `| ${name} | ${floor.toFixed(1)} | ${ours.toFixed(1)} | ${(ours / floor).toFixed(2)} |`;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function run(command: string[], expected = 0): number {
  const start = performance.now();
  const { exitCode, stderr } = Bun.spawnSync(command, { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const ms = performance.now() - start;
  if (exitCode !== expected) {
    throw new Error(`${command.join(" ")}: exit code ${exitCode}\n${stderr}`);
  }
  return ms;
}

function buildHello(): string {
  mkdirSync(`${dir}/hello`);
  const source = `${dir}/hello/hello.ts`;
  writeFileSync(source, 'console.log("hello");\n');
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm"];
  run([process.execPath, "build", ...flags, source, "--outfile", `${dir}/hello/hello`]);
  return `${dir}/hello/hello`;
}
