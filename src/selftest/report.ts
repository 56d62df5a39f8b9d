/** How one test ended. */
export interface TestResult {
  name: string;
  outcome: "passed" | "failed" | "skipped";
  ms: number;
  /** what the runner said of it before: of a failed one, why */
  details: string;
}

const RESULT = /^\((pass|fail|skip|todo)\) (.*?)(?: \[([\d.]+)(ms|s)\])?$/;
/** What Bun's runner says after many tests, before it names some of them again. */
const AGAIN = /^\d+ tests? (skipped|todo|failed):$/;
const OUTCOMES = { pass: "passed", fail: "failed", skip: "skipped", todo: "skipped" } as const;

/**
 * Reads what Bun's test runner writes to stderr, line by line: each test's details and then, in a line of its own,
 * `(pass) group > name [12.34ms]`. Pure.
 */
export class ReportReader {
  private details: string[] = [];
  /** whether those that were skipped, or failed, are listed once more */
  private isOver = false;

  /** The result that a line tells of, if it is one. */
  line(text: string): TestResult | undefined {
    this.isOver ||= AGAIN.test(text);
    const [, word, name, time, unit] = (this.isOver ? undefined : RESULT.exec(text)) ?? [];
    if (word === undefined || name === undefined) {
      this.details.push(text);
      return undefined;
    }
    const details = this.details.join("\n").trim();
    this.details = [];
    const outcome = OUTCOMES[word as keyof typeof OUTCOMES];
    return { name, outcome, ms: Number(time ?? 0) * (unit === "s" ? 1000 : 1), details };
  }

  /** What has been said since the last result. */
  get rest(): string {
    return this.details.join("\n").trim();
  }
}
