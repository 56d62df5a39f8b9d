import { fs, nodePath } from "../lib/builtin.ts";

/** The path as the kernel tells it, without links on the way; also for a file whose folder is no more. */
export function canonical(path: string): string {
  const folder = nodePath().dirname(path);
  try {
    return `${fs().realpathSync(folder)}/${nodePath().basename(path)}`;
  } catch {
    return folder === "/" || folder === "." ? path : `${canonical(folder)}/${nodePath().basename(path)}`;
  }
}
