import { config } from "../../lib/config.ts";
import { isTerminal } from "../../lib/libc.ts";
import type { Context, TerminalContext } from "../define.ts";
import { hint, isColorful } from "../print.ts";
import { Sign } from "./sign.ts";
import { type View, viewOf } from "./view.ts";

/** With what a person looks on: a sign of life can be taken away for what is written. */
export interface Looking {
  context: Context;
  view: View;
  sign: Pick<Sign, "hide"> | undefined;
}

/** Does something, and shows what comes meanwhile; returns the result, with what of it is still to be shown. */
export type Live<R> = (does: () => Promise<R>, looking: Looking) => Promise<R>;

/** What people see while something is done. */
export interface Showing<R> {
  /** what is waited for, in words; undefined where it does not take long */
  waits: string | undefined;
  live: Live<R> | undefined;
}

/** Does something while a person looks on: with a sign of life on stderr, if that is a terminal, and what comes meanwhile. */
export async function meanwhile<R>(
  does: () => Promise<R>,
  { waits, live }: Showing<R>,
  context: TerminalContext,
): Promise<R> {
  const view = viewOf(context);
  using sign = waits === undefined ? undefined : signOf(waits, view, context);
  return live ? await live(does, { context, view, sign }) : await does();
}

function signOf(words: string, { width }: View, { quiet, color }: TerminalContext): Sign | undefined {
  if (quiet || config.isDumbTerminal || !isTerminal(2)) return undefined;
  return new Sign({ words, width, isColor: color && isColorful(2), write: hint });
}
