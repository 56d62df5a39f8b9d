import { describe, expect, test } from "bun:test";
import { isSecret } from "../../../src/snapshots/secrets.ts";
import { VARIABLES } from "./secret-variables.ts";

/** What the shells don't tell though it is no secret: they are not as exact. */
const HIDDEN_TOO = ["REMOTE=ssh://git@github.com/x/y", 'CONFIG={"user": "me", "key": "x"}', "DB_PASSWORD="];

/** How a shell asks itself whether each variable (name, value, name, value …) is a secret, given what its integration has for that. */
const SHELLS = [
  {
    shell: "bash",
    file: "bash.sh",
    part: /^__claude_tmux_isSecret\(\) \{\n[\s\S]*?\n\}$/m,
    ask: 'while (($#)); do __claude_tmux_isSecret "$1" "$2" && echo yes || echo no; shift 2; done',
    options: ["--norc", "-c"],
  },
  {
    shell: "zsh",
    file: "zshenv.zsh",
    part: /^ *__claude_tmux_isSecret\(\) \{\n[\s\S]*?\n {4}\}$/m,
    ask: 'while (($#)); do __claude_tmux_isSecret "$1" "$2" && echo yes || echo no; shift 2; done',
    options: ["-f", "-c"],
  },
  {
    shell: "fish",
    file: "fish.fish",
    part: /^set -g __claude_tmux_secrets .*$/m,
    ask: "for i in (seq 1 2 (count $argv)); string match -qir $__claude_tmux_secrets -- $argv[$i]=$argv[(math $i + 1)]; and echo yes; or echo no; end",
    options: ["--no-config", "-c"],
  },
];

async function asked(
  { shell, file, part, ask, options }: (typeof SHELLS)[number],
  words: string[],
): Promise<boolean[]> {
  const source = await Bun.file(`${import.meta.dir}/../../../src/tmux/shell/${file}`).text();
  const script = `${part.exec(source)?.[0]}\n${ask}`;
  const name = shell === "fish" ? [] : [shell];
  const { stdout, stderr } = Bun.spawnSync([shell, ...options, script, ...name, ...words]);
  expect(`${stderr}`).toBe("");
  return `${stdout}`
    .trim()
    .split("\n")
    .map((line) => line === "yes");
}

for (const one of SHELLS)
  describe.skipIf(Bun.which(one.shell) === null)(one.shell, () => {
    test("tells no secret, and all that is plainly none", async () => {
      const words = VARIABLES.flatMap(([name, value]) => [name, value].map(String));
      const found = await asked(one, words);
      const wrong = VARIABLES.flatMap(([name, value], i) =>
        found[i] === isSecret(name, value) || (found[i] && HIDDEN_TOO.includes(`${name}=${value}`))
          ? []
          : [`${name}=${value}`],
      );
      expect(wrong).toEqual([]);
    });

    test("and takes no time for long values", async () => {
      const texts = ['"', "key", "pass:", "eyJ", "a://", "=", 'key"', "sk-", "x "];
      const words = texts.flatMap((text) => ["X", text.repeat(4096 / text.length), "X", text.repeat(10_000)]);
      const began = performance.now();
      await asked(one, words);
      expect(performance.now() - began).toBeLessThan(3000);
    });
  });
