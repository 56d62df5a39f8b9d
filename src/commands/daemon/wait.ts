import { existsSync } from "node:fs";
import { AppError, type ErrorCode } from "../../lib/errors.ts";
import { checkStateDir, type StatePaths } from "../../lib/paths.ts";
import { compilePattern } from "../../matching/pattern.ts";
import { namedPlace } from "../../panes/place.ts";
import { isOwnerAlive, ownerName } from "../../process/identity.ts";
import { openStore } from "../../store/database.ts";
import { type EventRecord, readEvents } from "../../store/events.ts";
import { addOwned, endOrphans } from "../../store/owners.ts";
import { activeSubscriptions, endSubscription } from "../../store/subscriptions.ts";
import { bind } from "../../subscriptions/bind.ts";
import { EVENT_TYPES } from "../../subscriptions/events.ts";
import { patternMatch } from "../../subscriptions/pattern-match.ts";
import { findPane } from "../../tmux/panes.ts";
import type { Target } from "../../tmux/place.ts";
import { isOneWord, type PlaceWords } from "../../tmux/place-words.ts";
import type { TmuxServer } from "../../tmux/server.ts";
import { activate } from "../activate.ts";
import { answering } from "../answering.ts";
import { sessionArg } from "../define.ts";
import { follow, isLost, isThere, newest } from "../follow.ts";
import { subscribedText } from "../reference/subscription-types.ts";
import { canCome, impossible, isWanted, makeWish, mayBeAway, readWish, type Wanted, type Wish } from "../wanted.ts";
import { sinceOf } from "./events.ts";

export default answering({
  effect: "reads",
  examples: [
    "claude-tmux daemon wait dev pane-exit build --timeout 600",
    "claude-tmux daemon wait dev pattern-match build 'tests? (passed|failed)' | jq -r .data.line",
    "claude-tmux daemon wait dev pattern-match web 'listening on' --since 2s --any pane-exit:web",
  ],
  notes: `Types: ${EVENT_TYPES.join(", ")}.

${subscribedText()} gap tells that output of a pane was not heard. Without --since, events that are in
the log already do not count. The daemon may be restarted meanwhile.

Exit code 124 after the time-out, 128 + n after signal n, 1 for what cannot come and without a daemon.`,
  args: {
    session: sessionArg,
    type: { type: "positional", description: "the type of the event", required: true, values: EVENT_TYPES },
    pane: { type: "positional", description: "only of this pane: index, %id or label", required: false, names: "pane" },
    pattern: {
      type: "positional",
      description: "for pattern-match: a regular expression (RE2 syntax) that the line matches",
      required: false,
      raw: true,
    },
    timeout: { type: "string", description: "give up after so many seconds", valueHint: "seconds", kind: "seconds" },
    since: {
      type: "string",
      description: "also events of the log after this number, or of the last 5s, 2m or 1h",
      valueHint: "seq",
    },
    any: {
      type: "string",
      description: "or for this one, whichever comes first; may be repeated",
      valueHint: "type[:pane[:pattern]]",
      multiple: true,
    },
  },
  schema: async () => (await import("../results/event.ts")).Event,
  people: async () => (await import("../people/events.ts")).event,
  waits: ({ session, type }) => `${type} in ${session}`,
  async answer({ session, type, pane, pattern, timeout, since, any }, { server, paths, interruptible }) {
    const place = named(server, { session, pane });
    const { name, session: target } = place;
    const isOfSession = type.startsWith("session-") && isOneWord({ session, pane });
    const wishes = [makeWish(type, isOfSession ? undefined : place.pane, pattern), ...(any ?? []).map(readWish)];
    const hasSince = since !== undefined;
    const start = hasSince ? sinceOf(paths, since) : newest(paths);
    const wanted = wishes.map((wish) => find(server, target, wish, hasSince));
    return await interruptible(async (interrupt) => {
      const expiry = timeout === undefined ? [] : [AbortSignal.timeout(timeout * 1000)];
      const signal = AbortSignal.any([interrupt, ...expiry]);
      const event = await first(paths, { server, session: name, target, wanted, since: start, hasSince }, signal);
      if (event) return event;
      interrupt.throwIfAborted();
      const types = [...new Set(wanted.map((each) => each.type))].join(" or ");
      throw new AppError("ERR_TIMEOUT", `No ${types} in session "${name}" within ${timeout} s`);
    });
  },
});

/** What is waited for, and where. */
interface Wait {
  server: TmuxServer;
  /** as it is told, and as tmux is told of it */
  session: string;
  target: string;
  wanted: Wanted[];
  since: number;
  hasSince: boolean;
}

/**
 * The first event that is wanted; undefined when the signal is aborted before. Patterns are subscribed to meanwhile.
 * Throws when none can come, or not any more, and ERR_DAEMON_NOT_RUNNING.
 */
