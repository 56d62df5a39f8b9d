import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fetchStatus, followEvents, requestSync } from "../../../src/ipc/client.ts";
import { otherVersion, VERSION_HEADER } from "../../../src/ipc/protocol.ts";
import { VERSION } from "../../../src/lib/self.ts";
import { STATUS } from "../../helpers/status.ts";

let folder = "";
let answer: (request: Request) => Response;
let server: Bun.Server<undefined>;
const socket = () => `${folder}/s`;

beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-ipc-`);
  server = Bun.serve({ unix: socket(), fetch: (request) => answer(request) });
});

afterAll(async () => {
  await server.stop(true);
  rmSync(folder, { recursive: true });
});

test("fields that only the daemon knows are no error", async () => {
  answer = () => Response.json({ ...STATUS, moons: 79 });
  expect(await fetchStatus(socket())).toEqual(STATUS);
});

test("each request says our version", async () => {
  const said: (string | null)[] = [];
  answer = (request) => {
    said.push(request.headers.get(VERSION_HEADER));
    return Response.json(STATUS);
  };
  await fetchStatus(socket());
  expect(said).toEqual([VERSION]);
});

test("an answer that lacks what is needed names the version that gave it", async () => {
  answer = () => Response.json({ pid: 1 }, { headers: { [VERSION_HEADER]: "9.9.9" } });
  await expect(fetchStatus(socket())).rejects.toMatchObject({
    code: "ERR_COMMAND_FAILED",
    hint: `Daemon 9.9.9 runs, this is ${VERSION}: claude-tmux daemon restart`,
  });
});

test("an error is the one that the daemon threw", async () => {
  const headers = { [VERSION_HEADER]: VERSION };
  answer = () => Response.json({ code: "ERR_INVALID_ARGUMENT", message: "no", hint: "do" }, { status: 400, headers });
  const signal = new AbortController().signal;
  await expect(followEvents(socket(), {}, signal).next()).rejects.toMatchObject({
    code: "ERR_INVALID_ARGUMENT",
    message: "no",
    hint: "do",
    exitCode: 2,
  });
});

test("an error of a daemon that answers in words, as one of an earlier version does", async () => {
  answer = () => new Response("no such path\n", { status: 404 });
  await expect(requestSync(socket())).rejects.toMatchObject({
    message: "The daemon refused /sync: no such path",
    hint: expect.stringContaining("claude-tmux daemon restart"),
  });
});

test.each([
  ["3.1.0", "3.1.0", undefined],
  ["3.1.0", "3.2.0", "Daemon 3.1.0 runs, this is 3.2.0: claude-tmux daemon restart"],
  [undefined, "3.2.0", "A daemon of an earlier version runs, this is 3.2.0: claude-tmux daemon restart"],
])("a daemon %p, seen from %p", (runs, own, sentence) => {
  expect(otherVersion(runs, own)).toBe(sentence as string);
});
