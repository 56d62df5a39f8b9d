/**
 * A program that does as Claude Code 2.1.332 does, as far as tmux and its files show it: it draws the conversation, the composer between
 * two lines, what turns about while it works and the dialog in which it asks for a permission; it takes pastes, Enter, Escape, arrows and
 * digits; it keeps its file in sessions/ and a transcript. What it was given and what was chosen is written into $HOME/prompts and
 * $HOME/chosen.
 *
 * Variables: START, what it does when it starts: idle, works (without end), asks (works for a while, then asks); ANSWER, what it says at
 * the end of a turn.
 */
export const STAND_IN = `
const fs = require("node:fs");
const { HOME, START = "idle", ANSWER = "Done." } = process.env;
const folder = HOME + "/.claude/sessions";
const project = HOME + "/.claude/projects/-work";
for (const one of [folder, project]) fs.mkdirSync(one, { recursive: true });
const sessionId = crypto.randomUUID();
const stat = fs.readFileSync("/proc/self/stat", "utf8");
const procStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
const choices = ["Yes", "Yes, and don't ask again for: npm test", "No"];
const said = [" \\u2590\\u259b\\u2588\\u2588\\u2588\\u259c\\u258c   Claude Code v2.1.332", "\\u259d\\u259c\\u2588\\u2588\\u2588\\u2588\\u2588\\u259b\\u2598  ~/work"];
let status = "idle", text = "", at = 0, seconds = 0, ending;

function keep(now) {
  status = now;
  const path = folder + "/" + process.pid + ".json";
  const told = { pid: process.pid, sessionId, procStart, status, statusUpdatedAt: Date.now(), kind: "interactive" };
  if (status === "waiting") told.waitingFor = "permission prompt";
  fs.writeFileSync(path + ".part", JSON.stringify(told));
  fs.renameSync(path + ".part", path);
}

function draw() {
  const line = "\\u2500".repeat(process.stdout.columns);
  const rows = [...said, ""];
  let cursor;
  if (status === "waiting") {
    rows.push(line, " Bash command", "", "   npm test", "   Run the tests", "", " Do you want to proceed?");
    choices.forEach((choice, i) => rows.push((i === at ? " \\u276f " : "   ") + (i + 1) + ". " + choice));
    rows.push("", " Esc to cancel \\u00b7 Tab to amend");
    cursor = [rows.length - 4 + at, 2];
  } else {
    if (status === "busy") rows.push("\\u273b Cogitating\\u2026 (" + seconds + "s \\u00b7 esc to interrupt)", "");
    rows.push(line);
    text.split("\\n").forEach((one, i) => rows.push((i === 0 ? "\\u276f " : "  ") + one));
    cursor = [rows.length, 3 + text.split("\\n").at(-1).length];
    rows.push(line, "  ? for shortcuts");
  }
  process.stdout.write("\\x1b[H" + rows.join("\\x1b[K\\r\\n") + "\\x1b[K\\x1b[J\\x1b[" + cursor.join(";") + "H");
}

function work(ms, then) {
  seconds = 0;
  keep("busy");
  if (ms !== undefined) ending = setTimeout(then, ms);
}
function answer() {
  said.push("\\u25cf " + ANSWER, "");
  const message = { content: [{ type: "text", text: ANSWER }] };
  const entry = { type: "assistant", isSidechain: false, timestamp: new Date().toISOString(), message };
  fs.appendFileSync(project + "/" + sessionId + ".jsonl", JSON.stringify(entry) + "\\n");
  keep("idle");
  draw();
}
function ask() {
  said.push("\\u25cf Bash(npm test)", "");
  keep("waiting");
  draw();
}
function interrupt() {
  clearTimeout(ending);
  said.push("  \\u23bf  Interrupted \\u00b7 What should Claude do instead?", "");
  keep("idle");
}
function choose(i) {
  fs.appendFileSync(HOME + "/chosen", choices[i] + "\\n");
  if (i === 2) interrupt();
  else work(1000, answer);
}
function send() {
  fs.appendFileSync(HOME + "/prompts", text + "\\n");
  said.push("\\u276f " + text, "");
  text = "";
  work(1500, answer);
}

function press(key) {
  if (key === "\\x03") process.exit(0);
  if (status === "waiting") {
    if (key === "\\r") choose(at);
    else if (key === "\\x1b") choose(2);
    else if (key >= "1" && key <= "3") choose(Number(key) - 1);
    else if (key === "\\x1b[A") at = Math.max(0, at - 1);
    else if (key === "\\x1b[B") at = Math.min(2, at + 1);
  } else if (key === "\\x1b") {
    if (status === "busy") interrupt();
  } else if (key === "\\r") {
    if (text.trim() !== "" && status === "idle") send();
  } else if (key === "\\x7f") text = text.slice(0, -1);
  else if (key === "\\x15") text = "";
  else if (!key.startsWith("\\x1b")) text += key;
  draw();
}

let pending = "";
process.stdin.setRawMode(true);
process.stdin.setEncoding("utf8").on("data", (data) => {
  pending += data.replaceAll("\\x1bO", "\\x1b[");
  while (pending !== "") {
    if (pending.startsWith("\\x1b[200~")) {
      const end = pending.indexOf("\\x1b[201~");
      if (end === -1) return;
      if (status !== "waiting") text += pending.slice(6, end);
      pending = pending.slice(end + 6);
      draw();
      continue;
    }
    const key = /^\\x1b\\[[A-D]/.exec(pending)?.[0] ?? pending[0];
    pending = pending.slice(key.length);
    press(key);
  }
});
process.stdout.write("\\x1b]2;\\u2733 Claude Code\\x07\\x1b[?2004h");
setInterval(() => { seconds += 1; if (status === "busy") draw(); }, 1000);
if (START !== "idle") said.push("\\u276f run the tests", "", "\\u25cf I run them.", "");
if (START === "works") work();
else if (START === "asks") work(1500, ask);
else keep("idle");
draw();
`;
