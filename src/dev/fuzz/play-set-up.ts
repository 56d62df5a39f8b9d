import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Stage } from "../../stage/stage.ts";
import { expectedIn, type SetUp } from "./set-ups.ts";

/** How the commands of a set-up ended. */
export interface Played {
  /** exit codes that are wrong, each in a sentence */
  wrong: string[];
  /** commands whose exit code was not known */
  unknown: number;
  /** commands that needed the marker */
  marked: number;
  /** commands that were refused, or waited for without effect */
  stuck: string[];
}

const FOLDERS = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];

/** Where a shell is; undefined when this machine has none. */
export function findShell(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

/** Plays a set-up in a tmux server of its own. */
export async function playSetUp(setUp: SetUp, program?: string[]): Promise<Played> {
  await using stage = new Stage({ SHELL: findShell(setUp.shell) ?? setUp.shell, PS1: "$ " }, program);
  const file = `${stage.folder}/${setUp.file}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${setUp.startUp.join("\n")}\n`);
  await stage.must(["bridge", "session-create", "dev"]);
  const played: Played = { wrong: [], unknown: 0, marked: 0, stuck: [] };
  const run = async (command: string) => {
    const { stdout } = await stage.run(["bridge", "pane-run", "dev", "0", "--timeout", "8", "--", command]);
    return JSON.parse(stdout);
  };
  for (const command of setUp.before) if ((await run(command)).pane_ended) return played;
  for (const { command, code } of expectedIn(setUp)) {
    const reply = await run(command);
    if (reply.status !== "success") {
      played.stuck.push(`${JSON.stringify(command)}: ${reply.error?.code} ${reply.output}`);
      break;
    }
    if (reply.method === "marker") played.marked++;
    if (reply.exit_code === null) played.unknown++;
    else if (code === "not 0" ? reply.exit_code === 0 : reply.exit_code !== code) {
      played.wrong.push(`${JSON.stringify(command)}: exit code ${reply.exit_code}, not ${code} (${reply.method})`);
    }
    if (reply.pane_ended) break;
  }
  return played;
}
