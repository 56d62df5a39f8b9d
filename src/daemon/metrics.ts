import type { Status } from "../ipc/protocol.ts";

/** What is told of snapshots. */
export interface SnapshotFigures {
  /** what is stored, of all tmux servers; undefined where that can't be read */
  store: { snapshots: number; bytes: number } | undefined;
  /** of the sessions that are saved by themselves, how old the newest snapshot is, seconds */
  ages: Record<string, number>;
  /** how often that was done, by what came of it */
  outcomes: Record<string, number>;
}

/** One metric of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
interface Metric {
  name: string;
  type: "gauge" | "counter";
  help: string;
  /** a number, or one for each value of a label */
  value: number | { label: string; values: Record<string, number> };
}

/** Metrics in Prometheus' text format, version 0.0.4. Pure. */
function formatMetrics(metrics: readonly Metric[]): string {
  return metrics.map(formatMetric).join("");
}

function formatMetric({ name, type, help, value }: Metric): string {
  const head = `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} ${type}\n`;
  if (typeof value === "number") return `${head}${name} ${value}\n`;
  const { label, values } = value;
  const samples = Object.entries(values).map(([key, sample]) => `${name}{${label}="${escapeLabel(key)}"} ${sample}\n`);
  return head + samples.join("");
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/**
 * What a daemon tells of itself.
 * @param figures.outcomes callbacks that ended since it started, by how
 * @param figures.agents how many coding agents are in each state, of those that are followed
 * @param figures.events the newest sequence number of the log, and how many events it holds, by type
 */
export function daemonMetrics(
  status: Status,
  figures: {
    outcomes: Record<string, number>;
    events: { newest: number; byType: Record<string, number> };
    agents: Record<string, number>;
    snapshots: SnapshotFigures;
  },
): string {
  const { agents, outcomes, events, snapshots } = figures;
  const gauge = (name: string, help: string, value: Metric["value"]): Metric => {
    return { name: `claude_tmux_${name}`, type: "gauge", help, value };
  };
  const counter = (name: string, help: string, value: Metric["value"]): Metric => {
    return { name: `claude_tmux_${name}`, type: "counter", help, value };
  };
  return formatMetrics([
    gauge("up", "Whether the event daemon runs.", 1),
    gauge("start_time_seconds", "When it started, in seconds since the epoch.", status.started_at / 1000),
    gauge("memory_bytes", "Its resident memory.", status.memory_bytes),
    gauge("panes", "Panes of the tmux server.", status.panes),
    gauge("followed_panes", "Panes whose output is followed.", status.watched_panes),
    gauge("attached_sessions", "Sessions with panes that it hears.", status.watched_sessions),
    gauge("subscriptions", "Subscriptions that have not ended.", status.subscriptions),
    gauge("agents", "Coding agents in panes of which somebody has subscribed to agent-state, by state.", {
      label: "state",
      values: agents,
    }),
    gauge("callbacks_queued", "Callbacks that wait for their turn.", status.queue),
    gauge("callbacks_running", "Callbacks that run.", status.running_callbacks),
    counter("callbacks_total", "Callbacks that ended since it started, by how.", {
      label: "outcome",
      values: outcomes,
    }),
    counter("events_total", "Events since the log of events was begun: the newest sequence number.", events.newest),
    gauge("events_logged", "Events in the log, by type.", { label: "type", values: events.byType }),
    ...(snapshots.store
      ? [
          gauge("snapshots", "Snapshots of sessions that are stored.", snapshots.store.snapshots),
          gauge("snapshots_bytes", "What they take on the disk.", snapshots.store.bytes),
        ]
      : []),
    gauge(
      "snapshot_age_seconds",
      "How old the newest automatic snapshot is of each session that is saved so; below 0: the clock was set back since.",
      {
        label: "session",
        values: snapshots.ages,
      },
    ),
    counter("autosaves_total", "How often sessions were looked at since it started, to be saved if they had changed.", {
      label: "outcome",
      values: snapshots.outcomes,
    }),
  ]);
}
