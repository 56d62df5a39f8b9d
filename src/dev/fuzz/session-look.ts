import type { Stage } from "../../stage/stage.ts";

/** What a session is, as far as it is to come back. */
export type Seen = Record<string, string>;

/** Everything of a session that is to be the same, by tmux's own words. */
export async function look(stage: Stage, target: string): Promise<Seen> {
  const seen: Seen = {};
  const ask = (...args: string[]) => run(stage, args);
  const format = (...names: string[]) => names.map((name) => `${name}=#{${name}}`).join(" ");
  seen.group = (await ask("display-message", "-p", "-t", target, "#{session_group_list}")).split(",").sort().join(",");
  seen.session = await ask(
    "display-message",
    "-p",
    "-t",
    target,
    format("session_name", "session_path", "session_stack"),
  );
  seen.environment = await ask("show-environment", "-s", "-t", target);
  seen.options = ours(await ask("show-options", "-t", target));
  const windows = await ids(stage, ["list-windows", "-t", target, "-F", "#{window_id} #{window_index}"]);
  for (const line of windows) {
    const [id = "", index = ""] = line.split(" ");
    const names = ["window_width", "window_height", "window_active", "window_last_flag", "window_zoomed_flag"];
    const layout = (await ask("display-message", "-p", "-t", id, "#{window_layout}"))
      .replace(/^[0-9a-f]{4},/, "")
      .replace(/(\d+x\d+,\d+,\d+),\d+/g, "$1");
    seen[`window ${index}`] = `${await ask("display-message", "-p", "-t", id, format(...names))} ${layout}`;
    const isNamed = (await ask("show-options", "-wv", "-t", id, "automatic-rename")) === "off";
    seen[`window ${index} name`] = isNamed
      ? await ask("display-message", "-p", "-t", id, "#{window_name}")
      : "(tmux's)";
    seen[`window ${index} options`] = ours(await ask("show-options", "-w", "-t", id));
    for (const pane of await ids(stage, ["list-panes", "-t", id, "-F", "#{pane_id} #{pane_index}"])) {
      const [paneId = "", paneIndex = ""] = pane.split(" ");
      const of = `pane ${index}.${paneIndex}`;
      const facts = [
        "pane_width",
        "pane_height",
        "pane_left",
        "pane_top",
        "pane_active",
        "pane_last",
        "pane_title",
        "pane_current_path",
        "history_limit",
        "@claude_tmux_label",
        "@claude_tmux_metadata",
      ];
      seen[of] = await ask("display-message", "-p", "-t", paneId, format(...facts));
      seen[`${of} options`] = ours(await ask("show-options", "-p", "-t", paneId));
      seen[`${of} text`] = await textOf(stage, paneId);
    }
  }
  return seen;
}

/** What a pane shows above the line of its prompt, with colours; rows that tmux has wrapped are joined. */
async function textOf(stage: Stage, pane: string): Promise<string> {
  const [row = "0", limit = "0"] = (
    await run(stage, ["display-message", "-p", "-t", pane, "#{cursor_y} #{history_limit}"])
  ).split(" ");
  const whole = (await run(stage, ["capture-pane", "-p", "-e", "-J", "-S", "-", "-t", pane])).split("\n");
  const to = (await run(stage, ["capture-pane", "-p", "-e", "-J", "-S", "-", "-E", row, "-t", pane])).split(
    "\n",
  ).length;
  const text = whole.slice(0, to - 1).map((line) => line.replace(/\s+$/, ""));
  // what the limit pushes out may be a line more
  return text.slice(-Number(limit) + 60).join("\n");
}

/** What of a session is not as it was, in words. Pure. */
export function differencesOf(before: Seen, after: Seen): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const [a, b] = [before[name], after[name]];
    if (a === b) return [];
    if (a === undefined || b === undefined) return [`${name}: ${a === undefined ? "is new" : "is missing"}`];
    const [old, now] = [a.split("\n"), b.split("\n")];
    const at = old.findIndex((line, i) => line !== now[i]);
    const i = at === -1 ? old.length : at;
    return [
      `${name}, line ${i + 1} of ${old.length} (${now.length}): ${JSON.stringify(old[i])} → ${JSON.stringify(now[i])}`,
    ];
  });
}

/** Options but for those of the program. */
function ours(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("@claude_tmux_"))
    .join("\n");
}

/** The lines that tmux prints. Throws as run(). */
export async function ids(stage: Stage, args: string[]): Promise<string[]> {
  return (await run(stage, args)).split("\n").filter((line) => line !== "");
}

/** What tmux prints. Throws an Error with what it says when it fails. */
export async function run(stage: Stage, args: string[]): Promise<string> {
  const child = Bun.spawn(["tmux", "-u", ...args], { env: stage.env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
  return stdout.replace(/\n$/, "");
}