async function first(paths: StatePaths, wait: Wait, signal: AbortSignal): Promise<EventRecord | undefined> {
  const found = wait.hasSince ? inLog(paths, wait) : undefined;
  if (found) return found;
  if (!isThere(paths)) throw isLost(undefined);
  const own = subscribe(paths, wait);
  const hopeless = new AbortController();
  const timer = setInterval(() => {
    try {
      const why = whyNot(paths, wait);
      if (why) hopeless.abort(why);
    } catch {
      // a database that is busy, or just being made anew: it is looked at again
    }
  }, LOOK_MS);
  try {
    const why = whyNot(paths, wait);
    if (why) throw why;
    if (own.length > 0) await activate(paths);
    const [only, ...others] = new Set(wait.wanted.map(({ type }) => type));
    const filter = { session: wait.session, type: others.length === 0 ? only : undefined, since: wait.since };
    for await (const event of follow(paths, filter, AbortSignal.any([signal, hopeless.signal]))) {
      if (wait.wanted.some((each) => isWanted(each, event))) return event;
    }
    // the last event of a subscription that ends with it may be in the log already
    const last = hopeless.signal.aborted ? inLog(paths, wait) : undefined;
    if (!last && !signal.aborted) hopeless.signal.throwIfAborted();
    return last;
  } finally {
    clearInterval(timer);
    await unsubscribe(paths, own);
  }
}

/** How often to look whether what is waited for can still come; of that there is no event. */
const LOOK_MS = 1000;

/** Where words lead to; a session or a pane that is not there may have been, or come. */
function named(server: TmuxServer, words: PlaceWords): Target {
  try {
    return namedPlace(server, words);
  } catch (thrown) {
    const isAway = thrown instanceof AppError && AWAY.includes(thrown.code);
    const { session: word } = words;
    if (!isAway) throw thrown;
    if (!isOneWord(words)) return { ...words, name: word };
    if (word.startsWith("%")) {
      const hint = "One that has ended is known with its session alone: name that as well, before the type.";
      throw new AppError(thrown.code, thrown.message, { hint });
    }
    const [session = "", ...pane] = word.split(":");
    return { name: session, session, pane: pane.join(":") };
  }
}

const AWAY: readonly ErrorCode[] = ["ERR_SESSION_NOT_FOUND", "ERR_PANE_NOT_FOUND", "ERR_TMUX_NOT_RUNNING"];

/** The pane that a wish names. Throws as findPane, unless the pane need not be there. */
function find(server: TmuxServer, session: string, wish: Wish, hasSince: boolean): Wanted {
  const match = wish.pattern === undefined ? undefined : compilePattern(wish.pattern);
  const wanted = { ...wish, match, paneId: undefined, subscription: undefined };
  if (wish.pane === undefined) return wanted;
  try {
    return { ...wanted, paneId: findPane(server, session, wish.pane).id };
  } catch (thrown) {
    if (!(thrown instanceof AppError && mayBeAway(wish, hasSince))) throw thrown;
    return wanted;
  }
}

/** The first wanted event after `since` that is in the log. */
function inLog(paths: StatePaths, { session, wanted, since }: Wait): EventRecord | undefined {
  if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return undefined;
  using store = openStore(paths.database);
  return readEvents(store, { session, since }).find((event) => wanted.some((each) => isWanted(each, event)));
}

/** Subscribes to the patterns that are waited for; returns the subscriptions' ids. */
function subscribe(paths: StatePaths, { server, target, wanted }: Wait): number[] {
  const patterns = wanted.filter(({ pattern }) => pattern !== undefined);
  if (patterns.length === 0) return [];
  using store = openStore(paths.database);
  return patterns.map((each) => {
    const { pane, pattern = null } = each;
    const bound = bind(server, { type: patternMatch, session: target, pane, stored: { pattern } });
    const id = addOwned(store, { ...bound, callback: null, cwd: null, once: true }, ownerName());
    each.subscription = id;
    return id;
  });
}

/** Ends the subscriptions that were made for this wait. */
async function unsubscribe(paths: StatePaths, own: readonly number[]): Promise<void> {
  if (own.length === 0 || !existsSync(paths.database)) return;
  using store = openStore(paths.database);
  const isAny = own.filter((id) => endSubscription(store, id, "what waited for it has ended")).length > 0;
  if (isAny) await activate(paths);
}

/** Why nothing that is waited for can come; undefined if something can. */
function whyNot(paths: StatePaths, { session, wanted }: Wait): AppError | undefined {
  const subscriptions = active(paths);
  const [one] = wanted;
  const isHopeless = one !== undefined && wanted.every((each) => !canCome(each, session, subscriptions));
  return isHopeless ? impossible(one, session) : undefined;
}

function active(paths: StatePaths) {
  if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return [];
  using store = openStore(paths.database);
  endOrphans(store, isOwnerAlive);
  return activeSubscriptions(store);
}
