/** One metric of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export interface Metric {
  name: string;
  type: "gauge" | "counter";
  help: string;
  /** a number, or one for each value of a label */
  value: number | { label: string; values: Record<string, number> };
}

/** Metrics in Prometheus' text format, version 0.0.4. Pure. */
export function formatMetrics(metrics: readonly Metric[]): string {
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
