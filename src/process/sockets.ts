import { readText } from "../lib/files.ts";

/** SO_ACCEPTCON of /proc/net/unix: something listens. */
const LISTENS = 0x10000;

/**
 * The paths of the unix sockets on which something listens (/proc/net/unix, proc_net(5)), also of those whose files are gone;
 * undefined where the system does not say.
 */
export function listeningSockets(): string[] | undefined {
  const text = readText("/proc/net/unix");
  return text === undefined ? undefined : parseSockets(text);
}

/** Reads /proc/net/unix. Pure. */
export function parseSockets(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, flags = "", path = ""] = /^\S+ \S+ \S+ (\S+) \S+ \S+ +\d+ (\/.*)$/.exec(line) ?? [];
    return (Number.parseInt(flags, 16) & LISTENS) === 0 ? [] : [path];
  });
}
