import { AppError, changed } from "../../lib/errors.ts";
import { writeSlowly } from "../print.ts";
import type { Ran } from "../results/run.ts";
import { LiveOutput } from "./live-output.ts";
import type { Live } from "./meanwhile.ts";
import type { ResultOf } from "./view.ts";

/** Shows what a command writes as it comes: nothing of its output is left to be shown then. */
export const liveRun: Live<ResultOf<typeof Ran>> = async (does, { context, view, sign }) => {
  const before = (isLineOpen: boolean) => sign?.hide(isLineOpen);
  using output = new LiveOutput({ ...view, write: writeSlowly, before });
  context.onOutput = (piece) => output.push(piece);
  try {
    const result = await does();
    // of a part, it is not known where it begins
    await output.finish(result.details.output_truncated ? "" : result.output);
    return { ...result, output: "" };
  } catch (thrown) {
    const { partial_output: text } = thrown instanceof AppError ? thrown.details : {};
    await output.finish(typeof text === "string" ? text : "");
    throw thrown instanceof AppError ? told(thrown) : thrown;
  }
};

/** The same error without what has been shown already. */
function told(error: AppError): AppError {
  const { partial_output: _, ...details } = error.details;
  return changed(error, { details });
}
