import { isoSeconds } from "../../lib/clock.ts";
import type { PaneVerdict } from "../../panes/agents.ts";

/** What scripts are told of a pane's verdict. */
export function verdictJson({ pane, agent, title, ...verdict }: PaneVerdict) {
  return {
    pane: pane.id,
    pane_id: pane.paneId,
    session: pane.session,
    label: pane.label,
    kind: agent?.kind ?? null,
    state: verdict.state,
    for: verdict.for,
    since: momentOf(verdict.since),
    source: verdict.source,
    certain: verdict.isCertain,
    because: verdict.because,
    pid: agent?.pid ?? null,
    conversation: agent?.conversation ?? null,
    cwd: agent?.cwd ?? null,
    title,
  };
}

/** What each source of an agent told, at `now` (ms since the epoch). */
export function readingsJson({ readings }: PaneVerdict, now: number) {
  return readings.map(({ source, told }) => ({
    source,
    state: told?.state ?? null,
    for: told?.for ?? null,
    since: momentOf(told?.since ?? null),
    age_s: told?.since === undefined ? null : Math.max(0, Math.round((now - told.since) / 1000)),
  }));
}

function momentOf(ms: number | null): string | null {
  return ms === null ? null : isoSeconds(ms);
}
