import { expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { DurableFile } from "../../../src/snapshots/durable-file.ts";
import { durableDir, type TmuxServer } from "../../../src/tmux/server.ts";
import { ownStateHome } from "../../helpers/state-home.ts";

ownStateHome();

const server = { socket: "/tmp/tmux-0/default" } as TmuxServer;

test("what somebody has left who was killed while writing it goes with the next change", async () => {
  const file = new DurableFile("x.json", v.number());
  await file.change(server, () => 1);
  for (const name of ["x.json.999999999.part", "y.json.999999999.part"])
    writeFileSync(`${durableDir(server)}/${name}`, "");
  await file.change(server, () => 2);
  expect([file.read(server), readdirSync(durableDir(server)).toSorted()]).toEqual([
    2,
    ["x.json", "y.json.999999999.part"],
  ]);
});
