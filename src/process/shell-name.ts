import { baseName } from "../lib/names.ts";
import { commandLine } from "./identity.ts";

/** The name of the shell of that pid, without what stands before it in a login shell. */
export function shellName(pid: number): string {
  return baseName(commandLine(pid)[0] ?? "").replace(/^-/, "");
}
