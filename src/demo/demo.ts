import * as v from "valibot";
import { poll } from "../lib/wait.ts";
import { Stage } from "../stage/stage.ts";

/** Where the demo is shown, and how it is interrupted. */
export interface Show {
  print(text: string): void;
  color: boolean;
  /** aborted to end it early; it cleans up all the same */
  signal: AbortSignal;
}

// the demo's own back-off: the default of two seconds is for real crashes, not for an audience
const BACKOFF_MS = 1000;
// what a machine that has the time reaches; a busy one gets ten times as much, and the figures are shown as they are
const BACK_WITHIN_MS = 500;
const LATENCY_MS = 50;
const SLACK = 10;
/** How long a step may take on a machine that is busy with other things. */
const PATIENCE_MS = 20_000;

const SERVER = "sh -c 'while :; do echo tick; sleep 1; done'";
const BUILD = "sh -c 'seq 1 1000 | sort -R | sort -n | tail -1'";
/** Prints a line that holds the nanosecond at which it was written. */
const TESTS = `sh -c 'sleep 0.3; echo "128 passed at $(date +%s%N)"'`;
const ASKING = `sh -c 'while printf "release? "; read -r release; do echo "building $release"; done'`;
const PATTERN = "[0-9]+ passed at [0-9]+";
/** Notes the nanosecond at which it began, beside the line that it was called for. */
const CALLBACK = 'echo "$(date +%s%N) $CLAUDE_TMUX_LINE" >> "$TMUX_TMPDIR/called"';

const Panes = v.array(
  v.object({ pane: v.string(), label: v.string(), is_running: v.boolean(), command: v.string(), pid: v.number() }),
);

const Screen = v.object({ output: v.object({ lines: v.array(v.string()), waiting_for: v.string() }) });
const Saved = v.object({ windows: v.number(), panes: v.number(), lines: v.number(), snapshot: v.string() });
const Restored = v.object({
  missing: v.array(v.object({ what: v.string() })),
  differences: v.array(v.unknown()),
});
const Answer = v.object({ output: v.string() });
const Ended = v.object({
  method: v.string(),
  exit_code: v.nullable(v.number()),
  duration_ms: v.number(),
  survivors: v.array(v.unknown()),
});

/**
 * Shows the whole system at work: panes, an event with its callback, a crash and its recovery, a session that comes back, and a
 * clean end. Each step is checked; returns whether every one of them really happened.
 */
