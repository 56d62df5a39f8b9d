import { existsSync, readdirSync, statSync } from "node:fs";
import { isThere, snapshotsDir, stampOf } from "./places.ts";

/** How many snapshots are stored, and how many bytes they and all their parts take. */
export interface StoreSize {
  snapshots: number;
  bytes: number;
}

let known: { key: string; size: StoreSize } | undefined;
/** What has changed so short a time ago may change once more without a later time in its folder, ms. */
const SETTLED_MS = 1000;

/**
 * What the store takes. Files are looked at only when something has come or gone since the last time: none is ever written to again.
 * Throws ERR_UNSAFE_STATE_DIR, and what else keeps it from being read.
 */
export function storeSize(): StoreSize {
  const dir = snapshotsDir();
  if (!isThere(dir)) return { snapshots: 0, bytes: 0 };
  const parts = `${dir}/parts`;
  const folders = [dir, parts, ...(existsSync(parts) ? readdirSync(parts).map((name) => `${parts}/${name}`) : [])];
  const times = folders.map((folder) => statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const key = [dir, ...times].join(" ");
  if (known?.key === key) return known.size;
  const size = measured(dir);
  known = Date.now() - Math.max(...times) > SETTLED_MS ? { key, size } : undefined;
  return size;
}

function measured(dir: string): StoreSize {
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
