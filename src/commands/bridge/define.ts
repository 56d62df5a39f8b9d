import { type Arg, type Command, type Context, command, type Values } from "../define.ts";
import { print } from "../print.ts";
import { inPlace } from "./place.ts";
import { type Result, successReply } from "./reply.ts";

const compactArg = { type: "boolean", description: "the JSON on one line" } as const;

/**
 * Declares a bridge command: `answer` makes its result, which is printed as the one JSON object of every command. The
 * words for a session and a pane that it gets are such as tmux can be told, exactly (see inPlace).
 */
export function bridgeCommand<const A extends Record<string, Arg>>(
  name: string,
  spec: Omit<Command<A>, "run"> & { answer(args: Values<A>, context: Context): Result | Promise<Result> },
) {
  const { answer } = spec;
  return command({
    ...spec,
    args: { ...spec.args, compact: compactArg } as A & { compact: typeof compactArg },
    async run(values, context) {
      const given = values as unknown as Values<A> & { session?: string; pane?: string; compact?: boolean };
      const result =
        given.session === undefined
          ? await answer(given, context)
          : await answerInPlace(given, given.session, context, answer);
      print(successReply(name, result, given.compact === true));
      return result.exitCode ?? 0;
    },
  });
}

/** The exit code of a yes/no question that could not be answered, as grep(1) has it: 1 means no. */
export function questionFailed(own: number): number {
  return own === 1 ? 2 : own;
}

async function answerInPlace<V extends { pane?: string }>(
  values: V,
  session: string,
  context: Context,
  answer: (values: V, context: Context) => Result | Promise<Result>,
): Promise<Result> {
  const placed = await inPlace(context, { session, pane: values.pane }, (words) =>
    answer({ ...values, ...words }, context),
  );
  return { ...placed.result, session: placed.session };
}
