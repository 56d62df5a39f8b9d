import { config } from "../lib/config.ts";
import { AppError, expectedError } from "../lib/errors.ts";
import { jsonText } from "../lib/json.ts";
import { isTerminal } from "../lib/libc.ts";
import type { Command } from "./define.ts";
import type { GlobalOptions } from "./options.ts";
import type { CommandLine } from "./parse.ts";
import { isColorful, print, printError, printText } from "./print.ts";
import { asCalled } from "./table.ts";

/** What is known of a command line that failed. */
export interface Failed {
  /** the family and the name of the command, as far as they are known */
  words: readonly string[];
  options: Pick<GlobalOptions, "json" | "quiet" | "color">;
  /** see Context */
  ours(text: string): string;
  reading: CommandLine;
  command: Command | undefined;
  /** whether a person reads stdout, at a terminal, and has asked for no JSON */
  isForPeople: boolean;
  /** whether the JSON is to be on one line */
  isCompact: boolean;
}

/**
 * Tells of what went wrong, once, and returns the exit code: in JSON on stdout for the bridge and with --json, as sentences on
 * stderr otherwise, and to a person who reads JSON beside that.
 */
export async function fail(error: Error, call: Failed): Promise<number> {
  const { words, options, command, reading } = call;
  if (command?.isSilent) return 0;
  const known = expectedError(error);
  const hint = "This is a bug: please report it, with what follows.";
  const failure = known ?? new AppError("ERR_COMMAND_FAILED", error.message, { hint });
  const general = failure.exitCode === 2 ? `See: claude-tmux ${asCalled(...words, "--help")}` : undefined;
  const advice = failure.hint === undefined ? general : call.ours(failure.hint);
  let isTold = false;
  try {
    const answer = call.isForPeople ? undefined : await failureAnswer(failure, advice, call);
    if (answer !== undefined) isTold = print(answer) && !command?.isStream;
  } catch {
    // stdout is what failed
  }
  // whoever reads JSON has the words there, but a person who looks on; the old scripts' names tell both, as ever
  if (!isTold || reading.isByPlace || (!options.quiet && isTerminal(2))) {
    try {
      if (call.isForPeople) showWritten(failure.details);
    } catch {
      // as above
    }
    const isColor = call.isForPeople && options.color && isColorful(2);
    const name = isColor ? "\x1b[31mclaude-tmux:\x1b[0m" : "claude-tmux:";
    printError(`${failure.message}${advice && !options.quiet ? `\n${advice}` : ""}`, `${name} `);
  }
  if (config.debug || !known) printError(error.stack ?? String(error));
  const { exitCode } = failure;
  return reading.isByPlace ? exitCode : (command?.failureCode?.(exitCode) ?? exitCode);
}

/** Shows people what a command in a pane had written, of which scripts are told in the JSON. */
function showWritten({ last_lines: lines, partial_output: output }: Record<string, unknown>): void {
  const text = typeof output === "string" ? output.trimEnd() : Array.isArray(lines) ? lines.join("\n") : "";
  if (text !== "") printText(text);
}

/** The JSON that stands on stdout for a failure: always for the bridge, else with --json. */
async function failureAnswer(
  { code, message, details }: AppError,
  hint: string | undefined,
  { words, options, reading: { values }, isCompact }: Failed,
) {
  const [family, command] = words;
  if (family === "bridge" && command !== undefined) {
    const { failureReply, replyText } = await import("./bridge/reply.ts");
    const { pickedPane } = await import("../tmux/target.ts");
    const { pane, ...names } = values;
    const picked = pane === undefined ? undefined : pickedPane();
    const word = names.session ?? names.name;
    // one word for both a pane and its session names the pane
    const session = picked?.session ?? (typeof word === "string" && word !== pane ? word : "");
    const paneId = picked?.paneId ?? (typeof pane === "string" ? pane : "");
    const id = picked?.id ?? "";
    return replyText(failureReply({ command, session, paneId, pane: id, code, message, hint, details }), isCompact);
  }
  return options.json ? jsonText({ status: "error", output: message, ...details, error: { code, hint } }) : undefined;
}
