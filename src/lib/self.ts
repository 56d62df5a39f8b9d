import pkg from "../../package.json" with { type: "json" };
import { baseName } from "./names.ts";

/** The version of this program, from package.json. */
export const VERSION: string = pkg.version;

/** What it is, in a line. */
export const SUMMARY: string = pkg.description;

/** The SPDX id of its licence. */
export const LICENSE: string = pkg.license;

/** The command line that runs this very program again with `args`: the binary, or Bun with our main file. */
export function selfCommand(args: string[]): string[] {
  return isCompiled() ? [process.execPath, ...args] : [process.execPath, Bun.main, ...args];
}

/** The name this program was called by, without folder and without a trailing ".sh". */
export function calledName(): string {
  const path = isCompiled() ? process.argv0 : Bun.main;
  const name = baseName(path);
  return name.endsWith(".sh") ? name.slice(0, -3) : name;
}

function isCompiled(): boolean {
  return Bun.main.startsWith("/$bunfs/");
}
