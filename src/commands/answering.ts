import type { GenericSchema } from "valibot";
import type { AnsweringCommand, Arg, Context, Declaration, Terminal, TerminalContext, Values } from "./define.ts";
import type { Live, Showing } from "./people/meanwhile.ts";
import type { People } from "./people/view.ts";
import { isColorful, print, printError, printJson, printText } from "./print.ts";

type Args = Record<string, Arg>;

/** A schema by what it tells of. */
type SchemaOf<T> = GenericSchema<T, T>;

/** What people want of a text: fewer words, or colours. */
export type Taste = Pick<Terminal, "quiet" | "color">;

/** How people at a terminal are told, in what is loaded only then. */
interface Face<R> {
  /** what they see of it, in place of its text */
  people?(): Promise<People<R>>;
}

/** A command that may go on printing, if it has an option for that. */
interface Followable<A extends Args> extends Declaration<A> {
  /** with --follow, in place of an answer: prints what comes until somebody has had enough; returns the exit code */
  follow?(args: Values<A>, context: TerminalContext): Promise<number>;
}

/** A command that answers, and how its answer is told at a terminal. */
interface Answering<A extends Args, R> extends Followable<A>, Face<R> {
  answer(args: Values<A>, context: Context): R | Promise<R>;
  /** what may take long, in words, for a person who waits for it: "what runs in dev build" */
  waits?(args: Values<A>): string;
  /** shows people what comes while it is done; undefined where nothing is shown */
  live?(args: Values<A>): Promise<Live<R>> | undefined;
  /** what people see of it; undefined for nothing. Without it they get JSON */
  text?(result: R, taste: Taste): string | undefined;
  /**
   * its text is written as it is: it has colours, is a file, or tells nothing from outside. Else control characters are shown
   * as escapes, which costs half a millisecond at the first use
   */
  isRaw?: boolean;
  /** its text is what is printed with --json, too */
  isTextOnly?: boolean;
  /** in place of its text, what people are told on stderr, even if they want few words: that there was nothing to do */
  complaint?(result: R): string | undefined;
  /** when it is not 0 although there is an answer ("no") */
  exitCode?(result: R): number;
}

/** One whose answer is what --json prints. */
interface Plain<A extends Args, T> extends Answering<A, NoInfer<T>> {
  schema(): Promise<SchemaOf<T>>;
  data?: never;
}

/** One that tells people more than what --json prints, which `data` takes of its answer. */
interface Fuller<A extends Args, T, R> extends Answering<A, R> {
  schema(): Promise<SchemaOf<T>>;
  data(result: R): NoInfer<T>;
}

/**
 * Declares a command by its answer, what that looks like, and how people are told of it: with --json the answer is printed,
 * else its text.
 */
export function answering<const A extends Args, T>(spec: Plain<A, T>): AnsweringCommand<A>;
/** The same for an answer that tells people more than --json prints. */
export function answering<const A extends Args, T, R>(spec: Fuller<A, T, R>): AnsweringCommand<A>;
export function answering<A extends Args, R>(
  spec: Answering<A, R> & { schema(): Promise<GenericSchema>; data?(result: R): unknown },
): AnsweringCommand<A> {
  const { answer, data = (result: R): unknown => result, ...rest } = spec;
  return {
    ...rest,
    answer: async (args, context) => data(await answer(args, context)),
    async run(args, context) {
      if (spec.follow && isFollowing(args)) return await spec.follow(args, context);
      const { isForPeople } = context;
      const result = await (isForPeople ? watched(spec, args, context) : answer(args, context));
      if (isForPeople && spec.people) await showPeople(spec, result, context);
      else if (!spec.text || (context.json && !spec.isTextOnly)) printJson(data(result));
      else tell(spec, result, context);
      return spec.exitCode?.(result) ?? 0;
    },
  };
}

/** A command that answers with a list: --json prints a line for each item, as it comes. */
interface Listing<A extends Args, R> extends Followable<A>, Face<R[]> {
  items(args: Values<A>, context: Context): AsyncIterable<R> | Iterable<R>;
  /** what people see of an item; undefined for nothing. Without it they get JSON */
  text?(item: R, taste: Taste): string | undefined;
}

/** One whose items are what --json prints. */
interface PlainListing<A extends Args, T> extends Listing<A, NoInfer<T>> {
  /** what an item looks like */
  item(): Promise<SchemaOf<T>>;
  data?: never;
}

/** One that tells people more of each item than what --json prints. */
interface FullerListing<A extends Args, T, R> extends Listing<A, R> {
  item(): Promise<SchemaOf<T>>;
  data(item: R): NoInfer<T>;
}

/** Declares a command by the items of its answer; for another program that is an array of them. */
export function listing<const A extends Args, T>(spec: PlainListing<A, T>): AnsweringCommand<A>;
/** The same for items that tell people more than --json prints. */
export function listing<const A extends Args, T, R>(spec: FullerListing<A, T, R>): AnsweringCommand<A>;
export function listing<A extends Args, R>(
  spec: Listing<A, R> & { item(): Promise<GenericSchema>; data?(item: R): unknown },
): AnsweringCommand<A> {
  const { items, item, text, follow, people, data = (each: R): unknown => each, ...rest } = spec;
  return {
    ...rest,
    answer: (args, context) => Array.fromAsync(items(args, context), data),
    async schema() {
      const { array } = await import("valibot");
      return array(await item());
    },
    async run(args, context) {
      if (follow && isFollowing(args)) return await follow(args, context);
      if (context.isForPeople && people) {
        await showPeople({ people }, await Array.fromAsync(items(args, context)), context);
        return 0;
      }
      const taste = tasteOf(context);
      const tell = (each: R) => {
        if (context.json || !text) return printJson(data(each));
        const shown = text(each, taste);
        return shown === undefined || printText(shown);
      };
      let isRead = true;
      // all of them, also when nobody reads any more: what comes next may still have to be done
      for await (const each of items(args, context)) {
        if (isRead) isRead = tell(each);
      }
      return 0;
    },
  };
}

function isFollowing(args: unknown): boolean {
  return (args as { follow?: boolean }).follow === true;
}

/** Does it while a person looks on. */
async function watched<A extends Args, R>(
  { answer, waits, live }: Answering<A, R>,
  args: Values<A>,
  context: TerminalContext,
): Promise<R> {
  const showing: Showing<R> = { waits: waits?.(args), live: await live?.(args) };
  if (showing.waits === undefined && !showing.live) return await answer(args, context);
  const { meanwhile } = await import("./people/meanwhile.ts");
  return await meanwhile(async () => answer(args, context), showing, context);
}

async function showPeople<R>(
  { people, complaint }: Face<R> & Pick<Answering<Args, R>, "complaint">,
  result: R,
  context: TerminalContext,
): Promise<void> {
  const words = complaint?.(result);
  if (words !== undefined) return void printError(words);
  const { viewOf } = await import("./people/view.ts");
  const text = (await people?.())?.(result, viewOf(context));
  if (text !== undefined) print(text);
}

function tell<A extends Args, R>(spec: Answering<A, R>, result: R, context: TerminalContext): void {
  const complaint = spec.complaint?.(result);
  if (complaint !== undefined) {
    printError(complaint);
    return;
  }
  const text = spec.text?.(result, tasteOf(context));
  if (text !== undefined) (spec.isRaw ? print : printText)(text);
}

function tasteOf({ quiet, color }: Terminal): Taste {
  return {
    quiet,
    get color() {
      return color && isColorful();
    },
  };
}
