import { type Result, successReply } from "../../bridge/reply.ts";
import { AppError } from "../../lib/errors.ts";
import { type Arg, type Command, type Context, command, type Values } from "../define.ts";
import { print } from "../print.ts";

const compactArg = { type: "boolean", description: "the JSON on one line" } as const;

/** Declares a bridge command: `answer` makes its result, which is printed as the one JSON object of every command. */
export function bridgeCommand<const A extends Record<string, Arg>>(
  name: string,
  spec: Omit<Command<A>, "run"> & { answer(args: Values<A>, context: Context): Result | Promise<Result> },
) {
  const { answer } = spec;
  return command({
    ...spec,
    args: { ...spec.args, compact: compactArg } as A & { compact: typeof compactArg },
    async run(values, context) {
      const result = await orImport(context, () => answer(values as unknown as Values<A>, context));
      print(successReply(name, result, (values as { compact?: boolean }).compact === true));
      return result.exitCode ?? 0;
    },
  });
}

/**
 * Asks again when a pane, a label or a value was not found, and version 3.0 had left state that has not been imported.
 * What was not found was not touched.
 */
async function orImport(context: Context, answer: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await answer();
  } catch (thrown) {
    const isMissing =
      thrown instanceof AppError && (thrown.code === "ERR_PANE_NOT_FOUND" || "missing" in thrown.details);
    if (!isMissing) throw thrown;
    const { importLegacy } = await import("../../bridge/legacy.ts");
    if (!importLegacy(context.server, context.paths)) throw thrown;
    return await answer();
  }
}
