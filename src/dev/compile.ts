import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";

const OLD_MS = 10 * 60_000;

/**
 * Compiles the program into one executable. The flags are what starts fastest, measured: without --bytecode a command
 * takes 2 ms more, without --splitting (commands loaded only when called) 10 ms more.
 * @param target a target of `bun build --compile`, for another machine than this one; Bun fetches its runtime from npm
 * @throws Error when it cannot be built; what is there already stays
 */
export function compile(outfile: string, target?: string): void {
  // a running daemon keeps the file it was started from; replacing it by rename leaves that file whole
  const part = `${outfile}.${process.pid}.part`; // another build may go on
  // the executable has its name in it: the same in each build makes the same bytes
  const built = `${part}/${basename(outfile)}`;
  mkdirSync(part, { recursive: true });
  const folder = dirname(outfile);
  const files = [...readdirSync("."), ...readdirSync(folder).map((name) => `${folder}/${name}`)];
  const left = files.filter((file) => /\.(bun-build|part)$/.test(file) && isOld(file));
  for (const file of left) rmSync(file, { recursive: true, force: true });
  const flags = ["--compile", "--minify", "--bytecode", "--splitting", "--format=esm"];
  const isolation = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  const platform = target === undefined ? [] : [`--target=${target}`];
  const { success, stdout, exitCode } = Bun.spawnSync(
    [process.execPath, "build", ...flags, ...isolation, ...platform, "src/cli.ts", "--outfile", built],
    { stdout: "pipe", stderr: "inherit" },
  );
  if (!success) throw new Error(`bun build failed with exit code ${exitCode}\n${stdout}`);
  renameSync(built, outfile);
  rmSync(part, { recursive: true });
}

/** Whether it is left of a build that was interrupted. */
function isOld(file: string): boolean {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > OLD_MS;
}
