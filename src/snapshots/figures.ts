import { readdirSync, statSync } from "node:fs";
import { isThere, snapshotsDir, stampOf } from "./places.ts";

/** How many snapshots are stored, and how many bytes they and all their parts take. Throws ERR_UNSAFE_STATE_DIR, and what else keeps it from being read. */
export function storeSize(): { snapshots: number; bytes: number } {
  const dir = snapshotsDir();
  if (!isThere(dir)) return { snapshots: 0, bytes: 0 };
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map(
    ({ name, parentPath }) => statSync(`${parentPath}/${name}`, { throwIfNoEntry: false })?.size ?? 0,
  );
  return {
    snapshots: files.filter(({ name, parentPath }) => parentPath === dir && name.endsWith(".json")).length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** When a snapshot was taken, as its id tells, to the second (ms since the epoch); undefined for what is no id. Pure. */
export function timeInId(id: string): number | undefined {
  const time = Date.parse(stampOf(id).replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  return Number.isNaN(time) ? undefined : time;
}
