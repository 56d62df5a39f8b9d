// Builds the program for every target, packs each with README, LICENSE, completions and the man page, and writes
// SHA256SUMS; all into dist/release. The same sources, Bun, GNU tar and gzip make the same bytes: no time but that of the
// commit, no owner and no order of files goes into an archive.
//   bun run release [target ...]
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { SCRIPTS } from "../commands/completion/scripts.ts";
import { manPage } from "../commands/reference/man.ts";
import { describeCommands } from "../commands/reference/usage.ts";
import { VERSION } from "../lib/self.ts";
import { compile } from "./compile.ts";

const FOLDER = "dist/release";
/** Bun's names of the targets; the archives are named without `bun-`. */
const TARGETS = [
  "bun-linux-x64",
  "bun-linux-x64-baseline",
  "bun-linux-arm64",
  "bun-linux-x64-musl",
  "bun-linux-arm64-musl",
  "bun-darwin-x64",
  "bun-darwin-arm64",
] as const;
// the same for all files: that of the last commit
const TIME = `@${process.env.SOURCE_DATE_EPOCH ?? commitTime() ?? 0}`;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !TARGETS.some((target) => target === `bun-${name}`));
if (unknown.length > 0) {
  console.error(`unknown target ${unknown.join(", ")}; one of: ${TARGETS.map((name) => name.slice(4)).join(", ")}`);
  process.exit(2);
}
rmSync(FOLDER, { recursive: true, force: true });
for (const target of TARGETS) {
  if (wanted.length === 0 || wanted.some((name) => target === `bun-${name}`)) await pack(target);
}
const archives = readdirSync(FOLDER).toSorted();
const sums = await Promise.all(archives.map(async (name) => `${await sha256(`${FOLDER}/${name}`)}  ${name}\n`));
writeFileSync(`${FOLDER}/SHA256SUMS`, sums.join(""));
console.log(sums.join("").trimEnd());

async function pack(target: (typeof TARGETS)[number]): Promise<void> {
  const name = `claude-tmux-${VERSION}-${target.slice(4)}`;
  const folder = `${FOLDER}/${name}`;
  mkdirSync(`${folder}/completions`, { recursive: true });
  compile(`${folder}/claude-tmux`, target);
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) cpSync(file, `${folder}/${file}`);
  const names: Record<string, string> = { bash: "claude-tmux", zsh: "_claude-tmux", fish: "claude-tmux.fish" };
  for (const [shell, script] of Object.entries(SCRIPTS)) writeFileSync(`${folder}/completions/${names[shell]}`, script);
  writeFileSync(`${folder}/claude-tmux.1`, `${manPage(await describeCommands(), VERSION)}\n`);
  const same = [
    "--format=ustar",
    "--sort=name",
    `--mtime=${TIME}`,
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u+rwX,go+rX,go-w",
  ];
  run(["tar", "--create", ...same, "--directory", FOLDER, "--file", `${folder}.tar`, name]);
  run(["gzip", "--no-name", "--best", `${folder}.tar`]);
  rmSync(folder, { recursive: true });
}

/** Seconds since the epoch; undefined outside a git checkout. */
function commitTime(): string | undefined {
  const { success, stdout } = Bun.spawnSync(["git", "log", "-1", "--format=%ct"], { stderr: "ignore" });
  return success ? stdout.toString().trim() : undefined;
}

function run(command: string[]): void {
  const { TAR_OPTIONS, GZIP, ...env } = process.env; // they would add to it
  const { exitCode } = Bun.spawnSync(command, { env, stdout: "inherit", stderr: "inherit" });
  if (exitCode !== 0) throw new Error(`${command[0]} failed with exit code ${exitCode}`);
}

async function sha256(path: string): Promise<string> {
  return new Bun.CryptoHasher("sha256").update(await Bun.file(path).bytes()).digest("hex");
}
