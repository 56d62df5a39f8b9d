import { Count } from "../count.ts";
import type { Scene } from "../scene.ts";
import type { Tool } from "./way.ts";

/** No call takes longer: as agents' shells do, it is ended then. */
const TIMEOUT_MS = 60_000;

/** What a command line gave back. */
export interface Shown {
  /** both outputs */
  text: string;
  exitCode: number;
}

/**
 * The shell that an agent has: each call is a command line, however long, and gives back what it wrote. The line and both outputs are
 * counted; the exit code is told for nothing.
 */
export class Shell implements Tool {
  readonly count = new Count();
  readonly toldBytes = 0;

  constructor(
    private readonly scene: Scene,
    readonly meanwhile: () => Promise<void>,
  ) {}

  async sh(line: string): Promise<Shown> {
    const child = Bun.spawn(["/bin/bash", "-c", line], {
      env: this.scene.env,
      cwd: this.scene.home,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    const text = `${stdout}${stderr}`.trimEnd();
    this.count.add(line, text);
    return { text, exitCode };
  }

  async close(): Promise<void> {}
}
