import type { ToldEvent } from "../../ipc/protocol.ts";
import { humanDuration } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { quotedWords } from "../../lib/shell.ts";
import { compilePattern } from "../../matching/pattern.ts";
import type { Ending } from "../../snapshots/ending.ts";
import type { Snapshot } from "../../snapshots/manifest.ts";
import { onlyOf } from "../../snapshots/only.ts";
import type { PlannedPane } from "../../snapshots/plan.ts";
import type { WhyNotStarted } from "../../snapshots/plan-terms.ts";
import { whyUnsafe } from "../../snapshots/programs.ts";
import { planHere, type Restored, restoreSession } from "../../snapshots/restore.ts";
import { readMadeSession } from "../../tmux/made.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { activate } from "../activate.ts";
import { counted, pick, SNAPSHOT_WORDS, sizesOf, tellDifferences } from "../snapshots.ts";
import { tell } from "../tell.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("session-restore", {
  effect: "changes",
  examples: [
    "claude-tmux session-restore dev",
    "claude-tmux session-restore dev --dry-run | jq '.missing'",
    "claude-tmux session-restore ./dev.snapshot.json --as copy",
    "claude-tmux session-restore dev --only 3 --as lost",
    "claude-tmux session-restore dev-20261129T184501Z --no-scrollback",
  ],
  notes: `SNAPSHOT is an id, else a session that has snapshots (its newest whole one), else a file of that name.
Those taken before a session was replaced are for undoing that, by their ids.

Each pane has a shell in its folder, below what it showed: the shell that was saved, which tmux's default-command starts only
where it names that one. Nothing is typed. missing says what does not come back, and why. Afterwards all of it is looked at:
differences says what is not as it was. What fails half-way is taken away again.

--run says which programs are started again: none; safe, the default for snapshots of your own (editors and pagers of plain
files, tail -f, top, with options known to be harmless); all; or a pattern. They are handed to their shells, and end at their
prompts. The command lines of the others are the last ones in their shells' histories (bash, zsh). A coding agent goes on
with its conversation, if that is known.

The home folder stands in for a folder that is not there. Variables that were secrets are taken from this command's own
environment. Of a file, nothing is used that could do anything but show (no variables and options of yours), but with
--trust.

With --replace, a session of that name is saved, and ended when the other is whole: replaced says what it was saved as, which
programs ran there, and what lives on of it; session-restore of that id, with --replace, brings it back. With --dry-run, it
says what would end.`,
  args: {
    snapshot: {
      type: "positional",
      description: SNAPSHOT_WORDS,
      required: true,
    },
    as: { type: "string", description: "another name for the session", valueHint: "name", kind: "sessionName" },
    replace: { type: "boolean", description: "if that session is there, save it, and end it when the other is whole" },
    run: {
      type: "string",
      description:
        "which programs are started again: none, safe, all, or those whose command line a pattern (RE2) matches",
      valueHint: "which",
    },
    only: {
      type: "string",
      description: "restore this window alone, or this pane: it has the window for itself",
      valueHint: "window[.pane]",
    },
    "no-scrollback": {
      type: "boolean",
      description: "without what the panes showed, of which then nothing is read, be it damaged or not",
    },
    trust: { type: "boolean", description: "the file is one of your own: all that is in it comes back" },
    "dry-run": { type: "boolean", description: "say what would come back and what would not, and do none of it" },
  },
  schema: async () => (await import("../results/snapshot.ts")).SessionRestored,
  waits: ({ snapshot }) => `${snapshot} to come back`,
  async answer(
    { snapshot: word, as, replace, run, only, trust, "no-scrollback": noText, "dry-run": isDry = false },
    { server, paths, interruptible, note },
  ) {
    const found = pick(word, { server, note, withText: noText !== true });
    const { textOf, shownIn } = found;
    const snapshot = only === undefined ? found.snapshot : onlyOf(found.snapshot, only);
    const isOwn = found.isOwn || trust === true;
    const whyNotStarted = whyNotStartedBy(run ?? (isOwn ? "safe" : "none"));
    const sizes = sizesOf(snapshot);
    const what = `${counted(sizes.windows, "window")} and ${counted(sizes.panes, "pane")}`;
    const ttlS = isOwn ? timeToLive(snapshot) : undefined;
    const again =
      ttlS === undefined
        ? ""
        : `. It was made with --ttl: it is collected again once nothing has happened there for ${humanDuration(ttlS)}`;
    const remarks = again + (found.remark === undefined ? "" : `. ${found.remark}`);
    const facts = {
      snapshot: found.name,
      ...sizes,
      skipped: found.skipped.map(({ id, why }) => ({ snapshot: id, why })),
      ...(ttlS !== undefined && { ttl_s: ttlS }),
    };
    if (isDry) {
      const plan = await planHere(server, snapshot, { as, isOwn, whyNotStarted, shownIn, replaces: replace === true });
      const { name, missing, windows, mate, replaced } = plan;
      const panes = windows.flatMap((window) => window.panes);
      const commands = (of: (pane: PlannedPane) => readonly string[]) =>
        panes.flatMap((pane) => of(pane).map((command) => ({ where: `pane ${pane.place}`, command })));
      const started = commands(({ command }) => (command === undefined ? [] : [command]));
      const history = commands((pane) => pane.history);
      const subscriptions = plan.subscriptions.length + panes.flatMap((pane) => pane.subscriptions).length;
      const output = mate === undefined ? `${what} would come back as "${name}"` : sharing("would come back", name);
      return {
        session: name,
        output: output + (replaced ? ending(replaced) : "") + remarks,
        details: {
          dry_run: true,
          ...facts,
          ...(mate !== undefined && NO_LINES),
          missing,
          started,
          history,
          subscriptions,
          differences: [],
          ...(replaced && { replaced }),
        },
      };
    }
    touchTyped(paths.dir);
    const restore = (interrupt: AbortSignal) =>
      restoreSession(server, paths, snapshot, {
        as,
        isOwn,
        whyNotStarted,
        textOf,
        shownIn,
        interrupt,
        replaces: replace === true,
      });
    const { name, shares, missing, started, history, subscriptions, unheard, differences, replaced, unplaced } =
      await interruptible(restore);
    const delay = subscriptions > 0 ? await activate(paths) : undefined;
    if (delay) note(delay.text);
    await tell(paths, unheard.map(gapOf));
    const output = shares ? sharing("came back", name) : `${what} came back as "${name}"`;
    const details = {
      dry_run: false,
      ...facts,
      ...(shares && NO_LINES),
      missing,
      started,
      history,
      subscriptions,
      differences: tellDifferences(differences),
      ...(replaced && { replaced }),
    };
    if (unplaced !== undefined) {
      const message = `${output}, but could not take the place of "${as ?? snapshot.session.name}": ${unplaced}`;
      const hint = "See what there is with session-list: one of the two may have another name now.";
      throw new AppError("ERR_COMMAND_FAILED", message, { hint, details });
    }
    const undo = replaced ? `. What was there before comes back with: ${undoing(replaced.snapshot)}` : "";
    return { session: name, output: output + remarks + undo, details };
  },
});

