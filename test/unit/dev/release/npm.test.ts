import { expect, test } from "bun:test";
import { placeOf } from "../../../../src/dev/release/about.ts";
import { launcherTarball, packedName, platformPackage, platformTarball } from "../../../../src/dev/release/npm.ts";
import { TARGETS } from "../../../../src/dev/release/targets.ts";
import { releaseTexts } from "../../../../src/dev/release/texts.ts";
import { VERSION } from "../../../../src/lib/self.ts";

const texts = await releaseTexts();
const place = placeOf("someone/claude-tmux", "/release");
const musl = { os: "linux", cpu: "arm64", libc: "musl" } as const;

/** The package.json in a tarball. */
function manifest(tarball: Uint8Array) {
  const text = Buffer.from(tarball).toString("latin1");
  const start = text.indexOf("{", text.indexOf("package/package.json"));
  return JSON.parse(text.slice(start, text.indexOf("\n}\n", start) + 2));
}

test("a platform has a package of its own, by system, processor and libc", () => {
  const names = TARGETS.map(({ npm }) => platformPackage(npm));
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("@claude-tmux/linux-arm64-musl");
  expect(packedName("@claude-tmux/linux-x64")).toBe(`claude-tmux-linux-x64-${VERSION}.tgz`);
  expect(manifest(platformTarball(musl, new Uint8Array(1), { texts, place, time: 0 }))).toMatchObject({
    name: "@claude-tmux/linux-arm64-musl",
    version: VERSION,
    os: ["linux"],
    cpu: ["arm64"],
    libc: ["musl"],
    repository: { type: "git", url: "git+https://github.com/someone/claude-tmux.git" },
  });
});

test("the launcher's package wants all of them in its own version, runs nothing at installation, and is not private", () => {
  const own = manifest(
    launcherTarball(
      TARGETS.map(({ npm }) => npm),
      { texts, place, time: 0 },
    ),
  );
  expect(own).toMatchObject({ name: "claude-tmux", version: VERSION, bin: { "claude-tmux": "bin/claude-tmux.cjs" } });
  expect(Object.entries(own.optionalDependencies)).toEqual(TARGETS.map(({ npm }) => [platformPackage(npm), VERSION]));
  expect([own.scripts, own.private, own.dependencies]).toEqual([undefined, undefined, undefined]);
  expect(own.description).toContain("not made by Anthropic");
});
