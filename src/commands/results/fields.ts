import * as v from "valibot";

/** A text, and what it is. */
export const text = (description: string) => v.pipe(v.string(), v.description(description));

/** A whole number of 0 or more, and what of. */
export const count = (description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));

/** A number of 0 or more that need not be whole, and its unit. */
export const amount = (description: string) => v.pipe(v.number(), v.minValue(0), v.description(description));

/** Yes or no, and to what. */
export const flag = (description: string) => v.pipe(v.boolean(), v.description(description));

/** A moment, ISO 8601 in UTC, and of what. */
export const moment = (description: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(description));

/** A process. */
export const pid = (description: string) => v.pipe(v.number(), v.integer(), v.minValue(1), v.description(description));

/** How it was found out whether something runs, or has ended. */
export const method = v.pipe(
  v.picklist(["shell-integration", "marker", "foreground"]),
  v.description(
    "how it is known: the pane's own shell told (shell-integration), a marker that was typed with the command did (marker), or who has the terminal, which tells nothing of exit codes (foreground)",
  ),
);

/** Processes of a pane. */
export const members = (description: string) =>
  v.pipe(
    v.array(v.strictObject({ pid: pid("its pid"), command: text("the words that it was started with") })),
    v.description(description),
  );

/** What does not come back with a session. */
export const MISSING = v.array(
  v.strictObject({
    where: text("session, window N or pane N.M"),
    what: text("what it is"),
    why: text("why it does not come back"),
  }),
);

/** What became of the processes of what was killed. */
export const KILLED = {
  survivors: members("processes that were started there and live on"),
  ended: v.optional(members("with --tree: processes that lived on, and were ended")),
};

/** What a program does with its terminal. */
export const waitingFor = v.pipe(
  v.picklist(["line", "password", "keys", "prompt", "nothing", "unknown"]),
  v.description(
    "what the program does with its terminal: it reads a line, or a password (a line that is not shown), or single keys (an editor, a pager, a menu); it is a shell at its prompt; it does not read (nothing); or nobody can know (unknown)",
  ),
);

/** How that was found out. */
export const waitingMethod = v.pipe(
  v.picklist(["shell-integration", "kernel", "settings"]),
  v.description(
    "how waiting_for is known: the pane's own shell told, the kernel told what the program waits for, or by how the terminal is set, where the kernel does not tell",
  ),
);

/** The two background programs. */
export const role = v.pipe(v.picklist(["daemon", "watchdog"]), v.description("which of the two background programs"));

/** How the daemon is. */
export const verdict = v.pipe(
  v.picklist(["healthy", "degraded", "unhealthy"]),
  v.description("how the daemon is; degraded: it works, but look at it"),
);
