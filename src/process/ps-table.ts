import { fs, nodePath } from "../lib/builtin.ts";
import { readText } from "../lib/files.ts";
import { effectiveUid } from "../lib/uid.ts";
import { canonical } from "./canonical.ts";
import type { ProcessStat, ProcessTable, Usage, Waits } from "./process-table.ts";
import { askOpenFiles, askWaitChannel, findLsof, PsAnswers } from "./ps.ts";
import { isAmong, isStartedAs, type PsRow, parseEnvironment, splitCommand } from "./ps-text.ts";

const STATE_DIR = "CLAUDE_TMUX_STATE_DIR=";

/**
 * The process table where there is no /proc, as on macOS: what ps(1) and lsof(8) tell. Start times are in seconds since
 * the epoch. Each question runs ps, but those to what now() returns are answered by as few as can be.
 */
export class PsTable implements ProcessTable {
  /**
   * @param answers those of a moment; undefined: ask anew each time
   * @param lsof how to find lsof
   */
  constructor(
    private readonly answers?: PsAnswers,
    private readonly lsof: () => string | undefined = findLsof,
  ) {}

  now(pid?: number): ProcessTable {
    return new PsTable(new PsAnswers(pid), this.lsof);
  }

  pids(): number[] {
    return [...(this.answers ?? new PsAnswers()).rows.keys()];
  }

  ownPids(): number[] {
    const uid = effectiveUid();
    const { rows } = this.answers ?? new PsAnswers();
    return [...rows.values()].flatMap((row) => (row.uid === uid ? [row.pid] : []));
  }

  stat(pid: number): ProcessStat | undefined {
    const row = this.row(pid);
    if (row === undefined) return undefined;
    const { startTime, state, ppid, pgrp, tpgid } = row;
    return { pid, startTime, state, ppid, pgrp, tpgid };
  }

  ageS(startTime: number): number {
    return Math.max(0, Date.now() / 1000 - startTime);
  }

  ownerUid(pid: number): number | undefined {
    return this.row(pid)?.uid;
  }

  terminal(): undefined {
    return undefined; // how it is set could not be asked anyway
  }

  residentBytes(pid: number): number | undefined {
    return this.row(pid)?.residentBytes || undefined; // a zombie has none
  }

  usage(pid: number): Usage | undefined {
    const bytes = this.residentBytes(pid);
    return bytes === undefined ? undefined : { cpuMs: undefined, residentBytes: bytes };
  }

  commandLine(pid: number): string[] {
    const row = this.row(pid);
    return row === undefined || row.state === "Z" ? [] : splitCommand(row.command, process.execPath);
  }

  /** The path if it is that of this very program, else the name alone: ps knows only by what path it was called. */
  executable(pid: number): string | undefined {
    const answers = this.about(pid);
    const name = answers.name(pid);
    const isOurs =
      name !== undefined &&
      nodePath().basename(process.execPath).startsWith(name) &&
      isStartedAs(answers.rows.get(pid)?.command ?? "", process.execPath);
    return isOurs ? process.execPath : name;
  }

  startEnvironment(pid: number): string[] {
    const answers = this.about(pid);
    return parseEnvironment(answers.commandAndEnvironment(pid) ?? "", answers.rows.get(pid)?.command ?? "");
  }

  waitChannel(pid: number): string {
    return askWaitChannel(pid);
  }

  waitsForTerminal(): Waits {
    return "unknown";
  }

  readsTerminal(): boolean {
    return false;
  }

  readSize(): undefined {
    return undefined;
  }

  openFile(): undefined {
    return undefined; // lsof takes as long for one as for all
  }

  openFiles(pid: number): string[] {
    const lsof = this.lsof();
    return lsof === undefined ? [] : (askOpenFiles(lsof, pid) ?? []).map(({ name }) => name);
  }

  hasOpen(pid: number, path: string, options: { deletedOnly: boolean }): boolean {
    const lsof = this.lsof();
    const files = lsof === undefined ? undefined : askOpenFiles(lsof, pid);
    if (files === undefined) return !options.deletedOnly && this.mayHold(pid, path);
    return isAmong(files, path, { ...options, inode: inodeOf(path) });
  }

  /**
   * Without lsof: whether a process, which the caller knows to be a daemon or watchdog of ours, holds a lock file as far
   * as the file itself tells, or else (it was deleted) the process's environment and command line: those of the default
   * tmux server are found so. Whoever says to have another state folder does not hold it.
   */
  private mayHold(pid: number, path: string): boolean {
    const [, stateDir] =
      this.startEnvironment(pid)
        .find((pair) => pair.startsWith(STATE_DIR))
        ?.split(STATE_DIR) ?? [];
    const root = stateDir === undefined ? undefined : nodePath().dirname(canonical(`${stateDir}/file`));
    if (root !== undefined && !path.startsWith(`${root}/`)) return false;
    if (readText(path)?.startsWith(`{"pid":${pid},`)) return true;
    const words = this.commandLine(pid);
    const isDefaultServer = words.includes("-L") ? words[words.indexOf("-L") + 1] === "default" : !words.includes("-S");
    return root === nodePath().dirname(path) && isDefaultServer;
  }

  private row(pid: number): PsRow | undefined {
    return this.about(pid).rows.get(pid);
  }

  private about(pid: number): PsAnswers {
    return this.answers ?? new PsAnswers(pid);
  }
}

function inodeOf(path: string): string | undefined {
  const stat = fs().statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.ino}`;
}
