import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { childEnv } from "../lib/config.ts";
import { readText } from "../lib/files.ts";
import { selfCommand } from "../lib/self.ts";
import { poll } from "../lib/wait.ts";
import { startedWith } from "../process/identity.ts";

/** What a command of ours printed and how it ended. */
export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * A tmux server, a state folder and a folder for files, all private and gone at the end. Everything on it is done by
 * running this program, as a user would.
 */
export class Stage implements AsyncDisposable {
  readonly folder = mkdtempSync(`${tmpdir()}/claude-tmux-demo-`);
  readonly env: Record<string, string>;

  /**
   * @param settings variables for everything that runs here
   * @param command the command line of claude-tmux; this very program unless given
   */
  constructor(
    settings: Record<string, string>,
    readonly command: string[] = selfCommand([]),
  ) {
    // nothing of a tmux or a configuration around us may reach the stage; an EDITOR of vi, as npm sets, gives zsh vi's keys
    const inherited = Object.entries(childEnv()).filter(
      ([name]) => !/^((CLAUDE_)?TMUX(_|$)|(EDITOR|HISTFILE|VISUAL|XDG_STATE_HOME|ZDOTDIR)$)/.test(name),
    );
    const env = Object.fromEntries(inherited);
    // HOME too: the shells in the panes write their history there, and read no one's start-up files
    const own = {
      HOME: this.folder,
      TMUX_TMPDIR: this.folder,
      CLAUDE_TMUX_STATE_DIR: `${this.folder}/state`,
      CLAUDE_TMUX_LEGACY_DIR: `${this.folder}/legacy`,
      CLAUDE_TMUX_LEGACY_EVENTS_DIR: `${this.folder}/legacy-events`,
    };
    this.env = { ...env, ...own, ...settings };
    // in a home without these, fish reads all man pages of the machine in the background
    mkdirSync(`${this.folder}/.local/share/fish/generated_completions`, { recursive: true });
  }

  /** Runs `claude-tmux …` on this stage. */
  async run(args: string[]): Promise<Ran> {
    const child = Bun.spawn([...this.command, ...args], {
      env: this.env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { stdout, stderr, exitCode };
  }

  /** Runs a command that must work. Throws an Error with what it said if not. */
  async must(args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args);
    if (exitCode === 0) return stdout.trim();
    throw new Error(`claude-tmux ${args.join(" ")}: exit code ${exitCode}\n${stderr || stdout}`);
  }

  /** Waits until a file of this stage holds so many whole lines, and returns them; throws after the time. */
  async lines(name: string, count: number, timeoutMs: number): Promise<string[]> {
    const lines = await poll(timeoutMs, 2, () => {
      const whole = (readText(`${this.folder}/${name}`) ?? "").split("\n").slice(0, -1);
      return whole.length >= count && whole;
    });
    if (!lines) throw new Error(`nothing was written to ${name} within ${timeoutMs / 1000} s`);
    return lines;
  }

  /** Ends the tmux server; its panes and what runs in them go with it. */
  async endServer(): Promise<void> {
    const child = Bun.spawn(["tmux", "kill-server"], {
      env: this.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await child.exited;
  }

  /** The living processes that belong to this stage: those whose environment names its folder. */
  processes(): number[] {
    return startedWith(`TMUX_TMPDIR=${this.folder}`).filter((pid) => pid !== process.pid);
  }

  /** Removes the folder with everything in it. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends and removes all of it, whatever state it is in. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.processes().length > 0) {
      await this.run(["daemon", "stop"]);
      await this.endServer();
    }
    await poll(2000, 10, () => this.processes().length === 0);
    for (const pid of this.processes()) process.kill(pid, "SIGKILL");
    this.remove();
  }
}
