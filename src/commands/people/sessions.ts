import { size } from "../../lib/ago.ts";
import { type Column, columns } from "../../lib/columns.ts";
import { quotedWords } from "../../lib/shell.ts";
import { toned } from "../../lib/toned.ts";
import type { SessionList } from "../results/session.ts";
import type { SnapshotList, SnapshotShown } from "../results/snapshot.ts";
import { facts, folder, page, since, words } from "./lines.ts";
import type { People, ResultOf } from "./view.ts";

const NUMBER = { isNumber: true, cut: "never" } as const;

/** All sessions, a line each. */
export const sessionList: People<ResultOf<typeof SessionList>> = ({ output }, view) => {
  if (output.length === 0) {
    return view.quiet ? undefined : words("No sessions. Make one with: claude-tmux session-create NAME", view);
  }
  const heads: Column[] = [
    { head: "SESSION" },
    { head: "WINDOWS", ...NUMBER },
    { head: "CREATED", cut: "never" },
    { head: "ATTACHED", cut: "never", isOptional: true },
    { head: "ID", cut: "never", isOptional: true },
  ];
  const rows = output.map(({ name, id, windows, attached, created_at: createdAt }) => [
    toned(name, "strong"),
    `${windows}`,
    since(createdAt, view),
    attached ? toned("attached", "good") : "",
    toned(id, "dim"),
  ]);
  return page(columns(heads, rows, view));
};

/** The snapshots that are kept, a line each. */
export const snapshotList: People<ResultOf<typeof SnapshotList>> = ({ output }, view) => {
  if (output.length === 0) {
    return view.quiet ? undefined : words("No snapshots. Take one with: claude-tmux session-save SESSION", view);
  }
  const heads: Column[] = [
    { head: "SNAPSHOT", cut: "never" },
    { head: "TAKEN", cut: "never" },
    { head: "WINDOWS", ...NUMBER, isOptional: true },
    { head: "PANES", ...NUMBER, isOptional: true },
    { head: "LINES", ...NUMBER, isOptional: true },
    { head: "SIZE", ...NUMBER, isOptional: true },
    { head: "PROBLEM" },
    { head: "NOTE" },
  ];
  const rows = output.map((one) => [
    toned(one.snapshot, one.whole ? "strong" : "bad"),
    since(one.taken_at, view),
    `${one.windows}`,
    `${one.panes}`,
    `${one.lines}`,
    size(one.bytes),
    toned(one.problem ?? "", "bad"),
    one.note ?? (one.automatic ? toned("automatic", "dim") : ""),
  ]);
  return page(columns(heads, rows, view));
};

/** What is in a snapshot, as an outline. */
export const snapshotShown: People<ResultOf<typeof SnapshotShown>> = ({ output, details }, view) => {
  const { session, note, taken_at: takenAt, host, tmux_version: version, left_out: leftOut } = output;
  const paneRow = (window: number, pane: (typeof session.windows)[number]["panes"][number]) => [
    `  ${window}.${pane.index}`,
    pane.label ?? "",
    pane.program ? quotedWords(pane.program.argv) : toned(pane.is_dead ? "dead" : "shell", "dim"),
    folder(pane.cwd, view),
    `${pane.text?.lines ?? 0}`,
  ];
  const rows = session.windows.flatMap(({ index, name, panes }) => [
    [toned(`${index}`, "strong"), toned(name, "strong"), "", "", ""],
    ...panes.map((pane) => paneRow(index, pane)),
  ]);
  const heads: Column[] = [
    { head: "PANE", cut: "never" },
    { head: "LABEL" },
    { head: "PROGRAM" },
    { head: "FOLDER", cut: "start" },
    { head: "LINES", ...NUMBER, isOptional: true },
  ];
  return page(
    words(`Session ${session.name} in ${details.snapshot}`, view, "strong"),
    facts(
      [
        ["Taken", since(new Date(takenAt).toISOString(), view)],
        ["Note", note],
        ["Where", `${host}, tmux ${version}`],
        ["Not stored", leftOut.map(({ where, what }) => `${what} of ${where}`).join("; ")],
      ],
      view,
    ),
    columns(heads, rows, view),
  );
};
