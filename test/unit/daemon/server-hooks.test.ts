import { expect, test } from "bun:test";
import { ServerHooks } from "../../../src/daemon/server-hooks.ts";
import type { TmuxServer } from "../../../src/tmux/server.ts";

test("a client that could not be started is started by the next look", async () => {
  const name = `claude-tmux-none-${process.pid}`;
  // no process can be started with a zero byte in its arguments
  const server: TmuxServer = { flags: ["-L", "\0"], socket: "/nowhere", stateFolder: undefined };
  await using watch = new ServerHooks(server, "/nowhere", { changed() {}, closed() {} });
  await expect(watch.watch()).rejects.toThrow();
  server.flags = ["-L", name];
  expect(await watch.watch()).toBe(false); // there is no such server
});
