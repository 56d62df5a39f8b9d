import { cString, openLibc } from "./libc.ts";

/** Who listens at a socket; a pid of 0 is one that can't be told, as of a process in a container. */
export interface SocketPeer {
  pid: number;
  /** undefined where the system does not tell it */
  uid: number | undefined;
}

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000; // Linux alone; elsewhere a full backlog refuses at once
const IS_DARWIN = process.platform === "darwin";
const PATH_AT = 2;

/**
 * Connects to a unix socket, says nothing, and closes (unix(7)); undefined when nobody accepts there. For the rare case
 * that needs it at once: all else uses sockets of the event loop.
 */
export function socketPeer(path: string): SocketPeer | undefined {
  const c = openLibc({
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    connect: { args: ["i32", "buffer", "u32"], returns: "i32" },
    getsockopt: { args: ["i32", "i32", "i32", "buffer", "buffer"], returns: "i32" },
    close: { args: ["i32"], returns: "i32" },
  });
  const fd = c.socket(AF_UNIX, SOCK_STREAM | (IS_DARWIN ? 0 : SOCK_NONBLOCK), 0);
  if (fd < 0) return undefined;
  try {
    const address = addressOf(path);
    if (c.connect(fd, address, address.length) !== 0) return undefined;
    // struct ucred { pid; uid; gid } by SO_PEERCRED; on macOS LOCAL_PEERPID, the pid alone
    const [level, option, size] = IS_DARWIN ? [0, 2, 4] : [1, 17, 12];
    const answer = new DataView(new ArrayBuffer(size));
    const length = new Uint32Array([size]);
    if (c.getsockopt(fd, level, option, answer, length) !== 0) return { pid: 0, uid: undefined };
    return { pid: answer.getInt32(0, true), uid: IS_DARWIN ? undefined : answer.getUint32(4, true) };
  } finally {
    c.close(fd);
  }
}

/** struct sockaddr_un: the family in two bytes, or the length and the family in one each, and the path. */
function addressOf(path: string): Uint8Array {
  const name = cString(path);
  const address = new Uint8Array(PATH_AT + name.length);
  address[0] = IS_DARWIN ? address.length : AF_UNIX;
  address[1] = IS_DARWIN ? AF_UNIX : 0;
  address.set(name, PATH_AT);
  return address;
}
