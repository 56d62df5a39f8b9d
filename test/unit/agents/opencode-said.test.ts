import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { databaseOf, givenIn, lastSaid } from "../../../src/agents/opencode-said.ts";

const ID = "ses_dd4a6f986ffeNcjKDHsJFoMMJz";

/** A home in which some opencode has its database open, with these messages: role, fields of the message, its parts. */
function kept(messages: [string, object, object[]][] = []) {
  const home = mkdtempSync(`${tmpdir()}/claude-tmux-said-`);
  const folder = `${home}/.local/share/opencode`;
  mkdirSync(folder, { recursive: true });
  const database = new Database(`${folder}/opencode.db`);
  database.run("PRAGMA journal_mode = WAL");
  // as 1.18.33 has it, without what is not read
  database.run("CREATE TABLE message (id text PRIMARY KEY, session_id text, time_created integer, data text)");
  database.run("CREATE TABLE part (id text PRIMARY KEY, message_id text, session_id text, data text)");
  let next = 0;
  for (const [role, fields, parts] of messages) {
    const at = 1796023669000 + next;
    const id = `msg_${next++}`;
    database.run("INSERT INTO message VALUES (?, ?, ?, ?)", [id, ID, at, JSON.stringify({ role, ...fields })]);
    for (const part of parts) {
      database.run("INSERT INTO part VALUES (?, ?, ?, ?)", [`prt_${next++}`, id, ID, JSON.stringify(part)]);
    }
  }
  const end = () => {
    database.close();
    rmSync(home, { recursive: true });
  };
  return { home, folder, database, file: `${folder}/opencode.db`, [Symbol.dispose]: end };
}

const text = (words: string, more = {}) => ({ type: "text", text: words, ...more });

test("what opencode has said last is the texts of its last message that has any", () => {
  const user = ["user", {}, [text("Do it")]] as [string, object, object[]];
  using home = kept([
    user,
    ["assistant", {}, [text("Of before")]],
    user,
    ["assistant", {}, [{ type: "step-start" }, text("Done,"), text("all of it. "), text("x", { synthetic: true })]],
    ["assistant", {}, [{ type: "tool", tool: "bash", text: "no text" }, text(" ")]],
    ["assistant", { summary: true }, [text("What was done before")]],
    user,
  ]);
  const path = databaseOf(ID, home.home);
  expect(path).toBe(home.file);
  expect(lastSaid(home.file, ID)).toEqual({ text: "Done,\nall of it.", at: 1796023669006 });
  expect(lastSaid(home.file, "ses_other")).toBeUndefined();
});

test("a prompt is found in the one conversation that has it since it was given", () => {
  using home = kept([
    ["user", {}, [text("Do it\n  well")]],
    ["assistant", {}, [text("Do more")]],
    ["user", {}, [text("Do it\n  well")]],
  ]);
  expect(givenIn(home.file, " Do it\nwell ", 1796023669000)).toBe(ID);
  expect(givenIn(home.file, "Do it", 1796023669000)).toBeUndefined();
  expect(givenIn(home.file, "Do more", 1796023669000)).toBeUndefined();
  expect(givenIn(home.file, "Do it well", 1796023669005)).toBeUndefined();
  home.database.run("UPDATE message SET session_id = 'ses_other' WHERE id = 'msg_0'");
  expect(givenIn(home.file, "Do it well", 1796023669000)).toBeUndefined();
  expect(givenIn(home.file, "Do it well", 1796023669004)).toBe(ID);
  expect(givenIn(`${home.folder}/none.db`, "Do it well", 0)).toBeUndefined();
});

test("a conversation that has the prompt is found however many messages came later, and of too many prompts none is told", () => {
  const later = Array.from({ length: 200 }, (_, i): [string, object, object[]] => ["assistant", {}, [text(`${i}`)]]);
  using home = kept([["user", {}, [text("Do it")]], ...later, ["user", {}, [text("Do it")]]]);
  expect(givenIn(home.file, "Do it", 1796023669000)).toBe(ID);
  // the first one may be meant
  home.database.run("UPDATE message SET session_id = 'ses_other' WHERE id = 'msg_0'");
  expect(givenIn(home.file, "Do it", 1796023669000)).toBeUndefined();
  expect(givenIn(home.file, "Do it", 1796023669001)).toBe(ID);
  home.database.run("UPDATE message SET data = json_set(data, '$.role', 'user')");
  expect(givenIn(home.file, "Do it", 1796023669000)).toBeUndefined();
});

test("it is read while opencode writes, and makes nothing", () => {
  using home = kept([["assistant", {}, [text("Done.")]]]);
  const before = readdirSync(home.folder);
  home.database.run("BEGIN IMMEDIATE");
  home.database.run("DELETE FROM part");
  expect(lastSaid(home.file, ID)?.text).toBe("Done.");
  home.database.run("COMMIT");
  expect(lastSaid(home.file, ID)).toBeUndefined();
  expect(readdirSync(home.folder)).toEqual(before);
});

test("a database that is another one, or none, tells nothing", () => {
  using home = kept();
  home.database.run("ALTER TABLE part RENAME TO section");
  expect(lastSaid(home.file, ID)).toBeUndefined();
  expect(lastSaid(`${home.folder}/none.db`, ID)).toBeUndefined();
  expect(readdirSync(home.folder)).not.toContain("none.db");
});

test("it is where the variables of its process say, and nobody else's", () => {
  using home = kept();
  const { home: folder } = home;
  expect(databaseOf(ID, "/nonexistent", (name) => ({ XDG_DATA_HOME: `${folder}/.local/share` })[name])).toBe(home.file);
  expect(databaseOf(ID, "/nonexistent", (name) => ({ OPENCODE_DB: home.file })[name])).toBe(home.file);
  expect(databaseOf(ID, folder, (name) => ({ OPENCODE_DB: "another.db" })[name])).toBeUndefined();
  for (const end of ["", "-wal", "-shm"]) symlinkSync(home.file + end, `${home.folder}/linked.db${end}`);
  expect(databaseOf(ID, folder, (name) => ({ OPENCODE_DB: "linked.db" })[name])).toBeUndefined();
  // nothing has it open any more
  home.database.close();
  expect(databaseOf(ID, folder)).toBeUndefined();
});
