import { AppError } from "../../lib/errors.ts";
import { sessionName } from "../../lib/names.ts";
import { ensureStateDir } from "../../lib/paths.ts";
import { compilePattern } from "../../matching/pattern.ts";
import { openStore } from "../../store/database.ts";
import { addSubscription, type NewSubscription, type SubscriptionType } from "../../store/subscriptions.ts";
import { findPane } from "../../tmux/panes.ts";
import { activate } from "../activate.ts";
import { command, paneArg, sessionArg } from "../define.ts";
import { print, printError, printJson } from "../print.ts";
import { seconds } from "../values.ts";

const TYPES: SubscriptionType[] = ["pattern-match", "timeout"];

export default command({
  summary: "Be told of what happens in a pane; prints the subscription's id",
  examples: [
    `claude-tmux daemon subscribe dev pattern-match build "tests? failed" 'notify-send "$CLAUDE_TMUX_LINE"'`,
    "claude-tmux daemon subscribe dev timeout build 600 'claude-tmux bridge pane-exec dev build exit'",
  ],
  notes: `TYPE AND DETAIL

  pattern-match   DETAIL is a regular expression (RE2 syntax); fires once for each line that appears and matches
  timeout         DETAIL is a number of seconds; fires once, after them

The callback runs under /bin/sh with the facts in its environment: CLAUDE_TMUX_EVENT (JSON), CLAUDE_TMUX_SESSION,
CLAUDE_TMUX_PANE, CLAUDE_TMUX_PANE_ID, CLAUDE_TMUX_LABEL, CLAUDE_TMUX_TYPE, CLAUDE_TMUX_LINE, CLAUDE_TMUX_MATCH and
CLAUDE_TMUX_ATTEMPT. It takes effect at once if the daemon runs, else when it starts.`,
  args: {
    session: sessionArg,
    type: { type: "positional", description: TYPES.join(" or "), required: true },
    pane: paneArg,
    detail: { type: "positional", description: "the pattern, or the seconds", required: true, raw: true },
    callback: { type: "positional", description: "a shell command to run", required: false, raw: true },
    once: { type: "boolean", description: "end the subscription when it has fired" },
  },
  async run({ session, type, pane, detail, callback, once }, { server, paths, json, quiet }) {
    const isPattern = subscriptionType(type) === "pattern-match";
    if (isPattern) compilePattern(detail);
    const deadline = isPattern ? null : Date.now() + Math.round(seconds("seconds", detail) * 1000);
    const found = findPane(server, sessionName(session), pane);
    const subscription: NewSubscription = {
      type: subscriptionType(type),
      server: found.server,
      session: found.session,
      session_id: found.sessionId,
      pane: found.id,
      pane_id: found.paneId,
      label: found.label,
      pattern: isPattern ? detail : null,
      deadline,
      callback: callback || null,
      once: !isPattern || once === true,
    };
    ensureStateDir(paths);
    using store = openStore(paths.database);
    const id = addSubscription(store, subscription);
    if (json) printJson({ id });
    else print(`${id}`);
    const delay = await activate(paths);
    if (delay && !quiet) printError(delay.text);
    return 0;
  },
});

function subscriptionType(type: string): SubscriptionType {
  const known = TYPES.find((candidate) => candidate === type);
  if (known) return known;
  throw new AppError("ERR_INVALID_ARGUMENT", `"${type}" is not a type of subscription`, {
    hint: `Give one of: ${TYPES.join(", ")}`,
  });
}
