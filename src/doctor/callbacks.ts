import type { FailedCallbacks } from "../store/callbacks.ts";
import type { Finding } from "./finding.ts";

const SAID_MAX = 200;

/** Whether callbacks do what they are for: those of which the last all failed do not. Undefined: nothing to say. Pure. */
export function checkCallbacks(failed: readonly FailedCallbacks[]): Finding | undefined {
  const [first, ...others] = failed;
  if (!first) return undefined;
  const { subscription, count, last } = first;
  const { data, message } = last;
  const said = `${data.output ?? ""}`
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, SAID_MAX);
  const which = count === 1 ? "the last callback" : `the last ${count} callbacks`;
  const how = message.replace(/^callback of event \d+ /, "");
  const more = others.length === 0 ? "" : `; so did those of ${others.length} more`;
  return {
    check: "callbacks",
    verdict: "warning",
    message: `${which} of subscription ${subscription} failed: the newest ${how}${said && `: ${said}`}${more}`,
    advice:
      "See them all: claude-tmux daemon events --type callback; they run where `daemon subscribe` was called, under /bin/sh.",
  };
}
