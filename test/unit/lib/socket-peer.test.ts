import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { socketPeer } from "../../../src/lib/socket-peer.ts";
import { effectiveUid } from "../../../src/lib/uid.ts";

test("who listens at a socket is known, and that nobody does", () => {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-peer-`);
  try {
    const path = `${folder}/ü socket`;
    expect(socketPeer(path)).toBeUndefined();
    const listener = Bun.listen({ unix: path, socket: { data() {} } });
    const peer = socketPeer(path);
    expect(peer?.pid).toBe(process.pid);
    if (process.platform === "linux") expect(peer?.uid).toBe(effectiveUid());
    listener.stop(true);
    expect(socketPeer(path)).toBeUndefined();
    expect(socketPeer(`${folder}/${"x".repeat(200)}`)).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
