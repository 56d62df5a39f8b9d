import { fs } from "./builtin.ts";
import { openLibc } from "./libc.ts";

/** madvise(2): the pages are not needed now; of a file, they are mapped again when they are. */
const MADV_DONTNEED = 4;
const FUNCTIONS = { madvise: { args: ["u64", "u64", "i32"], returns: "i32" } } as const;
let libc: ReturnType<typeof openLibc<typeof FUNCTIONS>> | undefined;

/**
 * Unmaps this program's code from the memory of this process, of which its start needs several times as much as what comes after it:
 * what is needed is mapped again from the file. Only what can't have been written to (proc_pid_maps(5)). On Linux; elsewhere nothing.
 */
export function releaseCode(): void {
  if (process.platform !== "linux") return;
  try {
    libc ??= openLibc(FUNCTIONS);
    const program = fs().readlinkSync("/proc/self/exe");
    for (const line of fs().readFileSync("/proc/self/maps", "latin1").split("\n")) {
      const [range = "", access] = line.split(" ", 2);
      if (access !== "r-xp" || !line.endsWith(` ${program}`)) continue;
      const [start = 0, end = 0] = range.split("-").map((address) => Number.parseInt(address, 16));
      libc.madvise(start, end - start, MADV_DONTNEED);
    }
  } catch {
    // it stays as it is
  }
}

/** The memory of this process that no file is behind, bytes (RssAnon, proc_pid_status(5)); where that is not told, all of it. */
export function ownBytes(): number {
  try {
    const [, kb] = /^RssAnon:\s+(\d+)/m.exec(fs().readFileSync("/proc/self/status", "latin1")) ?? [];
    if (kb !== undefined) return Number(kb) * 1024;
  } catch {
    // not on Linux
  }
  return process.memoryUsage.rss();
}
