import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { DurableFile } from "../../../src/tmux/durable-file.ts";
import { durableDir, type TmuxServer } from "../../../src/tmux/server.ts";
import { ownStateHome } from "../../helpers/state-home.ts";

const server = { socket: "/tmp/tmux-0/default" } as TmuxServer;
ownStateHome();

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

describe("one that can't be used is told, and not written over", () => {
  const file = new DurableFile("x.json", v.number());
  const path = () => `${durableDir(server)}/x.json`;
  const damage = async (text: string) => {
    await file.change(server, () => 1);
    writeFileSync(path(), text);
  };

  test.each([
    ["", "is empty, cut off, or no JSON"],
    ["{", "is empty, cut off, or no JSON"],
    ['"1"', "what it holds is not what should be there"],
  ])("%j: %s", async (text, why) => {
    await damage(text);
    const told = {
      code: "ERR_COMMAND_FAILED",
      message: expect.stringContaining(why),
      hint: expect.stringMatching("away"),
    };
    expect(() => file.read(server)).toThrow(expect.objectContaining(told));
    await expect(file.change(server, () => 2)).rejects.toMatchObject(told);
    await expect(file.change(server, () => undefined)).rejects.toMatchObject(told);
    expect(readFileSync(path(), "utf8")).toBe(text);
  });

  test("a folder in its place", async () => {
    await file.change(server, () => 1);
    rmSync(path());
    mkdirSync(path());
    await expect(file.change(server, () => 2)).rejects.toThrow("it is no plain file");
  });

  test("but it can be set aside, and goes with the others", async () => {
    expect(await file.setAside(server)).toBeUndefined();
    await damage("{");
    const aside = { path: `${path()}.damaged`, why: expect.stringContaining("no JSON") };
    expect(await file.setAside(server)).toEqual(aside);
    expect([existsSync(path()), readFileSync(aside.path, "utf8")]).toEqual([false, "{"]);
    await file.change(server, () => 2);
    expect([file.read(server), file.files(), await file.setAside(server)]).toEqual([
      2,
      [path(), aside.path],
      undefined,
    ]);
  });
});

test("those of all servers are told, whatever else lies beside them", async () => {
  const file = new DurableFile("x.json", v.number());
  await file.change(server, () => 1);
  const root = dirname(durableDir(server));
  writeFileSync(`${root}/installed`, "");
  mkdirSync(`${root}/snapshots`, { mode: 0o700 });
  expect(file.files()).toEqual([`${durableDir(server)}/x.json`]);
});

test("where there is no home, there is none", () => {
  const { HOME } = process.env;
  delete process.env.XDG_STATE_HOME;
  process.env.HOME = "";
  try {
    expect(new DurableFile("x.json", v.number()).read(server)).toBeUndefined();
  } finally {
    process.env.HOME = HOME;
  }
});
