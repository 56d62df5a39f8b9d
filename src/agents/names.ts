import { baseName } from "../lib/names.ts";
import { nameOf, programOf } from "./program.ts";

/** What the programs of each kind of agent are called, without the folder unless the name is a common one; what an interpreter runs counts as the program. */
export const PROGRAMS = {
  claude: ["claude", "claude-code/cli.js", "claude-code/cli-wrapper.cjs"],
  codex: ["codex"],
  gemini: ["gemini"],
  opencode: ["opencode"],
  copilot: ["copilot", "@github/copilot/npm-loader.js", "@github/copilot/index.js"],
} as const satisfies Record<string, readonly string[]>;

/** What a kind of agent is called. */
export type AgentName = keyof typeof PROGRAMS;

/** The name of the kind of agent that a command line starts. Pure. */
export function agentNameOf(argv: readonly string[]): AgentName | undefined {
  // most processes are none, and regular expressions take their time at their first use
  if (!mayBe(argv)) return undefined;
  const called = baseName(argv[0] ?? "");
  if (Object.hasOwn(PROGRAMS, called)) return called as AgentName;
  const program = programOf(argv);
  return program && named(nameOf(program), program.path);
}

function mayBe(argv: readonly string[]): boolean {
  for (const word of argv) for (const kind in PROGRAMS) if (word.includes(kind)) return true;
  return false;
}

function named(name: string, path: string): AgentName | undefined {
  for (const kind in PROGRAMS) {
    for (const one of PROGRAMS[kind as AgentName])
      if (one === name || path.endsWith(`/${one}`)) return kind as AgentName;
  }
  return undefined;
}

/** What a command line gives to its program, as one text. Pure. */
export function argumentsOf(argv: readonly string[]): string {
  return argv.slice(programOf(argv)?.words).join("\0");
}
