import { expect, test } from "bun:test";
import { placeOf } from "../../../../src/dev/release/about.ts";
import { deb } from "../../../../src/dev/release/deb.ts";
import { releaseTexts } from "../../../../src/dev/release/texts.ts";

const texts = await releaseTexts();

const parts = { architecture: "arm64", program: new TextEncoder().encode("odd"), texts, time: 1_700_000_000 } as const;

test("it names who publishes it, and nobody where nobody does", () => {
  const maintainer = (repository?: string) => {
    const place = placeOf(repository, "/release");
    const stored = Buffer.from(deb({ ...parts, place, gzip: (bytes) => bytes })).toString("latin1");
    return /^Maintainer: .*/m.exec(stored)?.[0];
  };
  expect(maintainer("someone/claude-tmux")).toBe(
    "Maintainer: the claude-tmux authors <someone@users.noreply.github.com>",
  );
  expect(maintainer()).toBe("Maintainer: the claude-tmux authors");
});

test("it is an archive of three members, each at an even place, and the same twice", () => {
  const made = () =>
    Buffer.from(
      deb({
        ...parts,
        place: placeOf("someone/claude-tmux", "/release"),
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
