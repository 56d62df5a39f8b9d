import { expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { Box, setUp } from "../helpers/box.ts";

// A pane goes away between two calls that one command makes to tmux: the last one of its server, which stays, and then says
// of every target that there is none; one of several; or the last one of a server that ends with it.

const WORLDS = {
  "with others": ["new-session", "-d", "-s", "other"],
  "of a server that stays": ["set-option", "-s", "exit-empty", "off"],
  "and its server": ["set-option", "-s", "exit-empty", "on"],
};
const LOOKS_MAX = 12;

/** A box whose commands end the session "dev" right before their nth call to tmux. */
async function world(command: readonly string[]): Promise<Box> {
  return await setUp(new Box({ SHELL: "/bin/bash" }), async (box) => {
    mkdirSync(`${box.folder}/bin`);
    const tmux = Bun.which("tmux");
    const script = `#!/bin/sh
if [ -e '${box.folder}/left' ]; then
  read -r left < '${box.folder}/left'
  if [ "$left" = 1 ]; then
    rm '${box.folder}/left'
    ${tmux} kill-session -t =dev
  else
    echo $((left - 1)) > '${box.folder}/left'
  fi
fi
exec ${tmux} "$@"
`;
    writeFileSync(`${box.folder}/bin/tmux`, script, { mode: 0o755 });
    await box.output("session-create", "dev");
    await box.tmux(...command);
    box.env.PATH = `${box.folder}/bin:${box.env.PATH}`;
  });
}

const WAITS = [
  ["pane-wait", "dev", "0", "--timeout", "20"],
  ["pane-watch-timeout", "dev", "0", "never", "20"],
];

for (const [name, command] of Object.entries(WORLDS)) {
  for (const wait of WAITS) {
    test(`a pane that goes ${name} while ${wait[0]} looks is told as ended`, async () => {
      const outcomes: string[] = [];
      for (let look = 2; look <= LOOKS_MAX; look++) {
        await using box = await world(command);
        await box.output("pane-exec", "dev", "0", "sleep 0.7");
        writeFileSync(`${box.folder}/left`, `${look}\n`);
        const { error, exit_code, pane_ended } = await box.bridge(...wait);
        if (existsSync(`${box.folder}/left`)) break; // so many calls it does not make
        outcomes.push(`${error?.code ?? "ended"} ${exit_code} ${pane_ended ?? false}`);
      }
      // how the pane ended can't be known, unless it was held; how its command ended is known when that came first
      const [first, ...others] = outcomes;
      expect(first).toBe("ERR_COMMAND_ENDED null true");
      for (const outcome of others) {
        expect(outcome).toMatch(/^(ERR_COMMAND_ENDED (null|129) true|ERR_COMMAND_ENDED 0 false|ended 0 false)$/);
      }
    });
  }
}
