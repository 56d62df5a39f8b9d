import { readText } from "../lib/files.ts";
import { startEnvironment } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import { INTEGRATION_VARIABLE } from "../tmux/shell-state.ts";
import { isFollowed } from "../verdict/reading.ts";
import type { EnvironmentOf } from "./manifest.ts";
import { isSecret } from "./secrets.ts";

/** What commands get from a shell; undefined is a value that it does not tell, since it may be a secret. */
export interface Exported {
  /** what is as it was when the shell had begun */
  same: Map<string, string | undefined>;
  /** what was set since; null: taken away */
  set: Map<string, string | null | undefined>;
}

/** What the shell of a pane exports, as it told at its last prompt; undefined where it tells nothing. */
export function exportedBy(pane: Pane): Exported | undefined {
  if (!isFollowed(pane)) return undefined;
  const variable = `${INTEGRATION_VARIABLE}=`;
  const folder = startEnvironment(pane.pid).find((pair) => pair.startsWith(variable));
  return folder === undefined
    ? undefined
    : parseExported(readText(`${folder.slice(variable.length)}/env-${pane.pid}`) ?? "");
}

/**
 * Reads what a shell has written of the variables that commands get, each ended by NUL: `=NAME=value` as it was, `+NAME=value` set
 * anew, `-NAME` taken away, and a name alone where the value may be a secret; at the end `.`. Undefined for what is no more than a part of it. Pure.
 */
export function parseExported(text: string): Exported | undefined {
  const entries = text.split("\0");
  if (entries.pop() !== "" || entries.pop() !== ".") return undefined;
  const same: Exported["same"] = new Map();
  const set: Exported["set"] = new Map();
  for (const entry of entries) {
    const [name = ""] = entry.slice(1).split("=", 1);
    const value = entry.length > name.length + 1 ? entry.slice(name.length + 2) : undefined;
    if (entry.startsWith("=")) same.set(name, value);
    else if (entry.startsWith("+")) set.set(name, value);
    else if (entry.startsWith("-")) set.set(name, null);
  }
  return { same, set };
}

/** Variables as they are stored: without the values of secrets. Pure. */
export function withoutSecretValues(variables: ReadonlyMap<string, string | null | undefined>): EnvironmentOf {
  const set: Record<string, string | null> = {};
  const hidden: string[] = [];
  for (const [name, value] of variables) {
    if (value === undefined || (value !== null && isSecret(name, value))) hidden.push(name);
    else set[name] = value;
  }
  return { set, hidden };
}

/** These are other ones for each process, each terminal and each pane. */
const OF_PLACE = /^(_|PWD|OLDPWD|SHLVL|LINES|COLUMNS|TERM|TMUX|TMUX_PANE|CLAUDE_TMUX_.*)$/;

/**
 * What a program was started with otherwise than what its shell gives to all (`NAME=value command`). Pure.
 * @param environment as `NAME=value`
 */
export function ownVariables(
  environment: readonly string[],
  { same, set }: Exported,
): Map<string, string | null | undefined> {
  const given = new Map([...same, ...set]);
  const own = new Map<string, string | null | undefined>();
  for (const pair of environment) {
    if (!pair.includes("=")) continue;
    const [name = ""] = pair.split("=", 1);
    const value = pair.slice(name.length + 1);
    const isGiven = given.has(name) && (given.get(name) === undefined || given.get(name) === value);
    if (!OF_PLACE.test(name) && !isGiven) own.set(name, value);
    given.delete(name);
  }
  for (const [name, value] of given) if (value !== null && !OF_PLACE.test(name)) own.set(name, null);
  return own;
}
