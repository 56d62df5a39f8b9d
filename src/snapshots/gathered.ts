import type { ProcessStat } from "../process/process-table.ts";
import type { Subscription } from "../store/subscriptions.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Snapshot } from "./manifest.ts";
import type { Part } from "./parts.ts";
import type { Miss } from "./plan-terms.ts";
import { isSecretText, withoutSecretsIn } from "./secret-arguments.ts";
import { HIDDEN, isSecret } from "./secrets.ts";
import { isUnread, UNREAD } from "./unread.ts";

/** What all of a snapshot is taken with, and what is gathered meanwhile. */
export interface Gathered {
  processes: readonly ProcessStat[];
  withEnvironment: boolean;
  subscriptions: readonly Subscription[];
  /** how much a subscription to a pane has not heard */
  unheard: (pane: Pane, one: Subscription) => number;
  parts: Part[];
  leftOut: Snapshot["left_out"];
}

/** Notes what of a place is not stored. */
export function missing(where: string, { leftOut }: Gathered): Miss {
  return (what, why) => leftOut.push({ where, what, why });
}

/** A name or a title without the secrets in it, which is told. */
export function shownText(text: string, what: string, miss: Miss): string {
  const shown = withoutSecretsIn(text);
  if (shown !== text) miss(`what ${what} told`, `it held a secret, which is not stored: ${HIDDEN} stands there`);
  return shown;
}

/** What is no secret by its name or value; the others are told. What tmux's own options are called says nothing (`mode-keys`). */
export function withoutSecret(
  records: Readonly<Record<string, string>>,
  where: string,
  what: string,
  { leftOut }: Gathered,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(records)) {
    const isOfTmux = what === "the option" && !name.startsWith("@");
    if (isSecret(isOfTmux ? "" : name, value) || isSecretText(value))
      leftOut.push({ where, what: `${what} ${name}`, why: "it held a secret, which is not stored" });
    else if (isUnread(value)) leftOut.push({ where, what: `${what} ${name}`, why: UNREAD });
    else kept[name] = value;
  }
  return kept;
}

/** Options that are not ours: those are bound to what they were set for. */
export function foreign(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !name.startsWith("@claude_tmux_")));
}
