import { readFileSync, writeFileSync } from "node:fs";
import { poll } from "../../lib/wait.ts";
import { commandLine, isTmux } from "../../process/identity.ts";
import { Stage } from "../../stage/stage.ts";

/** How lines are written. */
export const STYLES = [
  "plain",
  "slow",
  "coloured",
  "long",
  "wide",
  "titled",
  "c1",
  "unended",
  "redrawn",
  "tabs",
  "placed",
] as const;

/** One of STYLES. */
export type Style = (typeof STYLES)[number];

/** The lines that the pane writes: `EVENT 12 ok`, perhaps with more around it. */
export const PATTERN = "EVENT [0-9]+ ok";

// $1 and $2: the first and the last number, $3: the style
const SAY = `
i=$1
while [ "$i" -le "$2" ]; do
  case $3 in
    slow) printf 'EVENT %s ok\\n' "$i"; sleep 0.02 ;;
    coloured) printf 'one\\nEV\\033[31mEN\\033[1mT %s\\033[0m ok\\n' "$i" ;;
    long) printf 'EVENT %s ok %0300d\\n%0200d\\n' "$i" 7 8 ;;
    wide) printf '日本語 🎉🎉🎉 é EVENT %s ok 日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語\\n' "$i" ;;
    titled) printf '\\033kmake EVENT 1000 ok\\033\\\\EVENT %s ok\\n\\033]0;EVENT 1001 ok\\007' "$i" ;;
    c1) printf 'EV\\302\\233ENT\\302\\220 %s\\302\\235 ok\\302\\237\\302\\230\\n' "$i" ;;
    unended) printf '\\033]0;title\\033[mEVENT %s ok\\n\\033_a\\030\\n' "$i" ;;
    redrawn) printf 'EVENT\\rwork 10%%\\rwork 20%%\\r\\033[KEVENT %s ok\\n' "$i" ;;
    tabs) printf 'a\\tb\\tEVENT %s ok\\tc\\n' "$i" ;;
    placed) printf 'x\\033[20GEVENT %s ok\\r\\n' "$i" ;;
    *) printf 'EVENT %s ok\\n' "$i" ;;
  esac
  i=$((i + 1))
done
echo "$2" >>"$TMUX_TMPDIR/said"
`;

/** A stage with one pane, whose shell is told by keys to write lines, and a daemon that comes and goes. */
export class Pane extends Stage {
  constructor() {
    super({ SHELL: "/bin/bash", CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "30" }, [`${process.cwd()}/dist/claude-tmux`]);
    writeFileSync(`${this.folder}/.profile`, "PS1='$ '\n");
    writeFileSync(`${this.folder}/say`, SAY);
    writeFileSync(`${this.folder}/said`, "");
    writeFileSync(`${this.folder}/text`, Array.from({ length: 200 }, (_, i) => `line ${i}\n`).join(""));
    this.env.LESSHISTFILE = "-";
  }

  /** Makes the session and waits for its prompt. */
  async open(): Promise<void> {
    await this.must(["bridge", "session-create", "dev", "--size", "100x30"]);
    await this.must(["bridge", "pane-run", "dev", "0", "--", "cd; stty -echoctl"]);
  }

  /** Types a line at the shell. */
  async type(line: string): Promise<void> {
    await this.tmux(["send-keys", "-t", "=dev:", "-l", "--", line], ["send-keys", "-t", "=dev:", "Enter"]);
  }

  /** Has these numbers written; returns when they have been. */
  async say(from: number, to: number, style: Style): Promise<void> {
    await this.type(`sh ~/say ${from} ${to} ${style}`);
    const isDone = () => readFileSync(`${this.folder}/said`, "utf8").split("\n").includes(`${to}`);
    if (!(await poll(20_000, 5, isDone))) throw new Error(`the pane never wrote ${to}: ${await this.screen()}`);
  }

  /** Waits until what tmux says of the pane, in this format, is so; returns whether that has come. */
  async becomes(format: string, isSo: (value: string) => boolean, timeoutMs = 10_000): Promise<boolean> {
    const is = async () => isSo((await this.tmux(["display-message", "-p", "-t", "=dev:", format])).trim());
    return (await poll(timeoutMs, 10, is)) === true;
  }

  /** Whether all of the screen scrolls: a full-screen program that knew of another size may leave a part that does not. */
  async scrollsAsAWhole(): Promise<boolean> {
    return this.becomes("#{scroll_region_upper} #{e|-:#{pane_height},#{scroll_region_lower}}", (is) => is === "0 1", 0);
  }

  /** Shows the session on a terminal of this size, for a moment. */
  async attach({ cols, rows }: { cols: number; rows: number }): Promise<void> {
    await this.tmux(["set-option", "-w", "-t", "=dev:", "window-size", "latest"]);
    const command = `stty cols ${cols} rows ${rows}; exec tmux attach-session -t =dev`;
    const env = { ...this.env, TERM: "xterm-256color" };
    const child = Bun.spawn(["script", "-qfc", command, "/dev/null"], {
      env,
      stdin: "pipe",
      stdout: "ignore",
      stderr: "ignore",
    });
    await this.becomes("#{window_width}", (width) => width === `${cols}`, 3000);
    await this.tmux(["detach-client", "-s", "=dev"]).catch(() => {});
    child.kill();
    await child.exited;
  }

  /** Subscribes; returns the id. */
  async subscribe(): Promise<number> {
    return Number(await this.must(["daemon", "subscribe", "dev", "pattern-match", "0", PATTERN]));
  }

  /** The numbers that a subscription has fired for, in order. */
  async fired(subscription: number): Promise<number[]> {
    const text = await this.must(["daemon", "events", "--type", "pattern-match", "--limit", "100000"]);
    const events = text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
    return events
      .filter(({ data }) => data.subscription === subscription)
      .map(({ data }) => Number(/EVENT (\d+) ok/.exec(data.match)?.[1]));
  }

  /** Ends the daemon as a crash does. */
  killDaemon(): void {
    for (const pid of this.processes()) if (commandLine(pid).slice(1, 3).join(" ") === "daemon run") kill(pid);
  }

  /** Ends whatever the daemon hears the pane by: the helper at the end of its pipe, and control clients. */
  deafen(): void {
    for (const pid of this.processes()) {
      const [program = "", ...words] = commandLine(pid);
      if (program === "dd" || program === "cat" || (isTmux(pid) && words.includes("-C"))) kill(pid);
    }
  }

  /** Runs commands of tmux as one. Throws an Error when they fail. */
  async tmux(...commands: string[][]): Promise<string> {
    const words = commands.flatMap((command, i) => (i === 0 ? command : [";", ...command]));
    const child = Bun.spawn(["tmux", "-u", ...words], {
      env: this.env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    if ((await child.exited) !== 0) throw new Error(`tmux ${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** What the pane shows, for whoever looks for the cause of a failure. */
  async screen(): Promise<string> {
    return (await this.tmux(["capture-pane", "-p", "-J", "-S", "-", "-t", "=dev:"])).replace(/\n+$/, "\n");
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}
