import { existsSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { poll, sleep, within } from "../../lib/wait.ts";
import { Stage } from "../../stage/stage.ts";
import { differencesOf, look, run, type Seen } from "./session-look.ts";

const PATIENCE_MS = 20_000;
/** How many of the kills come at any instant, and not as something is written. */
const ANY = 0.4;
/** How many times as long as usual it is waited for that. */
const WAIT = 4;

/** When a kill comes. */
interface When {
  random: () => number;
  /** the folder into which it writes */
  writes: string;
  /** how long it does, about */
  writesMs: number;
}

/** A stage with a session that is saved and restored, a neighbour that nobody is to touch, and a snapshot. */
export class KillStage extends Stage {
  /** a snapshot of `dev` as it was furnished, which nobody prunes */
  base = "";
  /** how long commands take to their ends, ms */
  private readonly took = new Map<string, number>();
  private seen: Seen = {};
  private neighbour = "";

  constructor(program: string) {
    super({ SHELL: "/bin/bash", TERM: "xterm" }, [program]);
    writeFileSync(`${this.folder}/.profile`, "PS1='$ '\n");
  }

  /** Where its snapshots are. */
  get store(): string {
    return `${this.folder}/.local/state/claude-tmux/snapshots`;
  }

  /** Where it keeps what it knows of its tmux server. */
  get state(): string {
    return this.env.CLAUDE_TMUX_STATE_DIR ?? "";
  }

  /** Makes the sessions, and the snapshot. */
  async furnish(): Promise<void> {
    await run(this, ["new-session", "-d", "-s", "other", "-n", "theirs", "-x", "90", "-y", "30", "sleep 100000"]);
    await run(this, ["split-window", "-d", "-t", "=other:", "bash --norc"]);
    await run(this, ["set-option", "-t", "=other:", "@mine", "a value"]);
    await this.must(["session-create", "dev", "--cwd", "/usr", "--env", "PORT=8080"]);
    await this.must(["pane-create", "dev", "build"]);
    await run(this, ["new-window", "-d", "-t", "=dev:5", "-n", "it's a name", "-c", "/etc"]);
    await run(this, ["split-window", "-d", "-h", "-t", "=dev:5", "-c", "/var"]);
    await run(this, ["set-option", "-w", "-t", "=dev:5", "@odd", "x y"]);
    const panes = (await run(this, ["list-panes", "-s", "-t", "=dev:", "-F", "#{pane_id}"])).split("\n");
    for (const [i, pane] of panes.entries()) {
      await this.untilIdle(pane);
      await this.must(["pane-run", pane, "--", `seq ${300 * (i + 1)}; printf '\\033[3${i + 1}mcoloured\\033[0m\\n'`]);
      await run(this, ["select-pane", "-t", pane, "-T", `title ${i}`]);
    }
    await this.must(["pane-metadata-set", "dev", "build", "commit", "3f2a1c9"]);
    await run(this, ["select-window", "-t", "=dev:5"]);
    await run(this, ["resize-pane", "-Z", "-t", "=dev:5"]);
    this.base = JSON.parse(await this.must(["session-save", "dev", "--note", "as it was"])).snapshot;
    this.seen = await look(this, "=dev:");
    this.neighbour = await this.lookAtNeighbour();
  }

  /**
   * Starts a command and kills it at a random instant (see instant()); the first of a kind is timed instead.
   * @returns whether it was killed before its end
   */
  async kill(args: string[], when: When): Promise<boolean> {
    const kind = args.join(" ");
    const ms = this.took.get(kind);
    const begun = performance.now();
    const instant = ms === undefined ? undefined : this.instant(ms, when);
    const child = Bun.spawn([...this.command, ...args], {
      env: this.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await (instant ?? child.exited);
    const isRunning = child.exitCode === null;
    child.kill("SIGKILL");
    await child.exited;
    if (ms === undefined) this.took.set(kind, performance.now() - begun);
    return isRunning;
  }

  /** Waits for a random instant of so many ms, or for one soon after the first thing that is written into a folder meanwhile. */
  async instant(ms: number, { random, writes, writesMs }: When): Promise<void> {
    if (random() < ANY) {
      await sleep(random() * ms);
      return;
    }
    const written = Promise.withResolvers<void>();
    const watcher = watch(writes, { recursive: writes === this.store }, () => written.resolve());
    await within(WAIT * ms, written.promise);
    watcher.close();
    await sleep(random() * writesMs);
  }

  /** Runs a command that may fail; its answer. */
  async ask(args: string[]): Promise<{ exitCode: number; [fact: string]: unknown }> {
    const { stdout, exitCode } = await this.run(args);
    return { ...JSON.parse(stdout), exitCode };
  }

  /** The manifests that are stored, as they are. */
  manifests(): Map<string, string> {
    const names = readdirSync(this.store).filter((name) => name.endsWith(".json"));
    return new Map(names.map((name) => [name, readFileSync(`${this.store}/${name}`, "utf8")]));
  }

  /** What is only begun in the store. */
  begun(): string[] {
    const all = readdirSync(this.store, { recursive: true }) as string[];
    return all.filter((name) => name.endsWith(".part"));
  }

  /** Throws unless all snapshots of before are as they were, and each that is there is whole; and the neighbour as it was. */
  async checkKept(before: ReadonlyMap<string, string>, { mayGo = false } = {}): Promise<void> {
    const now = this.manifests();
    for (const [name, text] of before) {
      if (!now.has(name) && mayGo) continue;
      if (now.get(name) !== text) throw new Error(`${name} is ${now.has(name) ? "another" : "gone"}`);
    }
    const verified = await this.ask(["session-snapshot-verify"]);
    if (verified.exitCode !== 0) throw new Error(`damaged: ${JSON.stringify(verified.damaged)}`);
    const neighbour = await this.lookAtNeighbour();
    if (neighbour !== this.neighbour) throw new Error(`the neighbour is ${neighbour}\nand was ${this.neighbour}`);
  }

  /** Throws unless there are `dev`, as it was furnished, and the neighbour, and nothing of a restore. */
  async checkRestored(): Promise<void> {
    const sessions = await run(this, ["list-sessions", "-F", "#{session_name}"]);
    if (sessions !== "dev\nother") throw new Error(`sessions: ${sessions.replaceAll("\n", ", ")}`);
    const wrong = differencesOf(this.seen, await look(this, "=dev:"));
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
    const left = readdirSync(this.state).filter((name) => name.startsWith("restoring-"));
    if (left.length > 0) throw new Error(`left in the state folder: ${left.join(", ")}`);
  }

  /** Each pane of a session, and its process. */
  async panesOf(session: string): Promise<string> {
    return await run(this, [
      "list-panes",
      "-s",
      "-t",
      session,
      "-F",
      "#{session_id} #{pane_id} #{pane_pid} #{pane_dead} #{pane_title} #{window_layout}",
    ]);
  }

  /** The `$id` of each session, by its name. */
  async sessions(): Promise<Map<string, string>> {
    const lines = (await run(this, ["list-sessions", "-F", "#{session_id} #{session_name}"])).split("\n");
    return new Map(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
  }

  /** Waits until a pane's shell is at its prompt. */
  async untilIdle(pane: string): Promise<void> {
    const isIdle = async () => (await this.ask(["pane-is-running", pane])).output === "false";
    if (!(await poll(PATIENCE_MS, 20, isIdle))) throw new Error(`pane ${pane} does not come to its prompt`);
  }

  /** What is left when all is pruned and ended: files that no snapshot needs, and processes. */
  async leftAtEnd(): Promise<string[]> {
    await this.must(["session-snapshot-prune", "--keep", "1"]);
    const needed = [...this.manifests().values()].join("");
    const files = readdirSync(this.store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const left = files
      .map(({ name }) => name)
      .filter((name) => !name.endsWith(".json") && name !== "lock" && !needed.includes(name.replace(/\.zst$/, "")));
    await this.run(["daemon", "stop"]);
    await this.endServer();
    await poll(PATIENCE_MS, 20, () => this.processes().length === 0);
    return [...left, ...this.processes().map((pid) => `process ${pid}`)];
  }

  private async lookAtNeighbour(): Promise<string> {
    return [
      await this.panesOf("=other:"),
      await run(this, ["show-options", "-t", "=other:"]),
      await run(this, ["capture-pane", "-p", "-t", "=other:.1"]),
    ].join("\n");
  }

  override remove(): void {
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }
}
