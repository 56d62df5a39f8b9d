import { daemonVersion } from "../doctor/daemon-version.ts";
import { examine, isRefused } from "../doctor/examine.ts";
import { worstOf } from "../doctor/finding.ts";
import { checkLeftOver } from "../doctor/left-over.ts";
import { escapeControls } from "../lib/plain-text.ts";
import { answering } from "./answering.ts";

export default answering({
  effect: "reads",
  examples: ["claude-tmux doctor", "claude-tmux doctor --json | jq '.findings[] | select(.verdict != \"ok\")'"],
  notes: "Changes nothing. Exit code 0 also with warnings, 1 if something does not work.",
  args: {},
  schema: async () => (await import("./results/program.ts")).Examination,
  people: async () => (await import("./people/daemon.ts")).findings,
  async answer(_, { server, paths, ours }) {
    const findings = [...examine(server, paths), ...(await daemonVersion(paths))];
    // of a folder that is refused nothing is read
    if (!isRefused(paths)) findings.push(await checkLeftOver(server, paths));
    const told = findings.map(({ message, advice, ...rest }) => ({
      ...rest,
      message: ours(message),
      ...(advice !== undefined && { advice: ours(advice) }),
    }));
    return { verdict: worstOf(findings), findings: told };
  },
  text: ({ findings }, { color }) => findings.map((finding) => lines(finding, color)).join("\n"),
  isRaw: true,
  exitCode: ({ verdict }) => (verdict === "error" ? 1 : 0),
});

const WIDTH = 14;
const MARKS = { ok: ["✓", 32], note: ["i", 36], warning: ["!", 33], error: ["✗", 31] } as const;

interface Told {
  check: string;
  verdict: keyof typeof MARKS;
  message: string;
  advice?: string;
}

function lines({ check, verdict, message, advice }: Told, isColor: boolean): string {
  const [mark, code] = MARKS[verdict];
  const shown = isColor ? `\x1b[${code}m${mark}\x1b[0m` : mark;
  const advised = advice === undefined ? "" : `\n${" ".repeat(WIDTH + 2)}→ ${advice}`;
  return `${shown} ${escapeControls(`${check.padEnd(WIDTH)}${message}${advised}`)}`;
}
