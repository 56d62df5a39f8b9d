import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";

/** The conversation of the stand-in for opencode. */
export const OPENCODE_ID = "ses_dd4a6f986ffeNcjKDHsJFoMMJz";

/**
 * Writes bin/claude, bin/codex or bin/opencode into a folder, and returns its path. It does as that agent does with its composer: draws
 * it with the cursor in it, takes pastes in brackets, and works for a while on what Enter sends. claude keeps its file; codex sets its
 * title from the first prompt on, and tells nothing before; opencode tells by $HOOK, this program, as its plugin would, or without by its
 * screen alone, and has a database. Prompts are written down in $HOME/prompts, pastes in $HOME/pastes, an Enter that answers a
 * dialog in $HOME/answered.
 *
 * Variables: STATUS (what it is when it starts: idle), WORK (ms of a turn), DRAFT (a text that stands there), GHOST (a faint one in
 * the empty composer), SLOW (ms until it draws what is pasted), DEAF (it takes no paste), NEWLINE (ms after a paste in which an Enter is
 * one), EATEN (the first Enter is lost), DIALOG=paste|enter (asks for a permission when something is pasted, or Enter is pressed),
 * SHELL_MODE (opencode's composer is one for a shell's command), APPEND (what a person types behind a paste), GONE (Enter empties the composer, and nothing comes of it), CRASH (ends when Enter is pressed).
 */
export function promptedAgent(folder: string, kind: "claude" | "codex" | "opencode" = "claude"): string {
  mkdirSync(`${folder}/bin`);
  // by a name that is known to be an interpreter's
  symlinkSync(process.execPath, `${folder}/bin/bun`);
  const kindly = `const kind = ${JSON.stringify(kind)};\nconst isCodex = kind === "codex";\n${OPENCODE}${AGENT}`;
  writeFileSync(`${folder}/bin/${kind}`, `#!${folder}/bin/bun\n${kindly}`, { mode: 0o755 });
  return `${folder}/bin/${kind}`;
}

const OPENCODE = `
const session = ${JSON.stringify(OPENCODE_ID)};
function tellAsPlugin(now, before) {
  const { HOOK } = process.env;
  const busy = ["session.status", { status: { type: "busy" } }];
  const idle = [before === "busy" ? "session.idle" : "plugin.added", {}];
  const [name, fields] = { busy, idle, waiting: ["permission.asked", {}] }[now];
  const input = JSON.stringify({ sessionID: session, ...fields });
  if (HOOK) require("node:child_process").spawnSync(HOOK, ["agent-hook", "opencode", name], { input });
}
function openDatabase(home) {
  const { Database } = require("bun:sqlite");
  const folder = home + "/.local/share/opencode";
  require("node:fs").mkdirSync(folder, { recursive: true });
  const database = new Database(folder + "/opencode.db");
  database.run("PRAGMA journal_mode = WAL");
  database.run("CREATE TABLE message (id text PRIMARY KEY, session_id text, time_created integer, data text)");
  database.run("CREATE TABLE part (id text PRIMARY KEY, message_id text, session_id text, data text)");
  return (role, text) => {
    const now = Date.now();
    database.run("INSERT INTO message VALUES (?, ?, ?, ?)", ["msg_" + now, session, now, JSON.stringify({ role })]);
    const part = JSON.stringify({ type: "text", text });
    database.run("INSERT INTO part VALUES (?, ?, ?, ?)", ["prt_" + now, "msg_" + now, session, part]);
  };
}
function drawn(asks, text, status) {
  const bar = "\\r\\n  \\u2503";
  if (asks) {
    const choices = "   Allow once   Allow always   Reject  ctrl+f fullscreen  \\u21c6 select  enter confirm";
    return "hello" + bar + "  \\u25b3 Permission required" + bar + "  $ touch x" + bar + choices + bar + "\\x1b[?25l";
  }
  const lines = text.split("\\n");
  const shown = text === "" ? ["Ask anything\\u2026 \\"Fix it\\""] : lines;
  const foot = process.env.SHELL_MODE ? "  Shell" : "  Build \\u00b7 Lab lab";
  const edge = "\\r\\n  \\u2579" + "\\u2580".repeat(70) + "\\r\\n   ";
  const below = status === "busy" ? "\\u25a0\\u25a0\\u2b1d\\u2b1d  esc interrupt" : "~/work  110 (0%)  ctrl+p commands";
  const at = "\\x1b[?25h\\x1b[" + (2 + lines.length) + ";" + (6 + lines.at(-1).length) + "H";
  return "hello" + bar + shown.map((one) => bar + "  " + one).join("") + bar + bar + foot + edge + below + at;
}
`;

