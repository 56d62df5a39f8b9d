import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { Box } from "./box.ts";

// What happens between two calls that one command makes to tmux.

/** Has commands of a box, from now on, run a shell script (without single quotes) right before their nth call to tmux, as arm() says. */
export function interpose(box: Box, script: string): void {
  mkdirSync(`${box.folder}/between`);
  const wrapper = `#!/bin/sh
if [ -e '${box.folder}/armed' ]; then
  read -r left < '${box.folder}/armed'
  if [ "$left" = 1 ]; then
    PATH='${box.env.PATH}' sh -c '${script}' >/dev/null 2>&1
    rm '${box.folder}/armed'
  else
    echo $((left - 1)) > '${box.folder}/armed'
  fi
fi
exec ${Bun.which("tmux")} "$@"
`;
  writeFileSync(`${box.folder}/between/tmux`, wrapper, { mode: 0o755 });
  box.env.PATH = `${box.folder}/between:${box.env.PATH}`;
}

/** Has the next command run the script before that call, the first one is 1. */
export function arm(box: Box, call: number): void {
  writeFileSync(`${box.folder}/armed`, `${call}\n`);
}

/** Whether it has run to its end; false also where the command made fewer calls. */
export function hasRun(box: Box): boolean {
  return !existsSync(`${box.folder}/armed`);
}
