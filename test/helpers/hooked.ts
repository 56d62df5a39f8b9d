import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readAgentNote } from "../../src/agents/note.ts";
import { HOOKED } from "./agent.ts";
import { Box, until } from "./box.ts";

/** The conversation of all events. */
export const ID = "0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11";
/** What an agent gives to its hooks. */
export const EVENT = (name: string, fields = {}) =>
  JSON.stringify({ session_id: ID, hook_event_name: name, ...fields });

/** A box with two panes, and with programs that are called as agents are, and run whatever line they are given. */
export class Hooked extends Box {
  private calls = 0;

  constructor() {
    super();
    this.program("claude", HOOKED);
  }

  static async start(): Promise<Hooked> {
    const box = new Hooked();
    await box.tmux("new-session", "-d", "-s", "dev", "-x", "200", "/bin/sh");
    await box.tmux("split-window", "-d", "-t", "dev", "/bin/sh");
    return box;
  }

  /** Makes a program in this box; returns its path. */
  program(path: string, text: string): string {
    const file = `${this.folder}/bin/${path}`;
    mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
  }

  /** Has whatever runs in a pane call a hook, once it reads lines; returns what that printed, and its exit code. */
  async hook(pane: number, kind: string, event: string, before = ""): Promise<string> {
    this.calls += 1;
    const file = `${this.folder}/call-${this.calls}`;
    writeFileSync(`${file}.json`, event);
    const line = `${before} ${this.command.join(" ")} agent-hook ${kind} < ${file}.json`;
    writeFileSync(`${file}.sh`, `${line} > ${file}.out 2>&1; echo $? >> ${file}.out; mv ${file}.out ${file}.done\n`);
    await this.tmux("send-keys", "-t", `dev:0.${pane}`, `. ${file}.sh`, "Enter");
    return await until(
      `hook ${this.calls} was called`,
      () => existsSync(`${file}.done`) && readFileSync(`${file}.done`, "utf8"),
    );
  }

  /** Types a line into a pane, whatever runs there. */
  async line(pane: number, text: string): Promise<void> {
    await this.tmux("send-keys", "-t", `dev:0.${pane}`, text, "Enter");
  }

  async noteText(pane: number): Promise<string> {
    return await this.tmux("show-options", "-pqv", "-t", `dev:0.${pane}`, "@claude_tmux_agent");
  }

  /** What is noted in a pane, in a word or two. */
  async told(pane: number): Promise<string | undefined> {
    const note = readAgentNote(await this.noteText(pane));
    return note && [note.state, note.for].filter(Boolean).join(" ");
  }

  async paneId(pane: number): Promise<string> {
    return await this.tmux("display-message", "-p", "-t", `dev:0.${pane}`, "#{pane_id}");
  }
}
