import { describe, expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { Box, until } from "../helpers/box.ts";

/** A stream's process and what it has printed so far. */
class Stream implements AsyncDisposable {
  text = "";
  readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  private readonly reading: Promise<void>;

  constructor(
    private readonly box: Box,
    ...args: string[]
  ) {
    this.child = Bun.spawn([...box.command, "bridge", ...args], {
      env: box.env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.reading = this.read();
  }

  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }

  /** Waits until it listens: it is the nth that holds the pane. */
  async begun(pane: string, nth = 1): Promise<this> {
    await until("the stream listens", async () => {
      const holds = await this.box.tmux("display-message", "-p", "-t", pane, "#{@claude_tmux_holds}");
      return holds.split("<").length > nth;
    });
    return this;
  }

  async shows(text: string): Promise<void> {
    await until(`the stream shows ${text}`, () => this.text.includes(text));
  }

  async ended(): Promise<number> {
    const exitCode = await this.child.exited;
    await this.reading;
    return exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child.exited;
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.child.stdout) this.text += decoder.decode(chunk, { stream: true });
  }
}

async function shell(settings: string[] = []): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev", ...settings);
  await box.output("pane-create", "dev", "out");
  await box.output("pane-run", "dev", "out", "--", "PS1='$ '");
  return box;
}