/** Of windows that are there, nothing is shown again. */
const NO_LINES = { lines: 0 };

/** The time to live with which a session was made, and is made again, seconds; undefined for none. */
function timeToLive({ session: { made } }: Snapshot): number | undefined {
  return readMadeSession(made ?? "")?.ttlS;
}

function undoing(id: string): string {
  return `session-restore ${id} --replace`;
}

function ending({ session, windows, panes, programs }: Ending): string {
  if (windows === 0) return `, and would end "${session}", whose windows others have as well`;
  const run =
    programs.length === 0
      ? ""
      : `, where ${programs.map(({ command }) => command).join(", ")} ${programs.length === 1 ? "runs" : "run"}`;
  return `, and would end "${session}" with ${counted(windows, "window")} and ${counted(panes, "pane")}${run}`;
}

function sharing(came: string, name: string): string {
  return `"${name}" ${came}, with the windows that it shared`;
}

/** Throws ERR_INVALID_PATTERN. */
function whyNotStartedBy(run: string): WhyNotStarted {
  if (run === "none") return () => "with --run none, nothing is started";
  if (run === "all") return () => undefined;
  if (run === "safe") return whyUnsafe;
  const find = compilePattern(run);
  return (argv) => (find(quotedWords(argv)) ? undefined : "the pattern of --run does not match its command line");
}

/** The event of output that nobody had heard before it was saved, and that fires nothing any more. Pure. */
function gapOf({ saved, now }: Restored["unheard"][number]): ToldEvent {
  const { session, paneId: pane_id, id, label } = now;
  const message = "some of its output was not heard before it was saved";
  const unheard = Object.fromEntries(saved.subscriptions.map(({ type, unheard: count }) => [type, count]));
  return { event_type: "gap", session, pane_id, pane: id, label, message, data: { unheard } };
}
