import { rmSync } from "node:fs";
import { poll } from "../../lib/wait.ts";
import { Stage } from "../../stage/stage.ts";
import { randomFrom } from "../random.ts";
import { differencesOf, ids, look, run } from "./session-look.ts";

// A session of any kind is made by tmux itself, saved, lost with its server, and restored. What it was and what it is are looked at
// here, and not by what the program says.

const PATIENCE_MS = 20_000;
const WIDTH_MIN = 24;
const HEIGHT_MIN = 4;
const SHELLS = ["bash", "zsh", "fish", "dash"] as const;
const NAMES = ["dev", "my session", "a'b\"c", "ünï 漢字", "x-1_y", "q $HOME #S", "semi;colon", "-dash"];
const TITLES = [
  "plain",
  "ti'tle | x",
  'quo"te $x',
  "#{pane_id} #S",
  "漢字 ünï",
  "semi; colon;",
  "back\\slash",
  "#(date)",
  "-n",
];
const VALUES = ["1", "x y", 'it\'s "q" $HOME', "a;b", "l1\nl2", "", "#{session_name}", "\\n \\", "ünï 漢"];
const COMMANDS = [
  "ls --color=always /",
  "seq 5",
  "seq 200",
  "printf '\\033[1;31mred \\033[44mblue\\033[0m plain\\n'",
  "printf '\\033[38;5;208mindexed\\033[0m \\033[38;2;1;2;3mrgb\\033[0m\\n'",
  "printf '漢字 ünï wide 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字\\n'",
  "printf 'tab\\tstop   trailing   \\n\\n\\nafter blank lines\\n'",
  "printf '%0300d\\n' 7",
  "printf '\\033[7minverse line that is kept to its end          \\033[0m\\n'",
  "echo one; echo two; false",
  "seq 3000 | sed 's/$/ line/'",
];

/**
 * Plays one session, and saves and restores it.
 * @returns what was played, and what is not as it was
 */
