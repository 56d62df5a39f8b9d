import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { BINARY } from "./stage.ts";

/** The same thing twice: by tmux, and by us. `%` is a number that no call before had. */
interface Case {
  /** undefined: hello-world alone is the floor, or what `by` does by hand */
  tmux?: string;
  /** a line of a shell that does the same, then hello-world */
  by?: string;
  ours: string;
  /** of ours, when the answer is "no" */
  exitCode?: number;
  /** whether it starts a shell, for which the next measurement waits */
  startsShell?: boolean;
  /** tmux commands before each of the two, and after them */
  before?: string;
  after?: string;
  /** commands of ours before all rounds, and after them */
  begin?: string;
  end?: string;
}

/** So many measurements with the same copies of the programs. */
const ROUNDS_A_COPY = 5;

const FILL = "bridge pane-run full 0 -- seq 1 1009";
const PANES = { startsShell: true, after: "kill-pane -a -t grow:^.0" };
const CASES: Record<string, Case> = {
  "session-create": {
    tmux: "new-session -d -s s% -x 200 -y 50",
    ours: "bridge session-create s%",
    startsShell: true,
    after: "kill-session -t =s%",
  },
  "session-list": { tmux: "list-sessions", ours: "bridge session-list" },
  "session-kill": {
    tmux: "kill-session -t =s%",
    ours: "bridge session-kill s%",
    before: "new-session -d -s s%",
    startsShell: true,
  },
  "pane-create": { tmux: "split-window -d -t grow", ours: "bridge pane-create grow", ...PANES },
  "pane-create-with-layout": {
    tmux: "split-window -d -t grow",
    ours: "bridge pane-create-with-layout grow x even-vertical",
    ...PANES,
  },
  "pane-kill": {
    tmux: "kill-pane -t grow:^.1",
    ours: "bridge pane-kill grow 1",
    before: "split-window -d -t grow",
    startsShell: true,
  },
  "pane-exec": { tmux: "send-keys -t dev:^.0 true Enter", ours: "bridge pane-exec dev 0 true" },
  "pane-send-keys": { tmux: "send-keys -t dev:^.1 Left", ours: "bridge pane-send-keys dev 1 Left" },
  "pane-send-stdin": {
    tmux: "send-keys -t dev:^.1 -l x",
    ours: "bridge pane-send-stdin dev 1 x",
    after: "send-keys -t dev:^.1 C-u",
  },
  "pane-wait": { tmux: "list-panes -t dev", ours: "bridge pane-wait dev 1" },
  "pane-capture": { tmux: "capture-pane -p -t dev:^.1", ours: "bridge pane-capture dev 1" },
  "pane-has-pattern": {
    tmux: "capture-pane -p -t dev:^.1",
    ours: "bridge pane-has-pattern dev 1 none[0-9]",
    exitCode: 1,
  },
  // in a pane whose screen is full; of the patterns, none is one that can be looked for as plain text
  "pane-has-pattern (RE2)": {
    tmux: "capture-pane -p -t full:^.0",
    ours: "bridge pane-has-pattern full 0 (error|warn(ing)?):[[:space:]]+[^x]{3,20}[0-9]$",
    exitCode: 1,
    begin: FILL,
  },
  "pane-watch (RE2)": {
    tmux: "capture-pane -p -t full:^.0",
    ours: "bridge pane-watch full 0 ^(error|warn(ing)?):.*[0-9]{3}$",
    exitCode: 1,
    begin: FILL,
  },
  "pane-watch-timeout, a line that is there": {
    tmux: "capture-pane -p -t full:^.0",
    ours: "bridge pane-watch-timeout full 0 ^(100|two)[0-9]?$ 5 --existing",
    begin: FILL,
  },
  "pane-run -- true": {
    by: "tmux send-keys -t dev:^.1 'true; tmux wait-for -S by%' Enter && tmux wait-for by%",
    ours: "bridge pane-run dev 1 -- true",
    startsShell: true, // which is at its prompt a moment after the command by hand has told of its end
  },
  "pane-watch": { tmux: "capture-pane -p -t dev:^.1", ours: "bridge pane-watch dev 1 none", exitCode: 1 },
  "pane-status": { tmux: "list-panes -t dev", ours: "bridge pane-status dev 0" },
  "pane-is-running": { tmux: "list-panes -t dev", ours: "bridge pane-is-running dev 1", exitCode: 1 },
  "pane-list-json": { tmux: "list-panes -t dev", ours: "bridge pane-list-json dev" },
  "pane-list-detailed": { tmux: "list-panes -t dev", ours: "bridge pane-list-detailed dev" },
  "pane-find": { tmux: "list-panes -t dev", ours: "bridge pane-find dev web" },
  "pane-count": { tmux: "list-panes -t dev", ours: "bridge pane-count dev" },
  "pane-metadata-set": {
    tmux: "set-option -p -t dev:^.0 @key value",
    ours: "bridge pane-metadata-set dev 0 key value",
  },
  "pane-metadata-get": { tmux: "show-options -p -t dev:^.0", ours: "bridge pane-metadata-get dev 0 key" },
  "state-sync": { tmux: "list-panes -t dev", ours: "bridge state-sync dev" },
  "daemon health": { ours: "daemon health", begin: "daemon start", end: "daemon stop" },
};

