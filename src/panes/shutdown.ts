import { AppError, asError } from "../lib/errors.ts";
import { poll, within } from "../lib/wait.ts";
import { isInteractiveShell } from "../process/foreground.ts";
import { commandLine, isAlive, isTmux, type ProcessStat, processStat } from "../process/identity.ts";
import { descendantsOf, foregroundJob, isBorder, isShared, livingProcesses } from "../process/tree.ts";
import { isPaneGone } from "../tmux/error.ts";
import { findPane, listPanes, type Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isBusy, prepareVerdict } from "../verdict/verdict.ts";
import { deadPane } from "./dead-pane.ts";
import type { Ended } from "./ended.ts";
import { parseKeys } from "./keys.ts";
import { describeMembers, ensureOwn, type Member, signalAll } from "./member.ts";
import { untilStarted } from "./ready.ts";
import { sendKeys } from "./send-keys.ts";
import { foregroundOf } from "./signal.ts";
import { waitForPane } from "./wait.ts";

/** What it took to end a job: nothing, since none ran; Ctrl-C; SIGTERM; SIGKILL. */
export type ShutdownMethod = "none" | "interrupt" | "terminate" | "kill";

/** How a pane's job was ended. */
export interface Shutdown {
  pane: Pane;
  method: ShutdownMethod;
  exitCode: number | undefined;
  durationMs: number;
  /** whether the pane ended with it */
  paneEnded: boolean;
  /** processes of the job that live on */
  survivors: Member[];
}

/** A signal, and the processes that got it. */
export interface Sent {
  signal: NodeJS.Signals;
  processes: Member[];
}

/** What each step may have of the time. */
const STEPS = [
  { method: "interrupt", share: 0.4 },
  { method: "terminate", share: 0.4 },
  { method: "kill", share: 0.2 },
] as const;
/** How long the kernel may take to end what was killed, and a shell to show its prompt after its job. */
const PROMPT_MS = 1000;
const LOOK_MS = 50;
/** How long what the job has started may take to end with it. */
const REST_MS = 200;

/**
 * Ends the job in the foreground of a pane: Ctrl-C, then SIGTERM, then SIGKILL, until it has ended and the shell is back at
 * its prompt. What is stopped or in the background stays, and so do the shell and its pane.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL; ERR_PANE_DEAD; ERR_NOT_OWNER for another
 *   user's job, which is not touched; ERR_TIMEOUT when something still runs there after all that
 */
export async function shutDown(
  server: TmuxServer,
  options: {
    session: string;
    pane: string;
    seconds: number;
    stateDir: () => string;
    signal?: AbortSignal;
    /** called for each signal that was sent, whatever comes of it */
    onSent: (pane: Pane, sent: Sent) => void;
  },
): Promise<Shutdown> {
  const { seconds, stateDir } = options;
  const begin = performance.now();
  const first = findPane(server, options.session, options.pane, { meanwhile: prepareVerdict });
  if (first.isDead) throw deadPane(first);
  // the start of a shell is no job of its
  const pane = await untilStarted(server, first);
  const place = { session: pane.session, pane: pane.id };
  const done = (method: ShutdownMethod, ended?: Partial<Ended>, job?: Job): Shutdown => ({
    pane,
    method,
    exitCode: ended?.exitCode,
    durationMs: Math.round(performance.now() - begin),
    paneEnded: ended?.paneEnded === true,
    survivors: job?.survivors ?? [],
  });
  if (!(await isBusy(pane))) return done("none");
  const job = new Job(server, pane);
  // whoever can't be ended is not to be interrupted either
  ensureOwn(pane, job.members);
  const abort = new AbortController();
  const stop = () => abort.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", stop, { once: true });
  const ending = untilEnded(server, { ...place, timeoutS: seconds + PROMPT_MS / 1000, stateDir }, abort.signal);
  let ended: Partial<Ended> | Error | undefined;
  let strongest: ShutdownMethod = "none";
  try {
    for (const { method, share } of STEPS) {
      if (method === "interrupt" && job.isTmux) continue; // a key would go to what runs in a pane of its own
      if (method !== "interrupt") {
        const name = method === "terminate" ? "SIGTERM" : "SIGKILL";
        const processes = job.signal(name);
        if (processes.length > 0) options.onSent(pane, { signal: name, processes });
      } else await sendKeys(server, place, INTERRUPT, { ends: true });
      strongest = method;
      const ms = share * seconds * 1000 + (method === "kill" ? PROMPT_MS : 0);
      ended ??= await job.untilOver(ending, ms);
      options.signal?.throwIfAborted();
      if (ended instanceof Error) break;
      // what a script has in the background takes no Ctrl-C
      if (ended && (await job.isEnded(method === "interrupt" ? REST_MS : ms))) break;
    }
  } finally {
    abort.abort();
    await ending; // which lets the pane go
    options.signal?.removeEventListener("abort", stop);
  }
  if (ended instanceof Error) throw ended;
  if (ended) return done(strongest, ended, job);
  throw new AppError("ERR_TIMEOUT", `Something still runs in pane ${pane.paneId} of "${pane.session}"`, {
    hint: "See what, with pane-status: a loop of the shell itself that takes no Ctrl-C, or a process that hangs in the kernel.",
    details: { survivors: describeMembers(job.living) },
  });
}

