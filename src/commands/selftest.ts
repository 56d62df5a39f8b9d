import { AppError, asError } from "../lib/errors.ts";
import { VERSION } from "../lib/self.ts";
import type { TestResult } from "../selftest/report.ts";
import { clearAfter, runSelftest } from "../selftest/selftest.ts";
import { requireTmux } from "../tmux/run.ts";
import { command } from "./define.ts";
import { interruptible } from "./interrupt.ts";
import { isColorful, print, printJson } from "./print.ts";

export default command({
  effect: "changes",
  examples: ["claude-tmux selftest", 'claude-tmux selftest --filter "^sessions"', "claude-tmux selftest --json"],
  notes:
    "Runs the acceptance tests that are compiled in, on tmux servers and in folders of their own; yours are not touched. Takes about a minute. Tests for a shell that is not installed are skipped. Exit code 1 if a test fails.",
  args: {
    filter: { type: "string", description: "only tests whose full name matches this regular expression" },
    clear: { type: "string", description: "clear up there when the input ends", isInternal: true },
  },
  async run(args, context) {
    if (args.clear !== undefined) {
      await clearAfter(args.clear);
      return 0;
    }
    checkFilter(args.filter);
    const tmux = requireTmux();
    const isColor = context.color && !context.json && isColorful();
    const started = performance.now();
    const program = `claude-tmux ${VERSION}, ${process.platform} ${process.arch}, tmux ${tmux} (${Bun.which("tmux")})`;
    if (!context.json) print(program);
    const result = await interruptible((signal) =>
      runSelftest({
        filter: args.filter,
        signal,
        onResult: (test) => {
          if (!context.json) print(testLine(test, isColor));
        },
      }),
    );
    const { tests, exitCode, rest } = result;
    const count = (outcome: TestResult["outcome"]) => tests.filter((test) => test.outcome === outcome).length;
    const [passed, failed, skipped] = [count("passed"), count("failed"), count("skipped")];
    if (exitCode !== 0 && tests.length === 0 && args.filter !== undefined && /did not match|0 pass/.test(rest)) {
      throw new AppError("ERR_INVALID_ARGUMENT", `No test has a name that matches "${args.filter}"`);
    }
    // it has been killed, or had nothing to run
    if (failed === 0 && (exitCode !== 0 || passed === 0)) {
      throw new AppError("ERR_COMMAND_FAILED", `The tests did not run to the end (exit code ${exitCode})`, {
        hint: rest || undefined,
      });
    }
    if (context.json) {
      const rows = tests.map(({ details, ...test }) => (test.outcome === "failed" ? { ...test, details } : test));
      printJson({ status: failed === 0 ? "success" : "error", program, passed, failed, skipped, tests: rows });
    } else {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      print(`\n${passed} passed, ${failed} failed, ${skipped} skipped, in ${seconds} s`);
    }
    return failed === 0 ? 0 : 1;
  },
});

function testLine({ name, outcome, ms, details }: TestResult, isColor: boolean): string {
  const paint = (code: number, text: string) => (isColor ? `\x1b[${code}m${text}\x1b[0m` : text);
  if (outcome === "skipped") return paint(2, `- ${name} (skipped)`);
  const time = paint(2, `${ms.toFixed(0)} ms`);
  if (outcome === "passed") return `${paint(32, "✓")} ${name}  ${time}`;
  return `${paint(31, "✗")} ${name}  ${time}\n${details.replace(/^/gm, "    ")}`;
}

function checkFilter(filter: string | undefined): void {
  try {
    new RegExp(filter ?? "");
  } catch (cause) {
    throw new AppError("ERR_INVALID_ARGUMENT", `--filter is not a regular expression: ${asError(cause).message}`, {
      cause,
    });
  }
}