export async function playSnapshot(
  seed: number,
  { program }: { program: string },
): Promise<{ steps: string[]; wrong: string[]; savedMs: number; restoredMs: number }> {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const upTo = (n: number) => 1 + Math.floor(random() * n);
  const shells = SHELLS.filter((name) => Bun.which(name));
  const shell = pick(shells);
  await using stage = new Stage({ SHELL: Bun.which(shell) ?? "/bin/sh", TERM: "xterm" }, [program]);
  const steps: string[] = [];
  const tmux = async (...args: string[]) => {
    steps.push(JSON.stringify(args));
    return await run(stage, args);
  };
  const given = pick(NAMES);
  try {
    await tmux("new-session", "-d", "-s", "keep", "sh");
    await tmux("set-option", "-g", "base-index", pick(["0", "1"]));
    await tmux("set-option", "-g", "pane-base-index", pick(["0", "1"]));
    await tmux("set-option", "-g", "history-limit", pick(["100", "2000", "5000"]));
    const size = ["-x", `${80 + upTo(150)}`, "-y", `${24 + upTo(40)}`];
    const isOurs = random() < 0.5 && /^[\w-]+$/.test(given) && !given.startsWith("-");
    if (isOurs) await stage.must(["session-create", given, "--cwd", pick(["/usr", "/etc", stage.folder])]);
    else
      await tmux(
        "new-session",
        "-d",
        "-s",
        escaped(given),
        ...size,
        "-c",
        pick(["/usr", "/etc", stage.folder]),
        "-e",
        `ODD=${pick(VALUES)}`,
      );
    // as tmux keeps it
    const [name = ""] = (await ids(stage, ["list-sessions", "-F", "#{session_name}"])).filter((one) => one !== "keep");
    const target = `=${name}:`;
    for (let n = 1, index = 1; n < upTo(5); n++) {
      index += upTo(7);
      await tmux("new-window", "-d", "-t", `${target}${index}`, "-c", pick(["/usr", "/", "/var"]));
    }
    for (const window of await ids(stage, ["list-windows", "-t", target, "-F", "#{window_id}"])) {
      if (random() < 0.4) await tmux("rename-window", "-t", window, "--", escaped(pick(TITLES)));
      for (let n = 1; n < upTo(6); n++) {
        const panes = await ids(stage, ["list-panes", "-t", window, "-F", "#{pane_id}"]);
        const pane = pick(panes);
        const [width = 0, height = 0] = (
          await run(stage, ["display-message", "-p", "-t", pane, "#{pane_width} #{pane_height}"])
        )
          .split(" ")
          .map(Number);
        // where not even a prompt has room, shells draw what they can
        const ways = [...(width > 2 * WIDTH_MIN ? ["-h"] : []), ...(height > 2 * HEIGHT_MIN ? ["-v"] : [])];
        if (ways.length === 0) continue;
        const split = ["split-window", "-d", pick(ways), "-t", pane, "-c", pick(["/usr", "/tmp", "/"])];
        if ((await attempt(stage, split)) && random() < 0.3)
          await tmux("select-layout", "-t", window, pick(["tiled", "even-vertical"]));
      }
      const panes = await ids(stage, ["list-panes", "-t", window, "-F", "#{pane_id}"]);
      for (let n = 0; n < 2; n++) await tmux("select-pane", "-t", pick(panes));
      if (random() < 0.3) await tmux("set-option", "-w", "-t", window, "monitor-activity", "on");
      if (random() < 0.3) await tmux("set-option", "-w", "-t", window, "@odd", pick(VALUES));
    }
    const paneIds = () => ids(stage, ["list-panes", "-s", "-t", target, "-F", "#{pane_id}"]);
    const panes = await paneIds();
    /** by the places of panes, what their shells were told to export */
    const exported = new Map<number, string>();
    for (const [place, pane] of panes.entries()) {
      await untilIdle(stage, pane);
      const isFollowed = (await run(stage, ["display-message", "-p", "-t", pane, "#{@claude_tmux_key}"])) !== "";
      if (isFollowed && shell !== "dash" && random() < 0.3) {
        const value = pick(VALUES);
        exported.set(place, value);
        const word = shell === "fish" ? value.replace(/[\\']/g, "\\$&") : value.replaceAll("'", "'\\''");
        await stage.must(["pane-run", pane, "--", `${shell === "fish" ? "set -gx ODD_1 " : "export ODD_1="}'${word}'`]);
      }
      if (random() < 0.4) await tmux("select-pane", "-t", pane, "-T", escaped(pick(TITLES)));
      if (random() < 0.3) await tmux("set-option", "-p", "-t", pane, "@role", pick(VALUES));
      for (let n = 0; n < Math.floor(random() * 4); n++) {
        const command = pick(COMMANDS);
        steps.push(`${pane}: ${command}`);
        await stage.run(["pane-run", pane, "--timeout", "30", "--", command]);
      }
      if (random() < 0.2) await stage.must(["pane-metadata-set", pane, pick(["key", "a b"]), pick(VALUES)]);
    }
    if (random() < 0.4) await tmux("set-environment", "-t", target, pick(["A_B", "PROJ"]), pick(VALUES));
    if (random() < 0.3) await tmux("set-environment", "-t", target, "-r", "GONE");
    if (random() < 0.4) await tmux("set-option", "-t", target, "@proj", pick(VALUES));
    if (random() < 0.3) await tmux("set-option", "-t", target, "status", "off");
    const windows = await ids(stage, ["list-windows", "-t", target, "-F", "#{window_id}"]);
    for (let n = 0; n < upTo(4); n++) await tmux("select-window", "-t", pick(windows));
    for (const window of windows) if (random() < 0.2) await attempt(stage, ["resize-pane", "-Z", "-t", window]);
    const mate = random() < 0.25 ? "mate" : undefined;
    if (mate !== undefined) {
      await tmux("new-session", "-d", "-t", target, "-s", mate, "-e", `ODD=${pick(VALUES)}`);
      await tmux(
        "select-window",
        "-t",
        `=${mate}:${pick(await ids(stage, ["list-windows", "-t", target, "-F", "#{window_index}"]))}`,
      );
    }
    for (const pane of panes) await untilIdle(stage, pane);
    await poll(PATIENCE_MS, 100, async () => {
      const now = await look(stage, target);
      await Bun.sleep(300);
      return Bun.deepEquals(now, await look(stage, target));
    });
    const lookAtBoth = async () =>
      [await look(stage, target), mate === undefined ? {} : await look(stage, `=${mate}:`)] as const;
    const before = await lookAtBoth();
    const [saved, savedMs] = await timed(() => stage.must(["session-save", "--", name]));
    const { snapshot } = JSON.parse(saved);
    if (mate !== undefined) {
      await stage.must(["session-save", mate]);
      await tmux("kill-session", "-t", `=${mate}:`);
    }
    await tmux("kill-session", "-t", target);
    if (random() < 0.5) await restart(stage, tmux);
    const [restored, restoredMs] = await timed(() => stage.must(["session-restore", snapshot]));
    const told = JSON.parse(restored);
    if (mate !== undefined) {
      const also = JSON.parse(await stage.must(["session-restore", mate]));
      told.differences.push(...also.differences);
      told.missing.push(...also.missing);
    }
    // the first one of a group has its windows alone, until the next one comes, which has them as they are
    const OF_GROUPS = ["that it shares its windows", "what its panes showed and what ran there"];
    told.missing = told.missing.filter(({ what }: { what: string }) => !OF_GROUPS.some((one) => what.startsWith(one)));
    const after = await lookAtBoth();
    const wrong = before.flatMap((one, i) => differencesOf(one, after[i] ?? {}));
    for (const difference of told.differences) wrong.push(`told: ${JSON.stringify(difference)}`);
    if (shell !== "dash") for (const missing of told.missing) wrong.push(`missing: ${JSON.stringify(missing)}`);
    const now = await paneIds();
    for (const [place, value] of exported) {
      const { output } = JSON.parse(await stage.must(["pane-run", now[place] ?? "", "--", `printf '%s|' "$ODD_1"`]));
      if (output !== `${value}|`)
        wrong.push(`ODD_1 of pane ${place}: ${JSON.stringify(value)} → ${JSON.stringify(output)}`);
    }
    return { steps: [`${shell}, ${name}`, ...steps], wrong, savedMs, restoredMs };
  } finally {
    await stage.endServer();
    rmSync(stage.folder, { recursive: true, force: true });
  }
}

async function restart(stage: Stage, tmux: (...args: string[]) => Promise<string>): Promise<void> {
  const ask = (name: string) => run(stage, ["show-options", "-gv", name]);
  const [base, paneBase, limit] = [await ask("base-index"), await ask("pane-base-index"), await ask("history-limit")];
  await tmux("kill-server");
  // one that is just ending takes the call and is gone
  await poll(PATIENCE_MS, 20, async () => (await exitCode(stage, ["new-session", "-d", "-s", "keep", "sh"])) === 0);
  await tmux(
    "set-option",
    "-g",
    "base-index",
    base,
    ";",
    "set-option",
    "-g",
    "pane-base-index",
    paneBase,
    ";",
    "set-option",
    "-g",
    "history-limit",
    limit,
  );
}

async function untilIdle(stage: Stage, pane: string): Promise<void> {
  const isIdle = async () => JSON.parse((await stage.run(["pane-is-running", pane])).stdout).output === "false";
  if (!(await poll(PATIENCE_MS, 20, isIdle))) throw new Error(`pane ${pane} does not come to its prompt`);
}

async function exitCode(stage: Stage, args: string[]): Promise<number> {
  return await Bun.spawn(["tmux", ...args], { env: stage.env, stdin: "ignore", stdout: "ignore", stderr: "ignore" })
    .exited;
}

/** Whether it could be done: there may be no room. */
async function attempt(stage: Stage, args: string[]): Promise<boolean> {
  return (await exitCode(stage, args)) === 0;
}

/** A text that tmux expands to itself. */
function escaped(text: string): string {
  return text.replaceAll("#", "##");
}

async function timed<T>(act: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await act(), performance.now() - start];
}
