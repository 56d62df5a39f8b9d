import { asError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { killSession } from "../panes/kill.ts";
import type { Member } from "../panes/member.ts";
import { runningAs } from "../process/holder.ts";
import { subscriptionsIn } from "../store/subscriptions-now.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { renaming } from "./as-tmux.ts";
import { type Ending, endingWith } from "./ending.ts";
import type { Making } from "./making.ts";
import type { Missing } from "./plan.ts";
import { REPLACED_NOTE } from "./retention.ts";
import { type Saved, saveSession } from "./save.ts";
import { removeSnapshots } from "./store.ts";
import { sessionRows } from "./unfinished.ts";

/** The session whose place another one took: what has ended with it, what it was saved as, and what of it lives on. */
export interface Replaced extends Ending {
  snapshot: string;
  survivors: Member[];
}

/** What came of it: whose place the session has now, or why it has another name. */
export type Taken = { replaced: Replaced; missing: Missing[] } | { unplaced: string };

/** Has a session take the place of one that is there, which is saved before. */
export class TakingPlace implements AsyncDisposable {
  /** what it has saved of that one, the last one last */
  private readonly snapshots: string[] = [];
  private isTaken = false;

  /** @param old the session that is there: its `$id` and its name */
  constructor(
    private readonly server: TmuxServer,
    private readonly paths: StatePaths,
    private readonly old: { id: string; name: string },
  ) {}

  /** What the new one is called where it could not take the place. */
  get asideName(): string {
    return `${this.old.name}-restored-${process.pid}`;
  }

  /** Saves the session that is there as it is by now. */
  async save(): Promise<Saved> {
    const saved = await saveSession(this.server, {
      session: this.old.id,
      note: REPLACED_NOTE,
      isAutomatic: true,
      withText: true,
      withEnvironment: true,
      subscriptions: subscriptionsIn(this.paths.database),
      isHeard: runningAs("daemon", this.paths.daemonLock) !== undefined,
    });
    this.snapshots.push(saved.id);
    return saved;
  }

  /**
   * Gives the new session the name of the old one, which is saved once more, and ends in the same call to tmux. Throws why it was
   * interrupted, as long as the old one is there.
   */
  async take(made: Making, interrupt: AbortSignal): Promise<Taken> {
    const { server, old } = this;
    let saved: (Ending & { snapshot: string }) | undefined;
    try {
      const isNamed = (await sessionRows(server)).some(
        (row) => row.session_id === old.id && row.session_name === old.name,
      );
      if (!isNamed) throw new Error("that has ended, or has another name now");
      interrupt.throwIfAborted();
      const { id, snapshot } = await this.save();
      saved = { snapshot: id, ...(await endingWith(server, old.id, snapshot)) };
      // nobody turns back after this
      interrupt.throwIfAborted();
      await moveClients(server, old.id, made.sessionId ?? "");
      const first = [renaming(`${old.id}:`, `${old.name}-replaced-${process.pid}`), ...made.finishing(old.name)];
      const { survivors } = await killSession(server, { session: old.id, tree: false, first });
      this.isTaken = true;
      return { replaced: { ...saved, survivors }, missing: [] };
    } catch (thrown) {
      const why = asError(thrown).message;
      // a terminal's Ctrl-C may have ended the call that tmux has carried out
      this.isTaken = saved !== undefined && (await this.hasPlace(made));
      if (saved !== undefined && this.isTaken) {
        const what = `a look at what lives on of the "${old.name}" that was replaced`;
        return { replaced: { ...saved, survivors: [] }, missing: [{ where: "session", what, why }] };
      }
      interrupt.throwIfAborted();
      await made.finish(this.asideName);
      return { unplaced: why };
    }
  }

  private async hasPlace({ sessionId }: Making): Promise<boolean> {
    const rows = await sessionRows(this.server);
    const own = rows.find((row) => row.session_id === sessionId);
    return own?.session_name === this.old.name && !rows.some((row) => row.session_id === this.old.id);
  }

  /** Removes what it has saved and nobody needs: all but the last if the old one was replaced, all of it if that is there still. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const isThere = !this.isTaken && (await sessionRows(this.server)).some((row) => row.session_id === this.old.id);
      const unneeded = isThere ? this.snapshots : this.isTaken ? this.snapshots.slice(0, -1) : [];
      if (unneeded.length > 0) await removeSnapshots(unneeded);
    } catch {
      // where they can't be removed, they go as others do that are beyond their number
    }
  }
}

/** Shows those who look at a session another one; not to programs (tmux(1), CONTROL MODE), which would not know it. */
async function moveClients(server: TmuxServer, from: string, to: string): Promise<void> {
  const VARIABLES = ["client_name", "client_control_mode", "version"] as const;
  const rows = parseRows(
    VARIABLES,
    await tmuxAsync(server, [["list-clients", "-t", `${from}:`, "-F", rowFormat(VARIABLES)]]),
  );
  for (const { client_name: client, client_control_mode: isProgram } of rows) {
    // one that has gone meanwhile is shown nothing
    if (isProgram !== "1") await tmuxAsync(server, [["switch-client", "-c", client, "-t", `${to}:`]]).catch(() => {});
  }
}
