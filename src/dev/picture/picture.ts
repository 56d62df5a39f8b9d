// Makes the picture of the README, .github/picture.svg, from a real run: types commands into a terminal of a tmux server of its
// own, and draws what that shows.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { poll } from "../../lib/wait.ts";
import { Stage } from "../../stage/stage.ts";
import { screenSvg } from "./svg.ts";

const BINARY = join(import.meta.dir, "../../../dist/claude-tmux");
const FILE = join(import.meta.dir, "../../../.github/picture.svg");
const [COLUMNS, ROWS] = [92, 24];
const PROMPT = "\u001b[32m$\u001b[0m ";
const LINES = [
  "claude-tmux session-create dev",
  "claude-tmux pane-create dev web",
  "claude-tmux pane-exec dev web 'sleep 1; echo listening on 8080; sleep 60'",
  "claude-tmux pane-watch-timeout dev web 'listening on [0-9]+' 30",
  "claude-tmux pane-run dev main -- make",
  "claude-tmux pane-list-detailed dev",
];

await using stage = new Stage({ SHELL: "/bin/bash", PS1: PROMPT }, [BINARY]);
writeFileSync(
  `${stage.folder}/Makefile`,
  "all:\n\t@echo compiling main.c\n\t@sleep 0.3\n\t@echo 'main.c:7: error: expected a semicolon'; exit 2\n",
);
writeFileSync(
  `${stage.folder}/.profile`,
  `PS1='\\[\\e[32m\\]$\\[\\e[0m\\] '\nPATH="${join(BINARY, "..")}:$PATH"\ncd\n`,
);
await stage.must(["session-create", "shown", "--size", `${COLUMNS}x${ROWS}`]);
await stage.must(["pane-run", "shown", "main", "--", "clear"]);
for (const line of LINES) {
  await stage.must(["pane-send-stdin", "shown", "main", "--enter", line]);
  await Bun.sleep(200);
  await poll(10_000, 50, async () => (await stage.run(["pane-is-running", "shown", "main"])).exitCode === 1);
}
const shown = await stage.must(["pane-screen", "shown", "main", "--ansi", "--json"]);
const { lines } = JSON.parse(shown).output as { lines: string[] };
while (lines.length > 0 && Bun.stripANSI(lines.at(-1) ?? "").trim() === "") lines.pop();
writeFileSync(FILE, screenSvg(lines, COLUMNS, "claude-tmux at work in a terminal"));
console.error("wrote .github/picture.svg");
