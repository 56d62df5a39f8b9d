import type { ToldEvent } from "../../ipc/protocol.ts";
import type { ComeBack } from "../../snapshots/after-boot.ts";
import { activate } from "../activate.ts";
import { answering, type Taste } from "../answering.ts";
import type { Context } from "../define.ts";
import type { CameBack } from "../results/daemon.ts";
import { tell } from "../tell.ts";

export default answering({
  effect: "changes",
  examples: ["claude-tmux daemon restore", "claude-tmux daemon start --auto-restart --restore"],
  notes: `Brings back the sessions that session-autosave has saved, and that were alive before the machine was started the last
time: each once, from its newest whole snapshot, as session-restore does with --run safe. One of whose name there is a
session already is left alone. Those that were ended by somebody, while the daemon ran, stay away; those that went with
their tmux server come back. It needs no daemon. Exit code 1 if one of them could not be brought back: the next call
tries that again, until the machine is started anew.`,
  args: {},
  schema: async () => (await import("../results/daemon.ts")).CameBack,
  waits: () => "the sessions to come back",
  answer: (_, context) => bringBack(context),
  text: (came, taste) => cameBackText(came, taste) ?? (taste.quiet ? undefined : "No session is to come back"),
  exitCode: ({ failed }) => (failed.length === 0 ? 0 : 1),
});

/** Brings back what was alive before the machine's last start, and tells of it in the logs. Throws as comeBack(). */
export async function bringBack({ server, paths, interruptible }: Context): Promise<CameBack> {
  // `daemon ensure` and others that start a daemon do without
  const [{ openLog }, { comeBack }] = await Promise.all([
    import("../../lib/log.ts"),
    import("../../snapshots/after-boot.ts"),
  ]);
  const log = openLog({ file: paths.daemonLog, stderr: false });
  return await interruptible((interrupt) =>
    gather(comeBack(server, paths, interrupt), {
      async tell(one) {
        const { session } = one;
        if (one.outcome === "failed") log.warn(`the session ${session} did not come back: ${one.why}`);
        else log.info(`the session ${session} came back from ${one.snapshot}`);
        await tell(paths, [eventOf(one)]);
      },
      activate: () => activate(paths),
    }),
  );
}

/**
 * What became of each session, which is told as soon as it is known. The subscriptions of those that came back are acted upon at the
 * end, also when the others fail or are interrupted.
 */
export async function gather(
  all: AsyncIterable<ComeBack>,
  { tell, activate }: { tell(one: Told): Promise<unknown>; activate(): Promise<unknown> },
): Promise<CameBack> {
  const came: CameBack = { restored: [], there: [], failed: [] };
  try {
    for await (const one of all) {
      const { session } = one;
      if (one.outcome === "there") {
        came.there.push(session);
        continue;
      }
      if (one.outcome === "failed") came.failed.push({ session, why: one.why });
      else came.restored.push({ session, snapshot: one.snapshot, missing: one.missing });
      await tell(one);
    }
  } finally {
    if (came.restored.length > 0) await activate();
  }
  return came;
}

type Told = Exclude<ComeBack, { outcome: "there" }>;

/** What people are told of it: of failures also those who want few words; undefined where there is nothing to tell. */
export function cameBackText({ restored, there, failed }: CameBack, { quiet }: Taste): string | undefined {
  const lines = quiet
    ? []
    : [
        ...restored.map(({ session, snapshot }) => `Session ${session} came back from ${snapshot}`),
        ...there.map((session) => `Session ${session} is there already`),
      ];
  lines.push(...failed.map(({ session, why }) => `Session ${session} did not come back: ${why}`));
  return lines.length === 0 ? undefined : lines.join("\n");
}

function eventOf(one: Told): ToldEvent {
  const event = { session: one.session, pane_id: "", pane: "", label: "" };
  if (one.outcome === "failed")
    return { ...event, event_type: "restore-failed", message: one.why, data: { why: one.why } };
  const { snapshot, missing } = one;
  return {
    ...event,
    event_type: "session-restored",
    message: `came back from ${snapshot}`,
    data: { snapshot, missing },
  };
}
