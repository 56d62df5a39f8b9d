import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { ControlClient } from "../../../src/tmux/control-client.ts";

// a tmux that is slow to attach, and that carries out at once what it reads before, as tmux 3.3 does
const SLOW = `#!/bin/bash
answer() { printf '%%begin 1 %d %d\\n%s\\n%%end 1 %d %d\\n' "$1" "$2" "$3" "$1" "$2"; }
read -r -t 0.3 line && answer 1 1 "too early: $line"
answer 2 0 ""
printf '%%session-changed $0 dev\\n'
while read -r line; do answer 3 1 "attached: $line"; done
`;
let folder = "";
const path = process.env.PATH;

beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-control-`);
  writeFileSync(`${folder}/tmux`, SLOW);
  chmodSync(`${folder}/tmux`, 0o755);
  process.env.PATH = `${folder}:${path}`;
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

test("nothing is sent before tmux has attached: what a pane writes until then would not be heard", async () => {
  const server = { flags: ["-L", "none"] as ["-L", string], socket: "", stateFolder: undefined };
  const handlers = { output: () => {}, notification: () => {}, idle: async () => {}, closed: () => {} };
  await using client = new ControlClient(server, "=dev:", {}, handlers);
  expect(await client.request(["list-panes"])).toEqual(["attached: 'list-panes'"]);
});
