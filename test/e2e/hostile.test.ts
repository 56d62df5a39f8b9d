import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, realpathSync, statSync, symlinkSync } from "node:fs";
import { Box, until } from "../helpers/box.ts";
import { HOSTILE, hostileText, RANDOM_SEED, random } from "../helpers/random.ts";

/** A pane whose program writes all that is typed to a file; `deliver` types a text and returns what arrived. */
class Receiver {
  private constructor(
    private readonly box: Box,
    private readonly file: string,
  ) {}

  static async open(box: Box): Promise<Receiver> {
    const file = `${box.folder}/received`;
    await box.output("session-create", "dev");
    await box.output("pane-exec", "dev", "0", `stty raw -echo; printf 'rea''dy\\r\\n'; cat > ${file}`);
    await box.shows("dev", "0", "ready");
    await until("the file is there", () => Receiver.size(file) !== undefined);
    return new Receiver(box, file);
  }

  async deliver(text: string): Promise<string> {
    const before = Receiver.size(this.file) ?? 0;
    await this.box.output("pane-exec", "dev", "0", "--", text);
    const length = Buffer.byteLength(text) + 1;
    await until(`${length} bytes have arrived`, () => (Receiver.size(this.file) ?? 0) >= before + length);
    const arrived = readFileSync(this.file).subarray(before).toString();
    expect(arrived.at(-1)).toBe("\r"); // Enter
    return arrived.slice(0, -1);
  }

  private static size(file: string): number | undefined {
    return statSync(file, { throwIfNoEntry: false })?.size;
  }
}

/** A newline in a text is typed as Enter, as a terminal sends it. */
const typed = (text: string) => text.replaceAll("\n", "\r");

describe("what pane-exec types arrives byte for byte", () => {
  test("eighty hostile strings", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    const receiver = await Receiver.open(box);
    expect(HOSTILE).toHaveLength(80);
    for (const text of HOSTILE) expect(await receiver.deliver(text)).toBe(typed(text));
  });

  test("a text of 100 KB", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    const receiver = await Receiver.open(box);
    const next = random(100);
    let text = "";
    while (Buffer.byteLength(text) < 100_000) text += hostileText(next, 20);
    expect(await receiver.deliver(text)).toBe(typed(text));
  });

  test.each([
    ["a fixed seed", 20251125],
    ["a random seed", RANDOM_SEED],
  ])("any text: %s", async (_, seed) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    const receiver = await Receiver.open(box);
    const next = random(seed);
    for (let i = 0; i < 25; i++) {
      const text = hostileText(next, 30);
      const arrived = await receiver.deliver(text);
      if (arrived !== typed(text))
        throw new Error(`SEED=${seed}: ${JSON.stringify(text)} → ${JSON.stringify(arrived)}`);
    }
  });
});

describe("labels and metadata come back as they were given", () => {
  test.each([
    ["a fixed seed", 20251126],
    ["a random seed", RANDOM_SEED],
  ])("any key and value: %s", async (_, seed) => {
    await using box = new Box();
    await box.output("session-create", "dev");
    const next = random(seed);
    const texts = [...HOSTILE.slice(0, 10), ...Array.from({ length: 15 }, () => hostileText(next, 20))];
    const told = new Map<string, string>();
    for (const [i, value] of texts.entries()) {
      const key = i % 2 ? `key${i % 5}` : `${hostileText(next, 5)}${i}`;
      await box.output("pane-metadata-set", "dev", "0", "--", key, value);
      told.set(key, value);
      const back = await box.output("pane-metadata-get", "dev", "0", "--", key);
      if (back !== value) throw new Error(`SEED=${seed}: ${JSON.stringify(value)} → ${JSON.stringify(back)}`);
    }
    const [pane] = (await box.bridge("pane-list-detailed", "dev")).output as { metadata: Record<string, string> }[];
    expect(new Map(Object.entries(pane?.metadata ?? {}))).toEqual(told);
  });

  test("hostile strings as metadata, and 100 KB", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    for (const value of [...HOSTILE.filter((_, i) => i % 4 === 0), "x;\n".repeat(33_000)]) {
      await box.output("pane-metadata-set", "dev", "main", "k", "--", value);
      expect(await box.output("pane-metadata-get", "dev", "0", "k")).toBe(value);
    }
  });

  test("twenty at once lose none, and they follow the pane through renumbering", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "web");
    const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
    await Promise.all(keys.map((key, i) => box.output("pane-metadata-set", "dev", "web", key, `value ${i}`)));
    await box.output("pane-kill", "dev", "0");
    for (const [i, key] of keys.entries())
      expect(await box.output("pane-metadata-get", "dev", "0", "--", key)).toBe(`value ${i}`);
    expect(await box.bridge("pane-metadata-get", "dev", "0", "other")).toMatchObject({ exitCode: 1 });
    expect(await box.bridge("pane-metadata-set", "dev", "9", "k", "v")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_PANE_NOT_FOUND" },
    });
    // without a daemon, and with nothing of ours running, they are in tmux
    expect(await box.tmux("show-options", "-pqv", "-t", "%1", "@claude_tmux_label")).toBe("web");
  });
});

test("a session begins in the very folder that was named, whatever its name holds", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  const names = [
    "a#[fg=red]b",
    "##[x]",
    "#{pane_id}",
    "#(touch x)",
    "#S",
    "a}b",
    "a,b:c",
    "#}",
    "%H $HOME",
    "日本 'x\"",
  ];
  for (const [i, name] of names.entries()) {
    mkdirSync(`${box.folder}/${name}`);
    await box.output("session-create", `s${i}`, "--cwd", `${box.folder}/${name}`);
    const cwd = await until("tmux knows the folder", async () => {
      const [pane] = (await box.bridge("pane-list-detailed", `s${i}`)).output as { cwd: string }[];
      return pane?.cwd || undefined;
    });
    expect(cwd).toBe(realpathSync(`${box.folder}/${name}`));
  }
  // by a link, the shell knows the folder by the link's name from tmux 3.3 on
  symlinkSync(`${box.folder}/##[x]`, `${box.folder}/#link`);
  await box.output("session-create", "linked", "--cwd", `${box.folder}/#link`);
  const folders = [`${box.folder}/#link`, realpathSync(`${box.folder}/#link`)];
  expect(folders).toContain(await box.output("pane-run", "linked", "0", "--", "echo $PWD"));
});

test("a pane's path of a megabyte does not hold up those who list panes, or tmux", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "web");
  const length = 330_000;
  const print = `printf '\\033]7;'; printf '\\xe2\\x90\\x9f%.0s' $(seq ${length}); printf '\\007'; read x`;
  await box.output("pane-exec", "dev", "0", print);
  const path = (format: string) => box.tmux("display-message", "-p", "-t", "=dev:^.0", format);
  await until("tmux has the path", async () => Number(await path("#{n:pane_path}")) === 3 * length);
  const time = async (run: () => Promise<unknown>) => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  const replacing = await time(() => path("#{s/\u241f|\u241e/?/:pane_path}"));
  const listing = await time(async () => {
    expect((await box.bridge("pane-list-detailed", "dev")).output).toHaveLength(2);
  });
  expect(listing).toBeLessThan(replacing / 2);
  expect(await box.bridge("pane-is-running", "dev", "web")).toMatchObject({ exitCode: 1, output: "false" });
  expect(await box.bridge("pane-is-running", "dev", "0")).toMatchObject({ exitCode: 0, output: "true" });
});
