import { isDirect } from "../agents/program.ts";
import { kindNamed, kindOf } from "../agents/table.ts";
import { baseName } from "../lib/names.ts";
import { quotedWords } from "../lib/shell.ts";
import { showableLine } from "./harmless.ts";
import type { EnvironmentOf, PaneOf, ProgramOf } from "./manifest.ts";
import type { AgentStart, Here, Miss, WhyNotStarted } from "./plan-terms.ts";
import { NO_VALUE, whyNot } from "./plan-variables.ts";
import { isUnread, UNREAD } from "./unread.ts";

/** What is to run in a pane again. */
export interface PlannedPrograms {
  /** the command line of the program that its shell starts; undefined for none */
  command: string | undefined;
  /** those that are put into the shell's history instead, the last one last */
  history: string[];
}

interface How {
  isOwn: boolean;
  here: Here;
  whyNotStarted: WhyNotStarted;
  miss: Miss;
  /** the variables of the session */
  session: EnvironmentOf;
}

/** What the programs of a pane come to. Pure, but for what `here` tells. */
export function plannedPrograms(
  { program, jobs, shell, environment }: PaneOf,
  { isOwn, here, whyNotStarted, miss, session }: How,
): PlannedPrograms {
  const history: string[] = [];
  // a stranger's is not even put where Enter would run it; other shells take nothing into their histories but what they have run
  const isKept = isOwn && (shell === null || ["bash", "zsh"].includes(baseName(shell)));
  const keep = (line: string | undefined) => void (isKept && line !== undefined && history.push(line));
  for (const job of jobs) {
    miss(`the job ${nameOf(job)}`, "jobs that are stopped or in the background are not started");
    const line = whyNoLine(job) === undefined ? lineOf(job, job.argv, isOwn) : undefined;
    if (line !== undefined) tellVariables(job, { isOwn, miss });
    keep(line);
  }
  if (!program) return { command: undefined, history };
  const given = [program.environment, environment, session];
  const variable = (name: string) => given.find((one) => one?.set[name] != null)?.set[name] ?? here.environment[name];
  const way = program.agent
    ? resumed(program, { isOwn, here, variable })
    : { argv: program.argv, agent: undefined, why: undefined };
  const noLine = whyNoLine(program);
  const line = way.argv && noLine === undefined ? lineOf(program, way.argv, isOwn) : undefined;
  if (line === undefined || way.argv === undefined) {
    miss(nameOf(program), way.why ?? noLine ?? NO_LINE);
    return { command: undefined, history };
  }
  tellVariables(program, { isOwn, miss });
  const why = whyNotStarted(way.argv, way.agent);
  if (why === undefined) return { command: line, history };
  miss(nameOf(program), `${why}: ${STARTING}${isKept ? KEPT : ""}`);
  keep(line);
  return { command: undefined, history };
}

const KEPT = "; its line goes into the history of its shell";

/** What a plan tells of the panes in `places` (`pane 2.1`), whose shells have taken nothing into their histories after all. Pure. */
export function withoutHistory<M extends { where: string; why: string }>(
  missing: readonly M[],
  places: readonly string[],
): M[] {
  return missing.map((one) => (places.includes(one.where) ? { ...one, why: one.why.replace(KEPT, "") } : one));
}

const NO_LINE = "its command line is not known";
const STARTING = "session-restore --run all, or --run with a pattern for it, starts it";

const WHY_CUT = {
  secret: "it was given a secret, which is not stored",
  part: "it was a part of a pipeline, of which the rest is not known",
  redirected: "it read or wrote elsewhere than in its terminal, and how is not known",
};

/** Why the command line of a program is not known as a whole; undefined where it is. */
function whyNoLine({ argv, cut }: ProgramOf): string | undefined {
  if (cut !== null) return WHY_CUT[cut];
  const unread = argv.find(isUnread);
  return unread === undefined ? undefined : `of ${showableLine(quotedWords([unread]))}, ${UNREAD}`;
}

interface Way {
  /** undefined: in no way */
  argv: readonly string[] | undefined;
  agent: AgentStart | undefined;
  why: string | undefined;
}

/** How an agent goes on with its conversation, or why it does not. */
function resumed(
  { argv, agent }: ProgramOf,
  { isOwn, here, variable }: { isOwn: boolean; here: Here; variable(name: string): string | undefined },
): Way {
  const not = (why: string): Way => ({ argv: undefined, agent: undefined, why });
  const kind = agent && kindNamed(agent.kind);
  if (!kind) return not("it is a coding agent of a kind that is not known here");
  if (agent.conversation === null) return not("it is a coding agent, and which conversation it had could not be told");
  const way = kind.resume(argv, agent.conversation);
  if (!way) return not("it is a coding agent that can't go on with its conversation with what it was given");
  if (here.isLiving(agent.kind, agent.conversation)) return not("its conversation goes on elsewhere");
  if (!here.isKept(agent.kind, agent.conversation, variable)) return not("its conversation is not kept here");
  const doubt = !isOwn
    ? "it is a coding agent, which does what its folder tells it, and the snapshot is not one of your own (--trust)"
    : !way.isPlain
      ? "what it was given does more than have it go on with its conversation"
      : kindOf(argv) !== kind || !isDirect(argv)
        ? `its command line could start something else than ${kind.name}`
        : undefined;
  return { argv: way.argv, agent: { doubt }, why: undefined };
}

/** The command line that starts a program as it was, with the variables that it alone was given. */
function lineOf({ environment }: ProgramOf, argv: readonly string[], isOwn: boolean): string | undefined {
  if (argv.length === 0) return undefined;
  const given = Object.entries(environment?.set ?? {}).filter(
    ([name, value]) => whyNot(name, value, isOwn) === undefined,
  );
  const taken = given.flatMap(([name, value]) => (value === null ? ["-u", name] : []));
  const set = given.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
  return quotedWords(given.length === 0 ? argv : ["env", ...taken, ...set, ...argv]);
}

/** Tells of the variables that a command line goes without. */
function tellVariables(program: ProgramOf, { isOwn, miss }: { isOwn: boolean; miss: Miss }): void {
  const { set, hidden } = program.environment ?? { set: {}, hidden: [] };
  const tell = (name: string, why: string) =>
    miss(`the variable ${showableLine(name)}`, `${why}; ${nameOf(program)} goes without it`);
  for (const [name, value] of Object.entries(set)) {
    const why = whyNot(name, value, isOwn);
    if (why !== undefined) tell(name, why);
  }
  // not even one that is set here: a command line is for all to see
  for (const name of hidden) tell(name, NO_VALUE);
}

function nameOf({ argv }: ProgramOf): string {
  return showableLine(quotedWords(argv));
}
