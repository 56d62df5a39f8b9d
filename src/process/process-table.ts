/** A process, for certain: a pid may be reused, but never with the same start time. */
export interface ProcessId {
  pid: number;
  /** in the unit of the table that told it, so to be compared only with what the same kind of table has told */
  startTime: number;
}

/** What the system says of a process, as far as we need it. */
export interface ProcessStat extends ProcessId {
  /** as proc(5) names them: S for one that sleeps, T for a stopped one, Z for a zombie that waits for its parent */
  state: string;
  ppid: number;
  /** its session (setsid(2)); undefined where the system does not say */
  session?: number;
  /** its process group, and the foreground process group of its terminal (-1 or 0: no terminal) */
  pgrp: number;
  tpgid: number;
}

/** What a process has used of the machine. */
export interface Usage {
  /** of all CPUs, in its own code and in the kernel's for it, since it was started, ms; undefined where the system does not say */
  cpuMs: number | undefined;
  /** its resident set, bytes */
  residentBytes: number;
}

/** Whether a process waits for its terminal to have something to read: `unknown` where the system does not say. */
export type Waits = "yes" | "no" | "unknown";

/** Where the system is asked about its processes. What is asked of a process that is gone is undefined, or empty. */
export interface ProcessTable {
  /** The table as it is now, of all processes or of one, for several questions at a time. Not to be kept. */
  now(pid?: number): ProcessTable;
  /** The processes, zombies among them, as far as one may see them. */
  pids(): number[];
  /** Those of the effective user. */
  ownPids(): number[];
  /** The state of a process, which may be a zombie. */
  stat(pid: number): ProcessStat | undefined;
  /** How long a process has lived that started then, seconds. */
  ageS(startTime: number): number | undefined;
  ownerUid(pid: number): number | undefined;
  /** The path of its terminal; undefined also where that can't be told. */
  terminal(pid: number): string | undefined;
  /** Resident set in bytes. */
  residentBytes(pid: number): number | undefined;
  /** What it has used of the machine. */
  usage(pid: number): Usage | undefined;
  /** The words that a process was started with. */
  commandLine(pid: number): string[];
  /** The program that it runs: its path, or where that can't be known its name. */
  executable(pid: number): string | undefined;
  /** The environment it was started with, `NAME=value` each. */
  startEnvironment(pid: number): string[];
  /** Where in the kernel it sleeps; "", "0" or "-" where the kernel does not say. */
  waitChannel(pid: number): string;
  /** How many bytes at most it waits to read from its standard input; undefined where the system does not say. */
  readSize(pid: number): number | undefined;
  /** Whether any thread of it waits for a terminal, by its path, to have something to read. */
  waitsForTerminal(pid: number, tty: string): Waits;
  /** Whether any thread of it sleeps in a read of it (read(2)); false also where the system does not say. */
  readsTerminal(pid: number, tty: string): boolean;
  /** The path of what it has open at a file descriptor; undefined also where that can't be told. */
  openFile(pid: number, fd: number): string | undefined;
  /** The paths of all that it has open, as the system tells them; empty also where that can't be told. */
  openFiles(pid: number): string[];
  /** Whether it has a file open that has this name (see canonical.ts), or had it and was deleted; or just the latter. */
  hasOpen(pid: number, path: string, options: { deletedOnly: boolean }): boolean;
}
