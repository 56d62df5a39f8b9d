import { readText } from "../lib/files.ts";
import { trustedFolder } from "../tmux/integration-folder.ts";
import type { Pane } from "../tmux/panes.ts";
import type { EnvironmentOf } from "./manifest.ts";
import type { Miss } from "./plan-terms.ts";
import { isSecret } from "./secrets.ts";
import { isUnread, UNREAD } from "./unread.ts";

/** What commands get from a shell. */
export interface Exported {
  /** the names of what is as it was when the shell had begun */
  same: ReadonlySet<string>;
  /** what was set since; null: taken away; undefined: the shell does not tell it, since it may be a secret, or code */
  set: ReadonlyMap<string, string | null | undefined>;
}

/** What a shell that tells of itself exports, as it told at its last prompt; undefined where it could not tell. */
export function exportedBy(pane: Pane): Exported | undefined {
  const folder = trustedFolder(pane.pid);
  if (folder === undefined) return undefined;
  const read = () => parseExported(readText(`${folder}/env-${pane.pid}`) ?? "");
  // it may just be writing
  return read() ?? read();
}

/**
 * Reads what a shell has written of the variables that commands get, each ended by NUL: `=NAME` as it was, `+NAME=value` set anew,
 * or `+NAME` where the value may be a secret or is a function of bash, `-NAME` taken away; at the end `.`. Undefined for what is no more than a part of it. Pure.
 */
export function parseExported(text: string): Exported | undefined {
  const entries = text.split("\0");
  if (entries.pop() !== "" || entries.pop() !== ".") return undefined;
  const same = new Set<string>();
  const set = new Map<string, string | null | undefined>();
  for (const entry of entries) {
    const [name = ""] = entry.slice(1).split("=", 1);
    if (entry.startsWith("=")) same.add(name);
    else if (entry.startsWith("+")) set.set(name, entry === `+${name}` ? undefined : entry.slice(name.length + 2));
    else if (entry.startsWith("-")) set.set(name, null);
  }
  return { same, set };
}

/** Variables as they are stored: without the values of secrets, and what is not stored at all, which is told. Pure. */
export function storedVariables(variables: ReadonlyMap<string, string | null | undefined>, miss: Miss): EnvironmentOf {
  const set: Record<string, string | null> = {};
  const hidden: string[] = [];
  for (const [name, value] of variables) {
    const exported = FUNCTION.exec(name)?.[1];
    if (exported !== undefined)
      miss(`the exported function ${exported}`, "functions of bash are not stored: they run code");
    else if (value === undefined || (value !== null && isSecret(name, value))) hidden.push(name);
    else if (isUnread(name) || isUnread(value ?? "")) miss(`the variable ${name}`, UNREAD);
    else set[name] = value;
  }
  return { set, hidden };
}

/** What a function of bash is called in an environment. */
const FUNCTION = /^BASH_FUNC_(.*?)(?:%%|\(\))?$/s;

/** These are other ones for each process, each terminal and each pane. */
const OF_PLACE = /^(_|PWD|OLDPWD|SHLVL|LINES|COLUMNS|TERM|TMUX|TMUX_PANE|CLAUDE_TMUX_.*)$/;

/**
 * What a program was started with otherwise than what its shell gives to all (`NAME=value command`). What the shell has had from
 * its beginning counts as given, whatever it is, and so does what is no name of a variable (functions of bash). Pure.
 * @param environment as `NAME=value`
 */
export function ownVariables(environment: readonly string[], { same, set }: Exported): Map<string, string | null> {
  const own = new Map<string, string | null>();
  const names = new Set<string>();
  for (const pair of environment) {
    const name = /^[A-Za-z_][A-Za-z0-9_]*(?==)/.exec(pair)?.[0];
    if (name === undefined) continue;
    names.add(name);
    const value = pair.slice(name.length + 1);
    const told = set.get(name);
    const isGiven = same.has(name) || (set.has(name) && (told === undefined || told === value));
    if (!isGiven && !OF_PLACE.test(name)) own.set(name, value);
  }
  const given = [...same, ...[...set].flatMap(([name, value]) => (value === null ? [] : [name]))];
  for (const name of given) if (!names.has(name) && !OF_PLACE.test(name) && !FUNCTION.test(name)) own.set(name, null);
  return own;
}
