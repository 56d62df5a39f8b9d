import { AppError } from "../lib/errors.ts";
import { isDigits, paneLabel } from "../lib/names.ts";

/** What a user's word for a pane means: its index (in a window, or in the session's first), its %id, or its label. */
export type PaneRef = { index: number; window?: number } | { id: string } | { label: string };

/** Reads `1`, `2.1`, `%5` or a label. Throws ERR_INVALID_NAME for what cannot be any of them. */
export function parsePane(text: string): PaneRef {
  if (isDigits(text)) return { index: Number(text) };
  if (text.startsWith("%") && isDigits(text.slice(1))) return { id: text };
  const [window = "", index = "", ...more] = text.split(".");
  if (isDigits(window) && isDigits(index) && more.length === 0) return { index: Number(index), window: Number(window) };
  return { label: paneLabel(text) };
}

/** The tmux target of a session, by its name or its `$id`, where a command takes a session, exactly: `=dev:`, `$3:`. */
export function sessionTarget(session: string): string {
  return session.startsWith("$") ? `${session}:` : `=${session}:`;
}

/** The tmux target of the window with the lowest index of a session. */
export function firstWindowTarget(session: string): string {
  return `${sessionTarget(session)}^`;
}

/**
 * The tmux target of a pane named by index, without a question to tmux. Commands that must fail when there is no such
 * pane fail; display-message does not (it falls back), so never put it first. Undefined for ids and labels.
 */
export function indexTarget(session: string, ref: PaneRef): string | undefined {
  return "index" in ref ? `${sessionTarget(session)}${ref.window ?? "^"}.${ref.index}` : undefined;
}

/** What is told of a pane when something fails. */
interface Picked {
  id: string;
  paneId?: string;
  session?: string;
}

let lastPicked: Picked | undefined;

/** The pane that was picked last: a command is about one, and whoever tells of its failure says which. */
export function pickedPane(): Picked | undefined {
  return lastPicked;
}

/** The pane among candidates that `text` names. Throws ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL, ERR_TMUX_NOT_RUNNING. */
export function pickPane<P extends { id: string; window: number; index: number; label: string }>(
  panes: readonly P[],
  names: { session: string; pane: string },
): P {
  const ref = parsePane(names.pane);
  // loops: nearly every command comes by here once, and pays for the first use of filter and map
  let firstWindow = Number.POSITIVE_INFINITY;
  for (const pane of panes) if (pane.window < firstWindow) firstWindow = pane.window;
  const found: P[] = [];
  for (const pane of panes) if (isMeant(pane, ref, firstWindow)) found.push(pane);
  const [first] = found;
  if (panes.length === 0) {
    // no session is without a pane: a server that is about to end has removed them first
    throw new AppError("ERR_TMUX_NOT_RUNNING", "The tmux server is ending");
  }
  if (first === undefined) {
    throw new AppError("ERR_PANE_NOT_FOUND", `Session "${names.session}" has no pane "${names.pane}"`, {
      hint: `It has: ${panes.map(describePane).join(", ")}`,
    });
  }
  if (found.length > 1) {
    throw new AppError(
      "ERR_AMBIGUOUS_LABEL",
      `${found.length} panes of "${names.session}" are labelled "${names.pane}"`,
      {
        hint: `Name one by its id: ${found.map(describePane).join(", ")}`,
      },
    );
  }
  lastPicked = first;
  return first;
}

function isMeant(
  pane: { id: string; window: number; index: number; label: string },
  ref: PaneRef,
  firstWindow: number,
) {
  if ("id" in ref) return pane.id === ref.id;
  if ("label" in ref) return pane.label === ref.label;
  return pane.index === ref.index && pane.window === (ref.window ?? firstWindow);
}

/** A pane as hints name it: `%5 (0.1 build)`. */
export function describePane(pane: { id: string; window: number; index: number; label: string }): string {
  return `${pane.id} (${pane.window}.${pane.index}${pane.label ? ` ${pane.label}` : ""})`;
}
