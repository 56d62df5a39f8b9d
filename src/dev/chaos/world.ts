import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { poll } from "../../lib/wait.ts";
import { orphanedClients, processStat } from "../../process/identity.ts";
import { Stage } from "../../stage/stage.ts";

const RECOVERY_MS = 30_000;
const SHARED_MEMORY = "/dev/shm";

/** A stage with a session, a supervised daemon and a subscription, on which faults are made and their cure is checked. */
export class World extends Stage {
  /** a process that is none of ours, named in forged pid files: it must outlive everything */
  readonly stranger = Bun.spawn(["sleep", "infinity"], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  /** the marks whose events must be in the log, each once */
  private marks: number[] = [];
  private mark = 0;
  /** events before this are of a database that a fault took away */
  private since = 0;
  private readonly clock: string | undefined;

  /** @param faketime libfaketime's path, if the clock of this world is to be set */
  constructor(settings: Record<string, string> = {}, faketime?: string) {
    super(
      {
        SHELL: "/bin/bash",
        CLAUDE_TMUX_BACKOFF_BASE_MS: "20",
        CLAUDE_TMUX_RESTART_WINDOW_S: "1",
        // one round may need five restarts, and the next comes within the same second
        CLAUDE_TMUX_RESTART_LIMIT: "50",
        CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "2",
        ...settings,
      },
      [`${process.cwd()}/dist/claude-tmux`],
    );
    writeFileSync(`${this.folder}/.profile`, "PS1='$ '\n");
    if (faketime === undefined) return;
    this.clock = `${this.folder}/clock`;
    this.setClock(0);
    Object.assign(this.env, {
      LD_PRELOAD: faketime,
      FAKETIME_TIMESTAMP_FILE: this.clock,
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    });
  }

  get state(): string {
    return this.env.CLAUDE_TMUX_STATE_DIR ?? "";
  }

  /**
   * Removes what libfaketime has left of processes that are gone. It names its shared memory by the pid, and ends a
   * process that is given the pid of one before: a pane that dies at once, for one.
   */
  sweep(): void {
    if (this.clock === undefined) return;
    for (const name of readdirSync(SHARED_MEMORY)) {
      const [, pid] = /^(?:sem\.)?faketime_(?:sem|shm)_(\d+)$/.exec(name) ?? [];
      if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
      try {
        rmSync(`${SHARED_MEMORY}/${name}`);
      } catch {
        // somebody else's
      }
    }
  }

  /** Sets the clock of everything on this stage so many seconds off the right time, where faketime(1) is used. */
  setClock(offsetS: number): void {
    if (this.clock !== undefined) writeFileSync(this.clock, `${offsetS < 0 ? "" : "+"}${offsetS}s\n`);
  }

  /** Makes the session, as at the start and after the tmux server was killed. */
  async makeSession(): Promise<void> {
    await this.must(["bridge", "session-create", "dev"]);
    await this.must(["bridge", "pane-create", "dev", "web"]);
    await this.must(["bridge", "pane-metadata-set", "dev", "web", "key", "a value"]);
    // says every number that it is given
    await this.must(["bridge", "pane-exec", "dev", "web", 'echo reads; while read -r n; do echo "MARK $n"; done']);
    // before that, a return that somebody types ends no line: the shell's line editor has the terminal
    const reads = await poll(10_000, 20, async () => {
      const { stdout } = await this.run(["bridge", "pane-capture", "dev", "web"]);
      return /^reads$/m.test(JSON.parse(stdout || "{}").output ?? "");
    });
    if (!reads) throw new Error("the pane does not begin to read");
  }

  /** Subscribes to the marks, as at the start and after the database was taken away or the server killed. */
  async subscribe(): Promise<void> {
    this.marks = [];
    const last = (await this.events()).at(-1);
    this.since = last?.seq ?? 0;
    const callback = `echo "$CLAUDE_TMUX_LINE" >>"$TMUX_TMPDIR/called"`;
    await this.must(["daemon", "subscribe", "dev", "pattern-match", "web", "^MARK [0-9]+$", callback]);
  }

  /** Makes the pane write the next mark. */
  async say(): Promise<void> {
    this.mark++;
    const isSaid = await this.tmux(["send-keys", "-t", "=dev:.{bottom-right}", `${this.mark}`, "Enter"]);
    if (!isSaid) throw new Error(`tmux did not take MARK ${this.mark}`);
    this.marks.push(this.mark);
  }

  /** Waits until every mark has its event. */
  async heard(): Promise<void> {
    const missing = await poll(10_000, 50, async () => (await this.missing()).length === 0);
    if (!missing) throw new Error(`no event for MARK ${(await this.missing()).join(", ")}`);
  }

  private async missing(): Promise<number[]> {
    const lines = (await this.events()).map(({ message }) => message);
    return this.marks.filter((mark) => !lines.includes(`MARK ${mark}`));
  }

  async events(): Promise<{ seq: number; message: string }[]> {
    const text = await this.must(["daemon", "events", "--type", "pattern-match", "--since", `${this.since}`]);
    return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
  }

  /** Who has a role, by the process table: lock and pid files are what faults are made in. */
  pid(role: "daemon" | "watchdog"): number | undefined {
    return this.roles().find((one) => one.role === role)?.pid;
  }

  /** Sends a signal to a role's process, if it runs. */
  signal(role: "daemon" | "watchdog", name: NodeJS.Signals): void {
    const pid = this.pid(role);
    if (pid !== undefined) process.kill(pid, name);
  }

  async tmux(args: string[]): Promise<boolean> {
    const child = Bun.spawn(["tmux", ...args], { env: this.env, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    return (await child.exited) === 0;
  }

  /** Waits until daemon and watchdog work, calling `daemon ensure` as cron would if asked; returns the ms it took. */
  async recovered(isEnsured: boolean): Promise<number> {
    const begun = performance.now();
    let last = "";
    const isWell = await poll(RECOVERY_MS, 20, async () => {
      if (isEnsured) await this.run(["daemon", "ensure", "--auto-restart"]);
      const { stdout } = await this.run(["daemon", "health"]);
      const watchdog = JSON.parse((await this.run(["watchdog", "status", "--json"])).stdout || "{}");
      const daemon = JSON.parse((await this.run(["daemon", "status", "--json"])).stdout || "{}");
      last = JSON.stringify({ health: stdout, watchdog, daemon, stat: processStat(watchdog.pid) });
      return (
        stdout === "healthy\n" &&
        watchdog.running &&
        processStat(watchdog.pid)?.state !== "T" &&
        watchdog.state === "running" &&
        daemon.responding &&
        watchdog.daemon_pid === daemon.pid
      );
    });
    if (!isWell) throw new Error(`not healthy again within ${RECOVERY_MS / 1000} s: ${last}`);
    return performance.now() - begun;
  }

  /** What must always be true; throws an Error with what is not. */
  async check(): Promise<void> {
    const wrong: string[] = [];
    const ours = await poll(5000, 20, () => {
      const found = this.roles();
      return found.length === 2 && found;
    });
    if (!ours) wrong.push(`processes of ours: ${JSON.stringify(this.roles())}`);
    const orphans = await poll(3000, 20, () => orphanedClients(this.state).length === 0);
    if (!orphans) wrong.push(`tmux clients without an owner: ${orphanedClients(this.state).length}`);
    const parents = this.roles().map(({ pid }) => pid);
    const zombies = await poll(2000, 20, () => zombiesOf(parents).length === 0);
    if (!zombies) wrong.push(`zombies: ${zombiesOf(parents).join(", ")}`);
    if (this.stranger.exitCode !== null || this.stranger.signalCode !== null) wrong.push("the stranger was ended");
    if ((await this.must(["bridge", "pane-find", "dev", "web"])) === "") wrong.push("the label is lost");
    const metadata = JSON.parse(await this.must(["bridge", "pane-metadata-get", "dev", "web", "key"])).output;
    if (metadata !== "a value") wrong.push(`the metadata is ${metadata}`);
    const lines = (await this.events()).map(({ message }) => message);
    const doubled = lines.filter((line, i) => lines.indexOf(line) !== i);
    if (doubled.length > 0) wrong.push(`events doubled: ${doubled.join(", ")}`);
    if (!(await this.areCalled())) wrong.push("a callback did not run");
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
  }

  private async areCalled(): Promise<boolean> {
    const isDone = () => {
      let called: string;
      try {
        called = readFileSync(`${this.folder}/called`, "utf8");
      } catch {
        return this.marks.length === 0;
      }
      const lines = new Set(called.split("\n"));
      return this.marks.every((mark) => lines.has(`MARK ${mark}`));
    };
    return (await poll(10_000, 20, isDone)) === true;
  }

  /** What runs as daemon or watchdog here. */
  private roles(): { pid: number; role: string | undefined }[] {
    const found = this.processes().flatMap((pid) => {
      const [program, role, verb] = readProc(pid, "cmdline").split("\0");
      return program?.endsWith("claude-tmux") && verb === "run" ? [{ pid, role }] : [];
    });
    // what one of them starts looks like it until it runs another program
    const isRole = ({ pid, role }: { pid: number; role: string | undefined }) =>
      !found.some((one) => one.role === role && one.pid === parentOf(pid));
    return found.filter(isRole);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.stranger.kill("SIGKILL");
    await super[Symbol.asyncDispose]();
  }
}

function zombiesOf(parents: number[]): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    const [state, parent] = readProc(Number(name), "stat").split(") ").at(-1)?.split(" ") ?? [];
    return state === "Z" && parents.includes(Number(parent));
  });
}

function parentOf(pid: number): number {
  return Number(readProc(pid, "stat").split(") ").at(-1)?.split(" ")[1]);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
