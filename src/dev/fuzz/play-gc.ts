import { poll, sleep } from "../../lib/wait.ts";
import { commandLine, processStat } from "../../process/identity.ts";
import { Stage } from "../../stage/stage.ts";
import { randomFrom } from "../random.ts";

// Sessions in every state, of which a collection is to end some and no others. What is expected is worked out here from what
// was done to each, and not from what the program says.

const TTL_S = 5;
const IDLE_MS = (TTL_S + 2) * 1000;
const SHORT_TTL_S = 1;
const PATIENCE_MS = 20_000;

const SHELLS = ["bash", "zsh", "fish", "dash"] as const;
const LIFETIMES = ["none", "none", "short", "long", "owner alive", "owner dead", "keep"] as const;
const CONTENTS = [
  "nothing",
  "nothing",
  "a command",
  "a job",
  "a stopped job",
  "a survivor",
  "nohup",
  "a draft",
  "a draft that was erased",
  "half a command",
] as const;
const CLAIMS = [
  ...["none", "none", "none", "none", "none"],
  "a pane of somebody's",
  "a window of somebody's",
  "another pane of ours",
  "renamed",
  "linked",
  "grouped",
  "attached",
  "visited",
  "listened to",
  "no longer listened to",
  "just used",
] as const;

type Shell = (typeof SHELLS)[number];

/** A session that is played, and what was done to it. */
interface Played {
  name: string;
  lifetime: (typeof LIFETIMES)[number];
  content: (typeof CONTENTS)[number];
  claim: (typeof CLAIMS)[number];
  /** the argument of its sleep(1), by which that is known */
  mark: string;
  owner?: Bun.Subprocess;
  /** what a person or a command has open on it */
  open?: Bun.Subprocess;
}

/** What gc-run prints, as far as it is looked at. */
interface Told {
  collected: { kind: string; what: string; why: string; snapshot?: string }[];
  kept: { session: string; why: string }[];
  survivors: { pid: number; command: string }[];
  ended: { pid: number; command: string }[];
}

/**
 * Plays so many sessions, and collects.
 * @returns what was played, and what went wrong
 */
export async function playGc(
  seed: number,
  { sessions: count = 20, program }: { sessions?: number; program: string },
): Promise<{ shell: string; steps: string[]; wrong: string[] }> {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const shell = pick(SHELLS.filter((name) => Bun.which(name)));
  await using stage = new Stage({ SHELL: Bun.which(shell) ?? "/bin/sh", PS1: "$ ", TERM: "xterm" }, [program]);
  const world = new World(stage, shell);
  try {
    // another's session and process, like ours in all but who made them
    await world.tmux("new-session", "-d", "-s", "person");
    const stranger = Bun.spawn(["setsid", "sleep", "31000"], { env: stage.env, stdin: "ignore", stdout: "ignore" });
    const all = Array.from({ length: count }, (_, i): Played => {
      const [lifetime, content, claim] = [pick(LIFETIMES), pick(CONTENTS), pick(CLAIMS)];
      return { name: `s${i}`, lifetime, content, claim, mark: `${31001 + i}` };
    });
    for (const played of all) await world.make(played);
    for (const { owner, lifetime } of all) if (lifetime === "owner dead") await end(owner);
    await sleep(IDLE_MS);
    for (const { name, claim } of all) if (claim === "just used") await world.touch(name);
    const wrong = await world.collect(all);
    if (processStat(stranger.pid) === undefined) wrong.push("a stranger's process was ended");
    await end(stranger);
    const steps = all.map(({ name, lifetime, content, claim }) => `${name}: ${lifetime}, ${content}, ${claim}`);
    return { shell, steps, wrong };
  } finally {
    await world.end();
  }
}

