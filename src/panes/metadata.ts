import { AppError } from "../lib/errors.ts";
import { quoteCommand } from "../tmux/command-line.ts";
import { parseRows } from "../tmux/format.ts";
import { decodeAll, setMetadata } from "../tmux/metadata.ts";
import { METADATA_OPTION } from "../tmux/options.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { findPane, type Pane, panesCommand, panesOf, parsePanes } from "../tmux/panes.ts";
import { type Meanwhile, tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { type PaneState, readState, STATE_VARIABLES } from "./pane-state.ts";

/** A pane and one key of its metadata. */
export interface MetadataKey {
  session: string;
  pane: string;
  key: string;
}

/** A pane with what only its description tells: tmux looks each of it up for every pane that it is asked about. */
export interface DescribedPane extends Pane {
  /** the current folder of what runs in it */
  cwd: string;
  metadata: Record<string, string>;
  state: PaneState;
}

/** What describe() needs of each pane, beside PANE_VARIABLES. */
export const DESCRIBED_VARIABLES = [METADATA_OPTION, "pane_current_path", ...STATE_VARIABLES] as const;

type DescribedRow = Parameters<typeof panesOf>[0][number] & Record<(typeof DESCRIBED_VARIABLES)[number], string>;

// tmux takes 16 KB of arguments in one call; a longer command goes through its standard input
const ARGUMENT_MAX = 8000;

/** Sets one key of a pane's metadata to any text. Throws ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND. */
export function setPaneMetadata(server: TmuxServer, options: MetadataKey & { value: string }): Pane {
  const { session, pane: name, key, value } = options;
  const target = indexTarget(session, parsePane(name)) ?? findPane(server, session, name).id;
  const set = setMetadata(target, key, value);
  const list = panesCommand(session);
  const isLong = set.join(" ").length > ARGUMENT_MAX;
  const text = isLong
    ? tmux(server, [["source-file", "-"], list], { input: `${quoteCommand(set)}\n` })
    : tmux(server, [set, list]);
  return pickPane(parsePanes(text), { session, pane: name });
}

/** The value of one key of a pane's metadata. Throws ERR_COMMAND_FAILED when it has not been set. */
export function getPaneMetadata(
  server: TmuxServer,
  { session, pane: name, key }: MetadataKey,
): { pane: Pane; value: string } {
  const pane = pickPane(listDescribed(server, session), { session, pane: name });
  const value = pane.metadata[key];
  if (value === undefined) {
    const keys = Object.keys(pane.metadata);
    throw new AppError("ERR_COMMAND_FAILED", `Pane ${pane.paneId} of "${session}" has no metadata "${key}"`, {
      details: { missing: key },
      hint: keys.length > 0 ? `It has: ${keys.join(", ")}` : "It has none; set some with pane-metadata-set.",
    });
  }
  return { pane, value };
}

/** The panes of a session, or of all, with their description, in one call. Throws ERR_SESSION_NOT_FOUND. */
export function listDescribed(
  server: TmuxServer,
  session: string | undefined,
  options: Meanwhile = {},
): DescribedPane[] {
  const text = tmux(server, [panesCommand(session, DESCRIBED_VARIABLES)], options);
  return describe(parseRows([...PANE_VARIABLES, ...DESCRIBED_VARIABLES], text));
}

/** The panes of rows that hold DESCRIBED_VARIABLES as well. */
export function describe(rows: readonly DescribedRow[]): DescribedPane[] {
  const described: DescribedPane[] = [];
  const panes = panesOf(rows);
  const now = Date.now();
  for (let i = 0; i < panes.length; i++) {
    const row = rows[i] as DescribedRow;
    const metadata = decodeAll(row[METADATA_OPTION]);
    described.push({ ...(panes[i] as Pane), cwd: row.pane_current_path, metadata, state: readState(row, now) });
  }
  return described;
}
