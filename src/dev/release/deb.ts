import { SUMMARY, VERSION } from "../../lib/self.ts";
import { NOT_ANTHROPIC, type Place } from "./about.ts";
import { type Entry, padding, tar } from "./tar.ts";
import { manPages, type Texts } from "./texts.ts";

/** What a Debian package is made of. */
export interface Deb {
  architecture: "amd64" | "arm64";
  program: Uint8Array;
  texts: Texts;
  place: Place;
  /** of all files, seconds since the epoch */
  time: number;
  /** compresses as gzip does */
  gzip: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;
}

/** A Debian package of the program (deb(5), deb-control(5)). The same makes the same bytes. Pure. */
export function deb({ architecture, program, texts, place, time, gzip }: Deb): Uint8Array {
  const share = "./usr/share";
  const zipped = (text: string) => Bun.gzipSync(text, { level: 9 });
  const files: Entry[] = [
    { path: "./usr/bin/claude-tmux", data: program, runs: true },
    ...manPages(texts).map(([name, source]) => ({ path: `${share}/man/man1/${name}.gz`, data: zipped(source) })),
    { path: `${share}/bash-completion/completions/claude-tmux`, data: texts.completions.bash },
    { path: `${share}/zsh/vendor-completions/_claude-tmux`, data: texts.completions.zsh },
    { path: `${share}/fish/vendor_completions.d/claude-tmux.fish`, data: texts.completions.fish },
    { path: `${share}/doc/claude-tmux/copyright`, data: texts.license },
    { path: `${share}/doc/claude-tmux/README.md.gz`, data: zipped(texts.readme) },
    { path: `${share}/doc/claude-tmux/changelog.gz`, data: zipped(texts.changelog) },
  ];
  const control: Entry[] = [
    { path: "./control", data: controlFile(architecture, place, files) },
    { path: "./md5sums", data: files.map((file) => `${md5(file.data)}  ${file.path.slice(2)}\n`).join("") },
  ];
  return ar(
    [
      ["debian-binary", new TextEncoder().encode("2.0\n")],
      ["control.tar.gz", gzip(tar(control, time))],
      ["data.tar.gz", gzip(tar(files, time))],
    ],
    time,
  );
}

function controlFile(architecture: string, { home, mail }: Place, files: readonly Entry[]): string {
  const kibibytes = files.reduce((sum, { data }) => sum + Math.ceil(Buffer.byteLength(data) / 1024), 0);
  return [
    "Package: claude-tmux",
    `Version: ${VERSION}`,
    `Architecture: ${architecture}`,
    `Maintainer: the claude-tmux authors${mail === undefined ? "" : ` <${mail}>`}`,
    `Installed-Size: ${kibibytes}`,
    // what `readelf --version-info` says of Bun's runtime; and what `doctor` asks for
    "Depends: libc6 (>= 2.17), tmux (>= 3.2)",
    "Section: utils",
    "Priority: optional",
    ...(home === undefined ? [] : [`Homepage: ${home}`]),
    `Description: ${SUMMARY}`,
    " Runs commands in tmux panes and gives their exact output, exit code and duration;",
    " tells at once what programs and coding agents do there; calls back when a line",
    " appears, a command ends or a pane goes quiet.",
    " .",
    ` ${NOT_ANTHROPIC}`,
    "",
  ].join("\n");
}

/** An archive of files, as ar(5) has it. */
function ar(files: readonly (readonly [name: string, data: Uint8Array])[], time: number): Uint8Array {
  const field = (value: string | number, width: number) => `${value}`.padEnd(width);
  const parts = files.flatMap(([name, data]) => {
    const fields = [
      field(name, 16),
      field(time, 12),
      field(0, 6),
      field(0, 6),
      field("100644", 8),
      field(data.length, 10),
    ];
    return [Buffer.from(`${fields.join("")}\`\n`), data, Buffer.from("\n").subarray(0, padding(data.length, 2).length)];
  });
  return Buffer.concat([Buffer.from("!<arch>\n"), ...parts]);
}

function md5(data: Uint8Array | string): string {
  return new Bun.CryptoHasher("md5").update(data).digest("hex");
}
