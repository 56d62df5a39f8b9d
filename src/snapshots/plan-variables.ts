import { mayBeSet, showableLine } from "./harmless.ts";
import type { EnvironmentOf } from "./manifest.ts";
import type { Here, Miss } from "./plan-terms.ts";

/** Variables as they are to be set (null: taken away); of the others it is told why not. Pure, but for what `here` tells. */
export function plannedVariables(
  { set, hidden }: EnvironmentOf,
  { isOwn, here, miss }: { isOwn: boolean; here: Here; miss: Miss },
): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const [name, value] of Object.entries(set)) {
    if (here.updated.includes(name)) continue;
    const why = whyNot(name, value, isOwn);
    if (why === undefined) found.set(name, value);
    else miss(`the variable ${showableLine(name)}`, why);
  }
  for (const name of hidden) {
    if (here.updated.includes(name)) continue;
    const value = here.environment[name];
    if (value !== undefined && isOwn && whyNot(name, value, isOwn) === undefined) found.set(name, value);
    else miss(`the variable ${showableLine(name)}`, `${NO_VALUE}, and it is not set here`);
  }
  return found;
}

/** Why the value of a variable is not stored: a shell does not say which of both it was (see environment.ts). */
export const NO_VALUE = "it may be a secret, or was too long for its shell to tell: its value is not stored";

/** Why a variable is not set (null: taken away) for what runs in a session that comes back; undefined where it may be. Pure. */
export function whyNot(name: string, value: string | null, isOwn: boolean): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return "it is no name of a variable";
  if (mayBeSet(name, value, isOwn)) return undefined;
  return isOwn
    ? "it could make programs run code"
    : "it could make programs run code, or write files, and the snapshot is not one of your own (--trust)";
}
