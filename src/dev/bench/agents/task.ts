import type { Scene } from "./scene.ts";

/** What is concluded, and what is true: plain values by name. */
export type Conclusion = Record<string, string | number | boolean>;

/** What differs from round to round and stands in the question, by name. */
export type Given = Record<string, string>;

/** What a conclusion says of what could not be found out: it is not wrong. */
export const UNKNOWN = "unknown";

/** Something that agents do with tmux. */
export interface Task {
  number: number;
  name: string;
  /** as an agent would be given it; `{name}` stands for what is given by that name, and the conclusion's names are told */
  question: string;
  /** programs that it is about, without which it is left out */
  needs?: readonly string[];
  prepare(scene: Scene): Promise<Prepared>;
}

/** A task that can begin. */
export interface Prepared {
  given?: Given;
  /** or how to find it out when the way has concluded */
  truth: Conclusion | (() => Promise<Conclusion>);
  /** what happens in the middle: a way says when it is ready for that */
  meanwhile?(): Promise<void>;
  /**
   * What has been harmed, in words, when the task is done: to have harmed something is as bad as a false conclusion.
   * @param seen all that the tool has given back
   */
  harm?(seen: string): Promise<string[]>;
}

/** How a task ended: `failed` when the way gave up, which concludes as little as `unknown`. */
export type Verdict = "right" | "unknown" | "failed" | "wrong";

/** Judges a conclusion: one value that is not as it truly is makes it wrong, one that is not known makes it unknown. Pure. */
export function judge(truth: Conclusion, concluded: Conclusion): Exclude<Verdict, "failed"> {
  const said = Object.entries(truth).map(([name, value]) => {
    const one = concluded[name] ?? UNKNOWN;
    // no number was there to be read
    return one === value ? "right" : one === UNKNOWN || Number.isNaN(one) ? "unknown" : "wrong";
  });
  return said.includes("wrong") ? "wrong" : said.includes("unknown") ? "unknown" : "right";
}
