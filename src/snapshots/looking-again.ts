import { asError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Made } from "./arriving.ts";
import { compare, type Difference, type Whole } from "./compare.ts";
import type { PaneOf, Snapshot } from "./manifest.ts";
import type { Missing } from "./plan.ts";
import { takeSnapshot } from "./save.ts";

const LOOKS = 3;
const LOOK_AGAIN_MS = 100;

/** What is not as it was. Where something is not, it is looked again: a shell may just have drawn its prompt. */
export async function lookAt(
  server: TmuxServer,
  { sessionId }: Made,
  options: { before: Whole; withWindows: boolean },
): Promise<{ differences: Difference[]; missing: Missing[] }> {
  try {
    for (let looks = 1; ; looks++) {
      const differences = await differencesOf(server, sessionId, options);
      if (differences.length === 0 || looks === LOOKS) return { differences, missing: [] };
      await sleep(LOOK_AGAIN_MS);
    }
  } catch (thrown) {
    // it is there all the same
    const missing = { where: "session", what: "a look at what came back", why: asError(thrown).message };
    return { differences: [], missing: [missing] };
  }
}

/** Those differences that were not told as missing already. Pure. */
export function notMissing(differences: readonly Difference[], missing: readonly Missing[]): Difference[] {
  const told = new Set(missing.map(({ where, what }) => `${where}: ${what}`));
  return differences.filter(({ where, what, before }) => {
    const [named, valued] = [`${where}: the ${what}`, `${where}: the ${what} ${before}`];
    return !told.has(named) && !told.has(valued);
  });
}

async function differencesOf(
  server: TmuxServer,
  session: string,
  { before, withWindows }: { before: Whole; withWindows: boolean },
): Promise<Difference[]> {
  const { snapshot, parts } = await takeSnapshot(server, {
    session,
    note: undefined,
    withText: withWindows,
    withEnvironment: true,
    subscriptions: [],
  });
  const texts = new Map(parts.map(({ sum, text }) => [sum, text]));
  const textOf = ({ text }: PaneOf) => text?.parts.map((sum) => texts.get(sum) ?? "").join("");
  return seenIn(snapshot, compare(before, { snapshot, textOf }, { withPrograms: false, withWindows }));
}

/** Differences without those of what a look leaves out, such as a secret: it may be there as it was. Pure. */
export function seenIn({ session, left_out: leftOut }: Snapshot, differences: readonly Difference[]): Difference[] {
  const panes = session.windows.flatMap(({ index, panes: all }) =>
    all.map((pane) => ({ where: `pane ${index}.${pane.index}`, names: pane.environment?.hidden ?? [] })),
  );
  const variables = [{ where: "session", names: session.environment.hidden }, ...panes];
  const unseen = new Set([
    ...leftOut.map(({ where, what }) => `${where}: ${what}`),
    ...variables.flatMap(({ where, names }) => names.map((name) => `${where}: the variable ${name}`)),
  ]);
  return differences.filter(({ where, what, after }) => after !== undefined || !unseen.has(`${where}: the ${what}`));
}
