import { AppError, asError, errno } from "../lib/errors.ts";
import { exists } from "../lib/files.ts";
import { type OpenFile, type PsRow, parseOpenFiles, parsePairs, parsePsRows, ROW_COLUMNS } from "./ps-text.ts";

const PS = "/bin/ps";
const PID_MAX = 2 ** 31 - 1;
const TIMEOUT_MS = 10_000;

/**
 * What ps(1) tells, asked once for each kind of question. Only options that Linux (procps) and macOS (BSD) share: -A, -p,
 * -o (one column each, as POSIX has it) and -ww, without which BSD cuts the lines.
 */
export class PsAnswers {
  private rowsByPid: Map<number, PsRow> | undefined;
  private names: Map<number, string> | undefined;
  private environments: Map<number, string> | undefined;

  /** @param pid of the only process to be asked about; all of them when undefined */
  constructor(private readonly pid?: number) {}

  get rows(): Map<number, PsRow> {
    this.rowsByPid ??= new Map(parsePsRows(this.ask(ROW_COLUMNS)).map((row) => [row.pid, row]));
    return this.rowsByPid;
  }

  /** The accounting name: of the program's file, cut at 15 letters (Linux) or 16 (macOS), whatever it calls itself. */
  name(pid: number): string | undefined {
    this.names ??= parsePairs(this.ask(["pid", "ucomm"]));
    return this.names.get(pid);
  }

  /** The command with the environment behind it; macOS shows that of no program of the system's own. */
  commandAndEnvironment(pid: number): string | undefined {
    this.environments ??= parsePairs(this.ask(["pid", "command"], [process.platform === "darwin" ? "-E" : "e"]));
    return this.environments.get(pid);
  }

  private ask(columns: readonly string[], options: string[] = []): string {
    if (this.pid !== undefined && !isThere(this.pid)) return "";
    const selection = this.pid === undefined ? ["-A"] : ["-p", `${this.pid}`];
    return runPs([...options, "-ww", ...selection, ...columns.flatMap((column) => ["-o", `${column}=`])]);
  }
}

/** Where in the kernel a process sleeps. Asked alone, since ps cuts every column but the last. */
export function askWaitChannel(pid: number): string {
  return isThere(pid) ? runPs(["-ww", "-p", `${pid}`, "-o", "wchan="]).trim() : "";
}

/** Whether there is such a process, zombies included (kill(2)): asked first, since that takes no time and ps does. */
function isThere(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid > PID_MAX) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errno(cause) !== "ESRCH";
  }
}

/** Throws ERR_COMMAND_FAILED when ps does not work; a process that is not there is no failure. */
function runPs(args: string[]): string {
  const { exitCode, stdout, stderr } = spawnPs(args);
  if (exitCode === 0 || (exitCode === 1 && stderr === "")) return stdout;
  throw failed(stderr.trim().split("\n")[0] || `it ended with ${exitCode ?? "a signal"}`);
}

function spawnPs(args: string[]): Answer {
  try {
    return run(PS, args);
  } catch (thrown) {
    throw failed(asError(thrown).message);
  }
}

function failed(why: string): AppError {
  return new AppError("ERR_COMMAND_FAILED", `${PS} says nothing about processes: ${why}`, {
    hint: "Without /proc, claude-tmux needs a ps that supports -A, -p, -o lstart= and -ww.",
  });
}

/** Where lsof(8) is, if it is installed: macOS has it in a folder that PATH may lack. */
export function findLsof(): string | undefined {
  return ["/usr/sbin/lsof", "/usr/bin/lsof"].find(exists) ?? Bun.which("lsof") ?? undefined;
}

/** The files that a process has open, by lsof; undefined when that does not work. -b: never to wait for a file system. */
export function askOpenFiles(lsof: string, pid: number): OpenFile[] | undefined {
  try {
    const { exitCode, stdout } = run(lsof, [
      "-w",
      "-b",
      "-n",
      "-P",
      "-a",
      "-p",
      `${pid}`,
      "-d",
      "0-999999",
      "-F",
      "in",
    ]);
    return exitCode === null ? undefined : parseOpenFiles(stdout);
  } catch {
    return undefined;
  }
}

interface Answer {
  /** null: ended by a signal, be it that it took too long */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program with nothing of our environment that changes what it prints (COLUMNS, PS_FORMAT, COMMAND_MODE). */
function run(program: string, args: string[]): Answer {
  const { exitCode, stdout, stderr } = Bun.spawnSync([program, ...args], {
    cwd: "/",
    // dates in English, whose hours do not jump; and letters as they are, not as escapes, unless there is no such locale
    env: {
      TZ: "UTC",
      LC_TIME: "C",
      LC_CTYPE: process.platform === "darwin" ? "UTF-8" : "C.UTF-8",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: TIMEOUT_MS,
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}
