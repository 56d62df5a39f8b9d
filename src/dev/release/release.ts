// Builds the program for every target, or those that are named, and makes a release of them in dist/release: archives,
// packages for npm and Debian, a formula, install.sh and SHA256SUMS. SOURCE_DATE_EPOCH, or the last commit, says of when
// its files are; GITHUB_REPOSITORY where it is published. Without one, it is installed from where it was made.
//   npm run release -- [target ...]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../compile.ts";
import { placeOf } from "./about.ts";
import { makeRelease } from "./make.ts";
import { TARGETS } from "./targets.ts";

const folder = join(import.meta.dir, "../../../dist/release");
const names = process.argv.slice(2);
const unknown = names.filter((name) => !TARGETS.some((target) => target.name === name));
if (unknown.length > 0) {
  console.error(`unknown target ${unknown.join(", ")}; one of: ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const targets = TARGETS.filter(({ name }) => names.length === 0 || names.includes(name));
const built = mkdtempSync(join(tmpdir(), "claude-tmux-release-"));
try {
  rmSync(folder, { recursive: true, force: true });
  const sums = await makeRelease(targets, {
    folder,
    place: placeOf(process.env.GITHUB_REPOSITORY, folder),
    time: Number(process.env.SOURCE_DATE_EPOCH ?? commitTime() ?? 0),
    level: 9,
    build({ bun }) {
      compile(`${built}/claude-tmux`, bun);
      return `${built}/claude-tmux`;
    },
  });
  console.log(sums.trimEnd());
} finally {
  rmSync(built, { recursive: true, force: true });
}

/** Seconds since the epoch; undefined outside a git checkout. */
function commitTime(): string | undefined {
  const { success, stdout } = Bun.spawnSync(["git", "log", "-1", "--format=%ct"], { stderr: "ignore" });
  return success ? stdout.toString().trim() : undefined;
}
