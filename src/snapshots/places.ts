import { readdirSync, statSync } from "node:fs";
import { checkStateDir, durableRoot } from "../lib/paths.ts";

// Snapshots are kept where what is to last is kept: `NAME.json` for each, and `parts/` with the texts of panes, compressed, each
// once however many snapshots hold it.

/** The folder of all snapshots. Throws ERR_INVALID_ARGUMENT when it is not known where that is. */
export function snapshotsDir(): string {
  return `${durableRoot()}/snapshots`;
}

/** Whether that folder, or another of what is to last, is there. Throws ERR_UNSAFE_STATE_DIR. */
export function isThere(dir: string): boolean {
  return checkStateDir(durableRoot()) && checkStateDir(dir);
}

/** Whether a word can be an id: what idFor() makes, and a number behind that where there was one already. */
export function isId(id: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(id) && STAMP.test(id);
}

/** The end of an id: when it was taken, and a number where there was one already. */
const STAMP = /(?<=.)-\d{8}T\d{6}Z(-\d+)?$/;

/** What an id says of which session it is: several names may be one there. */
export function sessionInId(id: string): string {
  return id.replace(STAMP, "");
}

/** The moment in an id, in a form that sorts by time; "" for none. */
export function stampOf(id: string): string {
  return STAMP.exec(id)?.[0].slice(1, "20261129T184501Z".length + 1) ?? "";
}

/** The id of a session's snapshot of that moment (ms since the epoch), such as `dev-20261129T184501Z`. */
export function idFor(session: string, at: number): string {
  return `${nameInId(session)}-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}`;
}

/** The ids of all manifests, or those that snapshots of that session may have: of several names that are one there, of each. */
export function idsIn(dir: string, session?: string): string[] {
  const names = readdirSync(dir).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []));
  return names.filter((id) => isId(id) && (session === undefined || sessionInId(id) === nameInId(session)));
}

/** The name of a session as it stands in ids. */
function nameInId(name: string): string {
  return name.replace(/^-|[^A-Za-z0-9_-]/g, "_").slice(0, 50) || "_";
}

/** The manifest of a snapshot. */
export function fileOf(dir: string, id: string): string {
  return `${dir}/${id}.json`;
}

/** How large a manifest, or a part as it is stored, may be, bytes: far more than any is. */
export const STORED_MAX = 2 ** 28;

/** The file of a part. */
export function partFile(dir: string, sum: string): string {
  return `${dir}/parts/${sum.slice(0, 2)}/${sum}.zst`;
}

/** The parts that are there, and those that are only begun; nothing that is not ours. */
export function partFiles(dir: string): { file: string; sum: string; isBegun: boolean }[] {
  const parts = `${dir}/parts`;
  if (!statSync(parts, { throwIfNoEntry: false })?.isDirectory()) return [];
  const folders = readdirSync(parts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: folder }) =>
    readdirSync(`${parts}/${folder}`).flatMap((name) => {
      const [, sum, begun] = /^([0-9a-f]{64})\.zst((?:\.\d+)+\.part)?$/.exec(name) ?? [];
      return sum === undefined ? [] : [{ file: `${parts}/${folder}/${name}`, sum, isBegun: begun !== undefined }];
    }),
  );
}

/** The manifests that are only begun: by who writes one now, or was killed before it was whole. */
export function begunManifests(dir: string): string[] {
  const isBegun = (name: string) => BEGUN.test(name) && isId(name.replace(BEGUN, ""));
  return readdirSync(dir).flatMap((name) => (isBegun(name) ? [`${dir}/${name}`] : []));
}

const BEGUN = /(\.\d+)+\.part$/;
