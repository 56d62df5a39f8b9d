import * as v from "valibot";
import { nodePath } from "../lib/builtin.ts";
import { isOwnPlain } from "../lib/files.ts";
import type { AgentProcess, Said } from "./agent.ts";
import { saidAt } from "./said.ts";

// opencode keeps all its conversations in one database, in which it writes while it is read: a reader waits for no writer there, and no
// writer for a reader (WAL). It is opened for reading alone, and only where the files beside it are there, which a reader would make
// else, and in which readers note how far they read.

const Text = v.object({ message: v.string(), at: v.number(), text: v.string() });

/** Of so many messages the last with a text is looked for: others only call tools. What it has summed up for itself is none. */
const LAST_TEXTS = `
  WITH last AS (
    SELECT id, time_created FROM message
    WHERE session_id = ? AND data ->> 'role' = 'assistant' AND coalesce(data ->> 'summary', 0) = 0
    ORDER BY time_created DESC, id DESC LIMIT 30
  )
  SELECT last.id AS message, last.time_created AS at, part.data ->> 'text' AS text
  FROM last JOIN part ON part.message_id = last.id
  WHERE part.data ->> 'type' = 'text' AND coalesce(part.data ->> 'synthetic', 0) = 0 AND trim(part.data ->> 'text') <> ''
  ORDER BY last.time_created DESC, last.id DESC, part.id LIMIT 50`;

/** Where more persons' texts than these are late enough, nothing is told of which one was meant. */
const LATE_MAX = 200;

const Prompt = v.object({ late: v.number(), conversation: v.string(), text: v.string() });

/** What persons have written since then in any conversation. */
const LATE_PROMPTS = `
  WITH late AS MATERIALIZED (
    SELECT id, session_id FROM message WHERE time_created >= ? AND data ->> 'role' = 'user' LIMIT ${LATE_MAX + 1}
  )
  SELECT (SELECT count(*) FROM late) AS late, late.session_id AS conversation, part.data ->> 'text' AS text
  FROM late JOIN part ON part.message_id = late.id
  WHERE part.data ->> 'type' = 'text' LIMIT ${LATE_MAX + 1}`;

/** The file of the database, as long as opencode has it open; undefined where there is none. */
export function databaseOf(
  _conversation: string,
  home: string,
  variable: AgentProcess["variable"] = () => undefined,
): string | undefined {
  const folder = `${variable("XDG_DATA_HOME") || `${home}/.local/share`}/opencode`;
  const file = nodePath().resolve(folder, variable("OPENCODE_DB") || "opencode.db");
  // without those beside it a reader would make them
  return [file, `${file}-wal`, `${file}-shm`].every(isOwnPlain) ? file : undefined;
}

/** What it has said last in a conversation; undefined where the database tells nothing, or is another one than is known. */
export function lastSaid(file: string, conversation: string): Said | undefined {
  const rows = ask(file, LAST_TEXTS, conversation, v.array(Text)) ?? [];
  const [first] = rows;
  if (!first) return undefined;
  const texts = rows.filter(({ message }) => message === first.message).map(({ text }) => text);
  return saidAt(new Date(first.at).toISOString(), texts.join("\n").trim());
}

/** The one conversation in which that prompt was given since then (ms since the epoch); undefined where too much was to look at all. */
export function givenIn(file: string, prompt: string, since: number): string | undefined {
  const rows = ask(file, LATE_PROMPTS, since, v.array(Prompt)) ?? [];
  if (rows.length > LATE_MAX || (rows[0]?.late ?? 0) > LATE_MAX) return undefined;
  const same = rows.filter(({ text }) => withoutBlanks(text) === withoutBlanks(prompt));
  const all = new Set(same.map(({ conversation }) => conversation));
  return all.size === 1 ? same[0]?.conversation : undefined;
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, "");
}

/** What the database answers; undefined where it is another one than is known, or can't be read just now. */
function ask<S extends v.GenericSchema>(file: string, query: string, value: string | number, schema: S) {
  try {
    // loaded at its first use, as lib/builtin.ts has it
    const { Database } = process.getBuiltinModule("bun:sqlite") as typeof import("bun:sqlite");
    using database = new Database(file, { readonly: true });
    return v.parse(schema, database.query(query).all(value));
  } catch {
    return undefined;
  }
}
