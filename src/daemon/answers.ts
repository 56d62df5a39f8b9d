import type { EventsQuery, Status } from "../ipc/protocol.ts";
import type { Handlers } from "../ipc/server.ts";
import { AppError } from "../lib/errors.ts";
import { VERSION } from "../lib/self.ts";
import type { Store } from "../store/database.ts";
import { addEvent, countByType, countEvents, lastSeq } from "../store/events.ts";
import { EVENT_TYPES, TOLD_EVENTS } from "../subscriptions/events.ts";
import type { Autosaver } from "./autosaver.ts";
import type { CallbackRunner } from "./callbacks.ts";
import type { Engine } from "./engine.ts";
import type { EventFeed } from "./feed.ts";
import { daemonMetrics } from "./metrics.ts";
import type { WatchdogTie } from "./watchdog-tie.ts";

/** What a daemon answers from. */
interface Answering {
  /** the path of the tmux server's socket */
  socket: string;
  store: Store;
  feed: EventFeed;
  callbacks: CallbackRunner;
  autosaver: Autosaver;
  engine: Engine;
  supervision: WatchdogTie;
  /** resolved when it serves: who is told that it runs may count on it */
  ready: Promise<void>;
  /** aborted when it is to stop */
  signal: AbortSignal;
}

/** What a daemon answers on its socket. */
export function handlersOf(daemon: Answering): Handlers {
  const { engine, feed, supervision, ready, signal } = daemon;
  const startedAt = Date.now();
  return {
    status: async () => {
      await ready;
      // a signal that came before the question counts before the answer
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) throw new AppError("ERR_DAEMON_NOT_RUNNING", "The daemon ends, as it was told to");
      return status(daemon, startedAt);
    },
    sync: async () => {
      await engine.sync();
      return { subscriptions: engine.counts.subscriptions };
    },
    metrics: () => {
      const events = { newest: lastSeq(daemon.store), byType: countByType(daemon.store) };
      const { outcomes } = daemon.callbacks;
      const snapshots = daemon.autosaver.figures();
      return daemonMetrics(status(daemon, startedAt), { outcomes, events, agents: engine.agents, snapshots });
    },
    events: (query, aborted) => {
      checkType(query);
      return feed.stream(query, aborted);
    },
    output: (pane, aborted) => engine.output(pane, aborted),
    tie: (aborted) => supervision.tie(aborted),
    release: () => supervision.release(),
    tell: (events) => {
      const strange = events.find(({ event_type: type }) => !TOLD_EVENTS.some((known) => known === type));
      if (strange) {
        throw new AppError("ERR_INVALID_ARGUMENT", `"${strange.event_type}" is not an event that commands tell of`);
      }
      for (const event of events) addEvent(daemon.store, event);
      feed.publish();
    },
  };
}

function status({ engine, callbacks, store, socket }: Answering, startedAt: number): Status {
  const { subscriptions, sessions, panes, watchedPanes } = engine.counts;
  const { running, queued } = callbacks.counts;
  return {
    pid: process.pid,
    version: VERSION,
    started_at: startedAt,
    socket,
    watched_sessions: sessions,
    panes,
    watched_panes: watchedPanes,
    subscriptions,
    events: countEvents(store),
    queue: queued,
    running_callbacks: running,
    agents: engine.agents,
    memory_bytes: process.memoryUsage.rss(),
  };
}

/** Throws ERR_INVALID_ARGUMENT for a type of which there are no events: its reader would wait for ever. */
function checkType({ type }: EventsQuery): void {
  if (type === undefined || EVENT_TYPES.some((known) => known === type)) return;
  throw new AppError("ERR_INVALID_ARGUMENT", `"${type}" is not a type of event that this daemon knows`);
}
