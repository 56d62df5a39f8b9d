import { agentIn } from "../agents/table.ts";
import { quotedWords } from "../lib/shell.ts";
import { commandLine, processStat, startEnvironment, terminalOf } from "../process/identity.ts";
import { jobsAmong } from "../process/jobs.ts";
import { linkTarget } from "../process/proc-table.ts";
import type { ProcessStat } from "../process/process-table.ts";
import { foregroundJob, isBorder } from "../process/tree.ts";
import { type Exported, ownVariables, storedVariables } from "./environment.ts";
import type { ProgramOf } from "./manifest.ts";
import type { Miss } from "./plan-terms.ts";
import { withoutSecrets } from "./secret-arguments.ts";

/** What the shell of a program has told, and where it is told what of the program is not stored. */
interface Told {
  exported: Exported | undefined;
  miss: Miss;
}

/** What has the terminal of a pane, as the kernel has it; null where nothing is known. */
export function programIn(
  pid: number,
  processes: readonly ProcessStat[],
  { isOfShell, exported, miss }: Told & { isOfShell: boolean },
): ProgramOf | null {
  if (!isOfShell) return programOf(pid, { cut: null, exported, miss });
  const job = foregroundJob(processes, pid, ({ pid: one }) => isBorder(one));
  const group = processStat(pid)?.tpgid;
  const leader = job.find((each) => each.pid === group) ?? job[0];
  // of several that the shell has started at once, one alone would be another command; a copy of the shell is none
  const isCopy = leader !== undefined && quotedWords(commandLine(leader.pid)) === quotedWords(commandLine(pid));
  const isPart = isCopy || job.filter(({ ppid, pgrp }) => ppid === pid && pgrp === group).length > 1;
  return leader ? programOf(leader.pid, { cut: isPart ? "part" : null, exported, miss }) : null;
}

/** The jobs of a shell that are stopped or in the background, one of each. */
export function jobsIn(pid: number, processes: readonly ProcessStat[], told: Told): ProgramOf[] {
  const group = processStat(pid)?.tpgid;
  const jobs = jobsAmong(processes, pid).filter(({ pgrp, ppid }) => pgrp !== group && ppid === pid);
  const firsts = new Map(jobs.toReversed().map((stat) => [stat.pgrp, stat]));
  return [...firsts.values()].flatMap((stat) => programOf(stat.pid, { cut: null, ...told }) ?? []);
}

function programOf(pid: number, { cut, exported, miss }: Told & { cut: ProgramOf["cut"] }): ProgramOf | null {
  const argv = commandLine(pid);
  if (argv.length === 0) return null;
  const shown = withoutSecrets(argv);
  const missHere: Miss = (what, why) => miss(what, `${why}; ${quotedWords(shown)} goes without it`);
  const isHidden = shown.some((word, i) => word !== argv[i]);
  return {
    argv: shown,
    cwd: linkTarget(`/proc/${pid}/cwd`) ?? null,
    cut: isHidden ? "secret" : (cut ?? (isRedirected(pid) ? "redirected" : null)),
    agent: agentOf(pid),
    environment: exported ? storedVariables(ownVariables(startEnvironment(pid), exported), missHere) : null,
  };
}

function agentOf(pid: number): ProgramOf["agent"] {
  const agent = agentIn(pid);
  return agent ? { kind: agent.kind.name, conversation: agent.conversation ?? null } : null;
}

/** Whether it reads or writes somewhere else than in its terminal. */
function isRedirected(pid: number): boolean {
  const terminal = terminalOf(pid);
  return [0, 1].some((fd) => {
    const target = linkTarget(`/proc/${pid}/fd/${fd}`);
    return target !== undefined && terminal !== undefined && target !== terminal;
  });
}