const AGENT = `
const fs = require("node:fs");
const env = process.env;
const home = env.HOME;
const folder = home + "/.claude/sessions";
const projects = home + "/.claude/projects/-work";
for (const one of [folder, projects]) fs.mkdirSync(one, { recursive: true });
const sessionId = "0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11";
const stat = fs.readFileSync("/proc/self/stat", "utf8");
const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
let status = env.STATUS ?? "idle";
function keep(now) {
  const before = status;
  status = now;
  if (isCodex) {
    const words = "task | " + process.cwd().split("/").at(-1);
    if (now === "busy") process.stdout.write("\\x1b]2;\\u2839 " + words + "\\x07");
    else if (before === "busy") process.stdout.write("\\x1b]2;" + words + "\\x07");
    return;
  }
  if (kind === "opencode") {
    tellAsPlugin(now, before);
    draw();
    return;
  }
  const path = folder + "/" + process.pid + ".json";
  const told = { pid: process.pid, sessionId, procStart, status, statusUpdatedAt: Date.now() };
  if (status === "waiting") told.waitingFor = "permission prompt";
  fs.writeFileSync(path + ".part", JSON.stringify(told));
  fs.renameSync(path + ".part", path);
}
let text = env.DRAFT ?? "";
let asks = false;
let pastedAt = 0;
let eaten = env.EATEN !== undefined;
const queue = [];
function draw() {
  const line = "\\u2500".repeat(process.stdout.columns);
  let out = "\\x1b[2J\\x1b[H";
  if (kind === "opencode") out += drawn(asks, text, status);
  else if (asks) out += " Do you want to proceed?\\r\\n \\u276f 1. Yes\\r\\n   2. No\\r\\n\\r\\n Esc to cancel\\x1b[2;2H";
  else if (isCodex) {
    out += "\\u2022 hello\\r\\n\\r\\n\\x1b[1m\\u203a\\x1b[0m ";
    out += text === "" ? "\\x1b[2mAsk Codex to do anything\\x1b[0m" : text;
    out += "\\r\\n\\r\\n  gpt-5 default \\u00b7 ~/work\\x1b[3;" + (3 + text.length) + "H";
  } else {
    const lines = text.split("\\n");
    out += "\\u25cf it says something\\r\\n\\r\\n" + line;
    lines.forEach((one, i) => { out += "\\r\\n" + (i === 0 ? "\\u276f " : "  ") + one; });
    if (text === "" && env.GHOST) out += "\\x1b[7m" + env.GHOST[0] + "\\x1b[0;2m" + env.GHOST.slice(1) + "\\x1b[0m";
    out += "\\r\\n" + line + "\\r\\n  ? for shortcuts";
    out += "\\x1b[" + (3 + lines.length) + ";" + (3 + lines.at(-1).length) + "H";
  }
  process.stdout.write(out);
}
function begin() {
  keep("busy");
  setTimeout(end, Number(env.WORK ?? 300));
}
const keepSaid = kind === "opencode" ? openDatabase(home) : undefined;
function end() {
  if (keepSaid) keepSaid("assistant", "Done, all of it.");
  const message = { content: [{ type: "text", text: "Done, all of it." }] };
  const said = { type: "assistant", isSidechain: false, timestamp: new Date().toISOString(), message };
  fs.appendFileSync(projects + "/" + sessionId + ".jsonl", JSON.stringify(said) + "\\n");
  if (queue.length > 0) { queue.shift(); begin(); } else keep("idle");
}
function send() {
  if (env.CRASH) process.exit(1);
  if (env.GONE) { text = ""; return; }
  if (env.DIALOG === "enter") { asks = true; keep("waiting"); return; }
  fs.appendFileSync(home + "/prompts", JSON.stringify(text) + "\\n");
  if (keepSaid) keepSaid("user", text);
  if (status === "busy") queue.push(text); else begin();
  text = "";
}
function paste(pasted) {
  fs.appendFileSync(home + "/pastes", JSON.stringify(pasted) + "\\n");
  pastedAt = Date.now();
  if (asks || env.DEAF) return;
  if (env.DIALOG === "paste") { asks = true; keep("waiting"); draw(); return; }
  text += pasted + (env.APPEND ?? "");
  setTimeout(draw, Number(env.SLOW ?? 0));
}
function press(key) {
  if (key === "\\x03") process.exit(0);
  if (key !== "\\r") { text += key; draw(); return; }
  if (asks) { fs.appendFileSync(home + "/answered", "Enter\\n"); return; }
  if (eaten) { eaten = false; return; }
  if (Date.now() - pastedAt < Number(env.NEWLINE ?? 0)) text += "\\n";
  else if (text.trim() !== "") send();
  draw();
}
process.stdin.setRawMode(true);
process.stdout.write("\\x1b[?2004h");
let pending = "";
process.stdin.setEncoding("utf8").on("data", (data) => {
  pending += data;
  while (pending !== "") {
    if (pending.startsWith("\\x1b[200~")) {
      const end = pending.indexOf("\\x1b[201~");
      if (end === -1) return;
      paste(pending.slice(6, end));
      pending = pending.slice(end + 6);
    } else {
      press(pending[0]);
      pending = pending.slice(1);
    }
  }
});
if (status === "waiting") asks = true;
draw();
if (status === "busy") begin(); else keep(status);
`;
