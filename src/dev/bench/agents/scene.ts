import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { poll } from "../../../lib/wait.ts";
import { Stage } from "../../../stage/stage.ts";
import { BINARY } from "../stage.ts";
import { STAND_IN } from "./stand-in.ts";

const PATIENCE_MS = 15_000;

/** What a task is done in: a HOME, a tmux server and a state folder of its own, with nothing of ours in it but the program. */
export class Scene implements AsyncDisposable {
  readonly stage = new Stage({ SHELL: "/bin/bash", LC_ALL: "C.UTF-8", CLAUDE_CONFIG_DIR: "" }, [BINARY]);
  readonly home = this.stage.folder;
  readonly env = this.stage.env;

  constructor() {
    mkdirSync(`${this.home}/bin`);
    symlinkSync(BINARY, `${this.home}/bin/claude-tmux`);
    this.env.PATH = `${this.home}/bin:${this.env.PATH}`;
    // login shells get both anew from /etc/profile
    this.write(".profile", `PS1='dev@host:\\w$ '\nPATH='${this.env.PATH}'\n`);
  }

  /** Writes a file into HOME. */
  write(name: string, text: string, mode = 0o644): void {
    writeFileSync(`${this.home}/${name}`, text, { mode });
  }

  /** Writes a bash script into HOME. */
  script(name: string, text: string): void {
    this.write(name, `#!/bin/bash\n${text}`, 0o755);
  }

  /** Writes the stand-in for Claude Code into HOME as bin/claude. */
  agent(): void {
    this.write("stand-in.js", STAND_IN);
    // it is one executable, of that name
    this.script("bin/claude", `exec -a claude '${process.execPath}' "$HOME/stand-in.js"\n`);
  }

  /** A file in HOME, undefined when there is none. */
  read(name: string): string | undefined {
    const path = `${this.home}/${name}`;
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  /** Runs a tmux command that must work, as the person would whose server it is. */
  async tmux(...words: string[]): Promise<string> {
    const child = Bun.spawn(["tmux", ...words], {
      env: this.env,
      cwd: this.home,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (exitCode !== 0) throw new Error(`tmux ${words.join(" ")}: ${stderr}`);
    return stdout.trimEnd();
  }

  /** Makes the person's session `dev`, whose shell waits at its prompt. */
  async person(window = "main"): Promise<void> {
    await this.tmux("new-session", "-d", "-s", "dev", "-n", window, "-x", "100", "-y", "30");
    await this.shows(`dev:${window}`, "$");
  }

  /** Types a line in a window of the person's, and Enter. */
  async type(window: string, line: string): Promise<void> {
    await this.tmux("send-keys", "-t", `dev:${window}`, "-l", line);
    await this.tmux("send-keys", "-t", `dev:${window}`, "Enter");
  }

  /** Waits until a pane shows a text. */
  async shows(target: string, text: string): Promise<void> {
    await this.until(`${target} shows ${text}`, async () =>
      (await this.tmux("capture-pane", "-p", "-t", target)).includes(text),
    );
  }

  /** Waits for a condition; throws, naming it, when it does not come. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    if (await poll(PATIENCE_MS, 30, condition)) return;
    throw new Error(`it did not happen: ${what}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage[Symbol.asyncDispose]();
  }
}

/** Some letters and digits that stand nowhere else. */
export function nonce(): string {
  return crypto.randomUUID().slice(0, 6);
}

/** One of several, by chance. */
export function pick<T>(...values: [T, ...T[]]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}
