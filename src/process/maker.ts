import { baseName } from "../lib/names.ts";
import { isInteractiveShell, isShell } from "./foreground.ts";
import { atOnce, commandLine, processStat } from "./identity.ts";

/** Whoever had this program do something. */
export interface Maker {
  /** its program's name: `claude`, `bash` */
  name: string;
  pid: number;
}

const STEPS_MAX = 8;
const NAME_MAX = 40;

/** Programs that only start others. */
const STARTERS = "env nice nohup setsid stdbuf sudo time timeout xargs".split(" ");

/** Who called this program: the nearest process above it that does not only carry out a script, or start something else. */
export function maker(): Maker {
  return atOnce(findMaker);
}

function findMaker(): Maker {
  let found = describe(process.ppid);
  for (let step = 0; step < STEPS_MAX && found.isBetween; step++) {
    const parent = processStat(found.pid)?.ppid ?? 0;
    if (parent <= 1) break;
    found = describe(parent);
  }
  return { name: found.name, pid: found.pid };
}

function describe(pid: number): Maker & { isBetween: boolean } {
  const words = commandLine(pid);
  const name = baseName(words[0]?.split(" ")[0] ?? "").slice(0, NAME_MAX);
  return { name, pid, isBetween: STARTERS.includes(name) || (isShell(words) && !isInteractiveShell(words)) };
}
