import { AppError } from "../../lib/errors.ts";
import { answering } from "../answering.ts";
import type { AnsweringCommand, Arg, Context, Declaration, Values } from "../define.ts";
import type { Live } from "../people/meanwhile.ts";
import type { People, ResultOf } from "../people/view.ts";
import type { FactsSchema } from "../results/reply.ts";
import { inPlace } from "./place.ts";
import { type Result, replyText, successReply } from "./reply.ts";

const compactArg = { type: "boolean", description: "the JSON on one line", isOfTerminal: true } as const;

type Args = Record<string, Arg>;

/**
 * Declares a bridge command: `answer` makes its result, which is printed as the one JSON object of every command, and to a
 * person at a terminal as `people` has it; `schema` is that of the result's facts. The words for a session and a pane that it gets are such as tmux can be told, exactly
 * (see inPlace).
 */
export function bridgeCommand<const A extends Args, S extends FactsSchema>(
  name: string,
  spec: Declaration<A> & {
    schema(): Promise<S>;
    answer(args: Values<A>, context: Context): ResultOf<S> | Promise<ResultOf<S>>;
    /** what people see of it; without it, its output and its further facts by their names */
    people?(): Promise<People<ResultOf<S>>>;
    /** is told of an error, whatever it comes from, before that is: its place may not have been found */
    failed?(args: Values<A>, error: AppError, context: Context): Promise<void>;
    /** see answering() */
    waits?(args: Values<A>): string;
    live?(args: Values<A>): Promise<Live<ResultOf<S>>> | undefined;
  },
): AnsweringCommand<A & { compact: typeof compactArg }> {
  const { answer, schema, people, failed, waits, live, ...declared } = spec;
  return answering({
    ...declared,
    args: { ...spec.args, compact: compactArg } as A & { compact: typeof compactArg },
    async schema() {
      const { replySchema } = await import("../results/reply.ts");
      return replySchema(name, await schema());
    },
    async answer(values, context): Promise<Answered> {
      const given = values as Given as Values<A> & Given;
      const call = answer as (args: Values<A>, context: Context) => Result | Promise<Result>;
      try {
        const result =
          given.session === undefined
            ? await call(given, context)
            : await answerInPlace(given, given.session, context, call);
        return { result, isCompact: given.compact === true };
      } catch (thrown) {
        if (failed && thrown instanceof AppError) await failed(given, thrown, context);
        throw thrown;
      }
    },
    people: () => peopleOf(people as (() => Promise<People<Result>>) | undefined),
    ...(waits && { waits: (values) => waits(values as Given as Values<A>) }),
    ...(live && { live: (values) => liveOf(live(values as Given as Values<A>) as Promise<Live<Result>> | undefined) }),
    data: ({ result }) => successReply(name, result),
    text: ({ result, isCompact }) => replyText(successReply(name, result), isCompact),
    isRaw: true,
    isTextOnly: true,
    exitCode: ({ result }) => result.exitCode ?? 0,
  });
}

/** What any of these commands may be given. */
interface Given {
  session?: string;
  pane?: string;
  compact?: boolean;
}

/** A result, and whether it is asked for as JSON on one line. */
interface Answered {
  result: Result;
  isCompact: boolean;
}

async function peopleOf(people: (() => Promise<People<Result>>) | undefined): Promise<People<Answered>> {
  const show = people ? await people() : (await import("../people/general.ts")).general;
  return ({ result }, view) => show(result, view);
}

function liveOf(live: Promise<Live<Result>> | undefined): Promise<Live<Answered>> | undefined {
  return live?.then((show) => async (does, how) => {
    const result = await show(async () => (await does()).result, how);
    return { result, isCompact: false };
  });
}

/** The output of a yes/no question: a text, as the scripts had it. */
export function yesOrNo(is: boolean): "true" | "false" {
  return is ? "true" : "false";
}

/** The exit code of a yes/no question that could not be answered, as grep(1) has it: 1 means no. */
export function questionFailed(own: number): number {
  return own === 1 ? 2 : own;
}

async function answerInPlace<V extends { pane?: string }, R>(
  values: V,
  session: string,
  context: Context,
  answer: (values: V, context: Context) => R | Promise<R>,
): Promise<R & { session: string }> {
  const placed = await inPlace(context, { session, pane: values.pane }, (words) =>
    answer({ ...values, ...words }, context),
  );
  const { otherSession } = placed.result as Result;
  return { ...placed.result, session: otherSession ?? placed.session };
}
