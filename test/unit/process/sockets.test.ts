import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { listeningSockets, parseSockets } from "../../../src/process/sockets.ts";

test("sockets on which something listens are told apart from connections, and from those without a path", () => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
000000004ce59470: 00000002 00000000 00010000 0001 01 122185449 /tmp/tmux-0/default
00000000780023c9: 00000002 00000000 00010000 0001 01 12213 /tmp/a folder/other
000000003ce59470: 00000003 00000000 00000000 0001 03 122185449 /tmp/tmux-0/connected
00000000585ce0d8: 00000003 00000000 00000000 0001 03 122186172
0000000058000000: 00000002 00000000 00010000 0001 01 122186173 @abstract
`;
  expect(parseSockets(text)).toEqual(["/tmp/tmux-0/default", "/tmp/a folder/other"]);
});

test.skipIf(process.platform !== "linux")(
  "of more sockets than the kernel tells in one piece, none is left out",
  () => {
    const folder = mkdtempSync(`${tmpdir()}/sockets-`);
    const paths = Array.from({ length: 150 }, (_, i) => `${folder}/${i}`);
    const servers = paths.map((unix) => Bun.listen({ unix, socket: { data() {} } }));
    try {
      const listening = new Set(listeningSockets());
      expect(paths.filter((path) => !listening.has(path))).toEqual([]);
    } finally {
      for (const server of servers) server.stop(true);
      rmSync(folder, { recursive: true });
    }
  },
);
