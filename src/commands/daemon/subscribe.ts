import { AppError } from "../../lib/errors.ts";
import { ensureStateDir } from "../../lib/paths.ts";
import { namedPlace } from "../../panes/place.ts";
import { openStore } from "../../store/database.ts";
import { addSubscription } from "../../store/subscriptions.ts";
import { type Bound, bind, type SubscriptionRequest } from "../../subscriptions/bind.ts";
import { TYPES, typeNamed } from "../../subscriptions/table.ts";
import { isOneWord } from "../../tmux/place-words.ts";
import type { TmuxServer } from "../../tmux/server.ts";
import { activate } from "../activate.ts";
import { answering } from "../answering.ts";
import { sessionArg } from "../define.ts";
import { typesText } from "../reference/subscription-types.ts";
import { readWords, wordArgs, wordVariants } from "../subscription-words.ts";

const NAMES = TYPES.map(({ name }) => name);
const WORDS = wordArgs();

export default answering({
  effect: "changes",
  examples: [
    `claude-tmux daemon subscribe dev pattern-match build "tests? failed" 'notify-send "$CLAUDE_TMUX_LINE"'`,
    "claude-tmux daemon subscribe dev command-finished build 'echo \"$CLAUDE_TMUX_EXIT_CODE $CLAUDE_TMUX_COMMAND\" >>codes'",
    "claude-tmux daemon subscribe dev timeout build 600 'claude-tmux pane-exec dev build exit'",
    "claude-tmux daemon subscribe dev agent-state build waiting 'notify-send \"$CLAUDE_TMUX_AGENT: $CLAUDE_TMUX_FOR\"'",
    "claude-tmux daemon subscribe dev pane-exit \"\" 'echo pane $CLAUDE_TMUX_PANE_ID is gone >>log'",
  ],
  notes: `TYPES, AND WHAT THEY TAKE

${typesText()}

The callback runs under /bin/sh with the facts in its environment: CLAUDE_TMUX_EVENT (JSON), CLAUDE_TMUX_SESSION,
CLAUDE_TMUX_PANE, CLAUDE_TMUX_PANE_ID, CLAUDE_TMUX_LABEL, CLAUDE_TMUX_TYPE, CLAUDE_TMUX_LINE, CLAUDE_TMUX_MATCH,
CLAUDE_TMUX_COUNT and CLAUDE_TMUX_ATTEMPT; of a command or a pane that has ended CLAUDE_TMUX_EXIT_CODE and
CLAUDE_TMUX_COMMAND; of an agent CLAUDE_TMUX_AGENT, CLAUDE_TMUX_STATE, CLAUDE_TMUX_FOR and CLAUDE_TMUX_FORMER. What an event
does not have, or nobody knows, is empty. It runs in the folder where this was called (at home if that is gone), with the
folder of claude-tmux first on PATH. What it leaves running in the background should have its output redirected.

A subscription that fires more often than CLAUDE_TMUX_EVENTS_PER_S (200) has one event for the rest of that second:
data.count (CLAUDE_TMUX_COUNT) says how many it stands for, data.line is the first and data.last_line the last of them.
When 1,000 of its callbacks wait, all that it fires for within a minute is one event.

A time-out is a time of the clock: it passes while the machine sleeps or is off. When somebody sets the clock ahead,
it is believed after two minutes.

It takes effect at once if the daemon runs, else when it starts.`,
  args: {
    session: sessionArg,
    type: { type: "positional", description: NAMES.join(", "), required: true, values: NAMES },
    ...WORDS,
    once: { type: "boolean", description: "end the subscription when it has fired" },
  },
  variants: wordVariants(),
  schema: async () => (await import("../results/subscription.ts")).Subscribed,
  async answer({ session, type: typeName, once, ...rest }, { server, paths, note }) {
    const words: Record<string, string | undefined> = rest;
    const asked = { session, pane: words.pane };
    const place = namedPlace(server, asked);
    // one word for both names a pane also where none is taken
    const isDropped = isOneWord(asked) && typeNamed(typeName)?.pane === "none";
    const names = Object.keys(WORDS).filter((name) => !(isDropped && name === "pane"));
    const given = names.map((name) => (name === "pane" ? place.pane : words[name]));
    const { type, pane, stored, callback = null } = readWords(typeName, given);
    const bound = boundTo(server, { type, session: place.session, pane, stored }, callback === null);
    const subscription = { ...bound, callback, cwd: currentFolder(), once: type.isOnce === true || once === true };
    ensureStateDir(paths);
    using store = openStore(paths.database);
    const id = addSubscription(store, subscription);
    const delay = await activate(paths);
    if (delay) note(delay.text);
    return { id };
  },
  text: ({ id }) => `${id}`,
  people:
    async () =>
    ({ id }, { quiet, ours }) =>
      quiet ? `${id}` : ours(`Subscription ${id}. End it with: claude-tmux daemon unsubscribe ${id}`),
});

/** As bind(): what is called a pane may have been meant for the callback, where no pane need be named. */
function boundTo(server: TmuxServer, wish: SubscriptionRequest, isLastWord: boolean): Bound {
  try {
    return bind(server, wish);
  } catch (thrown) {
    const { type, pane } = wish;
    const isMissing = thrown instanceof AppError && thrown.code === "ERR_PANE_NOT_FOUND";
    if (!isMissing || !isLastWord || type.pane !== "optional") throw thrown;
    const hint = [thrown.hint, `If "${pane}" is the callback, put "" before it: any pane of the session.`];
    throw new AppError(thrown.code, thrown.message, { hint: hint.filter((line) => line !== undefined).join("\n") });
  }
}

/** Null when it was removed. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
