import { baseName } from "../lib/names.ts";
import { isInteractiveShell, isShell } from "../process/foreground.ts";
import { commandLine } from "../process/identity.ts";
import { linkTarget } from "../process/proc-table.ts";
import { decodeAll } from "../tmux/metadata.ts";
import { METADATA_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import { isBeginning } from "../tmux/shell-integration.ts";
import { isServerAtLeast } from "../tmux/version.ts";
import { isFollowed } from "../verdict/reading.ts";
import { isRunning, type Verdict } from "../verdict/rule.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { exportedBy, storedVariables } from "./environment.ts";
import { foreign, type Gathered, missing, shownText, withoutSecret } from "./gathered.ts";
import type { PaneOf } from "./manifest.ts";
import { partsOf } from "./parts.ts";
import { jobsIn, programIn } from "./running.ts";
import type { SeenPane } from "./seen.ts";
import { subscribedTo } from "./subscribed.ts";
import { keptText } from "./text.ts";

/** What is stored of a pane; its text, and what can't be stored, go to what is gathered. Where one look does not tell, up to 0.1 s. */
export async function paneOf(
  { pane, row, options, text, above, older, unread }: SeenPane,
  gathered: Gathered,
): Promise<PaneOf> {
  const { processes, parts, withEnvironment } = gathered;
  const where = `pane ${pane.window}.${pane.index}`;
  const miss = missing(where, gathered);
  if (unread > 0) miss(`the oldest ${unread} rows of its history`, "there are too many to be read at once");
  const argv = pane.isDead ? [] : commandLine(pane.pid);
  // one that runs a script is that script
  const isOfShell = isShell(argv) && (isFollowed(pane) || isInteractiveShell(argv));
  const tells = isOfShell && withEnvironment && isFollowed(pane);
  const exported = tells ? exportedBy(pane) : undefined;
  if (tells && !exported) miss("what its shell exports", "the shell could not tell");
  const environment = exported ? storedVariables(exported.set, miss) : null;
  const verdict = isOfShell ? await verdictOf(pane) : undefined;
  const isWaiting = verdict !== undefined && isRunning(verdict) === false;
  const isNone = pane.isDead || isWaiting || (pane.key !== "" && isBeginning(argv));
  const program = isNone ? null : programIn(pane.pid, processes, { isOfShell, exported, miss });
  // in the shell itself, or between two programs of a loop
  if (verdict && !program && isInCommand(pane, verdict))
    miss("what ran there", "the shell was not at its prompt, and no program was in front just then");
  const kept = text === undefined ? undefined : keptText(text, isWaiting ? above : undefined, pane.width, older);
  // before 3.3, tmux prints blanks that nobody has written, up to the widest that the pane was
  const shown = isServerAtLeast(row.version, "3.3") ? kept : kept?.replace(/ +$/gm, "");
  const own = shown === undefined ? [] : partsOf(shown);
  parts.push(...own);
  return {
    id: pane.id,
    index: pane.index,
    width: pane.width,
    height: pane.height,
    title: shownText(row.pane_title, "its title", miss),
    // tmux tells that of the program in front, which may have gone elsewhere
    cwd: (isOfShell ? folderOf(pane.pid) : undefined) ?? (row.pane_current_path || row.pane_start_path),
    label: pane.label || null,
    metadata: withoutSecret(decodeAll(options[METADATA_OPTION] ?? ""), where, "the metadata", gathered),
    options: withoutSecret(foreign(options), where, "the option", gathered),
    history_limit: Number(row.history_limit),
    is_active: row.pane_active === "1",
    is_last: row.pane_last === "1",
    is_dead: pane.isDead,
    shell: isOfShell ? shellOf(pane.pid, argv) : null,
    environment,
    program,
    jobs: isOfShell ? jobsIn(pane.pid, processes, { exported, miss }) : [],
    subscriptions: subscribedTo(
      gathered.subscriptions,
      { server: pane.server, sessionId: pane.sessionId, pane: pane.id },
      miss,
      (one) => gathered.unheard(pane, one),
    ),
    text:
      shown === undefined
        ? null
        : { parts: own.map(({ sum }) => sum), lines: own.reduce((n, part) => n + linesIn(part.text), 0) },
  };
}

/** Whether a shell is in the middle of a command: not of its start-up files, nor in one that somebody has yet to finish. */
function isInCommand({ shell, key, isStarting }: Pane, { state, method }: Verdict): boolean {
  const mayBeStarting = key !== "" && isStarting;
  return state === "working" && !mayBeStarting && (method === "foreground" || shell?.word === "run");
}

/** The folder of a process; undefined where it is not known, or gone. */
function folderOf(pid: number): string | undefined {
  const folder = linkTarget(`/proc/${pid}/cwd`);
  return folder?.endsWith(" (deleted)") ? undefined : folder;
}

/** The file that a shell was started from; its name alone where that is not told. */
function shellOf(pid: number, [name = ""]: readonly string[]): string {
  const called = baseName(name).replace(/^-/, "");
  // a file that an upgrade has replaced meanwhile
  const file = linkTarget(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "");
  // one file may be many shells (busybox)
  return file !== undefined && (baseName(file) === called || isShell([file])) ? file : called;
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
