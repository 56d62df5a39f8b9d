import { isPidTaken, isTableQuick, processes } from "../process/identity.ts";

/** The program that a pane was started with, by its pid: whether it is there still, or another one may have its place. */
export class PaneProgram {
  /** its pid, if it has been seen with a terminal */
  private onTerminal: number | undefined;

  /** Looks whether it has a terminal: tmux hangs that up before it puts another program in the pane. */
  attend(pid: number): void {
    if (this.hasTerminal(pid)) this.onTerminal = pid;
  }

  /** It is there, and has left its terminal by itself: that says nothing from now on. */
  detach(): void {
    this.onTerminal = undefined;
  }

  /** Whether it is there, in its pane. */
  isThere(pid: number): boolean {
    const has = this.hasTerminal(pid);
    if (has) this.onTerminal = pid;
    return has ?? isPidTaken(pid);
  }

  /** Undefined where it lives and can't be asked, or had none that is known. */
  private hasTerminal(pid: number): boolean | undefined {
    const stat = isTableQuick() ? processes().stat(pid) : undefined;
    if (stat === undefined) return undefined; // another user's may be hidden
    if (stat.state === "Z" || stat.state === "X") return false;
    if (stat.tpgid > 0) return true;
    return this.onTerminal === pid ? false : undefined;
  }
}
