import { atOnce, commandLine, isOwn, processStat, startEnvironment } from "../process/identity.ts";
import { livingProcesses } from "../process/tree.ts";
import type { AgentProcess } from "./agent.ts";

/** A living process as agents are known by; undefined where there is none. */
export function agentProcess(pid: number): AgentProcess | undefined {
  const stat = processStat(pid);
  return stat && describe(stat.pid, stat.startTime);
}

/**
 * Those of this user that satisfy a condition, which is asked before anything is read of them but their command line.
 * @param parent only those that it has started
 */
export function ownProcesses(isWanted: (argv: readonly string[]) => boolean, parent?: number): AgentProcess[] {
  return atOnce(() =>
    livingProcesses().flatMap(({ pid, ppid, startTime }) => {
      if (parent !== undefined && ppid !== parent) return [];
      const process = describe(pid, startTime);
      return isWanted(process.argv) && isOwn(pid) ? [process] : [];
    }),
  );
}

function describe(pid: number, startTime: number): AgentProcess {
  let environment: string[] | undefined;
  return {
    pid,
    startTime,
    argv: commandLine(pid),
    variable(name) {
      environment ??= startEnvironment(pid);
      return environment.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
    },
  };
}
