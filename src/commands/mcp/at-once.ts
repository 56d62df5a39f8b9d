import { AppError } from "../../lib/errors.ts";
import { invalid } from "./steps.ts";
import type { Input, Outcome, Tool } from "./tools.ts";

/** Which end of several calls that are done at once ends them all. */
export type Enough = "all" | "first" | "failure";

/** So many are done at once. */
const AT_ONCE_MAX = 20;

/**
 * The inputs of the calls that one with a list stands for; undefined where none is given. Pure.
 * @throws AppError ERR_INVALID_ARGUMENT
 */
export function separate({ each, makesPane }: Tool, input: Input): Input[] | undefined {
  if (!each || input[each.of] === undefined) return undefined;
  const { [each.of]: list, ...rest } = input;
  if (!Array.isArray(list)) return [input]; // whose type is complained of
  const { of, inPlaceOf } = each;
  if (rest[inPlaceOf] !== undefined) throw invalid(`"${of}" and "${inPlaceOf}" are both there: give one of them`);
  if (list.length === 0 || list.length > AT_ONCE_MAX) {
    throw invalid(`"${of}" has ${list.length} of them: give 1 to ${AT_ONCE_MAX}`);
  }
  if (makesPane && rest.session === undefined)
    throw invalid(`"session" is missing: each of "${of}" gets a new pane there`);
  return list.map((one) => ({ ...rest, [inPlaceOf]: one }));
}

/**
 * Does several calls at once, until enough of them have come to an end; the others are given up, which ends nothing that runs.
 * @returns what came of each, in their order
 */
export async function atOnce(
  calls: readonly ((signal: AbortSignal) => Promise<Outcome>)[],
  enough: Enough,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.all(
      calls.map(async (call) => {
        const outcome = await call(giveUp.signal);
        if (isEnough(outcome, enough)) {
          giveUp.abort(new AppError("ERR_COMMAND_FAILED", "Another one has ended, which was enough"));
        }
        return outcome;
      }),
    );
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * What is told of several calls. Of those that were given up: `running` where what was typed or waited for was seen and goes on,
 * else `given_up`: nothing was typed. Pure.
 */
export function listOf(outcomes: readonly Outcome[], panes: readonly unknown[]): unknown[] {
  return outcomes.map((outcome, i) => {
    const pane = panes[i];
    if (outcome.goesOn !== undefined) return { pane, ...(outcome.goesOn ? { running: true } : { given_up: true }) };
    const { output, ...facts } = outcome.facts;
    const isObject = typeof output === "object" && output !== null && !Array.isArray(output);
    return isObject ? { pane, ...facts, ...output } : { pane, ...outcome.facts };
  });
}

/** An error that does not tell of an end, such as one for a pane that is not there, is none. */
function isEnough({ isError, facts }: Outcome, enough: Enough): boolean {
  const { exit_code: code, error } = facts as { exit_code?: number | null; error?: { code: string } };
  if (enough === "all" || (isError && code === undefined)) return false;
  // what was waited for did not come, however it ended
  return enough === "first" || (typeof code === "number" && code !== 0) || error?.code === "ERR_COMMAND_ENDED";
}
