import { Database } from "bun:sqlite";
import { chmodSync, existsSync, renameSync } from "node:fs";
import { AppError, asError, errno } from "../lib/errors.ts";

/** The open state database of one tmux server: what tmux itself cannot hold. */
export type Store = Database;

const BUSY_TIMEOUT_MS = 5000;
const BUSY_LOOK_MS = 5;

// Each entry brings the schema from version i to i + 1, in one transaction. Never edit one that was released.
const MIGRATIONS = [
  `
  CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    type TEXT NOT NULL,
    server TEXT NOT NULL,
    session TEXT NOT NULL,
    session_id TEXT NOT NULL,
    pane TEXT NOT NULL,
    pane_id TEXT NOT NULL,
    label TEXT NOT NULL,
    pattern TEXT,
    deadline INTEGER,
    callback TEXT,
    once INTEGER NOT NULL,
    fired INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER,
    end_reason TEXT
  ) STRICT;
  CREATE INDEX subscriptions_active ON subscriptions (id) WHERE ended_at IS NULL;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    session TEXT NOT NULL,
    type TEXT NOT NULL,
    pane_id TEXT NOT NULL,
    pane TEXT NOT NULL,
    label TEXT NOT NULL,
    message TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE TABLE callbacks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL REFERENCES events (seq),
    subscription INTEGER NOT NULL,
    command TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'ended')),
    attempt INTEGER NOT NULL DEFAULT 0,
    pid INTEGER,
    start_time INTEGER
  ) STRICT;
  CREATE INDEX callbacks_open ON callbacks (id) WHERE state <> 'ended';
  `,
  `
  ALTER TABLE subscriptions ADD COLUMN seconds REAL;
  ALTER TABLE subscriptions ADD COLUMN progress TEXT;
  CREATE INDEX events_at ON events (at);
  CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
  `
  ALTER TABLE subscriptions ADD COLUMN owner TEXT;
  CREATE INDEX subscriptions_owned ON subscriptions (id) WHERE owner IS NOT NULL AND ended_at IS NULL;
  `,
  `
  ALTER TABLE subscriptions ADD COLUMN cwd TEXT;
  CREATE INDEX callbacks_queued ON callbacks (subscription, id) WHERE state = 'queued';
  `,
];

/**
 * Opens the database, made if it is missing, and brings its schema up to date. Several processes may have it open:
 * readers never wait for a writer (WAL), writers wait for each other up to five seconds.
 * @throws AppError ERR_COMMAND_FAILED when the file is damaged, or newer than this program
 */
export function openStore(path: string): Store {
  let store: Store | undefined;
  try {
    store = new Database(path, { create: true, readwrite: true, strict: true });
    chmodSync(path, 0o600);
    store.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    useWal(store);
    // with WAL this outlives the death of any process, though not always that of the machine
    store.run("PRAGMA synchronous = NORMAL");
    migrate(store);
    return store;
  } catch (thrown) {
    store?.close();
    if (thrown instanceof AppError) throw thrown;
    const cause = asError(thrown);
    throw new AppError("ERR_COMMAND_FAILED", `The state database ${path} cannot be used: ${cause.message}`, {
      hint: "If the file is damaged, a daemon that starts renames it and begins a new one: claude-tmux daemon recover --force",
      cause,
    });
  }
}

/** SQLite itself does not wait when several begin with a new file at once. Throws SQLITE_BUSY after five seconds. */
function useWal(store: Store): void {
  for (const end = performance.now() + BUSY_TIMEOUT_MS; ; Bun.sleepSync(BUSY_LOOK_MS)) {
    try {
      store.run("PRAGMA journal_mode = WAL");
      return;
    } catch (thrown) {
      if (!errno(thrown)?.startsWith("SQLITE_BUSY") || performance.now() >= end) throw thrown;
    }
  }
}

/**
 * As openStore, for the daemon, which must go on: a damaged database is renamed, and a new one begun.
 * @returns the store, and where the damaged file is now
 */
export function openSoundStore(path: string): { store: Store; damaged: string | undefined } {
  let store: Store | undefined;
  try {
    store = openStore(path);
    const [found] = store.query<{ quick_check: string }, []>("PRAGMA quick_check(1)").all();
    if (found?.quick_check === "ok") return { store, damaged: undefined };
    store.close();
  } catch (thrown) {
    store?.close(); // or it would be open on a file that has another name
    if (!isDamage(thrown)) throw thrown;
  }
  const damaged = `${path}.damaged-${new Date().toISOString().replaceAll(":", "-")}`;
  renameSync(path, damaged);
  // what belongs to it, so that nothing of it is taken for a part of the new one
  for (const part of ["-wal", "-shm"]) if (existsSync(path + part)) renameSync(path + part, damaged + part);
  return { store: openStore(path), damaged };
}

/** Whether SQLite found that the file is not, or not any more, a whole database. */
export function isDamage(thrown: unknown): boolean {
  const code = errno(thrown instanceof AppError ? thrown.cause : thrown) ?? "";
  return code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB");
}

/** Brings the schema of an open database up to date. Throws ERR_COMMAND_FAILED when it is newer than this program. */
export function migrate(store: Store): void {
  if (schemaVersion(store) === MIGRATIONS.length) return;
  // immediate: of two processes that find an old schema, the second waits and then finds a new one
  store
    .transaction(() => {
      const version = schemaVersion(store);
      if (version > MIGRATIONS.length) {
        throw new AppError("ERR_COMMAND_FAILED", "The state database was written by a newer claude-tmux", {
          hint: "Use that version, or move state.db away.",
        });
      }
      for (const sql of MIGRATIONS.slice(version)) store.run(sql);
      store.run(`PRAGMA user_version = ${MIGRATIONS.length}`);
    })
    .immediate();
}

function schemaVersion(store: Store): number {
  return store.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0;
}
