import type { InferOutput } from "valibot";
import type { Screen } from "../../lib/columns.ts";
import { config } from "../../lib/config.ts";
import { terminalColumns } from "../../lib/libc.ts";
import type { Facts, Result } from "../bridge/reply.ts";
import type { Context, Terminal } from "../define.ts";
import { isColorful } from "../print.ts";
import type { FactsSchema } from "../results/reply.ts";

/** What a person looks at an answer with. */
export interface View extends Screen {
  /** fewer words */
  quiet: boolean;
  /** ms since the epoch, from which times are told */
  now: number;
  /** the home folder, which is told as ~ */
  home: string | undefined;
  /** see Context */
  ours(text: string): string;
}

/** How people see an answer; undefined for nothing. Of what others have written, a terminal must act upon nothing. */
export type People<R> = (result: R, view: View) => string | undefined;

/** What a bridge command with such facts found or did. */
export type ResultOf<S extends FactsSchema> = Result<InferOutput<S> & Facts>;

const WIDTH = 80;
const WIDTH_MIN = 20;

/** The terminal that stdout is. */
export function viewOf({ quiet, color, ours }: Terminal & Pick<Context, "ours">): View {
  return {
    width: Math.max(terminalColumns() ?? WIDTH, WIDTH_MIN),
    isColor: color && isColorful(),
    quiet,
    now: Date.now(),
    home: config.home,
    ours,
  };
}
