// Loaded into the program before it runs (bun --preload): at SIGUSR2 it writes what the engine keeps into the file that is named.
import { heapStats } from "bun:jsc";
import { renameSync, writeFileSync } from "node:fs";

/** The variable that names the file. */
export const HEAP_FILE = "CLAUDE_TMUX_BENCH_HEAP";

const file = process.env[HEAP_FILE];
if (file !== undefined) {
  process.on("SIGUSR2", () => {
    writeFileSync(`${file}.part`, JSON.stringify(heapStats()));
    renameSync(`${file}.part`, file);
  });
}
