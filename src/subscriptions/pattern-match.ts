import { compilePattern } from "../matching/pattern.ts";
import { progressIn, unheardIn } from "./pane-progress.ts";
import { subscriptionType } from "./type.ts";

/** Lines that appear in a pane and match a regular expression. */
export const patternMatch = subscriptionType({
  name: "pattern-match",
  pane: "required",
  details: { pattern: { kind: "text" } },
  help: "each line that appears and matches a regular expression (RE2 syntax)",
  read({ pattern }) {
    compilePattern(pattern); // which throws
    return { pattern };
  },
  begin: ({ server, id }, { pattern }) => JSON.stringify(progressIn(server, id, compilePattern(pattern ?? ""))),
  unheard: {
    unit: "line",
    count: ({ server, id }, { pattern, progress }) => unheardIn(server, id, compilePattern(pattern ?? ""), progress),
  },
  fires: {
    by: "output",
    interest({ pattern, progress: before }, { fire, progressed }) {
      return {
        lines: {
          pattern: pattern ?? "",
          progress: before,
          matched({ line, match }, progress) {
            fire({ message: line, about: { pattern }, details: { line, match: match.text }, progress });
          },
          progressed,
        },
      };
    },
  },
});
