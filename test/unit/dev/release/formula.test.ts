import { expect, test } from "bun:test";
import { placeOf } from "../../../../src/dev/release/about.ts";
import { formula } from "../../../../src/dev/release/formula.ts";
import { VERSION } from "../../../../src/lib/self.ts";

const place = placeOf("someone/claude-tmux", "/release");

test("each archive is under its system and processor, with its own checksum", () => {
  const text = formula(
    [
      { brew: { os: "linux", cpu: "arm" }, file: "a.tar.gz", sha256: "aa" },
      { brew: { os: "macos", cpu: "arm" }, file: "b.tar.gz", sha256: "bb" },
    ],
    place,
  );
  const files = `https://github.com/someone/claude-tmux/releases/download/v${VERSION}`;
  expect(text).toContain(`  on_macos do
    on_arm do
      url "${files}/b.tar.gz"
      sha256 "bb"
    end
  end

  on_linux do
    on_arm do
      url "${files}/a.tar.gz"
      sha256 "aa"
    end
  end
`);
  expect(text).toContain('homepage "https://github.com/someone/claude-tmux"');
  expect(text).toContain("not made by Anthropic");
});

test("a system without an archive has no part in it", () => {
  const text = formula([{ brew: { os: "linux", cpu: "intel" }, file: "a", sha256: "aa" }], placeOf(undefined, "/r"));
  expect(text).not.toContain("on_macos");
  expect(text).not.toContain("homepage");
  expect(text).toContain('url "file:///r/a"');
});
