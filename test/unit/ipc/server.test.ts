import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { type EventsQuery, type Status, VERSION_HEADER } from "../../../src/ipc/protocol.ts";
import { type Handlers, type IpcServer, serve } from "../../../src/ipc/server.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { VERSION } from "../../../src/lib/self.ts";
import { STATUS } from "../../helpers/status.ts";

let folder = "";
let server: IpcServer;
const queries: EventsQuery[] = [];
const handlers: Handlers = {
  output: () => undefined,
  status: () => ({ ...STATUS, moons: 79 }) as Status,
  sync: () => Promise.reject(new AppError("ERR_TMUX_NOT_RUNNING", "none runs", { hint: "start one" })),
  metrics: () => "up 1\n",
  events: (query) => {
    queries.push(query);
    return new Blob(["\n"]).stream();
  },
  tie: () => {},
  tell: () => {},
  release: () => {},
};

beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-ipc-`);
  server = serve(`${folder}/s`, handlers);
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const ask = (path: string, method = "GET", headers: Record<string, string> = {}) =>
  fetch(`http://daemon${path}`, { method, headers, unix: `${folder}/s` });
const withVersion = { [VERSION_HEADER]: "9.9.9" };

test("who says no version gets the fields of 3.1.0, who does gets all", async () => {
  expect(await (await ask("/status")).json()).toEqual(STATUS);
  expect(await (await ask("/status", "GET", withVersion)).json()).toEqual({ ...STATUS, moons: 79 });
});

test("each answer says our version", async () => {
  for (const path of ["/status", "/metrics", "/events", "/nothing"])
    expect((await ask(path)).headers.get(VERSION_HEADER)).toBe(VERSION);
});

test("an error keeps its code and its hint, for who can read them", async () => {
  const told = await ask("/sync", "POST", withVersion);
  expect([told.status, await told.json()]).toEqual([
    500,
    { code: "ERR_TMUX_NOT_RUNNING", message: "none runs", hint: "start one" },
  ]);
  expect(await (await ask("/sync", "POST")).text()).toBe("none runs\n");
});

test("a path that is not there is an error, too", async () => {
  expect(await (await ask("/moons", "GET", withVersion)).json()).toMatchObject({ code: "ERR_COMMAND_FAILED" });
});

test.each([["?since=x"], ["?since=-1"], ["?since=1e3"], ["?since="]])("/events%s is refused", async (query) => {
  const reply = await ask(`/events${query}`, "GET", withVersion);
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ code: "ERR_INVALID_ARGUMENT" });
});

test("what /events does not know of a query is ignored", async () => {
  queries.length = 0;
  await (await ask("/events?since=42&session=dev&moons=79")).text();
  expect(queries).toEqual([{ since: 42, session: "dev" }]);
});