describe("pane-stream", () => {
  const SHELLS = ["bash", "zsh", "fish"].map((name) => ({ name, path: Bun.which(name) ?? "" }));
  test.each(SHELLS.filter(({ path }) => path !== ""))(
    "in $name, a command's last line comes though no newline ends it",
    async ({ path }) => {
      await using box = new Box({ SHELL: path });
      await box.output("session-create", "dev");
      await box.output("pane-run", "dev", "0", "--", "true");
      await using stream = await new Stream(box, "pane-stream", "dev", "0").begun("%0");
      await box.output("pane-exec", "dev", "0", "echo o''ne; printf t''wo");
      await stream.shows("\none\ntwo\n");
      await box.output("pane-exec", "dev", "0", "printf '\\033[31mth''ree\\033[m'");
      await stream.shows("\nthree\n");
      await box.output("pane-run", "dev", "0", "--", "exit");
      expect(await stream.ended()).toBe(0);
      expect(stream.lines.filter((line) => /^(one|two|three)$/.test(line))).toEqual(["one", "two", "three"]);
    },
  );

  test("a million lines, each once and in order, also those of the moment in which the pane ends", async () => {
    await using box = await shell();
    await using stream = await new Stream(box, "pane-stream", "dev", "out").begun("%1");
    await box.output("pane-exec", "dev", "out", "seq 1 1000000; exit");
    expect(await stream.ended()).toBe(0);
    const numbers = stream.lines.filter((line) => /^\d+$/.test(line)).map(Number);
    expect(numbers.findIndex((number, i) => i > 0 && number <= (numbers[i - 1] ?? 0))).toBe(-1);
    expect(numbers.at(-1)).toBe(1_000_000);
    expect(numbers).toHaveLength(1_000_000);
    expect(await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{pane_id}")).toBe("%0");
  });

  test("of a pane that the daemon watches has every line, though its size changes all the time", async () => {
    await using box = await shell();
    await box.must(["daemon", "start"]);
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "out", "^n [0-9]*00$"]);
    await using stream = await new Stream(box, "pane-stream", "dev", "out").begun("%1");
    await box.output("pane-exec", "dev", "out", "for i in $(seq 400); do echo n $i; sleep 0.002; done; echo o''ver");
    for (let i = 0; !stream.text.includes("\nover\n"); i++) {
      await box.tmux("resize-window", "-t", "=dev:", "-x", `${100 + (i % 7)}`, "-y", `${30 + (i % 5)}`);
      await Bun.sleep(20);
    }
    expect(stream.lines.filter((line) => /^n \d+$/.test(line))).toEqual(
      Array.from({ length: 400 }, (_, i) => `n ${i + 1}`),
    );
    await until("all have fired", async () => (await box.events("pattern-match")).length === 4);
  });

  test.each(["kill-server", "kill-session"])("ends with the last session, and its server: %s", async (command) => {
    await using box = await shell();
    await using stream = await new Stream(box, "pane-stream", "dev", "out").begun("%1");
    await box.output("pane-exec", "dev", "out", "echo last words");
    await stream.shows("\nlast words\n");
    await box.tmux(command);
    expect(await stream.ended()).toBe(0);
  });

  test("does not take a server whose socket was removed for one that has ended", async () => {
    await using box = await shell();
    await using stream = await new Stream(box, "pane-stream", "dev", "out").begun("%1");
    await box.output("pane-exec", "dev", "out", "echo last words");
    await stream.shows("\nlast words\n");
    const socket = await box.tmux("display-message", "-p", "#{socket_path}");
    const pid = await box.hearing();
    if (pid === undefined) throw new Error("nothing hears the pane");
    await rename(socket, `${socket}.away`);
    process.kill(pid, "SIGKILL");
    expect(await stream.ended()).toBe(1);
    await rename(`${socket}.away`, socket);
  });

  test("lines are whole: wrapped, wide, coloured, drawn over", async () => {
    await using box = await shell(["--size", "40x12"]);
    await using stream = await new Stream(box, "pane-stream", "dev", "out").begun("%1");
    await using coloured = await new Stream(box, "pane-stream", "dev", "out", "--ansi").begun("%1", 2);
    const command = `printf '%0150d\\n' 7; printf '日本語%.0s' 1 2 3 4 5 6 7 8 9 10; echo; printf '\\033[31mred\\033[0m\\n10%%\\r99%%\\n'`;
    await box.output("pane-exec", "dev", "out", `${command}; echo last`);
    await stream.shows("\nlast\n");
    const from = stream.lines.indexOf(`${"0".repeat(149)}7`);
    expect(stream.lines.slice(from, from + 5)).toEqual([
      `${"0".repeat(149)}7`,
      "日本語".repeat(10),
      "red",
      "99%",
      "last",
    ]);
    await coloured.shows("\nlast\n");
    expect(coloured.text).toContain("\x1b[31mred\x1b[0m\n");
  });

  test("the filter is one process that is fed all lines; its exit code is passed on", async () => {
    await using box = await shell();
    await using stream = await new Stream(box, "pane-stream", "dev", "out", "grep -c '^[0-9]*$'").begun("%1");
    await using first = await new Stream(box, "pane-stream", "dev", "out", "grep -m 1 '^77$'").begun("%1", 2);
    await box.output("pane-exec", "dev", "out", "seq 1 100; exit");
    expect(await stream.ended()).toBe(0);
    expect(stream.text).toBe("100\n");
    expect(await first.ended()).toBe(0);
    expect(first.text).toBe("77\n");
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends it, and nothing is left", async (signal) => {
    await using box = await shell();
    const before = box.processes().length;
    await using stream = await new Stream(box, "pane-stream", "dev", "out", "cat").begun("%1");
    stream.child.kill(signal);
    expect(await stream.ended()).toBe(signal === "SIGINT" ? 130 : 143);
    await until("only what was there is left", () => box.processes().length === before);
    expect(await box.tmux("show-options", "-p", "-t", "%1")).not.toContain("remain-on-exit");
    expect(await box.tmux("list-clients")).toBe("");
  });

  test("ends when nobody reads it any more, though the pane is silent", async () => {
    await using box = await shell();
    const before = box.processes().length;
    const script = `"$0" bridge pane-stream dev out | head -n 2`;
    const child = Bun.spawn(["/bin/bash", "-c", script, box.command[0] ?? ""], { env: box.env, stdout: "pipe" });
    await until("it listens", async () => (await box.listeners()) > 0);
    await until("it holds", async () => (await box.listeners()) === 1);
    await box.output("pane-exec", "dev", "out", "echo one");
    expect(await child.exited).toBe(0);
    expect((await child.stdout.text()).split("\n")).toHaveLength(3);
    await until("only what was there is left", () => box.processes().length === before);
  });

  test("a missing pane is an error in JSON", async () => {
    await using box = await shell();
    for (const command of ["pane-stream", "pane-tail"]) {
      expect(await box.bridge(command, "dev", "nope")).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_PANE_NOT_FOUND" },
      });
      expect(await box.bridge(command, "other", "0")).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_SESSION_NOT_FOUND" },
      });
    }
  });
});

describe("pane-tail", () => {
  test("the last lines, and then every new one, with none missing or doubled between", async () => {
    await using box = await shell();
    await box.output("pane-run", "dev", "out", "--", "seq 1 500");
    await box.output("pane-exec", "dev", "out", "for i in $(seq 501 3000); do echo $i; done; echo over");
    // in the middle of the output
    await using stream = new Stream(box, "pane-tail", "dev", "out", "100");
    await stream.shows("\nover\n");
    const numbers = stream.lines.filter((line) => /^\d+$/.test(line)).map(Number);
    const first = numbers[0] ?? 0;
    expect(numbers).toEqual(Array.from({ length: 3000 - first + 1 }, (_, i) => first + i));
    await box.output("pane-kill", "dev", "out");
    expect(await stream.ended()).toBe(0);
  });

  test("gives exactly as many of the lines that are there as were asked for", async () => {
    await using box = await shell();
    await box.output("pane-run", "dev", "out", "--", "seq 1 500");
    await using stream = new Stream(box, "pane-tail", "dev", "out", "3");
    await stream.shows("500\n");
    expect(stream.lines).toEqual(["498", "499", "500"]);
  });
});
