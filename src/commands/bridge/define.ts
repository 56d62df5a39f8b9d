import { type Result, successReply } from "../../bridge/reply.ts";
import { type Arg, type Command, type Context, command, type Values } from "../define.ts";
import { print } from "../print.ts";

const compactArg = { type: "boolean", description: "the JSON on one line" } as const;

/** Declares a bridge command: `answer` makes its result, which is printed as the one JSON object of every command. */
export function bridgeCommand<const A extends Record<string, Arg>>(
  name: string,
  spec: Omit<Command<A>, "run"> & { answer(args: Values<A>, context: Context): Result | Promise<Result> },
) {
  const { answer, ...rest } = spec;
  return command({
    ...rest,
    args: { ...spec.args, compact: compactArg } as A & { compact: typeof compactArg },
    async run(values, context) {
      const result = await answer(values as unknown as Values<A>, context);
      print(successReply(name, result, (values as { compact?: boolean }).compact === true));
      return result.exitCode ?? 0;
    },
  });
}
