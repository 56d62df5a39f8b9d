import { openLibc } from "./libc.ts";

// Functions of the C library that short-lived commands call in place of node:fs, which takes 7 ms to load, this 1, and
// of what Bun's pipes cost at their first use. Only on Linux: their constants differ elsewhere.

export type Linux = ReturnType<typeof open>;
let loaded: Linux | null | undefined;

/** The functions, loaded at their first use; null on other systems, and where one of them is missing. */
export function linux(): Linux | null {
  if (loaded === undefined) {
    try {
      loaded = process.platform === "linux" ? open() : null;
    } catch {
      loaded = null; // an older C library, without statx
    }
  }
  return loaded;
}

function open() {
  return openLibc({
    access: { args: ["buffer", "i32"], returns: "i32" },
    statx: { args: ["i32", "buffer", "i32", "u32", "buffer"], returns: "i32" },
    open: { args: ["buffer", "i32", "u32"], returns: "i32" },
    memfd_create: { args: ["buffer", "u32"], returns: "i32" },
    read: { args: ["i32", "buffer", "u64"], returns: "i64" },
    pread: { args: ["i32", "buffer", "u64", "i64"], returns: "i64" },
    lseek: { args: ["i32", "i64", "i32"], returns: "i64" },
    readlink: { args: ["buffer", "buffer", "u64"], returns: "i64" },
    write: { args: ["i32", "buffer", "u64"], returns: "i64" },
    close: { args: ["i32"], returns: "i32" },
    rename: { args: ["buffer", "buffer"], returns: "i32" },
    unlink: { args: ["buffer"], returns: "i32" },
    poll: { args: ["buffer", "u64", "i32"], returns: "i32" },
    waitid: { args: ["i32", "u32", "buffer", "i32"], returns: "i32" },
    // renameat2(2) and pidfd_open(2), for which older C libraries have no functions
    syscall: { args: ["i64", "i32", "ptr", "i32", "ptr", "u32"], returns: "i64" },
  });
}

/** Text as the C library takes it. */
export function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
