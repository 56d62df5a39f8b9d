import { paint } from "../../lib/toned.ts";
import type { Answered, Ended, Ran } from "../results/run.ts";
import { exitText, page, words, wrapped } from "./lines.ts";
import type { People, ResultOf, View } from "./view.ts";

/** What `pane-run` shows after what it has shown live: the output, if that was not shown, and how the command ended. */
export const ran: People<ResultOf<typeof Ran>> = ({ output, details }, view) =>
  page(
    output === "" ? undefined : words(output, view),
    details.output_truncated && note(`a part of its ${details.output_lines} lines is not shown here`, view),
    endLine(details, view),
    details.note !== undefined && note(details.note, view),
  );

/** What `pane-wait` and `pane-exec-timeout` tell of a command that has ended. */
export const ended: People<ResultOf<typeof Ended>> = ({ output, details, pane }, view) => {
  const where = pane ? ` in pane ${pane.paneId} (${pane.id})` : "";
  return page(view.quiet ? undefined : words(`${output}${where}`, view), endLine(details, view));
};

/** What a program answered: the answer, and what it waits at now. */
export const answered: People<ResultOf<typeof Answered>> = ({ output, details }, view) => {
  const { prompt, end, exit_code: exitCode, output_truncated: isCut } = details;
  const shown = exitCode === undefined ? undefined : exitText(exitCode, null);
  return page(
    output === "" ? undefined : words(output, view),
    isCut && note("a part of the answer is missing: it was too much, or could not be heard", view),
    end === "quiet" ? note("it may go on: only the silence was long enough", view) : undefined,
    view.quiet || prompt.trim() === "" ? undefined : words(prompt, view, "dim"),
    view.quiet || shown === undefined ? undefined : words(shown.text, view, shown.tone),
  );
};

function endLine(details: Omit<Ended, "output">, view: View): string[] | undefined {
  if (view.quiet) return undefined;
  const { exit_code: exitCode, duration_ms: durationMs, pane_ended: isPaneEnded, draft } = details;
  const shown = exitText(exitCode, durationMs);
  const more = [
    ...(isPaneEnded ? ["the pane ended with it"] : []),
    ...(draft ? ["what was half typed in the pane was cleared"] : []),
  ];
  return wrapped([shown.text, ...more].join("; "), view.width).map((line) => paint(line, shown.tone, view.isColor));
}

function note(text: string, { isColor, quiet, width }: View): string[] | undefined {
  return quiet ? undefined : wrapped(`(${text})`, width).map((line) => paint(line, "dim", isColor));
}
