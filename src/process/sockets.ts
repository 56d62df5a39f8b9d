import { readText } from "../lib/files.ts";

/** SO_ACCEPTCON of /proc/net/unix: something listens. */
const LISTENS = 0x10000;

/**
 * The paths of the unix sockets on which something listens (/proc/net/unix, proc_net(5)), also of those whose files are gone;
 * undefined where the system does not say.
 */
export function listeningSockets(): string[] | undefined {
  const found = new Set<string>();
  // the kernel tells them by their places, in pieces: as one goes between two of these, another takes its place, and is not told
  for (let i = 0; i < LOOKS; i++) {
    const text = readText("/proc/net/unix");
    if (text === undefined) return undefined;
    for (const path of parseSockets(text)) found.add(path);
  }
  return [...found];
}

const LOOKS = 3;

/** Reads /proc/net/unix. Pure. */
export function parseSockets(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, flags = "", path = ""] = /^\S+ \S+ \S+ (\S+) \S+ \S+ +\d+ (\/.*)$/.exec(line) ?? [];
    return (Number.parseInt(flags, 16) & LISTENS) === 0 ? [] : [path];
  });
}
