import * as v from "valibot";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { exists, readOwn, writeAtomic } from "../lib/files.ts";
import { paneLabel } from "../lib/names.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { setMetadata } from "../tmux/metadata.ts";
import { LABEL_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type DescribedPane, listDescribed } from "./metadata.ts";

// Version 3.0 kept labels and metadata in /tmp/claude-tmux-states/<session>.state, JSON that it now and then broke.
// What such a file says of panes that still live is put into tmux, once.

const SUFFIX = ".state";

const Scalar = v.union([v.string(), v.number(), v.boolean()]);
const LegacyPane = v.object({
  pane_id: v.optional(Scalar),
  index: v.optional(Scalar),
  id: v.optional(Scalar),
  label: v.fallback(v.optional(v.string()), undefined),
  metadata: v.fallback(v.optional(v.record(v.string(), Scalar)), undefined),
});
const LegacyState = v.object({
  panes: v.union([v.record(v.string(), LegacyPane), v.array(LegacyPane)]),
});

/** What version 3.0 knew of one pane, by its index. */
export interface LegacyRecord {
  index: number;
  label: string | undefined;
  metadata: Record<string, string>;
}

/**
 * Puts what version 3.0 knew into tmux, if that has not been done yet for this server. Labels and values that tmux
 * has already stay. Only plain files of the effective user are read.
 * @returns whether anything was imported
 * @throws AppError ERR_UNSAFE_STATE_DIR
 */
export function importLegacy(server: TmuxServer, paths: StatePaths): boolean {
  const done = `${paths.dir}/legacy.imported`;
  if (exists(done) || !exists(config.legacyDir)) return false;
  ensureStateDir(paths);
  const panes = allPanes(server);
  // by the sessions that there are: the folder may be another's, and hold any number of files
  const sessions = new Set(panes.map(({ session }) => session));
  const commands = [...sessions].flatMap((session) => {
    if (session.includes("/")) return []; // which no file name can hold
    const records = readRecords(`${config.legacyDir}/${session}${SUFFIX}`);
    return importSession(
      panes.filter((pane) => pane.session === session),
      records,
    );
  });
  // through standard input: there may be more than the 16 KB of arguments that tmux takes
  const input = commands.map((command) => `${quoteCommand(command)}\n`).join("");
  if (commands.length > 0) tmux(server, [["source-file", "-"]], { input });
  writeAtomic(done, "");
  return commands.length > 0;
}

/** All panes; none without a server. When tmux can't tell, it is thrown, and the import waits for another time. */
function allPanes(server: TmuxServer): DescribedPane[] {
  try {
    return listDescribed(server, undefined);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === "ERR_TMUX_NOT_RUNNING") return [];
    throw cause;
  }
}

function importSession(panes: readonly DescribedPane[], records: readonly LegacyRecord[]): TmuxCommand[] {
  const first = Math.min(...panes.map((pane) => pane.window));
  return records.flatMap((record) => {
    const pane = panes.find((candidate) => candidate.index === record.index && candidate.window === first);
    return pane ? [...importLabel(pane, record.label), ...importMetadata(pane, record.metadata)] : [];
  });
}

function importLabel(pane: Pane, label: string | undefined): TmuxCommand[] {
  if (!label || pane.label !== "") return [];
  try {
    return [["set-option", "-p", "-t", pane.id, LABEL_OPTION, paneLabel(label)]];
  } catch {
    return []; // 3.0 took any text for a label
  }
}

function importMetadata(pane: DescribedPane, metadata: Record<string, string>): TmuxCommand[] {
  return Object.entries(metadata)
    .filter(([key]) => key !== "" && pane.metadata[key] === undefined)
    .map(([key, value]) => setMetadata(pane.id, key, value));
}

function readRecords(file: string): LegacyRecord[] {
  try {
    return parseLegacy(readOwn(file));
  } catch {
    return []; // a link, a stranger's file, or one that was damaged
  }
}

/** Reads the text of a state file of version 3.0; empty when it is damaged. Pure. */
export function parseLegacy(text: string): LegacyRecord[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  const state = v.safeParse(LegacyState, json);
  if (!state.success) return [];
  return Object.entries(state.output.panes).flatMap(([key, { pane_id, index, id, label, metadata = {} }]) => {
    const number = Number(pane_id ?? index ?? (typeof id === "string" && id.startsWith("%") ? undefined : id) ?? key);
    if (!Number.isInteger(number)) return [];
    const values = Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
    return [{ index: number, label, metadata: values }];
  });
}
