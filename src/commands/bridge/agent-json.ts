import { lastSaid } from "../../agents/transcript.ts";
import { isoSeconds } from "../../lib/clock.ts";
import type { PaneVerdict } from "../../panes/agents.ts";

/** Of what an agent has said last, so many characters are told. */
const SAID_MAX = 500;

/** What scripts are told of a pane's verdict. */
export function verdictJson({ pane, agent, title, ...verdict }: PaneVerdict) {
  const said = agent && lastSaid(agent)?.text;
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
    said: said?.slice(0, SAID_MAX) ?? null,
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
