import { expect, test } from "bun:test";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { releaseCode } from "../../../src/lib/resident.ts";

/** How much of this program's code is mapped, kB (proc_pid_smaps(5)). */
function mappedKb(): number {
  const program = readlinkSync("/proc/self/exe");
  let isCode = false;
  let kb = 0;
  for (const line of readFileSync("/proc/self/smaps", "utf8").split("\n")) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) isCode = line.includes(" r-xp ") && line.endsWith(program);
    else if (isCode && line.startsWith("Rss:")) kb += Number(line.replace(/\D/g, ""));
  }
  return kb;
}

test.skipIf(!existsSync("/proc/self/smaps"))(
  "what a start needed of the code is not kept mapped, and all goes on",
  () => {
    const before = mappedKb();
    releaseCode();
    const after = mappedKb();
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(before / 2);
  },
);