export async function runDemo(show: Show): Promise<boolean> {
  const tell = teller(show);
  const started = performance.now();
  const stage = new Stage({ CLAUDE_TMUX_BACKOFF_BASE_MS: `${BACKOFF_MS}` });
  try {
    show.print(
      `${tell.bold("claude-tmux demo")}: a tmux server and a state folder of its own; yours are not touched\n`,
    );
    const acts = [startUp, showPanes, showEvent, showTalk, showCrash, showReturn, cleanUp];
    for (const act of acts) await Promise.race([act(stage, tell), interruption(show.signal)]);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    show.print(`\nAll of it happened, in ${seconds} s. Go on with: ${tell.bold("claude-tmux --help")}`);
    return true;
  } catch (thrown) {
    show.print(`  ${tell.red("✗")} ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return false;
  } finally {
    await stage[Symbol.asyncDispose]();
  }
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Error("interrupted"));
    if (signal.aborted) interrupt();
    else signal.addEventListener("abort", interrupt, { once: true });
  });
}

async function startUp(stage: Stage, { title, done }: Tell): Promise<void> {
  title("1. A daemon, and a watchdog over it");
  const started = performance.now();
  await stage.must(["daemon", "start", "--auto-restart"]);
  const ms = Math.round(performance.now() - started);
  check((await stage.must(["daemon", "health"])) === "healthy", "the daemon is not healthy");
  done(`serving after ${ms} ms, and healthy`);
}

async function showPanes(stage: Stage, { title, done, bold }: Tell): Promise<void> {
  title("2. A session of three labelled panes, with a job in each");
  await stage.must(["bridge", "session-create", "demo"]);
  for (const label of ["server", "build"]) await stage.must(["bridge", "pane-create", "demo", label]);
  await stage.must(["bridge", "pane-exec", "demo", "server", SERVER]);
  await stage.must(["bridge", "pane-exec", "demo", "build", BUILD]);
  const result = await poll(PATIENCE_MS, 30, async () => (await capture(stage, "build")).includes("1000"));
  check(result, "the build printed no result");
  const isUp = await poll(
    PATIENCE_MS,
    30,
    async () => (await capture(stage, "server")).filter((line) => line === "tick").length > 0,
  );
  check(isUp, "the server does not tick");
  const panes = await listPanes(stage);
  check(panes.map((pane) => pane.label).join() === "main,server,build", "the panes have lost their labels");
  check(panes.find((pane) => pane.label === "server")?.is_running, "the server does not run");
  for (const { pane, label, is_running, command } of panes) {
    done(
      `${pane} ${bold(label.padEnd(7))} ${is_running ? `runs ${command}` : `is at its prompt${label === "build" ? ", having sorted a thousand numbers" : ""}`}`,
    );
  }
}

async function showEvent(stage: Stage, { title, done, bold }: Tell): Promise<void> {
  title("3. An event, and the callback it fires");
  const id = await stage.must(["daemon", "subscribe", "demo", "pattern-match", "main", PATTERN, CALLBACK]);
  done(`subscription ${id}: run a command when "${PATTERN}" appears in main`);
  const { line, latencyMs } = await fire(stage, 1);
  done(`main wrote "${bold(line)}"; the callback began ${bold(`${latencyMs.toFixed(1)} ms`)} after it`);
  done("and not when the command was typed, although that matches as well");
}

async function showTalk(stage: Stage, { title, done, bold }: Tell): Promise<void> {
  title("4. A program that asks, an answer, and an end");
  await stage.must(["bridge", "pane-exec", "demo", "build", ASKING]);
  const waits = async () => {
    const { output } = v.parse(Screen, JSON.parse(await stage.must(["bridge", "pane-screen", "demo", "build"])));
    return output.lines.at(-1) === "release?" && output.waiting_for;
  };
  // where the system does not tell, nobody can know that it reads a line
  const waiting = await poll(PATIENCE_MS, 30, async () => {
    const now = await waits();
    return (now === "line" || now === "unknown") && now;
  });
  check(waiting, "the program does not ask");
  done(`build asks "${bold("release?")}", and waits for: ${waiting}`);
  const answer = v.parse(Answer, JSON.parse(await stage.must(["bridge", "pane-ask", "demo", "build", "--", "3.2.0"])));
  check(answer.output === "building 3.2.0", "the answer is not whole");
  done(`asked with "3.2.0", it answers "${bold(answer.output)}", and asks again`);
  const ended = v.parse(
    Ended,
    JSON.parse(await stage.must(["bridge", "pane-graceful-shutdown", "demo", "build", "5"])),
  );
  check(ended.survivors.length === 0, "something of it lives on");
  done(
    `ended by ${ended.method} after ${ended.duration_ms} ms, with exit code ${ended.exit_code}; its shell is at the prompt`,
  );
}

async function showCrash(stage: Stage, { title, done, bold }: Tell): Promise<void> {
  title("5. A crash: kill -9 of the daemon");
  const before = await daemonPid(stage);
  process.kill(before, "SIGKILL");
  const killed = performance.now();
  const limitMs = BACKOFF_MS + BACK_WITHIN_MS * SLACK;
  const after = await poll(limitMs, 10, async () => {
    const pid = await daemonPid(stage).catch(() => before);
    return pid !== before && pid;
  });
  const ms = performance.now() - killed;
  check(after, `the daemon was not back after ${limitMs} ms`);
  check((await stage.must(["daemon", "health"])) === "healthy", "the new daemon is not healthy");
  done(
    `pid ${before} is dead; pid ${after} serves ${bold(`${Math.round(ms)} ms`)} later, of which ${BACKOFF_MS} are the back-off`,
  );
  const { latencyMs } = await fire(stage, 2);
  done(`the subscription is still there: the next match called back after ${latencyMs.toFixed(1)} ms`);
  const events = (await stage.must(["daemon", "events", "--type", "pattern-match"])).split("\n");
  check(events.length === 2, `the event log holds ${events.length} matches instead of 2`);
  const labels = (await listPanes(stage)).map((pane) => pane.label);
  check(labels.join() === "main,server,build", "the panes have lost their labels");
  done("the event log holds both matches, the panes still have their labels: nothing was lost");
}

async function showReturn(stage: Stage, { title, done, bold }: Tell): Promise<void> {
  title("6. Its tmux server ends, and the session comes back");
  const { snapshot, panes, lines } = v.parse(Saved, JSON.parse(await stage.must(["bridge", "session-save", "demo"])));
  done(`saved as ${snapshot}: ${panes} panes, and the ${lines} lines that they show`);
  await stage.endServer();
  const begun = performance.now();
  const restored = v.parse(Restored, JSON.parse(await stage.must(["bridge", "session-restore", "demo"])));
  const ms = Math.round(performance.now() - begun);
  check(restored.differences.length === 0, `it is not as it was: ${JSON.stringify(restored.differences)}`);
  const labels = (await listPanes(stage)).map((pane) => pane.label);
  check(labels.join() === "main,server,build", "the panes have lost their labels");
  check((await capture(stage, "build")).includes("building 3.2.0"), "what the build wrote is lost");
  done(`the server was ended, and ${bold(`${ms} ms`)} later all of it is there: panes, labels, and every line`);
  const missing = restored.missing.map(({ what }) => what).join(", ");
  check(missing.includes("echo tick"), "it is not said what does not run any more");
  done(`said to be missing is what ran: ${missing} (--run all starts it again)`);
}

async function cleanUp(stage: Stage, { title, done }: Tell): Promise<void> {
  title("7. The end");
  const stopped = await stage.must(["daemon", "stop"]);
  done(stopped.replaceAll("\n", ", "));
  await stage.endServer();
  const isAlone = await poll(3000, 10, () => stage.processes().length === 0);
  check(isAlone, `processes are left: ${stage.processes().join(", ")}`);
  stage.remove();
  done("no process, no socket and no file is left");
}

/** Runs the tests in the main pane; returns what the callback was told, and how long after the writing it began. */
async function fire(stage: Stage, nth: number): Promise<{ line: string; latencyMs: number }> {
  await stage.must(["bridge", "pane-exec", "demo", "main", TESTS]);
  const lines = await stage.lines("called", nth, PATIENCE_MS);
  check(lines.length === nth, `the callback ran ${lines.length} times instead of ${nth}`);
  const [, began = "", line = "", written = ""] = /^(\d+) (\d+ passed at (\d+))$/.exec(lines[nth - 1] ?? "") ?? [];
  check(written !== "", `the callback was told something else: ${lines[nth - 1]}`);
  const latencyMs = Number(BigInt(began) - BigInt(written)) / 1e6;
  check(latencyMs <= LATENCY_MS * SLACK, `the callback began only ${latencyMs.toFixed(1)} ms after the line`);
  return { line: line.replace(/ at \d+$/, ""), latencyMs };
}

async function capture(stage: Stage, pane: string): Promise<string[]> {
  const reply = JSON.parse(await stage.must(["bridge", "pane-capture", "demo", pane]));
  return v.parse(v.object({ output: v.string() }), reply).output.split("\n");
}

async function listPanes(stage: Stage): Promise<v.InferOutput<typeof Panes>> {
  const reply = JSON.parse(await stage.must(["bridge", "pane-list-detailed", "demo"]));
  return v.parse(v.object({ output: Panes }), reply).output;
}

async function daemonPid(stage: Stage): Promise<number> {
  const status = JSON.parse(await stage.must(["daemon", "status", "--json"]));
  return v.parse(v.object({ pid: v.number(), responding: v.literal(true) }), status).pid;
}

function check(happened: unknown, complaint: string): asserts happened {
  if (!happened) throw new Error(complaint);
}

type Tell = ReturnType<typeof teller>;

function teller({ print, color }: Show) {
  const paint = (code: number) => (text: string) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  const [bold, green, red] = [paint(1), paint(32), paint(31)];
  return {
    bold,
    red,
    title: (text: string) => print(bold(text)),
    done: (text: string) => print(`  ${green("✓")} ${text}`),
  };
}
