import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, asError } from "../lib/errors.ts";

/** What became of a file that was to be installed. */
export type Installed = "written" | "unchanged";

/**
 * Writes a file whole or not at all, its folders made when missing. One that is there and differs stays, unless forced.
 * Throws ERR_COMMAND_FAILED.
 */
export function installFile(path: string, text: string, options: { force: boolean }): Installed {
  try {
    if (existsSync(path)) {
      if (readFileSync(path, "utf8") === text) return "unchanged";
      if (!options.force) {
        throw new AppError("ERR_COMMAND_FAILED", `${path} exists already, with different content`, {
          hint: "Compare it with the output of --print; replace it with --force.",
        });
      }
    }
    mkdirSync(dirname(path), { recursive: true });
    const part = `${path}.${process.pid}.part`;
    try {
      writeFileSync(part, text, { mode: text.startsWith("#!") ? 0o755 : 0o644, flush: true });
      renameSync(part, path);
    } finally {
      rmSync(part, { force: true });
    }
    return "written";
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError("ERR_COMMAND_FAILED", `${path} cannot be written: ${asError(thrown).message}`, {
      hint: "Print it with --print, and put it there as a user who may.",
      cause: thrown,
    });
  }
}