/** Whether a collection is to end it: what was done to it decides. */
function isToGo({ lifetime, content, claim }: Played, shell: Shell): boolean {
  if (lifetime === "keep" || lifetime === "owner alive") return false;
  if (!["none", "another pane of ours", "visited", "no longer listened to", "just used"].includes(claim)) return false;
  const isDraft = content === "a draft" || content === "half a command";
  // a prompt that is a sign and nothing more is known only where nothing else is shown; bash and fish have one with a place
  const isFirst = !["a job", "a stopped job", "a survivor", "nohup"].includes(content);
  const isKnown = isFirst || shell === "bash" || shell === "fish";
  const isTold = isKnown && (shell !== "dash" || (lifetime !== "none" && claim !== "visited"));
  const isBusy = ["a command", "a job", "a stopped job", "nohup"].includes(content);
  if (lifetime === "owner dead") return !isDraft && (isTold || content === "a command");
  if (lifetime === "long" || claim === "just used") return false;
  return !isBusy && !isDraft && isTold;
}

class World {
  private readonly open: Bun.Subprocess[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly shell: Shell,
  ) {}

  async tmux(...args: string[]): Promise<string> {
    const child = Bun.spawn(["tmux", ...args], {
      env: this.stage.env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (code !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  }

  async make(played: Played): Promise<void> {
    const { name, lifetime } = played;
    const options: string[] = [];
    if (lifetime === "short") options.push("--ttl", `${SHORT_TTL_S}`);
    if (lifetime === "long") options.push("--ttl", "1h");
    if (lifetime === "keep") options.push("--keep");
    if (lifetime.startsWith("owner")) {
      played.owner = this.spawn(["sleep", "30000"]);
      options.push("--owner-pid", `${played.owner.pid}`);
    }
    await this.stage.must(["session-create", name, "--size", "80x20", ...options]);
    await this.untilPrompt(name);
    if (played.claim === "another pane of ours") await this.stage.must(["pane-create", name]);
    await this.fill(played);
    await this.lay(played);
  }

  /** Does in its pane what is to be there. */
  private async fill({ name, content, mark }: Played): Promise<void> {
    const type = (...keys: string[]) => this.tmux("send-keys", "-t", `=${name}:0.0`, ...keys);
    const runs = () => until(`sleep ${mark} runs`, () => this.sleeper(mark) !== undefined);
    const shows = (text: string) =>
      until(`${name} shows ${text}`, async () =>
        (await this.tmux("capture-pane", "-p", "-t", `=${name}:0.0`)).includes(text),
      );
    const line = { "a command": `sleep ${mark}`, "a job": `sleep ${mark} &`, "a stopped job": `sleep ${mark}` };
    const apart = { "a survivor": `setsid sleep ${mark} &`, nohup: `nohup sleep ${mark} >/dev/null 2>&1 &` };
    const command = { ...line, ...apart }[content as keyof typeof line | keyof typeof apart];
    if (command !== undefined) {
      await type("-l", command);
      await type("Enter");
      await runs();
    }
    if (content === "a stopped job") {
      await type("C-z");
      await until(`sleep ${mark} is stopped`, () => processStat(this.sleeper(mark) ?? 0)?.state === "T");
    }
    if (content === "a draft" || content === "a draft that was erased") {
      await type("-l", "echo half");
      await shows("echo half");
      if (content === "a draft that was erased") await type("C-u");
    }
    if (content === "half a command") {
      await type("-l", "echo 'half");
      await type("Enter");
      // fish has no prompt for the rest
      await shows(this.shell === "fish" ? "echo 'half" : ">");
    }
    // a job that has left the terminal is none: the shell says so when it is asked for the next line
    if (content === "a survivor") await type("Enter");
  }

  /** Has somebody lay claim to it, as far as that is to be before the collection. */
  private async lay(played: Played): Promise<void> {
    const { name, claim } = played;
    if (claim === "a pane of somebody's") await this.tmux("split-window", "-d", "-t", `=${name}:`);
    if (claim === "a window of somebody's") await this.tmux("new-window", "-d", "-t", `=${name}:`);
    if (claim === "renamed") {
      await this.tmux("rename-session", "-t", `=${name}:`, `${name}-mine`);
      played.name = `${name}-mine`;
    }
    if (claim === "linked") await this.tmux("link-window", "-d", "-s", `=${name}:0`, "-t", "=person:");
    if (claim === "grouped") await this.tmux("new-session", "-d", "-s", `${name}-with`, "-t", `=${name}`);
    if (claim === "attached" || claim === "visited") await this.attach(played);
    if (claim.endsWith("listened to")) await this.listen(played);
  }

  private async attach(played: Played): Promise<void> {
    const attach = `tmux attach-session -t '=${played.name}:'`;
    const person = this.spawn(["script", "-q", "-c", attach, "/dev/null"]);
    const isThere = async () =>
      (await this.tmux("display-message", "-p", "-t", `=${played.name}:`, "#{session_attached}")) === "1";
    await until(`${played.name} is attached`, isThere);
    if (played.claim === "attached") return;
    await this.tmux("detach-client", "-s", `=${played.name}:`);
    await person.exited;
  }

  private async listen(played: Played): Promise<void> {
    const listener = this.spawn([...this.stage.command, "pane-tail", played.name, "0"]);
    const holds = () =>
      this.tmux("display-message", "-p", "-t", `=${played.name}:0.0`, "#{@claude_tmux_holds}#{pane_pipe}");
    await until(`${played.name} is listened to`, async () => /1$/.test(await holds()));
    if (played.claim === "no longer listened to") await end(listener);
  }

  /** Does something there, so that it is not idle. */
  async touch(name: string): Promise<void> {
    const cursor = () => this.tmux("display-message", "-p", "-t", `=${name}:0.0`, "#{cursor_x}");
    const before = await cursor();
    await this.tmux("send-keys", "-t", `=${name}:0.0`, "x");
    await until(`${name} shows it`, async () => (await cursor()) !== before);
    await this.tmux("send-keys", "-t", `=${name}:0.0`, "C-u");
  }

  /** Collects, first in words alone; returns what is not as it is to be. */
  async collect(all: readonly Played[]): Promise<string[]> {
    const wrong: string[] = [];
    const survivors = all.filter(({ content }) => content === "a survivor");
    const pids = new Map(survivors.map(({ mark }) => [mark, this.sleeper(mark)]));
    const gc = async (...options: string[]): Promise<Told> =>
      JSON.parse(await this.stage.must(["gc-run", "--ttl", `${TTL_S}`, ...options]));
    const dry = await gc("--dry-run");
    if ((await this.snapshots()).length > 0) wrong.push("--dry-run has saved something");
    const run = await gc();
    const saved = run.collected.flatMap(({ kind, what, snapshot }) =>
      kind === "session" ? [`${what} as ${snapshot}`] : [],
    );
    const stored = await this.snapshots();
    if (!Bun.deepEquals(saved.toSorted(), stored.toSorted())) {
      wrong.push(`collected: ${saved.join(", ")}, but there are snapshots of: ${stored.join(", ")}`);
    }
    const sorted = (told: Told) => {
      const pidsOf = (members: Told["survivors"]) => members.map(({ pid }) => pid).toSorted((a, b) => a - b);
      const collected = told.collected.map(({ kind, what }) => `${kind} ${what}`).toSorted();
      return { collected, survivors: pidsOf(told.survivors), ended: pidsOf(told.ended) };
    };
    if (!Bun.deepEquals(sorted(dry), sorted(run))) {
      wrong.push(`--dry-run: ${JSON.stringify(sorted(dry))}, but then: ${JSON.stringify(sorted(run))}`);
    }
    const left = (await this.tmux("list-sessions", "-F", "#{session_name}")).split("\n");
    if (!left.includes("person")) wrong.push("a person's session was ended");
    for (const played of all) {
      const { name, lifetime, mark } = played;
      const why = [
        ...run.collected.map(({ what, why }) => [what, why]),
        ...run.kept.map((one) => [one.session, one.why]),
      ];
      const said = why.find(([what]) => what === name)?.[1];
      if (left.includes(name) === isToGo(played, this.shell)) {
        const [what, shown] = left.includes(name) ? ["stayed", await this.shown(name)] : ["went", ""];
        wrong.push(`${name} ${what}: ${said} (${JSON.stringify(played)}) ${shown}`);
        continue;
      }
      const pid = pids.get(mark);
      if (pid === undefined) continue;
      const isAlive = processStat(pid) !== undefined;
      const isAnnounced = lifetime === "short" || lifetime.startsWith("owner");
      if (isAlive === (isToGo(played, this.shell) && isAnnounced)) {
        wrong.push(`what lived on of ${name} was ${isAlive ? "" : "not "}left alone`);
      }
      const isTold = run.survivors.some((one) => one.pid === pid);
      if (isTold !== (isAlive && isToGo(played, this.shell))) wrong.push(`the survivor of ${name} was not told right`);
    }
    // what was just used may be due by now
    const used = all.filter(({ claim }) => claim === "just used").map(({ name }) => name);
    const isOver = ({ why }: Told["collected"][number]) => why === "its shell is no more";
    const still = (await gc()).collected.filter((one) => !used.includes(one.what) && !isOver(one));
    if (still.length > 0) wrong.push(`then still: ${JSON.stringify(still)}`);
    const holds = (await this.tmux("list-panes", "-a", "-F", "#{session_name} #{@claude_tmux_holds}")).split("\n");
    for (const { name, claim } of all) {
      const isHeld = holds.some((line) => line.startsWith(`${name} <`));
      if (isHeld && claim !== "listened to") wrong.push(`${name} is held still`);
    }
    return wrong;
  }

  /** The whole snapshots that there are: of which session, and their ids. */
  private async snapshots(): Promise<string[]> {
    const { damaged } = JSON.parse(await this.stage.must(["session-snapshot-verify"]));
    const { output } = JSON.parse(await this.stage.must(["session-snapshots"]));
    const isDamaged = (id: string) => damaged.some((one: { snapshot: string }) => one.snapshot === id);
    return output.flatMap(({ snapshot, name }: { snapshot: string; name: string }) =>
      isDamaged(snapshot) ? [] : [`${name} as ${snapshot}`],
    );
  }

  /** Ends what persons and commands have open. */
  async end(): Promise<void> {
    for (const child of this.open) await end(child);
  }

  private async shown(name: string): Promise<string> {
    const pane = `=${name}:0.0`;
    const place = await this.tmux("display-message", "-p", "-t", pane, "#{cursor_x},#{cursor_y}");
    return JSON.stringify([place, await this.tmux("capture-pane", "-p", "-t", pane)]);
  }

  private sleeper(mark: string): number | undefined {
    return this.stage.processes().find((pid) => Bun.deepEquals(commandLine(pid), ["sleep", mark]));
  }

  private async untilPrompt(name: string): Promise<void> {
    const isIdle = async () => {
      const { output } = JSON.parse((await this.stage.run(["pane-is-running", name, "0"])).stdout);
      return output === "false";
    };
    await until(`${name} is at its prompt`, isIdle);
  }

  private spawn(command: string[]): Bun.Subprocess {
    // a terminal's end would end what a person has open
    const child = Bun.spawn(command, { env: this.stage.env, stdin: "pipe", stdout: "ignore", stderr: "ignore" });
    this.open.push(child);
    return child;
  }
}

async function end(child: Bun.Subprocess | undefined): Promise<void> {
  child?.kill("SIGKILL");
  await child?.exited;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await poll(PATIENCE_MS, 20, isSo))) throw new Error(`it did not happen: ${what}`);
}