/** What one command costs: medians, ms. */
export interface Cost {
  name: string;
  floor: number;
  ours: number;
}

/** Measures commands one after the other, all that there are unless some are named, in a tmux server of its own. */
export function* measureCommands(rounds: number, names: readonly string[]): Generator<Cost> {
  using place = new Place();
  for (const [name, test] of Object.entries(CASES)) {
    if (names.length === 0 || names.includes(name)) yield { name, ...place.measure(test, rounds) };
  }
}

/** A tmux server with two sessions, and a compiled hello-world. */
class Place implements Disposable {
  private readonly folder = mkdtempSync(`${tmpdir()}/claude-tmux-bench-`);
  private readonly env = {
    PATH: process.env.PATH,
    HOME: this.folder,
    TMUX_TMPDIR: this.folder,
    CLAUDE_TMUX_STATE_DIR: `${this.folder}/state`,
    SHELL: "/bin/bash",
  };
  private readonly built = this.buildHello();
  /** copies, both made at the same time in the same way */
  private hello = "";
  private program = "";
  private number = 0;

  constructor() {
    this.renew();
    this.run([this.program, "bridge", "session-create", "dev"]);
    this.run([this.program, "bridge", "pane-create", "dev", "web"]);
    this.run([this.program, "bridge", "pane-metadata-set", "dev", "0", "key", "value"]);
    this.run([this.program, "bridge", "session-create", "full"]);
    this.run([this.program, "bridge", "session-create", "grow", "--size", "300x300"]);
    this.run([this.program, "bridge", "state-sync"]);
  }

  measure(test: Case, rounds: number): { floor: number; ours: number } {
    const times = { floor: [] as number[], ours: [] as number[] };
    if (test.begin) this.run([this.program, ...test.begin.split(" ")]);
    for (let i = 0; i < rounds; i++) {
      if (i % ROUNDS_A_COPY === 0) this.renew();
      const floor = (words: string[] | undefined) => (words ? this.run(words) : 0) + this.run([this.hello]);
      times.floor.push(
        test.by === undefined
          ? this.once(test, (words) => floor(words && ["tmux", ...words]), test.tmux)
          : this.once(test, () => floor(["sh", "-c", test.by?.replaceAll("%", String(this.number)) ?? ""]), undefined),
      );
      times.ours.push(this.once(test, (words = []) => this.run([this.program, ...words], test.exitCode), test.ours));
    }
    if (test.end) this.run([this.program, ...test.end.split(" ")]);
    return { floor: median(times.floor), ours: median(times.ours) };
  }

  private once(test: Case, time: (words: string[] | undefined) => number, words: string | undefined): number {
    this.number++;
    const numbered = (text: string) => text.replace("%", String(this.number)).split(" ");
    if (test.before) this.run(["tmux", ...numbered(test.before)]);
    settle(test);
    const ms = time(words === undefined ? undefined : numbered(words));
    settle(test);
    if (test.after) this.run(["tmux", ...numbered(test.after)]);
    return ms;
  }

  private run(command: string[], expected = 0): number {
    const start = performance.now();
    const { exitCode, stderr } = Bun.spawnSync(command, {
      env: this.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    const ms = performance.now() - start;
    if (exitCode !== expected) throw new Error(`${command.join(" ")}: exit code ${exitCode}\n${stderr}`);
    return ms;
  }

  private buildHello(): string {
    const folder = `${this.folder}/hello`;
    mkdirSync(folder);
    writeFileSync(`${folder}/hello.ts`, 'console.log("hello");\n');
    const flags = ["--compile", "--minify", "--bytecode", "--format=esm"];
    this.run([process.execPath, "build", ...flags, `${folder}/hello.ts`, "--outfile", `${folder}/hello`]);
    return `${folder}/hello`;
  }

  /**
   * Makes new copies of both programs: how a system has read a file decides on up to a fifth of a start, another one for each file, and
   * more as it ages. A daemon keeps the one that it was started from.
   */
  private renew(): void {
    const folder = `${this.folder}/copies`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    this.hello = `${folder}/hello`;
    this.program = `${folder}/claude-tmux`;
    for (const [from, to] of [
      [this.built, this.hello],
      [BINARY, this.program],
    ] as const) {
      copyFileSync(from, to);
      this.run([to, "--version"]);
    }
  }

  [Symbol.dispose](): void {
    this.run(["tmux", "kill-server"]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A shell that still starts must not be counted with the next command. */
function settle(test: Case): void {
  if (test.startsShell) Bun.sleepSync(250);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
