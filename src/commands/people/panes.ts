import { humanDuration } from "../../lib/clock.ts";
import { type Column, columns, cut } from "../../lib/columns.ts";
import { paint, type Toned, toned } from "../../lib/toned.ts";
import type {
  Captured,
  DetailedPaneList,
  HasPattern,
  IsRunning,
  Matching,
  PaneDescription,
  PaneList,
  PaneStatus,
  PaneSummary,
  Screen,
} from "../results/pane.ts";
import { facts, folder, page, words } from "./lines.ts";
import { styled } from "./styled.ts";
import type { People, ResultOf } from "./view.ts";

/** A session's panes, a line each. */
export const paneList: People<ResultOf<typeof DetailedPaneList>> = ({ output }, view) => {
  const heads: Column[] = [
    { head: "PANE", cut: "never" },
    { head: "ID", cut: "never", isOptional: true },
    { head: "LABEL" },
    { head: "STATE", cut: "never" },
    { head: "EXIT", isNumber: true, cut: "never" },
    { head: "COMMAND" },
    { head: "QUIET", cut: "never", isOptional: true },
    { head: "FOLDER", cut: "start", isOptional: true },
    { head: "SIZE", cut: "never", isOptional: true },
    { head: "METADATA", isOptional: true },
  ];
  const rows = output.map((pane) => [
    toned(placeOf(pane), "strong"),
    toned(pane.pane, "dim"),
    pane.label,
    stateOf(pane),
    pane.is_running ? "" : exitOf(pane),
    pane.command,
    quietOf(pane),
    folder(pane.cwd, view),
    sizeOf(pane),
    metadataOf(pane),
  ]);
  return page(columns(heads, rows, view));
};

/** The same without what only their metadata tells. */
export const summaryList: People<ResultOf<typeof PaneList>> = ({ output }, view) => {
  const heads: Column[] = [
    { head: "PANE", cut: "never" },
    { head: "ID", cut: "never", isOptional: true },
    { head: "STATE", cut: "never" },
    { head: "COMMAND" },
    { head: "QUIET", cut: "never", isOptional: true },
    { head: "SIZE", cut: "never", isOptional: true },
  ];
  const rows = output.map((pane) => [
    toned(placeOf(pane), "strong"),
    toned(pane.pane, "dim"),
    stateOf(pane),
    pane.command,
    quietOf(pane),
    sizeOf(pane),
  ]);
  return page(columns(heads, rows, view));
};

/** One pane, with all that is known of it. */
export const paneStatus: People<ResultOf<typeof PaneStatus>> = ({ session = "", output: pane }, view) => {
  const label = pane.label === "" ? "" : ` "${pane.label}"`;
  return page(
    words(`Pane ${placeOf(pane)}${label} of ${session}`, view, "strong"),
    facts(
      [
        ["State", stateOf(pane)],
        ["Last exit code", exitOf(pane)],
        ["Command", pane.command],
        ["Folder", folder(pane.cwd, view)],
        ["Quiet for", pane.idle_ms === undefined ? "" : humanDuration(pane.idle_ms / 1000)],
        ["Size", `${pane.width}x${pane.height}${pane.full_screen ? ", a full-screen program has it" : ""}`],
        ["Metadata", metadataOf(pane)],
        ["tmux id", pane.pane],
        ["Process", `${pane.pid}`],
        ["Known by", [...new Set([pane.method, pane.waiting_method])].join(", ")],
      ],
      view,
    ),
  );
};

/** What a pane shows, and below it what there is to know of that. */
export const screen: People<ResultOf<typeof Screen>> = ({ output }, view) => {
  const { lines, cursor, width, height, title, mode } = output;
  const last = lines.findLastIndex((line) => line !== "");
  const about = [
    `${width}x${height}`,
    output.command,
    stateOf(output).text,
    `cursor at ${cursor.row}:${cursor.column}${cursor.visible ? "" : ", hidden"}`,
    ...(mode === undefined ? [] : [mode]),
    ...(title === "" ? [] : [`"${title}"`]),
  ].join(" · ");
  return page(
    lines.slice(0, last + 1).map((line) => styled(line, view.isColor)),
    view.quiet ? undefined : words(cut(about.replaceAll("\n", " "), view.width), view, "dim"),
  );
};

/** The last lines of a pane, and nothing else. */
export const captured: People<ResultOf<typeof Captured>> = ({ output }, view) =>
  page(output.split("\n").map((line) => styled(line, view.isColor)));

/** The lines that match. */
export const matching: People<ResultOf<typeof Matching>> = ({ output }, view) => {
  if (output !== "") return words(output, view);
  return view.quiet ? undefined : paint("(no line matches)", "dim", view.isColor);
};

/** The answer to a question. */
export const yesOrNo: People<ResultOf<typeof HasPattern> | ResultOf<typeof IsRunning>> = ({ output }, view) =>
  output === "true" ? paint("yes", "good", view.isColor) : "no";

/** Where a pane is in its session: window.index. */
function placeOf({ window, index }: PaneSummary): string {
  return `${window}.${index}`;
}

const WAITS: Readonly<Record<string, string>> = {
  line: "reads a line",
  password: "asks a password",
  keys: "reads keys",
};

/** What a pane does: idle and dead are told by its shell or its end, waiting by how the program reads. */
function stateOf(
  pane: Pick<PaneSummary, "is_running" | "waiting_for" | "exit_code" | "signal"> & { is_dead?: boolean },
): Toned {
  // how a program has ended is told only of those that are dead
  if (pane.is_dead ?? (pane.exit_code !== undefined || pane.signal !== undefined))
    return toned(pane.signal === undefined ? "dead" : `dead (signal ${pane.signal})`, "bad");
  if (pane.is_running === null) return toned("unknown", "dim");
  if (!pane.is_running) return toned("idle", "good");
  const waits = WAITS[pane.waiting_for];
  return waits === undefined ? toned("running", undefined) : toned(waits, "warn");
}

function quietOf({ idle_ms: ms }: PaneSummary): Toned {
  return toned(ms === undefined ? "" : humanDuration(ms / 1000), "dim");
}

function sizeOf({ width, height }: PaneSummary): Toned {
  return toned(`${width}x${height}`, "dim");
}

function exitOf({ last_exit_code: code }: PaneDescription): Toned {
  return toned(code === null ? "" : `${code}`, code === 0 ? "dim" : "bad");
}

function metadataOf({ metadata }: PaneDescription): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
}
