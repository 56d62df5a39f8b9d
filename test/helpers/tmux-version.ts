const { stdout } = Bun.spawnSync(["tmux", "-V"]);

/** Whether the tmux on PATH is of this version or a newer one. */
export function isTmuxFrom(version: number): boolean {
  return Number.parseFloat(stdout.toString().replace(/^tmux (next-)?/, "")) >= version;
}
