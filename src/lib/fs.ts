type Fs = typeof import("node:fs");
let loaded: Fs | undefined;

/**
 * node:fs, loaded at its first use: an import costs 4 ms at every start, and most commands touch no file. For what the
 * short-lived commands import; a daemon may import it as usual.
 */
export function fs(): Fs {
  loaded ??= process.getBuiltinModule("node:fs");
  return loaded;
}