const INTERRUPT = parseKeys(["C-c"]);

/** How what runs in a pane ended; an error is given, and not thrown: it may come before it is looked at. */
async function untilEnded(
  server: TmuxServer,
  options: Parameters<typeof waitForPane>[1],
  signal: AbortSignal,
): Promise<Partial<Ended> | Error> {
  try {
    return await waitForPane(server, options, (run) => run(signal));
  } catch (thrown) {
    const hasEnded = thrown instanceof AppError && thrown.code === "ERR_COMMAND_ENDED";
    return hasEnded || isPaneGone(thrown) ? { paneEnded: true } : asError(thrown);
  }
}

/** What runs in the foreground of a pane: the processes that were seen first, and what they have started. */
class Job {
  private readonly seen = new Map<number, ProcessStat>();
  private session: number | undefined;
  /** the group that had the terminal */
  private terminal = 0;

  constructor(
    private readonly server: TmuxServer,
    private readonly pane: Pane,
  ) {
    this.begin();
  }

  /** All that were seen, whether they live or not. */
  get members(): ProcessStat[] {
    return [...this.seen.values()];
  }

  /** Whether a client of tmux is among it. */
  get isTmux(): boolean {
    return this.living.some(({ pid }) => isTmux(pid));
  }

  get living(): ProcessStat[] {
    return this.members.filter(isAlive);
  }

  /** Signals all of it, but for what has left the terminal or serves others. Returns those that it was sent to. */
  signal(name: NodeJS.Signals): Member[] {
    this.look();
    const receivers = this.living.filter((stat) => this.isHere(stat));
    const members = new Map(describeMembers(receivers).map((member) => [member.pid, member]));
    const got = signalAll(this.pane, receivers, name);
    // what is stopped would take it only when continued
    signalAll(
      this.pane,
      receivers.filter(({ pid }) => processStat(pid)?.state === "T"),
      "SIGCONT",
    );
    return got.flatMap(({ pid }) => members.get(pid) ?? []);
  }

  /**
   * Waits until it has ended, and what the shell went on with, if that was the same command.
   * @param ending resolves when nothing runs in the pane any more
   * @returns undefined when the time has passed
   */
  async untilOver<E>(ending: Promise<E>, ms: number): Promise<E | Record<never, never> | undefined> {
    const end = performance.now() + ms;
    for (;;) {
      const left = end - performance.now();
      const ended = await within(Math.max(1, Math.min(LOOK_MS, left)), ending);
      if (ended !== undefined) return ended;
      if (this.members.length > 0 && this.living.length === 0 && !this.goesOn()) {
        // the next command, which was typed ahead, is somebody's own
        return (await within(PROMPT_MS, ending)) ?? {};
      }
      if (left <= 0) return undefined;
    }
  }

  /** Whether all of it has ended, or does within so many milliseconds, but for what has left the terminal. */
  async isEnded(ms: number): Promise<boolean> {
    this.look();
    return (await poll(ms, LOOK_MS / 5, () => !this.living.some((stat) => this.isHere(stat)))) === true;
  }

  /** Those that live on. */
  get survivors(): Member[] {
    return describeMembers(this.living);
  }

  /** Whether the shell has gone on with another part of the same command: then that is what runs now. */
  private goesOn(): boolean {
    const now = listPanes(this.server, this.pane.session).find(({ id }) => id === this.pane.id);
    const isSame = now?.shell !== undefined && now.shell.text === this.pane.shell?.text;
    if (isSame) this.begin();
    return isSame;
  }

  /** What has left the terminal (setsid(1)), or serves others as well, was meant to outlive it. */
  private isHere({ pid, session, tpgid }: ProcessStat): boolean {
    const isOfTerminal = session === undefined ? tpgid > 0 : session === this.session;
    return isOfTerminal && !isShared(pid);
  }

  private begin(): void {
    const all = livingProcesses();
    const own = all.find(({ pid }) => pid === this.pane.pid);
    this.session = own?.session;
    this.terminal = own?.tpgid ?? 0;
    const job = foregroundJob(all, this.pane.pid, this.isOther(all));
    this.note(job.length > 0 ? job : foregroundOf(this.pane, all));
  }

  private look(): void {
    const all = livingProcesses();
    const pids = this.living.map(({ pid }) => pid);
    this.note(descendantsOf(all, pids, this.isOther(all)));
  }

  /** What is none of the job although something of it has started it: another's terminals, and a shell's jobs in the background. */
  private isOther(all: readonly ProcessStat[]): (stat: ProcessStat) => boolean {
    const groups = new Map(all.map(({ pid, pgrp }) => [pid, pgrp]));
    return ({ pid, ppid, pgrp }) => {
      const isInBackground = pgrp !== this.terminal && pgrp !== groups.get(ppid);
      return isBorder(pid) || (isInBackground && isInteractiveShell(commandLine(ppid)));
    };
  }

  private note(stats: readonly ProcessStat[]): void {
    for (const stat of stats) this.seen.set(stat.pid, stat);
  }
}
