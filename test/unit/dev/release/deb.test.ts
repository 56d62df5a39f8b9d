import { expect, test } from "bun:test";
import { placeOf } from "../../../../src/dev/release/about.ts";
import { deb } from "../../../../src/dev/release/deb.ts";
import { releaseTexts } from "../../../../src/dev/release/texts.ts";

const texts = await releaseTexts();

test("it is an archive of three members, each at an even place, and the same twice", () => {
  const made = () =>
    Buffer.from(
      deb({
        architecture: "arm64",
        program: new TextEncoder().encode("odd"),
        texts,
        place: placeOf("someone/claude-tmux", "/release"),
        time: 1_700_000_000,
        gzip: (bytes) => Bun.gzipSync(bytes),
      }),
    );
  const bytes = made();
  expect(bytes.equals(made())).toBe(true);
  expect(bytes.toString("latin1", 0, 8)).toBe("!<arch>\n");
  const names: string[] = [];
  let at = 8;
  while (at < bytes.length) {
    const header = bytes.toString("latin1", at, at + 60);
    expect(header).toMatch(/^[a-z.-]+ +1700000000 {2}0 {5}0 {5}100644 {2}\d+ +`\n$/);
    names.push(header.slice(0, 16).trim());
    const size = Number(header.slice(48, 58));
    at += 60 + size + (size % 2);
  }
  expect([at, names]).toEqual([bytes.length, ["debian-binary", "control.tar.gz", "data.tar.gz"]]);
});
