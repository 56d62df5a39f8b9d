import { rmSync, writeFileSync } from "node:fs";
import { commandLine } from "../../src/process/identity.ts";
import { BINARY, Box, PROGRAM, until } from "./box.ts";

const VIEW = "view:0.0";

/** A box with a session `view`, in whose shell claude-tmux top is to be looked at. */
export class TopBox extends Box {
  static async start(size: { columns: number; rows: number } = { columns: 80, rows: 24 }): Promise<TopBox> {
    const box = new TopBox({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" });
    try {
      const { columns, rows } = size;
      writeFileSync(`${box.folder}/top`, `${PROGRAM.map((word) => `'${word}'`).join(" ")} top "$@"\n`);
      const shell = ["env", "PS1=P> ", "bash", "--norc"];
      await box.tmux(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-s",
        "view",
        "-x",
        `${columns}`,
        "-y",
        `${rows}`,
        ...shell,
      );
      await until("its shell is there", async () => (await box.screen()).includes("P>"));
      return box;
    } catch (thrown) {
      await box[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** What the terminal shows in which the view is. */
  screen(): Promise<string> {
    return this.tmux("capture-pane", "-p", "-t", VIEW);
  }

  /** Its row that has a text. */
  async row(text: string): Promise<string> {
    return (await this.screen()).split("\n").find((row) => row.includes(text)) ?? "";
  }

  /** Presses keys there. */
  async keys(...keys: string[]): Promise<void> {
    await this.tmux("send-keys", "-t", VIEW, ...keys);
  }

  /** Types a line for its shell. */
  async line(text: string): Promise<void> {
    await this.tmux("send-keys", "-t", VIEW, "-l", text);
    await this.keys("Enter");
  }

  /** Waits until it shows all of these texts. */
  async see(...texts: string[]): Promise<void> {
    let screen = "";
    const isSeen = async () => {
      screen = await this.screen();
      return texts.every((text) => screen.includes(text));
    };
    await until(`it shows ${texts.join(", ")}`, isSeen).catch((thrown) => {
      throw new Error(`${thrown.message}: it shows\n${screen}`);
    });
  }

  /** Starts the view, and waits until all of it is seen. */
  async top(...args: string[]): Promise<void> {
    await this.line(`. ~/top ${args.join(" ")}; echo "code $?"`);
    await this.see("? help");
    await until("each state is known", async () => /view:0\.0 .* (working|keys) /.test(await this.screen()));
  }

  /** The process of the view. */
  async process(): Promise<number> {
    return await until("the view runs", () =>
      this.processes().find((pid) => commandLine(pid)[0] === BINARY && commandLine(pid).includes("top")),
    );
  }

  /** How its terminal is set, as tmux and stty know it. */
  async terminal(): Promise<string> {
    const flags = "alternate_on cursor_flag wrap_flag mouse_any_flag mouse_sgr_flag".split(" ");
    const told = await this.tmux(
      "display-message",
      "-p",
      "-t",
      VIEW,
      flags.map((flag) => `${flag}=#{${flag}}`).join(" "),
    );
    rmSync(`${this.folder}/stty`, { force: true });
    await this.line("stty -a > ~/stty.part; mv ~/stty.part ~/stty");
    return `${told}\n${await until("stty has told", () =>
      Bun.file(`${this.folder}/stty`)
        .text()
        .catch(() => undefined),
    )}`;
  }
}
