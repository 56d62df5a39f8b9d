import { AppError, asError } from "../lib/errors.ts";
import { VERSION } from "../lib/self.ts";
import type { TestResult } from "../selftest/report.ts";
import { clearAfter, runSelftest } from "../selftest/selftest.ts";
import { requireTmux } from "../tmux/run.ts";
import { command } from "./define.ts";
import { interruptible } from "./interrupt.ts";
import { type Looking, meanwhile } from "./people/meanwhile.ts";
import { isColorful, print, printJson } from "./print.ts";

/** Of each part of the program what is quick, so that what does not work here is seen soon. */
const QUICK =
  "^(sessions|pane-exec|pane-capture|pane-run in (bash|dash) (true|exit 42|300 lines|a pane that dies)|pattern-match)\\b";

export default command({
  effect: "changes",
  examples: [
    "claude-tmux selftest",
    "claude-tmux selftest --quick",
    'claude-tmux selftest --filter "^sessions"',
    "claude-tmux selftest --json",
  ],
  notes:
    "Runs the acceptance tests that are compiled in, on tmux servers and in folders of their own; yours are not touched. All of them take about two minutes, in which they mostly wait; with --quick, those of sessions, of typing, of running commands and of callbacks take twenty seconds. Tests for a shell that is not installed are skipped. Exit code 1 if a test fails.",
  args: {
    quick: { type: "boolean", description: "only what shows within twenty seconds whether it works here" },
    filter: { type: "string", description: "only tests whose full name matches this regular expression" },
    clear: { type: "string", description: "clear up there when the input ends", isInternal: true },
  },
  async run(args, context) {
    if (args.clear !== undefined) {
      await clearAfter(args.clear);
      return 0;
    }
    checkFilter(args.filter);
    if (args.quick === true && args.filter !== undefined) {
      throw new AppError("ERR_INVALID_ARGUMENT", "--quick is a filter of its own: give it, or --filter");
    }
    const filter = args.quick === true ? QUICK : args.filter;
    const tmux = requireTmux();
    const isColor = context.color && !context.json && isColorful();
    const started = performance.now();
    const program = `claude-tmux ${VERSION}, ${process.platform} ${process.arch}, tmux ${tmux} (${Bun.which("tmux")})`;
    if (!context.json) print(program);
    const lasts = args.filter !== undefined ? "" : ` (all take about ${args.quick === true ? "20 s" : "two minutes"})`;
    const waits = context.json ? undefined : `the next test${lasts}`;
    let sign: Looking["sign"];
    const onResult = (test: TestResult) => {
      if (context.json) return;
      sign?.hide();
      print(testLine(test, isColor));
    };
    const result = await meanwhile(
      () => interruptible((signal) => runSelftest({ filter, signal, onResult })),
      {
        waits,
        live(does, looking) {
          sign = looking.sign;
          return does();
        },
      },
      context,
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
