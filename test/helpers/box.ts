import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../../src/lib/wait.ts";
import { processStat } from "../../src/process/identity.ts";
import { Stage } from "../../src/stage/stage.ts";

/** The command line of the program under test: what `claude-tmux selftest` is, or what was built here. */
export const PROGRAM: readonly string[] = process.env.CLAUDE_TMUX_PROGRAM
  ? JSON.parse(process.env.CLAUDE_TMUX_PROGRAM)
  : [join(import.meta.dir, "../../dist/claude-tmux")];

/** The binary under test. */
export const BINARY = PROGRAM[0] ?? "";

/** How long a condition is waited for: far longer than it takes on a slow machine, and never slept out. */
export const PATIENCE_MS = 20_000;

/** A private tmux server, state folder and HOME for one test, driven through the binary. Use it with `await using`. */
export class Box extends Stage {
  constructor(settings: Record<string, string> = {}, program = [...PROGRAM]) {
    super({ SHELL: "/bin/sh", CLAUDE_TMUX_BACKOFF_BASE_MS: "100", ...settings }, program);
    // tmux starts login shells, whose prompt /etc/profile may have set
    writeFileSync(`${this.folder}/.profile`, "PS1='$ '\n");
  }

  get state(): string {
    return this.env.CLAUDE_TMUX_STATE_DIR ?? "";
  }

  /** The folder of what outlives tmux servers. */
  get durable(): string {
    return `${this.env.XDG_STATE_HOME ?? `${this.folder}/.local/state`}/claude-tmux`;
  }

  /** The folder of snapshots. */
  get snapshots(): string {
    return `${this.durable}/snapshots`;
  }

  /** Runs a bridge command and returns its JSON, whatever its exit code. */
  async bridge(...args: string[]): Promise<Reply> {
    const { stdout, exitCode } = await this.run(["bridge", ...args]);
    return { ...JSON.parse(stdout), exitCode };
  }

  /** As bridge(), with something on its standard input. */
  async bridgeWith(input: string | Uint8Array, ...args: string[]): Promise<Reply> {
    const child = Bun.spawn([...this.command, "bridge", ...args], {
      env: this.env,
      stdin: typeof input === "string" ? new TextEncoder().encode(input) : input,
      stdout: "pipe",
      stderr: "ignore",
    });
    return { ...JSON.parse(await child.stdout.text()), exitCode: await child.exited };
  }

  /** Whether a text stands anywhere in the files of this box. */
  hasInFiles(text: string, folder = this.folder): boolean {
    return readdirSync(folder).some((name) => {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isDirectory()) return this.hasInFiles(text, path);
      return stat?.isFile() === true && readFileSync(path).includes(text);
    });
  }

  /** The output of a bridge command that must work. */
  async output(...args: string[]): Promise<string> {
    const reply = await this.bridge(...args);
    if (reply.exitCode !== 0) throw new Error(JSON.stringify(reply));
    return reply.output as string;
  }

  /** The events of a type in the log. */
  async events(type?: string): Promise<LoggedEvent[]> {
    const text = await this.must(["daemon", "events", ...(type ? ["--type", type] : [])]);
    return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
  }

  /** The pid that daemon.pid or watchdog.pid holds. */
  async pid(role: "daemon" | "watchdog"): Promise<number> {
    return Number(await Bun.file(`${this.state}/${role}.pid`).text());
  }

  /** Runs tmux itself on this box's server. */
  async tmux(...args: string[]): Promise<string> {
    const child = Bun.spawn(["tmux", ...args], { env: this.env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
    const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (exitCode !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  }

  /** The process through which a pane is heard: one that writes into a named pipe of ours, or a tmux client. */
  async hearing(): Promise<number | undefined> {
    const client = Number.parseInt(await this.tmux("list-clients", "-F", "#{client_pid}"), 10);
    if (client > 1) return client;
    const helper = readdirSync("/proc").find((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/1`).startsWith(`${this.state}/pipe-`);
      } catch {
        return false; // no process, one that is not ours, or one that has just ended
      }
    });
    return helper === undefined ? undefined : Number(helper);
  }

  /** How many commands listen to panes of this server. */
  async listeners(): Promise<number> {
    const holds = await this.tmux("list-panes", "-a", "-F", "#{@claude_tmux_holds}");
    return holds.split("<").length - 1;
  }

  /** Waits until the pane's text, as pane-capture gives it, holds `text`. */
  async shows(session: string, pane: string, text: string): Promise<string> {
    let screen = "";
    const shown = async () => {
      screen = await this.output("pane-capture", session, pane, "200");
      return screen.includes(text) && screen;
    };
    return until(`${session}:${pane} shows ${text}`, shown).catch((thrown) => {
      throw new Error(`${thrown.message}: it shows\n${screen}`);
    });
  }

  /** Waits until the pane's shell has shown its prompt. */
  prompt(session: string, pane: string): Promise<string> {
    return this.shows(session, pane, "$");
  }
}

/** The names of the sessions of a box, as tmux lists them. */
export async function sessionNames(box: Box): Promise<string[]> {
  return (await box.tmux("list-sessions", "-F", "#{session_name}")).split("\n");
}

/** A box with a running daemon, started with `start`, and a session `dev` whose shell waits at its prompt. */
export async function served(settings: Record<string, string> = {}, ...start: string[]): Promise<Box> {
  const box = new Box(settings);
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.must(["daemon", "start", ...start]);
  return box;
}

/** The JSON that a bridge command prints, and its exit code. */
export interface Reply {
  status: string;
  command: string;
  session: string;
  pane_id: string;
  pane: string;
  output: unknown;
  error?: { code: string; hint?: string };
  timestamp: string;
  exitCode: number;
  /** what else a command tells */
  [fact: string]: unknown;
}

/** One line of the event log. */
export interface LoggedEvent {
  seq: number;
  timestamp: string;
  session: string;
  event_type: string;
  pane_id: string;
  pane: string;
  label: string;
  message: string;
  data: Record<string, unknown>;
}

/** Waits for a condition; throws, naming it, when it does not come. */
export async function until<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const value = await poll(PATIENCE_MS, 40, condition);
  if (value === undefined) throw new Error(`waited ${PATIENCE_MS / 1000} s, and it did not happen: ${what}`);
  return value;
}

/** Whether a process lives; a zombie does not. */
export async function lives(pid: number): Promise<boolean> {
  return processStat(pid) !== undefined;
}

/** A box when it has been set up; where that fails, it is disposed of, with all that runs in it. */
export async function setUp(box: Box, how: (box: Box) => Promise<void>): Promise<Box> {
  try {
    await how(box);
    return box;
  } catch (thrown) {
    await box[Symbol.asyncDispose]();
    throw thrown;
  }
}
