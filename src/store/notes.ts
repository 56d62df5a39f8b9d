import type { Store } from "./database.ts";

/** What a daemon leaves for the next one, by key. */
export function readNote(store: Store, key: string): string | undefined {
  return store.query<{ value: string }, { key: string }>("SELECT value FROM notes WHERE key = $key").get({ key })
    ?.value;
}

/** Writes a note, or removes it when there is no value. */
export function writeNote(store: Store, key: string, value: string | undefined): void {
  if (value === undefined) store.query("DELETE FROM notes WHERE key = $key").run({ key });
  else store.query("INSERT OR REPLACE INTO notes (key, value) VALUES ($key, $value)").run({ key, value });
}
